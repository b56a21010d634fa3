import fc from 'fast-check';
import { placedGeometries } from '../../test/geometry-arbitraries.js';
import { geometryArea, partArea, ringArea, signedRingArea } from './area.js';
import { boxContains, boxesIntersect, boxOfPoints, geometryBounds, rotatedBoxCorners } from './bounds.js';
import type { Geometry, Ring } from './geometry.js';
import { encodeRleCounts } from './rle.js';

const SQUARE: Ring = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];
const HOLE: Ring = [
  [2, 2],
  [4, 2],
  [4, 5],
  [2, 5],
];

const EXAMPLES: [name: string, Geometry, bounds: readonly number[] | null, area: number | null][] = [
  ['bbox', { type: 'bbox', bbox: [10.5, 20, 30.25, 4] }, [10.5, 20, 30.25, 4], 121],
  ['box turned by 0', { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 0 }, [40, 35, 20, 10], 200],
  ['box turned by 90', { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 90 }, [45, 30, 10, 20], 200],
  ['box turned by 180', { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 180 }, [40, 35, 20, 10], 200],
  ['polygon', { type: 'polygon', polygons: [[SQUARE, []]] }, [0, 0, 10, 10], 100],
  ['polygon with a hole', { type: 'polygon', polygons: [[SQUARE, [HOLE]]] }, [0, 0, 10, 10], 94],
  [
    'polygon in two parts',
    {
      type: 'polygon',
      polygons: [
        [SQUARE, []],
        [SQUARE.map(([x, y]) => [x + 20, y + 5] as const), []],
      ],
    },
    [0, 0, 30, 15],
    200,
  ],
  ['mask', { type: 'mask', size: [10, 20], counts: encodeRleCounts([23, 4, 6, 4, 163]) }, [2, 3, 2, 4], 8],
  ['empty mask', { type: 'mask', size: [10, 20], counts: encodeRleCounts([200]) }, null, 0],
  ['polyline', { type: 'polyline', points: [[3, 9], [1, 4], [2, 12]] }, [1, 4, 2, 8], null], // prettier-ignore
  ['circle', { type: 'circle', center: [10, 20], radius: 4 }, [6, 16, 8, 8], 16 * Math.PI],
  ['keypoints', { type: 'keypoints', points: [[0, 0, 0], [5, 6, 1], [9, 4, 2]] }, [5, 4, 4, 2], null], // prettier-ignore
  ['keypoints, none labeled', { type: 'keypoints', points: [[0, 0, 0]] }, null, null],
  ['classification', { type: 'classification' }, null, null],
  ['no_object', { type: 'no_object' }, null, null],
  ['text', { type: 'text', label_type: 'caption', text: 'a cat', language: 'en' }, null, null],
];

describe('bounds and area', () => {
  test.each(EXAMPLES)('%s', (_, geometry, bounds, area) => {
    expect(geometryBounds(geometry)).toEqual(bounds);
    expect(geometryArea(geometry)).toEqual(area);
  });

  test('a box turned by 30 degrees turns clockwise on screen', () => {
    const corners = rotatedBoxCorners({ type: 'rotated_bbox', center: [0, 0], size: [20, 0], angle: 30 });
    expect(corners[1]![0]).toBeCloseTo(10 * Math.cos(Math.PI / 6), 12);
    expect(corners[1]![1]).toBeCloseTo(5, 12);
  });

  test('the area never exceeds the area of the bounds', () => {
    fc.assert(
      fc.property(placedGeometries, ({ geometry }) => {
        const area = geometryArea(geometry);
        const bounds = geometryBounds(geometry);
        if (area === null || !bounds || geometry.type === 'polygon') return;
        expect(area).toBeLessThanOrEqual(bounds[2] * bounds[3] * (1 + 1e-9));
      }),
    );
  });

  test('the direction of a ring is the sign of its area', () => {
    expect(signedRingArea(SQUARE)).toBe(100);
    expect(signedRingArea(SQUARE.toReversed())).toBe(-100);
    expect(ringArea(SQUARE.toReversed())).toBe(100);
    expect(partArea([SQUARE, [HOLE, HOLE.map(([x, y]) => [x + 4, y] as const)]])).toBe(88);
  });

  test('a small ring far from the origin keeps its digits', () => {
    expect(ringArea(SQUARE.map(([x, y]) => [x / 1000 + 60000, y / 1000 + 60000] as const))).toBeCloseTo(1e-4, 10);
  });
});

describe('boxes', () => {
  test('box of points', () => {
    expect(boxOfPoints([])).toBeNull();
    expect(boxOfPoints([[3, 4]])).toEqual([3, 4, 0, 0]);
  });

  test.each([
    ['apart', [20, 0, 5, 5], false],
    ['touching', [10, 10, 5, 5], true],
    ['crossing', [5, -5, 2, 30], true],
    ['inside', [2, 2, 3, 3], true],
  ] as const)('intersection: %s', (_, other, expected) => {
    expect(boxesIntersect([0, 0, 10, 10], other)).toBe(expected);
    expect(boxesIntersect(other, [0, 0, 10, 10])).toBe(expected);
  });

  test('containment counts the edges', () => {
    expect(boxContains([0, 0, 10, 10], [0, 5, 10, 5])).toBe(true);
    expect(boxContains([0, 0, 10, 10], [0, 5, 10, 5.1])).toBe(false);
  });
});
