import fc from 'fast-check';
import { starPart } from '../../test/geometry-arbitraries.js';
import { geometryBounds } from './bounds.js';
import { checkGeometry } from './check-geometry.js';
import type { BboxGeometry, PolygonGeometry } from './geometry.js';
import {
  BOX_HANDLES,
  clampToImage,
  deleteVertex,
  insertVertex,
  moveVertex,
  resizeBox,
  translateGeometry,
  type BoxHandle,
} from './transform.js';

const IMAGE = { width: 100, height: 80 };
const BOX: BboxGeometry = { type: 'bbox', bbox: [10, 20, 30, 40] };
const OUTER = [[10, 10], [50, 10], [50, 50], [10, 50]] as const; // prettier-ignore
const HOLE = [[20, 20], [30, 20], [20, 30]] as const; // prettier-ignore
const POLYGON: PolygonGeometry = { type: 'polygon', polygons: [[OUTER, [HOLE]]] };

describe('translate', () => {
  test.each<[string, number, number, readonly number[]]>([
    ['freely', 5, -3, [15, 17, 30, 40]],
    ['to the left edge', -50, 0, [0, 20, 30, 40]],
    ['to the bottom right corner', 500, 500, [70, 40, 30, 40]],
  ])('a box %s', (_, dx, dy, expected) => {
    expect(translateGeometry(BOX, dx, dy, IMAGE).bbox).toEqual(expected);
  });

  test('a polygon moves with its holes and keeps its form at the edge', () => {
    expect(translateGeometry(POLYGON, -30, 2, IMAGE).polygons).toEqual([
      [OUTER.map(([x, y]) => [x - 10, y + 2]), [HOLE.map(([x, y]) => [x - 10, y + 2])]],
    ]);
  });

  test('no movement gives the same object', () => {
    expect(translateGeometry(POLYGON, 0, 0, IMAGE)).toBe(POLYGON);
    const full: BboxGeometry = { type: 'bbox', bbox: [0, 0, 100, 80] };
    expect(translateGeometry(full, 7, 7, IMAGE)).toBe(full);
  });

  test('any movement leaves a geometry that may be stored', () => {
    const by = fc.double({ min: -200, max: 200, noNaN: true });
    fc.assert(
      fc.property(starPart(IMAGE), by, by, (part, dx, dy) => {
        const moved = translateGeometry({ type: 'polygon', polygons: [part] }, dx, dy, IMAGE);
        expect(checkGeometry(moved, IMAGE)).toEqual({ ok: true, geometry: moved });
      }),
    );
  });
});

describe('resize', () => {
  test.each<[BoxHandle, readonly number[]]>([
    ['nw', [15, 26, 25, 34]],
    ['n', [10, 26, 30, 34]],
    ['ne', [10, 26, 5, 34]],
    ['e', [10, 20, 5, 40]],
    ['se', [10, 20, 5, 6]],
    ['s', [10, 20, 30, 6]],
    ['sw', [15, 20, 25, 6]],
    ['w', [15, 20, 25, 40]],
  ])('handle %s', (handle, expected) => {
    expect(resizeBox(BOX, handle, [15, 26], IMAGE).bbox).toEqual(expected);
  });

  test('crossing the opposite corner turns the box over', () => {
    expect(resizeBox(BOX, 'nw', [60, 70], IMAGE).bbox).toEqual([40, 60, 20, 10]);
    expect(resizeBox(BOX, 'e', [4, 0], IMAGE).bbox).toEqual([4, 20, 6, 40]);
  });

  test('stops at the image and never vanishes', () => {
    expect(resizeBox(BOX, 'se', [500, 500], IMAGE).bbox).toEqual([10, 20, 90, 60]);
    expect(resizeBox(BOX, 'e', [10, 0], IMAGE).bbox).toEqual([10, 20, 1, 40]);
    expect(resizeBox(BOX, 'w', [40, 0], IMAGE).bbox).toEqual([39, 20, 1, 40]);
    expect(resizeBox({ type: 'bbox', bbox: [60, 0, 40, 80] }, 'w', [100, 0], IMAGE).bbox).toEqual([99, 0, 1, 80]);
  });

  test('any drag leaves a box that may be stored', () => {
    const to = fc.tuple(fc.double({ min: -50, max: 150, noNaN: true }), fc.double({ min: -50, max: 150, noNaN: true }));
    fc.assert(
      fc.property(fc.constantFrom(...BOX_HANDLES), to, (handle, point) => {
        expect(checkGeometry(resizeBox(BOX, handle, point, IMAGE), IMAGE).ok).toBe(true);
      }),
    );
  });
});

