import { jest } from '@jest/globals';
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { lifeByDatabases, lifeByLocks, type LockManagerLike } from './tab-life';

/** The part of the browser's own that is used. */
function fakeLocks(): LockManagerLike {
  const held: { name: string }[] = [];
  return {
    request: async (name: string, run: () => Promise<void>) => {
      held.push({ name });
      await run();
      held.pop();
    },
    query: async () => ({ held }),
  } as unknown as LockManagerLike;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const names = async () => (await indexedDB.databases()).map(({ name }) => name);

test.each([
  ['Web Locks', lifeByLocks(fakeLocks())],
  ['a database each', lifeByDatabases()],
])('a name is left when no tab holds it: %s', async (_how, life) => {
  const giveUp = await life.hold('alive');
  expect(await life.leftOf(['alive', 'gone', 'gone'])).toEqual(['gone']);
  giveUp();
  await settled();
  expect(await life.leftOf(['alive'])).toEqual(['alive']);
});

test('a tab that does not answer, as one that sleeps, is not taken for dead', async () => {
  const life = lifeByDatabases();
  const giveUp = await life.hold('asleep');
  // Whoever asks second waits behind the first, who waits for the tab.
  expect(await life.leftOf(['asleep'])).toEqual([]);
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
  try {
    const second = life.leftOf(['asleep']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await second).toEqual([]);
  } finally {
    jest.useRealTimers();
  }
  giveUp();
});

test('what tabs of other days left is swept away, what living ones hold is not', async () => {
  const left = await openDB('labelyard-held-left', 1);
  left.close();
  const held = await openDB('labelyard-held-held', 1);
  (await openDB('somebody-elses', 1)).close();
  const giveUp = await lifeByDatabases().hold('mine');
  await settled();
  await settled();
  expect(await names()).toEqual(
    expect.arrayContaining(['labelyard-held-held', 'labelyard-held-mine', 'somebody-elses']),
  );
  expect(await names()).not.toContain('labelyard-held-left');
  held.close();
  giveUp();
});
