import { encodeRleCounts, rasterisePolygon, ringArea, signedRingArea } from '@labelyard/domain';
import fc from 'fast-check';
import { bridgedRing } from './bridged-ring.js';
import { maskRings } from './mask-rings.js';

/** Rows of pixels, `#` set. */
function runsOf(rows: readonly string[]): Uint32Array {
  const runs: number[] = [];
  let value = false;
  let length = 0;
  for (let x = 0; x < rows[0]!.length; x++) {
    for (const row of rows) {
      const set = row[x] === '#';
      if (set !== value) {
        runs.push(length);
        length = 0;
        value = set;
      }
      length++;
    }
  }
  return Uint32Array.from([...runs, length]);
}

const sizeOf = (rows: readonly string[]) => ({ width: rows[0]!.length, height: rows.length });

test('a ring of pixels has one hole, on pixel edges', () => {
  const rows = ['....', '.###', '.#.#', '.###'];
  const hole = [[2, 2], [2, 3], [3, 3], [3, 2]]; // prettier-ignore
  expect(maskRings(runsOf(rows), sizeOf(rows))).toEqual([
    [[[4, 1], [4, 4], [1, 4], [1, 1]], [expect.arrayContaining(hole)]], // prettier-ignore
  ]);
});

test('pixels that touch at a corner are parts of their own', () => {
  const rows = ['#.', '.#'];
  expect(maskRings(runsOf(rows), sizeOf(rows))).toHaveLength(2);
});

const masks = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([w, h]) => fc.array(fc.string({ unit: fc.constantFrom('#', '.'), minLength: w, maxLength: w }), { minLength: h, maxLength: h })); // prettier-ignore

test('outlines of any mask fill the same pixels again', () => {
  fc.assert(
    fc.property(masks, (rows) => {
      const counts = runsOf(rows);
      const back = rasterisePolygon(maskRings(counts, sizeOf(rows)), sizeOf(rows));
      expect(encodeRleCounts(back)).toBe(encodeRleCounts(counts));
    }),
    { numRuns: 500 },
  );
});

/** A square with a border of set pixels and holes of one pixel each, every fourth pixel in both directions. */
function sieve(side: number): Uint32Array {
  const isHole = (x: number, y: number) => x % 4 === 2 && y % 4 === 2;
  return runsOf(
    Array.from({ length: side }, (_, y) =>
      Array.from({ length: side }, (__, x) => (isHole(x, y) ? '.' : '#')).join(''),
    ),
  );
}

// Each hole used to be looked for in each outline, and each bridge at each corner: minutes for a mask like this.
test('a mask with tens of thousands of holes is outlined and bridged in a moment', () => {
  const size = { width: 400, height: 400 };
  const counts = sieve(400);
  const [part, ...others] = maskRings(counts, size);
  expect(others).toEqual([]);
  expect(part?.[1]).toHaveLength(100 * 100);
  const back = rasterisePolygon([[bridgedRing(part!), []]], size);
  expect(encodeRleCounts(back)).toBe(encodeRleCounts(counts));
});

test('islands in holes are parts of their own, with holes of their own', () => {
  const rows = ['#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######'];
  const parts = maskRings(runsOf(rows), sizeOf(rows));
  expect(parts.map(([ring, holes]) => [ringArea(ring), holes.map(ringArea)])).toEqual([
    [49, [25]],
    [9, [1]],
  ]);
});

test('with a bridge instead of holes, area and pixels stay', () => {
  fc.assert(
    fc.property(masks, (rows) => {
      const counts = runsOf(rows);
      const parts = maskRings(counts, sizeOf(rows));
      const rings = parts.map(bridgedRing);
      for (const [n, ring] of rings.entries()) {
        const [outer, holes] = parts[n]!;
        const area = ringArea(outer) - holes.reduce((sum, hole) => sum + ringArea(hole), 0);
        expect(Math.abs(signedRingArea(ring))).toBe(area);
      }
      const back = rasterisePolygon(rings.map((ring) => [ring, []] as const), sizeOf(rows)); // prettier-ignore
      expect(encodeRleCounts(back)).toBe(encodeRleCounts(counts));
    }),
    { numRuns: 300 },
  );
});
