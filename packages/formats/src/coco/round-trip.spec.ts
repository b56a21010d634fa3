import { encodeRleCounts, rasterisePolygon, type Geometry, type ImageSize, type Point } from '@labelyard/domain';
import fc from 'fast-check';
import { filesOf, readAll } from '../../test/import-files.js';
import {
  passingSourceOf,
  readFiles,
  rowsOf,
  sourceOf,
  type TestAnnotation,
  type TestProject,
} from '../../test/project-source.js';
import type { ExportClass } from '../codec.js';
import { checkCoco } from './check-coco.js';
import { readCoco } from './read-coco.js';
import { writeCoco } from './write-coco.js';

interface CocoRow {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly iscrowd: number;
}

/** What the report says becomes of a geometry: holes become pixels, everything else stays. */
function declared(geometry: Geometry, image: ImageSize): Geometry {
  if (geometry.type !== 'polygon' || geometry.polygons.every(([, holes]) => holes.length === 0)) return geometry;
  const counts = encodeRleCounts(rasterisePolygon(geometry.polygons, image));
  return { type: 'mask', size: [image.height, image.width], counts };
}

const CLASSES: readonly ExportClass[] = [
  { id: 2, task_type: 'detection', name: 'box' },
  { id: 1, task_type: 'segmentation', name: 'area' },
];

const exact = (max: number) =>
  fc.oneof(
    fc.double({ min: 0, max, noNaN: true }),
    fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100),
  );

function geometries({ width, height }: ImageSize): fc.Arbitrary<Geometry> {
  const star = (within: number) =>
    fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 3, maxLength: 20 }).map((radii) =>
      radii.map((radius, n): Point => {
        const angle = (2 * Math.PI * n) / radii.length;
        const reach = within * radius;
        return [(width / 2) * (1 + reach * Math.cos(angle)), (height / 2) * (1 + reach * Math.sin(angle))];
      }),
    );
  return fc.oneof(
    fc
      .tuple(exact(width), exact(height), exact(width), exact(height))
      .filter(([x, y, w, h]) => w > 0.01 && h > 0.01 && x + w <= width && y + h <= height)
      .map(([x, y, w, h]): Geometry => ({ type: 'bbox', bbox: [x, y, w, h] })),
    fc
      .tuple(fc.double({ min: 1, max: 20, noNaN: true }), fc.double({ min: -179.5, max: 180, noNaN: true }))
      .map(([size, angle]): Geometry => ({
        type: 'rotated_bbox',
        center: [width / 2, height / 2],
        size: [size, size / 2],
        angle,
      })),
    // The narrowest star is a triangle whose edges pass the centre at a quarter of its reach: holes stay within that.
    fc.array(fc.tuple(star(1), fc.option(star(0.2))), { minLength: 1, maxLength: 3 }).map((parts): Geometry => ({
      type: 'polygon',
      polygons: parts.map(([outer, hole]) => [outer, hole ? [hole] : []] as const),
    })),
    fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 9 }).map((runs): Geometry => {
      const rest = width * height - runs.reduce((sum, run) => sum + run, 0);
      return { type: 'mask', size: [height, width], counts: encodeRleCounts([0, ...runs, rest]) };
    }),
  );
}

/** Attributes that say something in a COCO file, where the shape fits them. */
const meaningful = fc.record(
  {
    rotation: fc.oneof(fc.constantFrom(0, 360, 90, 'left', null), fc.double({ min: -400, max: 400, noNaN: true })),
    iscrowd: fc.constantFrom(0, 1, '1'),
  },
  { requiredKeys: [] },
);

/** Of a box, `rotation` is its angle when it turns its corners by less than they are rounded. */
function gaveWay(geometry: Geometry, { rotation }: Readonly<Record<string, unknown>>): boolean {
  if (geometry.type === 'rotated_bbox') return rotation !== undefined;
  if (geometry.type !== 'bbox' || typeof rotation !== 'number') return false;
  const [, , w, h] = geometry.bbox;
  return Math.hypot(w, h) * Math.abs(Math.sin((rotation * Math.PI) / 360)) < 1e-3;
}

