import { checkGeometry, geometryBounds, GEOMETRY_TYPES, type Geometry, type Point } from '@labelyard/domain';
import fc from 'fast-check';
import { kindNamed, kindOf } from './kind-table.js';
import { bboxKind } from './bbox.js';
import { polygonKind } from './polygon.js';
import type { ShapeKind } from './shape-kind.js';

const image = { width: 640, height: 480 };
const coordinate = fc.double({ min: -700, max: 1400, noNaN: true });
const point: fc.Arbitrary<Point> = fc.tuple(coordinate, coordinate);
const cases = [
  { type: 'bbox', points: fc.array(point, { minLength: 2, maxLength: 2 }) },
  { type: 'polygon', points: fc.array(point, { minLength: 3, maxLength: 12 }) },
] as const;

describe.each(cases)('$type', ({ type, points }) => {
  const kind = kindNamed(type) as ShapeKind;
  const geometry = points.map((list) => kind.create(list, image)).filter((made): made is Geometry => made !== null);

  test('what is created is what the server takes, to 1/100 px', () => {
    fc.assert(
      fc.property(geometry, (made) => {
        expect(checkGeometry(made, image)).toEqual({ ok: true, geometry: made });
        expect(kind.round(made)).toEqual(made);
      }),
    );
  });

  test('moving keeps size and stays inside', () => {
    fc.assert(
      fc.property(geometry, coordinate, coordinate, (made, dx, dy) => {
        const moved = kind.round(kind.translate(made, Math.round(dx * 100) / 100, Math.round(dy * 100) / 100, image));
        expect(checkGeometry(moved, image)).toEqual({ ok: true, geometry: moved });
        const [before, after] = [geometryBounds(made), geometryBounds(moved)];
        expect(after?.[2]).toBeCloseTo(before?.[2] ?? NaN, 1);
        expect(after?.[3]).toBeCloseTo(before?.[3] ?? NaN, 1);
      }),
    );
  });

  test('any grip can be dragged anywhere; coordinates stay inside', () => {
    fc.assert(
      fc.property(geometry, fc.nat(), point, (made, n, to) => {
        const handles = kind.handles(made);
        const handle = handles[n % handles.length];
        const moved = kind.round(kind.moveHandle(made, handle?.id ?? '', to, image));
        const [x, y, w, h] = geometryBounds(moved) ?? [NaN, NaN, NaN, NaN];
        expect([x >= 0, y >= 0, x + w <= 640 + 1e-9, y + h <= 480 + 1e-9]).toEqual([true, true, true, true]);
      }),
    );
  });

  test('grips have distinct ids and lie on the bounds of the shape', () => {
    fc.assert(
      fc.property(geometry, (made) => {
        const handles = kind.handles(made);
        expect(new Set(handles.map(({ id }) => id)).size).toBe(handles.length);
        const [x, y, w, h] = geometryBounds(made) ?? [NaN, NaN, NaN, NaN];
        for (const {
          point: [px, py],
        } of handles) {
          expect(px >= x - 1e-9 && px <= x + w + 1e-9 && py >= y - 1e-9 && py <= y + h + 1e-9).toBe(true);
        }
      }),
    );
  });

  test('the path stays within the bounds and is closed', () => {
    fc.assert(
      fc.property(geometry, (made) => {
        const seen: Point[] = [];
        let closed = 0;
        const add = (x: number, y: number) => void seen.push([x, y]);
        kind.path(made, { moveTo: add, lineTo: add, closePath: () => closed++ });
        expect(closed).toBe(1);
        expect(seen.length).toBeGreaterThanOrEqual(3);
        for (const [x, y] of seen) expect(kind.hit(made, [x, y], 0.01)).toBe(true);
      }),
    );
  });
});

test('points that make no shape make none', () => {
  expect(bboxKind.create([[5, 5]], image)).toBeNull();
  expect(
    bboxKind.create(
      [
        [5, 5],
        [5.9, 50],
      ],
      image,
    ),
  ).toBeNull();
  expect(
    bboxKind.create(
      [
        [-50, -50],
        [-10, -10],
      ],
      image,
    ),
  ).toBeNull();
  expect(
    polygonKind.create(
      [
        [5, 5],
        [50, 5],
        [5, 5],
      ],
      image,
    ),
  ).toBeNull();
  expect(
    polygonKind.create(
      [
        [5, 5],
        [50, 5],
        [90, 5],
      ],
      image,
    ),
  ).toBeNull();
});

test('a polygon with a hole is filled by the even-odd rule', () => {
  const ring: Point[] = [
    [0, 0],
    [90, 0],
    [90, 90],
    [0, 90],
  ];
  const hole: Point[] = [
    [10, 10],
    [20, 10],
    [20, 20],
  ];
  expect(polygonKind.fillRule({ type: 'polygon', polygons: [[ring, []]] })).toBe('nonzero');
  expect(polygonKind.fillRule({ type: 'polygon', polygons: [[ring, [hole]]] })).toBe('evenodd');
});

test('every kind in the table goes by its own name, and image-level kinds have no place', () => {
  for (const type of GEOMETRY_TYPES) {
    const kind = kindNamed(type);
    if (kind) expect(kind.type).toBe(type);
  }
  for (const type of ['classification', 'no_object'] as const) {
    const kind = kindOf({ type });
    expect(kind?.create([], image)).toEqual({ type });
    expect(kind?.handles({ type })).toEqual([]);
    expect(kind?.hit({ type }, [5, 5], 100)).toBe(false);
  }
});
