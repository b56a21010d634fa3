import fc from 'fast-check';
import { ascii, ByteWriter, rounded } from './byte-writer.js';

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter();
  write(out);
  return decode(out.take());
}

describe('numbers', () => {
  test.each([0, -0, 1, 9, 10, 99, 100, 0.1, 0.5, 10.05, 0.000001, 0.0000001, 123456.654321, 0.1 + 0.2, -3.5, 1e21])(
    '%d is written as JavaScript writes it',
    (value) => {
      expect(written((out) => out.number(value))).toBe(String(value));
    },
  );

  test.each([2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2147483647.999999, 1e15 + 0.5])('large: %d', (value) => {
    expect(written((out) => out.number(value))).toBe(String(value));
  });

  test('any number reads back equal', () => {
    const decimals = fc.tuple(fc.nat(1e9), fc.integer({ min: 0, max: 6 })).map(([n, places]) => n / 10 ** places);
    fc.assert(
      fc.property(fc.oneof(decimals, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeNat()), (value) => {
        expect(written((out) => out.number(value))).toBe(String(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test('rounding takes away noise only', () => {
    expect(rounded(0.1 + 0.2)).toBe(0.3);
    expect(rounded(30.299999999999997)).toBe(30.3);
    expect(rounded(0.001234567)).toBe(0.001235);
  });
});

describe('chunks', () => {
  test('text is UTF-8, pieces grow the room they need', () => {
    const long = 'é한🙂'.repeat(200_000);
    const out = new ByteWriter();
    for (let n = 0; n < 300_000; n++) out.ascii(ascii('x'));
    out.text(long);
    expect(decode(out.take())).toBe('x'.repeat(300_000) + long);
  });

  test('what was taken is given out once, from the same memory', () => {
    const out = new ByteWriter();
    out.text('first');
    const first = out.take();
    expect(decode(first)).toBe('first');
    out.text('other');
    const other = out.take();
    expect(decode(other)).toBe('other');
    expect(other.buffer).toBe(first.buffer);
    expect(out.take()).toHaveLength(0);
  });

  test('what stands before is found and written again, also where room must be made', () => {
    const out = new ByteWriter();
    out.text('a,b,');
    const comma = out.indexOf(','.charCodeAt(0), 0);
    expect([comma, out.indexOf(','.charCodeAt(0), comma + 1)]).toEqual([1, 3]);
    for (let times = 0; times < 20; times++) out.again(0, out.length);
    expect(decode(out.take())).toBe('a,b,'.repeat(2 ** 20));
  });

  test('setting the length back takes text away', () => {
    const text = written((out) => {
      out.text('keep');
      const before = out.length;
      out.text(' drop');
      out.length = before;
      out.text('!');
    });
    expect(text).toBe('keep!');
  });
});
