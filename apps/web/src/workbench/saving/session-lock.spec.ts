import { jest } from '@jest/globals';
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { databaseLocks, webLocks, type LockManagerLike } from './session-lock';

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
  ['Web Locks', webLocks(fakeLocks())],
  ['a database each', databaseLocks()],
])('a session is dead when no tab holds it: %s', async (_how, locks) => {
  const giveUp = await locks.hold('alive');
  expect(await locks.dead(['alive', 'gone', 'gone'])).toEqual(['gone']);
  giveUp();
  await settled();
  expect(await locks.dead(['alive'])).toEqual(['alive']);
});

test('a tab that does not answer, as one that sleeps, is not taken for dead', async () => {
  const locks = databaseLocks();
  const giveUp = await locks.hold('asleep');
  // Whoever asks second waits behind the first, who waits for the tab.
  expect(await locks.dead(['asleep'])).toEqual([]);
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
  try {
    const second = locks.dead(['asleep']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await second).toEqual([]);
  } finally {
    jest.useRealTimers();
  }
  giveUp();
});

test('what tabs of other days left is swept away, what living ones hold is not', async () => {
  const left = await openDB('labelyard-session-left', 1);
  left.close();
  const held = await openDB('labelyard-session-held', 1);
  (await openDB('somebody-elses', 1)).close();
  const giveUp = await databaseLocks().hold('mine');
  await settled();
  await settled();
  expect(await names()).toEqual(
    expect.arrayContaining(['labelyard-session-held', 'labelyard-session-mine', 'somebody-elses']),
  );
  expect(await names()).not.toContain('labelyard-session-left');
  held.close();
  giveUp();
});
