import {
  encodeRleCounts,
  TASK_GEOMETRIES,
  type Geometry,
  type GeometryType,
  type ImageSize,
  type Point,
  type TaskType,
} from '@labelyard/domain';
import fc from 'fast-check';
import type { ExportClass } from '../src/codec.js';
import type { TestAnnotation, TestProject } from './project-source.js';

/** Random projects with classes, names and shapes of every kind, for round trips. */

export const CLASSES: readonly ExportClass[] = [
  { id: 2, task_type: 'detection', name: 'box' },
  { id: 21, task_type: 'detection', name: 'a "b" & <c>, d; \\ #1: yes' },
  { id: 1, task_type: 'segmentation', name: '하늘 area' },
  { id: 11, task_type: 'segmentation', name: 'road' },
  { id: 3, task_type: 'geometry', name: 'lane' },
  { id: 4, task_type: 'keypoint', name: 'pose', keypoints: ['head', 'left hand', 'tail'], skeleton: [[0, 1], [1, 2]] }, // prettier-ignore
  { id: 5, task_type: 'classification', name: 'sunny' },
  { id: 51, task_type: 'classification', name: 'at night' },
];

const NAMES = ['a.jpg', 'b/a.jpg', 'b/a.png', '거리 & café.v2.jpg', "it's, 100%.webp", 'deep/er/x.JPG', 'a.b.c.jpeg'];

const exact = (max: number) =>
  fc.oneof(
    fc.double({ min: 0, max, noNaN: true }),
    fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100),
  );

function geometries({ width, height }: ImageSize): Record<Exclude<GeometryType, 'no_object'>, fc.Arbitrary<Geometry>> {
  const point = fc.tuple(exact(width), exact(height));
  const star = (within: number) =>
    fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 3, maxLength: 20 }).map((radii) =>
      radii.map((radius, n): Point => {
        const angle = (2 * Math.PI * n) / radii.length;
        const reach = within * radius;
        return [(width / 2) * (1 + reach * Math.cos(angle)), (height / 2) * (1 + reach * Math.sin(angle))];
      }),
    );
  return {
    bbox: fc
      .tuple(exact(width), exact(height), exact(width), exact(height))
      .filter(([x, y, w, h]) => w > 0.01 && h > 0.01 && x + w <= width && y + h <= height)
      .map(([x, y, w, h]): Geometry => ({ type: 'bbox', bbox: [x, y, w, h] })),
    rotated_bbox: fc
      .tuple(fc.double({ min: 1, max: 20, noNaN: true }), fc.double({ min: -179.5, max: 180, noNaN: true }))
      .map(([size, angle]): Geometry => ({
        type: 'rotated_bbox',
        center: [width / 2, height / 2],
        size: [size, size / 2],
        angle,
      })),
    polygon: fc
      .array(fc.tuple(star(1), fc.option(star(0.2))), { minLength: 1, maxLength: 3 })
      .map((parts): Geometry => ({
        type: 'polygon',
        polygons: parts.map(([outer, hole]) => [outer, hole ? [hole] : []] as const),
      })),
    mask: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 9 }).map((runs): Geometry => {
      const rest = width * height - runs.reduce((sum, run) => sum + run, 0);
      return { type: 'mask', size: [height, width], counts: encodeRleCounts([0, ...runs, rest]) };
    }),
    polyline: fc
      .array(point, { minLength: 2, maxLength: 9 })
      .filter((points) => points.some(([x, y]) => Math.abs(x - points[0]![0]) + Math.abs(y - points[0]![1]) > 0.1))
      .map((points): Geometry => ({ type: 'polyline', points })),
    circle: fc
      .double({ min: 0.5, max: 20, noNaN: true })
      .map((radius): Geometry => ({ type: 'circle', center: [width / 2, height / 2], radius })),
    keypoints: fc.tuple(point, point, fc.constantFrom(1 as const, 2 as const)).map(([a, b, v]): Geometry => ({
      type: 'keypoints',
      points: [[...a, v], [0, 0, 0], [...b, 2]], // prettier-ignore
    })),
    classification: fc.constant<Geometry>({ type: 'classification' }),
    text: fc
      .tuple(
        fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
          .filter((text) => text.trim() !== '' && !text.includes('\0')),
        fc.constantFrom('caption' as const, 'description' as const, 'qa' as const),
      )
      .map(([text, label_type]): Geometry => ({
        type: 'text',
        label_type,
        text,
        ...(label_type === 'qa' && { question: `${text}?` }),
        language: 'ko-KR',
      })),
  };
}

const attributes = fc.oneof(
  fc.constant({}),
  fc.record({
    occluded: fc.boolean(),
    note: fc.constantFrom('a "b"', '한글', ''),
    depth: fc.integer({ min: 0, max: 9 }),
  }),
);

export type DrawnKind = Exclude<GeometryType, 'no_object'>;

/** One class at most per image for classification: more would break the rules of a project. */
export function projectsOf(kinds: readonly DrawnKind[]): fc.Arbitrary<TestProject> {
  return fc
    .array(fc.record({ width: fc.integer({ min: 50, max: 400 }), height: fc.integer({ min: 50, max: 400 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    .chain((sizes) => {
      const images = sizes.map((size, n) => ({ id: n * 3 + 1, path: NAMES[n * 2] as string, ...size }));
      const row = fc.integer({ min: 0, max: images.length - 1 }).chain((n) => {
        const image = images[n]!;
        return fc.constantFrom(...kinds).chain((kind) => {
          const task = (Object.entries(TASK_GEOMETRIES) as [TaskType, readonly GeometryType[]][]).find(([, types]) => types.includes(kind))![0]; // prettier-ignore
          const classes = CLASSES.filter(({ task_type }) => task_type === task);
          return fc
            .tuple(
              geometries(image)[kind],
              classes.length ? fc.constantFrom(...classes) : fc.constant(null),
              attributes,
            )
            .map(([geometry, named, attributes]) => ({
              image_id: image.id,
              class_id: named?.id ?? null,
              geometry,
              attributes,
            }));
        });
      });
      return fc.array(row, { maxLength: 8 }).map((rows): TestProject => {
        const assigned = new Set<number>();
        const kept = rows.filter(({ geometry, image_id }) => {
          if (geometry.type !== 'classification') return true;
          const isNew = !assigned.has(image_id);
          assigned.add(image_id);
          return isNew;
        });
        return {
          head: {
            project: { id: 5, name: 'Random' },
            version: null,
            date: null,
            task_types: ['detection', 'segmentation', 'classification', 'geometry', 'keypoint', 'captioning'],
            classes: CLASSES,
          },
          images,
          annotations: kept.map((one, n): TestAnnotation => ({ ...one, id: n * 2 + 1 })),
        };
      });
    });
}

/** What a test may compare: what is drawn, where, as what. Numbers within `digits` decimals. */
export function comparable(
  rows: readonly { image: string; class_name: string | null; geometry: unknown; attributes?: unknown }[],
  digits: number,
): unknown[] {
  const near = (value: unknown): unknown => {
    if (typeof value === 'number') return expect.closeTo(value, digits);
    if (Array.isArray(value)) return value.map(near);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, near(one)]));
    }
    return value;
  };
  return rows.map(({ image, class_name, geometry }) => ({ image, class_name, geometry: near(geometry) }));
}
