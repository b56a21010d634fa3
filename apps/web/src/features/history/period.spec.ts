import { periodStart } from './period';

test('a period begins some days ago, the same within a minute', () => {
  const now = Date.parse('2026-03-10T12:00:30.000Z');
  expect(periodStart('any', now)).toBeUndefined();
  expect(periodStart('day', now)).toBe('2026-03-09T12:00:00.000Z');
  expect(periodStart('week', now + 20_000)).toBe(periodStart('week', now));
  expect(periodStart('month', now)).toBe('2026-02-08T12:00:00.000Z');
});
