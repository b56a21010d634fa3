import { sizeParts } from './file-size';

test.each([
  [0, 0, 'byte'],
  [999, 999, 'byte'],
  [1_000, 1, 'kilobyte'],
  [2_345_000, 2.345, 'megabyte'],
  [999_960, 0.99996, 'megabyte'],
  [5e15, 5_000, 'terabyte'],
])('%d bytes', (bytes, value, unit) => {
  expect(sizeParts(bytes)).toEqual({ value: expect.closeTo(value, 6), unit });
});
