import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PolygonPart } from './geometry.js';
import { rasterisePolygon, rasteriseRing } from './rasterise.js';
import { combineRle, decodeRleCounts, encodeRleCounts, rleArea, rleBounds, rleLength } from './rle.js';

interface MaskCase {
  readonly name: string;
  readonly size: readonly [number, number];
  readonly counts: string;
  readonly runs: readonly number[];
  readonly area: number;
  readonly bbox: readonly number[];
}

// Answers of pycocotools itself, see make-pycocotools-masks.py beside the file.
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/__fixtures__/pycocotools-masks.json'), 'utf8'),
) as { masks: MaskCase[]; polygons: (MaskCase & { polygons: PolygonPart[] })[] };
const cases = [...fixture.masks, ...fixture.polygons];

const runLists = fc
  .array(fc.integer({ min: 0, max: 2 ** 31 }), { maxLength: 40 })
  .map((runs) => Uint32Array.from(runs));
const bitmaps = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([h, w]) =>
  fc.record({
    height: fc.constant(h),
    a: fc.array(fc.boolean(), { minLength: h * w, maxLength: h * w }),
    b: fc.array(fc.boolean(), { minLength: h * w, maxLength: h * w }),
  }),
);

/** The plain definition: pixels in reading order → alternating runs. */
function runsOf(pixels: readonly boolean[]): Uint32Array {
  const runs = [0];
  let value = false;
  for (const pixel of pixels) {
    if (pixel !== value) runs.push(0);
    value = pixel;
    runs[runs.length - 1]! += 1;
  }
  return Uint32Array.from(runs);
}

describe('compressed RLE text', () => {
  test.each(cases)('equals pycocotools: $name', ({ counts, runs }) => {
    expect(encodeRleCounts(runs)).toBe(counts);
    expect([...decodeRleCounts(counts)!]).toEqual(runs);
  });

  test('any runs survive the round trip', () => {
    fc.assert(fc.property(runLists, (runs) => expect(decodeRleCounts(encodeRleCounts(runs))).toEqual(runs)));
  });

  test.each([
    ['a foreign character', '0S1 '],
    ['a character beyond ASCII', 'é'],
    ['an unfinished run', 'S'],
    ['a run that never ends', 'oooooooooo'],
    ['a negative run', 'O'],
    ['a negative difference below zero', '111L'],
  ])('refuses %s', (_, text) => {
    expect(decodeRleCounts(text)).toBeNull();
  });

  test('any text is either refused or a run list', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const counts = decodeRleCounts(text);
        if (counts) expect(decodeRleCounts(encodeRleCounts(counts))).toEqual(counts);
      }),
    );
  });
});

describe('mask measures', () => {
  test.each(cases)('area, length and box equal pycocotools: $name', ({ counts, size, area, bbox }) => {
    const runs = decodeRleCounts(counts)!;
    expect(rleArea(runs)).toBe(area);
    expect(rleLength(runs)).toBe(size[0] * size[1]);
    expect(rleBounds(runs, size[0]) ?? [0, 0, 0, 0]).toEqual(bbox);
  });

  test('the box is the box of the pixels', () => {
    fc.assert(
      fc.property(bitmaps, ({ height, a }) => {
        const set = a.flatMap((pixel, index) => (pixel ? [[Math.floor(index / height), index % height] as const] : []));
        const xs = set.map(([x]) => x);
        const ys = set.map(([, y]) => y);
        const [left, top] = [Math.min(...xs), Math.min(...ys)];
        const expected = set.length ? [left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1] : null;
        expect(rleBounds(runsOf(a), height)).toEqual(expected);
      }),
    );
  });
});

describe('combining masks', () => {
  test.each<[string, (a: boolean, b: boolean) => boolean]>([
    ['union', (a, b) => a || b],
    ['difference', (a, b) => a && !b],
  ])('%s equals the same on pixels', (_, keep) => {
    fc.assert(
      fc.property(bitmaps, ({ a, b }) => {
        expect([...combineRle(runsOf(a), runsOf(b), keep)]).toEqual([...runsOf(a.map((p, i) => keep(p, b[i]!)))]);
      }),
    );
  });
});

describe('rasterising polygons', () => {
  test.each(fixture.polygons)('equals pycocotools: $name', ({ polygons, size: [height, width], counts }) => {
    expect(encodeRleCounts(rasterisePolygon(polygons, { width, height }))).toBe(counts);
  });

  test('any ring fills the image exactly and stays near its box', () => {
    const point = fc.tuple(fc.double({ min: 0, max: 30, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 12 }), (ring) => {
        const runs = rasteriseRing(ring, { width: 30, height: 20 });
        expect(rleLength(runs)).toBe(600);
        const box = rleBounds(runs, 20);
        if (!box) return;
        expect(box[0]).toBeGreaterThanOrEqual(Math.min(...ring.map(([x]) => x)) - 1);
        expect(box[0] + box[2]).toBeLessThanOrEqual(Math.max(...ring.map(([x]) => x)) + 1);
      }),
    );
  });
});
