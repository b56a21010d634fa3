import fc from 'fast-check';
import { ringArea } from './area.js';
import { clipLine, clipPolygon, clipRing } from './clip.js';
import type { Point } from './geometry.js';
import { nearestOnRing, pointInRing } from './hit.js';

const IMAGE = { width: 100, height: 80 };

test('a ring is cut at the edge, not pulled to it', () => {
  const triangle = [[-100, 40], [50, 0], [50, 80]] as const; // prettier-ignore
  expect(clipRing(triangle, IMAGE)).toEqual([[0, expect.closeTo(66.667)], [0, expect.closeTo(13.333)], [50, 0], [50, 80]]); // prettier-ignore
  expect(ringArea(clipRing(triangle, IMAGE))).toBeCloseTo((80 + 53.333) * 25, 1);
});

test('a ring around the image becomes the image', () => {
  const around = [[-50, -50], [150, -50], [150, 150], [-50, 150]] as const; // prettier-ignore
  expect(ringArea(clipRing(around, IMAGE))).toBe(8000);
  expect(clipRing(around, IMAGE)).toHaveLength(4);
});

test('what lies inside stays as it is, edges included; what lies outside goes', () => {
  const inside = [[0, 0], [100, 0], [100, 80]] as const; // prettier-ignore
  expect(clipRing(inside, IMAGE)).toEqual(inside);
  expect(clipRing([[101, 0], [120, 0], [120, 80]], IMAGE)).toEqual([]); // prettier-ignore
  expect(clipLine([[0, 0], [100, 80]], IMAGE)).toEqual([[0, 0], [100, 80]]); // prettier-ignore
  expect(clipLine([[-5, 0], [-5, 80]], IMAGE)).toEqual([]); // prettier-ignore
});

test('a line keeps its way inside and walks along the edge outside', () => {
  expect(clipLine([[-10, 10], [10, 10], [10, -10], [30, -10], [30, 10]], IMAGE)).toEqual([[0, 10], [10, 10], [10, 0], [30, 0], [30, 10]]); // prettier-ignore
});

test('parts and holes that lie outside are left out', () => {
  const square = (x: number, y: number, size: number): Point[] => [[x, y], [x + size, y], [x + size, y + size], [x, y + size]]; // prettier-ignore
  expect(clipPolygon([[square(90, 0, 40), [square(105, 5, 5), square(92, 5, 4)]], [square(200, 0, 9), []]], IMAGE)).toEqual([
    [[[90, 0], [100, 0], [100, 40], [90, 40]], [square(92, 5, 4)]],
  ]); // prettier-ignore
  expect(clipPolygon([[square(200, 0, 9), []]], IMAGE)).toEqual([]);
});

test('any ring covers the same inside the image as before', () => {
  const point = fc.tuple(fc.integer({ min: -150, max: 250 }), fc.integer({ min: -150, max: 250 }));
  const probes = Array.from({ length: 60 }, (_, n): Point => [(n * 37.31) % 99.9, (n * 23.17) % 79.9]);
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 9 }), (ring) => {
      const clipped = clipRing(ring, IMAGE);
      for (const [x, y] of clipped) expect(x >= 0 && y >= 0 && x <= 100 && y <= 80).toBe(true);
      for (const probe of probes) {
        if ((nearestOnRing(probe, ring)?.distance ?? 0) < 1e-6) continue;
        expect(pointInRing(probe, clipped)).toBe(pointInRing(probe, ring));
      }
    }),
  );
});
