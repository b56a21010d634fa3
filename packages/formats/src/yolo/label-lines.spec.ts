import fc from 'fast-check';
import { LabelLines } from './label-lines.js';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function share(value: number, of: number): string {
  const lines = new LabelLines();
  lines.begin(7);
  lines.share(value, of);
  lines.end();
  return decode(lines.take()).slice(2, -1);
}

/** What the numbers must look like: eight decimals, without zeros behind the sixth. */
function plain(value: number, of: number): string {
  return Math.min(Math.max(value / of, 0), 1)
    .toFixed(8)
    .replace(/0{1,2}$/u, '');
}

describe('shares', () => {
  test.each([
    [0, 100, '0.000000'],
    [100, 100, '1.000000'],
    [-3, 100, '0.000000'],
    [300, 100, '1.000000'],
    [1, 3, '0.33333333'],
    [50, 100, '0.500000'],
    [0.00001, 100, '0.0000001'],
    [99.9999999999, 100, '1.000000'],
  ])('%d of %d', (value, of, text) => {
    expect(share(value, of)).toBe(text);
  });

  test('every number comes out as toFixed rounds it, next to a half as well', () => {
    const halves = fc.nat(99_999_999).map((units): [number, number] => [units + 0.5, 1e8]);
    const pixels = fc.tuple(fc.double({ min: 0, max: 8_192, noNaN: true }), fc.integer({ min: 1, max: 8_192 }));
    const hundredths = fc.tuple(fc.nat(819_200), fc.integer({ min: 1, max: 8_192 })).map(([n, of]): [number, number] => [n / 100, of]); // prettier-ignore
    fc.assert(
      fc.property(fc.oneof(halves, pixels, hundredths), ([value, of]) => {
        expect(share(value, of)).toBe(plain(value, of));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('rows', () => {
  /** Writes annotations as lists of rows; answers the file and how many rows of each were said before. */
  function written(annotations: readonly (readonly string[])[]) {
    const lines = new LabelLines();
    const doubled = annotations.map((rows) => {
      lines.annotation();
      for (const row of rows) {
        lines.begin(1);
        lines.word(row);
        lines.end();
      }
      return lines.annotated();
    });
    return { text: decode(lines.take()), doubled, lines };
  }

  test('a row that another annotation said is not said again', () => {
    const { text, doubled } = written([['a'], ['b', 'a'], ['a', 'b'], ['aa'], []]);
    expect(text).toBe('1 a\n1 b\n1 aa\n');
    expect(doubled).toEqual(['none', 'some', 'all', 'none', 'none']);
  });

  test('parts of one annotation that give the same row are one row', () => {
    const { text, doubled } = written([['a', 'a']]);
    expect(text).toBe('1 a\n');
    expect(doubled).toEqual(['none']);
  });

  test('the next file begins with nothing said', () => {
    const { lines } = written([['a']]);
    lines.annotation();
    lines.begin(1);
    lines.word('a');
    lines.end();
    expect(lines.annotated()).toBe('none');
    expect(decode(lines.take())).toBe('1 a\n');
    expect(decode(lines.take())).toBe('');
  });

  test('as many rows as an image ever has, each found again', () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => [`${n}`]);
    const { text, doubled } = written([...rows, ...rows]);
    expect(text.split('\n')).toHaveLength(5_001);
    expect(doubled.filter((one) => one === 'all')).toHaveLength(5_000);
  });
});
