import { sizeFormat, sizeParts } from './file-size';

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

test.each([
  ['en', 0, '0 bytes'],
  ['en', 1, '1 byte'],
  ['en', 5, '5 bytes'],
  ['en', 2_345_000, '2.3 MB'],
  ['ko', 5, '5바이트'],
])('in %s %d is %s', (language, bytes, words) => {
  const { value, options } = sizeFormat(bytes);
  expect(new Intl.NumberFormat(language, options).format(value)).toBe(words);
});
