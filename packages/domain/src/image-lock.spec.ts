import { keepsOut, LOCK_HEARTBEAT_MS, LOCK_TTL_MS, mayTakeLock } from './image-lock.js';

const mine = { user_id: 'me', expires_at: 1_000 };
const theirs = { user_id: 'other', expires_at: 1_000 };

test.each([
  ['free', null, 500, true],
  ['mine', mine, 500, true],
  ['mine and run out', mine, 2_000, true],
  ['somebody else’s', theirs, 999, false],
  ['somebody else’s, run out this moment', theirs, 1_000, true],
])('a lock that is %s', (_what, lock, now, free) => {
  expect(mayTakeLock(lock, 'me', now)).toBe(free);
  expect(keepsOut(lock, 'me', now)).toBe(!free);
});

test('two heartbeats may be lost', () => {
  expect(LOCK_TTL_MS).toBeGreaterThanOrEqual(3 * LOCK_HEARTBEAT_MS);
});
