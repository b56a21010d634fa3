import { backoff, remedyFor } from './retry';

test.each([
  [0, 'wait'],
  [429, 'wait'],
  [503, 'wait'],
  [500, 'retry'],
  [502, 'retry'],
  [408, 'retry'],
  [403, 'renew'],
  [400, 'give_up'],
  [413, 'give_up'],
])('status %d: %s', (status, remedy) => {
  expect(remedyFor(status)).toBe(remedy);
});

test('waits double, stay below half a minute and keep the asked time', () => {
  expect([1, 2, 3, 4].map((attempt) => backoff(attempt, 1))).toEqual([500, 1_000, 2_000, 4_000]);
  expect(backoff(1, 0)).toBe(250);
  expect(backoff(40, 1)).toBe(30_000);
  expect(backoff(1, 0, 17)).toBe(17_000);
});
