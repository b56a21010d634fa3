import { childrenTime } from './copy-columns.mjs';

test.each([
  ['0m0.00s 0m0.01s\n1m2.50s 0m0.25s\n', 62_750],
  ['0m0.000000s 0m0.000000s\n0m0.120000s 0m0.030000s', 150],
])('reads what the shell says its children took: %j', (told, ms) => {
  expect(childrenTime(told)).toBeCloseTo(ms);
});

test('does not guess', () => {
  expect(childrenTime('')).toBeNull();
});