describe('vertices', () => {
  test('move, in the outer ring and in a hole, at most to the edge', () => {
    const moved = moveVertex(POLYGON, { part: 0, ring: 0, index: 2 }, [500, 45.5], IMAGE);
    expect(moved.polygons[0]![0]).toEqual([[10, 10], [50, 10], [100, 45.5], [10, 50]]); // prettier-ignore
    expect(moved.polygons[0]![1][0]).toBe(HOLE);
    const hole = moveVertex(POLYGON, { part: 0, ring: 1, index: 0 }, [22, 21], IMAGE);
    expect(hole.polygons).toEqual([[OUTER, [[[22, 21], [30, 20], [20, 30]]]]]); // prettier-ignore
  });

  test('insert before, between and behind', () => {
    const at = (index: number) => insertVertex(POLYGON, { part: 0, ring: 0, index }, [5, 30], IMAGE).polygons[0]![0];
    expect(at(0)).toEqual([[5, 30], ...OUTER]);
    expect(at(1)).toEqual([OUTER[0], [5, 30], ...OUTER.slice(1)]);
    expect(at(4)).toEqual([...OUTER, [5, 30]]);
  });

  test('delete a vertex, a hole that became too small, a part when others remain', () => {
    expect(deleteVertex(POLYGON, { part: 0, ring: 0, index: 1 }).polygons).toEqual([
      [[OUTER[0], OUTER[2], OUTER[3]], [HOLE]],
    ]);
    expect(deleteVertex(POLYGON, { part: 0, ring: 1, index: 1 }).polygons).toEqual([[OUTER, []]]);
    const two: PolygonGeometry = { type: 'polygon', polygons: [[HOLE, []], [OUTER, []]] }; // prettier-ignore
    expect(deleteVertex(two, { part: 0, ring: 0, index: 0 }).polygons).toEqual([[OUTER, []]]);
  });

  test('the last triangle stays', () => {
    const triangle: PolygonGeometry = { type: 'polygon', polygons: [[HOLE, []]] };
    expect(deleteVertex(triangle, { part: 0, ring: 0, index: 0 })).toBe(triangle);
  });

  test.each([
    { part: 1, ring: 0, index: 0 },
    { part: 0, ring: 2, index: 0 },
    { part: 0, ring: 0, index: 9 },
    { part: 0, ring: 0, index: -1 },
  ])('a place that does not exist changes nothing: %j', (at) => {
    expect(moveVertex(POLYGON, at, [1, 1], IMAGE)).toBe(POLYGON);
    expect(insertVertex(POLYGON, at, [1, 1], IMAGE)).toBe(POLYGON);
    expect(deleteVertex(POLYGON, at)).toBe(POLYGON);
  });

  test('the original is never touched', () => {
    const before = structuredClone(POLYGON);
    moveVertex(POLYGON, { part: 0, ring: 0, index: 0 }, [1, 1], IMAGE);
    insertVertex(POLYGON, { part: 0, ring: 0, index: 0 }, [1, 1], IMAGE);
    deleteVertex(POLYGON, { part: 0, ring: 0, index: 0 });
    translateGeometry(POLYGON, 3, 3, IMAGE);
    expect(POLYGON).toEqual(before);
    expect(geometryBounds(POLYGON)).toEqual([10, 10, 40, 40]);
  });

  test('clamping a point', () => {
    expect(clampToImage([-3, 90], IMAGE)).toEqual([0, 80]);
  });
});
