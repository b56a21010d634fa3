import { EXPORT_FORMATS, type ExportFormat, type ExportOptions } from '@labelyard/contract';
import {
  canonicalGeometryJson,
  checkGeometry,
  encodeRleCounts,
  geometryArea,
  geometryBounds,
  GEOMETRY_TYPES,
  needsClass,
  TASK_GEOMETRIES,
  TASK_TYPES,
  type Geometry,
  type GeometryType,
  type Point,
  type TaskType,
} from '@labelyard/domain';
import type { ExportAnnotation, ExportClass, ExportSource } from '@labelyard/formats';
import fc from 'fast-check';
import { declaredLoss } from './declared-loss.js';
import { planExport } from './export-plan.js';
import { PARTICULAR, PLAIN, SAMPLE_SIZE } from './loss-samples.js';

const OPTIONS: Readonly<Record<ExportFormat, readonly ExportOptions[]>> = {
  coco: [
    {},
    { include: ['instances', 'keypoints', 'captions', 'labels'], outlines_as_polygons: true },
    { include: ['captions'] },
  ],
  yolo: ['detect', 'segment', 'obb', 'pose', 'classify'].flatMap((kind): ExportOptions[] => [
    { kind },
    { kind, circles: true, holes: 'fill' },
  ]),
  pascal_voc: [{}, { masks: true, rotated: true, zero_based: true }],
  cvat: [{}],
  label_studio: [{}],
  labelme: [{}],
  csv: [{}],
  dice: [{}],
};
const CASES = EXPORT_FORMATS.flatMap((format) => OPTIONS[format].map((options) => [format, options] as const));

/** Said of rows that the database cannot hold. */
const OF_DAMAGE = ['unknown_class', 'unknown_image', 'unreadable_geometry'];

const planOf = (format: ExportFormat, options: ExportOptions, task_types: readonly TaskType[] = TASK_TYPES) =>
  planExport(
    { project_id: 1, format, created_at: '2026-01-01T00:00:00Z' },
    { options: options as Record<string, string> },
    task_types,
  );

const IMAGE = { width: 40, height: 30 };
const near = (max: number) =>
  fc.oneof(
    fc.integer({ min: 0, max }),
    fc.double({ min: -0.5, max: max + 0.5, noNaN: true }),
    fc.constantFrom(-0.3, max + 0.3),
  );
const point = fc.tuple(near(IMAGE.width), near(IMAGE.height));
const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.01, max: 20, noNaN: true }));
const ring = fc.array(point, { minLength: 3, maxLength: 6 });
const SHAPES: Readonly<Record<GeometryType, fc.Arbitrary<unknown>>> = {
  bbox: fc.tuple(point, size, size).map(([at, w, h]) => ({ type: 'bbox', bbox: [...at, w, h] })),
  rotated_bbox: fc
    .tuple(point, size, size, fc.oneof(fc.constant(0), fc.double({ min: -180, max: 180, noNaN: true })))
    .map(([center, w, h, angle]) => ({ type: 'rotated_bbox', center, size: [w, h], angle })),
  polygon: fc
    .array(fc.tuple(ring, fc.array(ring, { maxLength: 1 })), { minLength: 1, maxLength: 3 })
    .map((polygons) => ({ type: 'polygon', polygons })),
  mask: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }).map((runs) => {
    const rest = IMAGE.width * IMAGE.height - runs.reduce((sum, run) => sum + run, 0);
    return { type: 'mask', size: [IMAGE.height, IMAGE.width], counts: encodeRleCounts([0, ...runs, rest]) };
  }),
  polyline: fc.oneof(fc.array(point, { minLength: 2, maxLength: 5 }), fc.constant<Point[]>([[1, 1], [9, 1], [5, 1]])).map((points) => ({ type: 'polyline', points })), // prettier-ignore
  circle: fc.tuple(point, size).map(([center, radius]) => ({ type: 'circle', center, radius })),
  keypoints: fc
    .array(fc.tuple(near(IMAGE.width), near(IMAGE.height), fc.constantFrom(0, 1, 2)), { minLength: 1, maxLength: 4 })
    .map((points) => ({ type: 'keypoints', points })),
  classification: fc.constant({ type: 'classification' }),
  no_object: fc.constant({ type: 'no_object' }),
  text: fc
    .record({ question: fc.constantFrom('', 'What?'), text: fc.constantFrom('A', 'B'), language: fc.constantFrom('en', 'ko') }) // prettier-ignore
    .map(({ question, ...rest }) => ({ type: 'text', ...rest, ...(question ? { label_type: 'qa', question } : { label_type: 'caption' }) })), // prettier-ignore
};
const CLASSES = TASK_TYPES.flatMap((task_type, n): ExportClass[] =>
  [0, 1].map((second) => ({
    id: n * 2 + second + 1,
    task_type,
    name: `${task_type} ${second}`,
    keypoints: task_type === 'keypoint' ? [['a', 'b', 'c'], []][second]! : [],
    skeleton: [],
  })),
);
const attributes = fc.dictionary(
  fc.constantFrom('colour', 'rotation', 'iscrowd', 'pose'),
  fc.constantFrom<unknown>('red', 1, 1.5, true, [1], { a: 1 }),
);
const row = fc.constantFrom(...GEOMETRY_TYPES).chain((kind) =>
  fc.record({
    geometry: SHAPES[kind].map((shape) => checkGeometry(shape, IMAGE)).filter(({ ok }) => ok).map((check) => (check as { geometry: Geometry }).geometry), // prettier-ignore
    task_type: fc.constantFrom(...TASK_TYPES.filter((type) => TASK_GEOMETRIES[type].includes(kind))),
    second: fc.boolean(),
    attributes: fc.oneof(fc.constant({}), attributes),
    confidence: fc.option(fc.constantFrom(0.5, 0.9)),
  }),
);
const ROWS = fc.array(fc.tuple(row, fc.integer({ min: 1, max: 2 })), { minLength: 1, maxLength: 12 }).map((rows) =>
  rows
    .flatMap(([one, times]) => Array.from({ length: times }, () => one))
    .map(({ geometry, task_type, second, attributes: said, confidence }, n): ExportAnnotation => {
      const [x, y, w, h] = geometryBounds(geometry) ?? [null, null, null, null];
      return {
        id: n + 1,
        image_id: 1,
        class_id: needsClass(geometry.type) ? TASK_TYPES.indexOf(task_type) * 2 + (second ? 2 : 1) : null,
        annotation_type: geometry.type,
        task_type,
        geometry: canonicalGeometryJson(geometry),
        attributes: JSON.stringify(said),
        confidence,
        ...{ bbox_x: x, bbox_y: y, bbox_w: w, bbox_h: h },
        area: geometryArea(geometry),
      };
    }),
);

