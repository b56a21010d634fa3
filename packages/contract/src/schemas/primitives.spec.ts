import { moment } from './primitives.js';

test.each([
  ['2026-11-30T12:00:00Z', '2026-11-30T12:00:00.000Z'],
  ['2026-11-30T12:00:00.123456+09:00', '2026-11-30T03:00:00.123Z'],
  ['2026-11-30T12:00:00+23:59', '2026-11-29T12:01:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
])('the moment %s is kept as %s', (given, kept) => {
  expect(moment.parse(given)).toBe(kept);
});

test.each([
  ['no moment', 'soon'],
  ['a day that there is not', '2026-02-30T00:00:00Z'],
  ['before the year 1', '0000-06-01T00:00:00Z'],
  ['before the year 1, in UTC', '0001-01-01T00:00:00+12:00'],
  ['after the year 9999, in UTC', '9999-12-31T23:59:59-12:00'],
])('%s is one problem', (_what, given) => {
  expect(moment.safeParse(given).error?.issues).toHaveLength(1);
});
