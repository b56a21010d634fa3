import fc from 'fast-check';
import { encodeRleCounts } from '../src/geometry/rle.js';
import type { Geometry, ImageSize, Point, PolygonPart, Ring } from '../src/geometry/geometry.js';

/** Random geometries that a sound client would send, each with an image it lies in. */
export interface Placed {
  readonly image: ImageSize;
  readonly geometry: Geometry;
}

const images = fc.record({ width: fc.integer({ min: 8, max: 5000 }), height: fc.integer({ min: 8, max: 5000 }) });

/** A number from 0 to `max`: whole, two decimals, or any double. */
const coordinate = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 0, max: Math.floor(max) }),
    fc.integer({ min: 0, max: Math.floor(max * 100) }).map((n) => n / 100),
    fc.double({ min: 0, max, noNaN: true }),
  );

export const pointIn = ({ width, height }: ImageSize): fc.Arbitrary<Point> =>
  fc.tuple(coordinate(width), coordinate(height));

/** A ring around a centre, so that it never crosses itself; `within` is the share of the image's half size it may take. */
export const starRing = ({ width, height }: ImageSize, within: number): fc.Arbitrary<Ring> =>
  fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 3, maxLength: 40 }).map((radii) =>
    radii.map((radius, index): Point => {
      const angle = (2 * Math.PI * index) / radii.length;
      return [
        width / 2 + (width / 2) * within * radius * Math.cos(angle),
        height / 2 + (height / 2) * within * radius * Math.sin(angle),
      ];
    }),
  );

/** One part; with a hole, when there is one, well inside. */
export const starPart = (image: ImageSize): fc.Arbitrary<PolygonPart> =>
  fc.tuple(starRing(image, 1), fc.option(starRing(image, 0.2))).map(([outer, hole]) => [outer, hole ? [hole] : []]);

const runsFilling = (pixels: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.integer({ min: 1, max: Math.max(1, Math.floor(pixels / 50)) }), { minLength: 1, maxLength: 40 })
    .map((runs) => {
      const used = runs.reduce((sum, run) => sum + run, 0);
      return [...runs, pixels - used];
    });

const geometriesIn = (image: ImageSize): fc.Arbitrary<Geometry> => {
  const { width, height } = image;
  const small = Math.min(width, height);
  const centred = { center: [width / 2, height / 2] as const };
  return fc.oneof(
    fc
      .tuple(pointIn(image), pointIn(image))
      .filter(([a, b]) => Math.abs(a[0] - b[0]) > 0.01 && Math.abs(a[1] - b[1]) > 0.01)
      .map(([a, b]): Geometry => {
        const x = Math.min(a[0], b[0]);
        const y = Math.min(a[1], b[1]);
        return { type: 'bbox', bbox: [x, y, Math.max(a[0], b[0]) - x, Math.max(a[1], b[1]) - y] };
      }),
    fc
      .tuple(fc.double({ min: 0.1, max: 0.7, noNaN: true }), fc.double({ min: -179.9, max: 180, noNaN: true }))
      .map(([share, angle]): Geometry => ({
        type: 'rotated_bbox',
        ...centred,
        size: [small * share, small * share * 0.5],
        angle,
      })),
    fc
      .array(starPart(image), { minLength: 1, maxLength: 3 })
      .map((polygons): Geometry => ({ type: 'polygon', polygons })),
    runsFilling(width * height).map((runs): Geometry => ({
      type: 'mask',
      size: [height, width],
      counts: encodeRleCounts(runs),
    })),
    fc
      .array(pointIn(image), { minLength: 2, maxLength: 20 })
      .filter((points) => points.some(([x, y]) => Math.abs(x - points[0]![0]) + Math.abs(y - points[0]![1]) > 0.01))
      .map((points): Geometry => ({ type: 'polyline', points })),
    fc
      .double({ min: 0.01, max: 0.5, noNaN: true })
      .map((share): Geometry => ({ type: 'circle', ...centred, radius: small * share })),
    fc
      .array(fc.tuple(pointIn(image), fc.constantFrom(0, 1, 2)), { minLength: 1, maxLength: 20 })
      .map((points): Geometry => ({
        type: 'keypoints',
        points: [[1, 1, 2], ...points.map(([[x, y], v]) => (v === 0 ? ([0, 0, 0] as const) : ([x, y, v] as const)))],
      })),
    fc.constantFrom<Geometry>({ type: 'classification' }, { type: 'no_object' }),
    fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.trim() !== '' && !text.includes('\0'))
      .map((text): Geometry => ({ type: 'text', label_type: 'qa', text, question: `${text}?`, language: 'ko-KR' })),
  );
};

export const placedGeometries: fc.Arbitrary<Placed> = images.chain((image) =>
  geometriesIn(image).map((geometry) => ({ image, geometry })),
);