function sourceOf(rows: readonly ExportAnnotation[]): ExportSource {
  return {
    head: { project: { id: 1, name: '' }, version: null, date: null, task_types: TASK_TYPES, classes: CLASSES },
    async *images() {
      yield [{ id: 1, path: 'a.jpg', ...IMAGE }];
    },
    async *annotations() {
      yield rows;
    },
  };
}

test('every sample is a shape that can be stored', () => {
  const shapes = [...Object.values(PLAIN), ...PARTICULAR.flatMap(({ rows }) => rows.map(({ geometry }) => geometry))];
  for (const shape of shapes) expect(checkGeometry(shape, SAMPLE_SIZE)).toEqual({ ok: true, geometry: shape });
});

test.each(CASES)('%s %j: nothing is reported that was not announced', async (format, options) => {
  const plan = planOf(format, options);
  const loss = await declaredLoss(plan);
  await fc.assert(
    fc.asyncProperty(ROWS, async (rows) => {
      const run = plan.format.write(sourceOf(rows), plan.options);
      for await (const { chunks } of run.files) for await (const _ of chunks) continue;
      const report = run.report();
      for (const fate of ['dropped', 'converted'] as const) {
        for (const { code, examples } of report[fate]) {
          for (const { annotation_type } of OF_DAMAGE.includes(code)
            ? []
            : rows.filter(({ id }) => examples.includes(id))) {
            const said = loss.get(annotation_type)?.findings ?? [];
            const announced = said.some((one) => one.fate === fate && one.code === code);
            if (!announced) throw new Error(`${annotation_type}: ${fate} ${code} was not announced`);
          }
        }
      }
    }),
    { numRuns: 400 },
  );
});

test.each<[ExportFormat, ExportOptions, GeometryType, string, string]>([
  ['pascal_voc', {}, 'bbox', 'rounded', 'fractions'],
  ['coco', { include: ['captions'] }, 'text', 'qa_as_caption', 'question'],
  ['pascal_voc', { masks: true }, 'mask', 'mask_overlap', 'others'],
  ['pascal_voc', { masks: true }, 'polygon', 'mask_left_out', 'others'],
  ['yolo', { kind: 'detect' }, 'bbox', 'duplicate_row', 'others'],
  ['yolo', { kind: 'detect' }, 'no_object', 'no_object', 'other_task'],
  ['yolo', { kind: 'segment' }, 'polygon', 'duplicate_part', 'others'],
  ['yolo', { kind: 'classify' }, 'classification', 'several_classes', 'others'],
  ['coco', {}, 'rotated_bbox', 'rotation_attribute', 'attributes'],
  ['label_studio', {}, 'text', 'attributes', 'attributes'],
])('%s %j: %s that are %s, only with %s', async (format, options, kind, code, when) => {
  const { fate, findings } = (await declaredLoss(planOf(format, options))).get(kind)!;
  expect(fate).not.toBe('dropped');
  expect(findings).toContainEqual(expect.objectContaining({ code, when }));
});

test('a plain shape has no condition, and of one task there are no others', async () => {
  const { findings } = (await declaredLoss(planOf('labelme', {}))).get('rotated_bbox')!;
  expect(findings[0]).toMatchObject({ fate: 'converted', code: 'rotated_as_polygon' });
  expect(findings[0]).not.toHaveProperty('when');
  const alone = (await declaredLoss(planOf('yolo', { kind: 'detect' }, ['detection']))).get('no_object')!;
  expect(alone).toMatchObject({ fate: 'converted', findings: [{ code: 'no_object' }] });
});
