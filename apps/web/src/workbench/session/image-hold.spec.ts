import { jest } from '@jest/globals';
import { ApiError, type LockHolder } from '@labelyard/contract';
import { ImageHold } from './image-hold';

const holder: LockHolder = {
  user_id: 'other',
  user_name: 'Olga Other',
  acquired_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-01T00:01:00.000Z',
};
const locked = () => new ApiError(423, 'locked', 'locked', { holder, expires_at: holder.expires_at });

function setup() {
  const calls: string[] = [];
  const freed: number[] = [];
  const server = { fail: null as ApiError | null };
  const hold = new ImageHold({
    user_id: 'me',
    call: (call, image_id) => {
      calls.push(`${call.slice('locks.'.length)} ${image_id}`);
      return server.fail && !call.includes('release') ? Promise.reject(server.fail) : Promise.resolve();
    },
    onFreed: (image_id) => freed.push(image_id),
  });
  return { hold, calls, freed, server };
}

const settle = () => jest.advanceTimersByTimeAsync(0);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('opening takes, beats keep, going on gives back', async () => {
  const { hold, calls } = setup();
  hold.open(1);
  await settle();
  await jest.advanceTimersByTimeAsync(20_000);
  hold.open(2);
  await settle();
  hold.leave();
  expect(calls).toEqual(['acquire 1', 'heartbeat 1', 'release 1', 'acquire 2', 'release 2']);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(5);
});

test('an answer that comes after the image was left is given back', async () => {
  const { hold, calls } = setup();
  hold.open(1);
  await Promise.resolve();
  hold.open(2);
  await settle();
  expect(calls.filter((call) => call.endsWith(' 1'))).toEqual(['acquire 1', 'release 1']);
});

test('somebody else’s image is theirs until they give it back', async () => {
  const { hold, calls, freed, server } = setup();
  server.fail = locked();
  hold.open(1);
  await settle();
  expect(hold.snapshot()).toEqual({ kind: 'theirs', holder });
  server.fail = null;
  hold.hear({ type: 'lock', image_id: 1, lock: null });
  await settle();
  expect(hold.snapshot()).toEqual({ kind: 'mine' });
  expect(freed).toEqual([1]);
  expect(calls).toEqual(['acquire 1', 'acquire 1']);
});

test('taken away by force, whoever did it goes first', async () => {
  const { hold, calls } = setup();
  hold.open(1);
  await settle();
  hold.hear({ type: 'lock', image_id: 1, lock: null });
  await settle();
  expect(calls).toEqual(['acquire 1']);
  hold.hear({ type: 'lock', image_id: 1, lock: holder });
  await jest.advanceTimersByTimeAsync(10_000);
  expect(hold.snapshot()).toEqual({ kind: 'theirs', holder });
  expect(calls).toEqual(['acquire 1']);
});

test('a lock that ran out meanwhile is taken anew', async () => {
  const { hold, calls, server } = setup();
  hold.open(1);
  await settle();
  server.fail = new ApiError(404, 'not_found', 'gone');
  await jest.advanceTimersByTimeAsync(20_000);
  expect(calls).toEqual(['acquire 1', 'heartbeat 1', 'acquire 1']);
});

test('a refused save tells at once; other images and other errors do not', async () => {
  const { hold } = setup();
  hold.open(1);
  await settle();
  hold.refused(2, locked());
  hold.refused(1, new ApiError(0, 'unreachable', 'offline'));
  expect(hold.snapshot()).toEqual({ kind: 'mine' });
  hold.refused(1, locked());
  expect(hold.snapshot()).toEqual({ kind: 'theirs', holder });
});
