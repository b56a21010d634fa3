import fc from 'fast-check';
import { starRing } from '../../test/geometry-arbitraries.js';
import type { Point, Ring } from './geometry.js';
import { distanceToSegment, nearestOnRing, pointInPolygon, pointInRing } from './hit.js';

const OUTER: Ring = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];
const HOLE: Ring = [
  [3, 3],
  [7, 3],
  [7, 7],
  [3, 7],
];

describe('point in polygon', () => {
  test.each<[Point, boolean]>([
    [[1, 1], true],
    [[5, 5], false],
    [[11, 5], false],
    [[-1, 0], false],
    [[25, 5], true],
  ])('%j → %s, with a hole and a second part', (p, expected) => {
    const second = OUTER.map(([x, y]): Point => [x + 20, y]);
    expect(pointInPolygon(p, [[OUTER, [HOLE]], [second, []]])).toBe(expected); // prettier-ignore
  });

  test('a ray through a vertex counts it once', () => {
    const diamond: Ring = [[5, 0], [10, 5], [5, 10], [0, 5]]; // prettier-ignore
    expect(pointInRing([5, 5], diamond)).toBe(true);
    expect(pointInRing([-5, 5], diamond)).toBe(false);
    expect(pointInRing([1, 0], diamond)).toBe(false);
  });

  test('an empty ring holds nothing', () => {
    expect(pointInRing([0, 0], [])).toBe(false);
  });

  test('neither direction nor starting point of the ring matters', () => {
    const image = { width: 100, height: 80 };
    const points = fc.tuple(fc.integer({ min: -5, max: 105 }), fc.integer({ min: -5, max: 85 }));
    fc.assert(
      fc.property(starRing(image, 0.9), points, fc.nat(), (ring, p, turn) => {
        // Exactly on an edge either answer is right.
        fc.pre(nearestOnRing(p, ring)!.distance > 1e-6);
        const turned = [...ring.slice(turn % ring.length), ...ring.slice(0, turn % ring.length)];
        expect(pointInRing(p, turned.toReversed())).toBe(pointInRing(p, ring));
      }),
    );
  });
});

describe('distances', () => {
  test.each<[string, Point, number]>([
    ['beside', [5, 3], 3],
    ['before the start', [-3, 4], 5],
    ['after the end', [13, -4], 5],
    ['on it', [7, 0], 0],
  ])('%s', (_, p, expected) => {
    expect(distanceToSegment(p, [0, 0], [10, 0])).toBe(expected);
  });

  test('a segment may be one point', () => {
    expect(distanceToSegment([3, 4], [0, 0], [0, 0])).toBe(5);
  });

  test('the nearest place on a ring, closing edge included', () => {
    expect(nearestOnRing([4, -2], OUTER)).toEqual({ index: 0, point: [4, 0], distance: 2 });
    expect(nearestOnRing([1, 6], OUTER)).toEqual({ index: 3, point: [0, 6], distance: 1 });
    expect(nearestOnRing([0, 0], [])).toBeNull();
  });
});