const projects: fc.Arbitrary<TestProject> = fc
  .array(fc.record({ width: fc.integer({ min: 50, max: 900 }), height: fc.integer({ min: 50, max: 900 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((sizes) => {
    const images = sizes.map((size, n) => ({ id: n * 3 + 1, path: `${n}.png`, ...size }));
    const annotation = fc.constantFrom(...images).chain((image) =>
      fc.record({
        image_id: fc.constant(image.id),
        geometry: geometries(image),
        attributes: fc
          .tuple(
            fc.dictionary(
              fc.string().filter((key) => key !== '__proto__'),
              fc.oneof(fc.string(), fc.boolean()),
            ),
            meaningful,
          )
          .map((parts) => Object.assign({}, ...parts) as Record<string, unknown>),
      }),
    );
    return fc.array(annotation, { maxLength: 12 }).map((rows) => ({
      head: {
        project: { id: 1, name: 'p' },
        version: null,
        date: null,
        task_types: ['detection', 'segmentation'] as const,
        classes: CLASSES,
      },
      images,
      annotations: rows.map((row, n): TestAnnotation => ({
        ...row,
        id: n * 2 + 1,
        class_id: row.geometry.type.endsWith('bbox') ? 2 : 1,
      })),
    }));
  });

const near = (numbers: readonly number[]) => numbers.map((n) => expect.closeTo(n, 4) as number);

test('what is read back equals what was written, up to what the report declares', async () => {
  await fc.assert(
    fc.asyncProperty(projects, fc.integer({ min: 1, max: 5 }), async (project, batch) => {
      const run = writeCoco(sourceOf(project, batch));
      const text = (await readFiles(run)).get('instances.json')!;
      const file = JSON.parse(text) as { images: object[]; annotations: CocoRow[] };
      expect(checkCoco(file, { tolerance_px: 1e-5 })).toEqual([]);
      expect(file.images).toEqual(project.images.map(({ path, ...image }) => ({ ...image, file_name: path })));
      expect(run.report().dropped).toEqual([]);
      expect(file.annotations.map(({ id }) => id)).toEqual(project.annotations.map(({ id }) => id));
      const back = await readAll(readCoco(filesOf({ 'instances.json': text }, 4096)));
      expect(back.issues).toEqual([]);
      const stored = rowsOf(project);
      const changed: number[] = [];
      for (const [n, row] of file.annotations.entries()) {
        const { id, image_id, class_id, attributes = {} } = project.annotations[n]!;
        const image = project.images.find(({ id }) => id === image_id)!;
        const category = project.head.classes.findIndex(({ id }) => id === class_id) + 1;
        expect([row.image_id, row.category_id]).toEqual([image_id, category]);
        expect(row.iscrowd).toBe(attributes['iscrowd'] === 1 ? 1 : 0);
        const drawn = JSON.parse(stored[n]!.geometry) as Geometry;
        const { rotation: _, ...others } = attributes;
        const isChanged = gaveWay(drawn, attributes);
        if (isChanged) changed.push(id);
        const { geometry, attributes: kept } = back.annotations[n]!;
        expect(kept).toEqual(JSON.parse(JSON.stringify(isChanged ? others : attributes)));
        const expected = declared(drawn, image);
        if (expected.type === 'rotated_bbox') {
          const { center, size, angle } = expected;
          expect(geometry).toEqual({ type: 'rotated_bbox', center: near(center), size: near(size), angle });
        } else {
          expect(geometry).toEqual(expected);
        }
      }
      const reported = run.report().converted.find(({ code }) => code === 'rotation_attribute');
      expect([reported?.count ?? 0, reported?.examples ?? []]).toEqual([changed.length, changed.slice(0, 5)]);
    }),
    { numRuns: 100 },
  );
});

test('rows that pass give the same bytes as rows that are kept', async () => {
  await fc.assert(
    fc.asyncProperty(projects, async (project) => {
      const [passing, kept] = [writeCoco(passingSourceOf(project)), writeCoco(sourceOf(project))];
      expect(await readFiles(passing)).toEqual(await readFiles(kept));
      expect(passing.report()).toEqual(kept.report());
    }),
    { numRuns: 50 },
  );
});
