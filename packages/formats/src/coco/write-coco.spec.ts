import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN } from '../../test/golden-project.js';
import { readFiles, rowsOf, sourceOf, type TestProject } from '../../test/project-source.js';
import type { ExportAnnotation, ExportSource } from '../codec.js';
import { checkCoco } from './check-coco.js';
import { writeCoco } from './write-coco.js';

const EXPECTED = readFileSync(join(import.meta.dirname, '../../test/__fixtures__/coco-golden.json'), 'utf8');
const TOLERANCE = { tolerance_px: 1e-5 };

async function written(source: ExportSource) {
  const run = writeCoco(source);
  const files = await readFiles(run);
  expect([...files.keys()]).toEqual(['instances.json']);
  return { text: files.get('instances.json')!, report: run.report() };
}

const writtenFrom = (project: TestProject, rows?: ExportAnnotation[]) => written(sourceOf(project, 1000, rows));
const only = (annotations: TestProject['annotations']): TestProject => ({ ...GOLDEN, annotations });
const bbox = (id: number, image_id = 1) => ({
  id,
  image_id,
  class_id: 7,
  geometry: { type: 'bbox', bbox: [1, 2, 30, 40] },
});

describe('the golden project', () => {
  test('gives the file that was checked by hand, byte for byte', async () => {
    expect((await writtenFrom(GOLDEN)).text).toBe(EXPECTED);
  });

  test('obeys every rule', () => {
    expect(checkCoco(JSON.parse(EXPECTED), TOLERANCE)).toEqual([]);
  });

  test.each([1, 2, 7, 1000])('gives the same bytes in batches of %d', async (batch) => {
    expect((await written(sourceOf(GOLDEN, batch))).text).toBe(EXPECTED);
  });

  test('reports what was dropped and converted', async () => {
    const { report } = await writtenFrom(GOLDEN);
    expect(report.format).toBe('coco');
    expect(report.counts).toEqual({
      images: 5,
      annotations: 14,
      by_class: [
        { class_id: 7, name: 'car', annotations: 8 },
        { class_id: 3, name: 'person <walking> & "running"', annotations: 1 },
        { class_id: 4, name: 'car', annotations: 2 },
        { class_id: 9, name: '하늘', annotations: 3 },
        { class_id: 11, name: 'never used', annotations: 0 },
      ],
    });
    expect(report.dropped.map(({ code, count, examples }) => [code, count, ...examples])).toEqual([
      ['classification', 1, 20],
      ['no_object', 1, 21],
      ['polyline', 1, 22],
      ['circle', 1, 23],
      ['keypoints', 1, 24],
      ['text', 1, 25],
      ['unknown_class', 1, 26],
      ['unknown_image', 1, 27],
      ['no_pixels', 1, 28],
    ]);
    expect(report.converted.map(({ code, count, examples }) => [code, count, ...examples])).toEqual([
      ['rotated_bbox', 5, 5, 6, 7, 8, 9],
      ['rotation_attribute', 1, 8],
      ['polygon_holes', 1, 12],
    ]);
    expect(report.notes).toEqual([
      'Two categories are named "car": supercategory says which one holds boxes and which one polygons.',
    ]);
    for (const { reason } of [...report.dropped, ...report.converted]) expect(reason).toMatch(/^["A-Z].{10,}\.$/u);
  });

  test('every annotation is either written or dropped', async () => {
    const { report } = await writtenFrom(GOLDEN);
    const dropped = report.dropped.reduce((sum, { count }) => sum + count, 0);
    expect(report.counts.annotations + dropped).toBe(GOLDEN.annotations.length);
  });
});

describe('scope', () => {
  test('categories are the classes of the task types in scope', async () => {
    const head = { ...GOLDEN.head, task_types: ['detection'] as const };
    const { text, report } = await writtenFrom({ ...GOLDEN, head });
    const file = JSON.parse(text);
    expect(file.categories.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
    // A filter does not renumber: segmentation alone keeps its numbers.
    const { text: other } = await writtenFrom({ ...GOLDEN, head: { ...GOLDEN.head, task_types: ['segmentation'] } });
    expect(JSON.parse(other).categories.map(({ id }: { id: number }) => id)).toEqual([3, 4, 5]);
    expect(file.images).toHaveLength(5);
    expect(report.dropped.find(({ code }) => code === 'unknown_class')?.examples).toEqual([10, 11, 12, 13, 14]);
    expect(checkCoco(file, TOLERANCE)).toEqual([]);
  });

  test('an empty project is still a sound file', async () => {
    const head = { ...GOLDEN.head, classes: [], version: null, date: null };
    const { text, report } = await writtenFrom({ head, images: [], annotations: [] });
    expect(JSON.parse(text)).toEqual({
      info: { description: GOLDEN.head.project.name, url: '', version: 'working copy', contributor: '' },
      licenses: [],
      categories: [],
      images: [],
      annotations: [],
    });
    expect(checkCoco(JSON.parse(text))).toEqual([]);
    expect(report.notes).toEqual([
      'No class of detection or segmentation is part of this export: the file has no categories.',
    ]);
  });

  test('images without annotations stay', async () => {
    const { text } = await writtenFrom(only([]));
    expect(JSON.parse(text).images).toHaveLength(5);
  });
});

describe('size', () => {
  test('5,000 objects on one image, 1,000 classes, a polygon of 6,000 points', async () => {
    const classes = Array.from({ length: 1000 }, (_, n) => ({
      id: 2000 - n,
      task_type: n % 2 ? ('detection' as const) : ('segmentation' as const),
      name: `class ${n}`,
    }));
    const round = Array.from({ length: 6000 }, (_, n) => [
      50 + 40 * Math.cos((n / 6000) * 2 * Math.PI),
      50 + 40 * Math.sin((n / 6000) * 2 * Math.PI),
    ]);
    const project = {
      head: { ...GOLDEN.head, classes },
      images: GOLDEN.images,
      annotations: [
        { id: 1, image_id: 1, class_id: 2000, geometry: { type: 'polygon', polygons: [[round, []]] } },
        ...Array.from({ length: 5000 }, (_, n) => ({ ...bbox(n + 2), class_id: 2000 - (n % 1000) })),
      ],
    };
    const { text, report } = await writtenFrom(project);
    const file = JSON.parse(text);
    expect(checkCoco(file, TOLERANCE)).toEqual([]);
    expect(file.categories.map(({ id }: { id: number }) => id)).toEqual(classes.map((_, n) => n + 1));
    expect(file.annotations[0].segmentation).toEqual([round.flat()]);
    expect(report.counts.annotations).toBe(5001);
    expect(report.counts.by_class[0]).toEqual({ class_id: 2000, name: 'class 0', annotations: 6 });
  });

  test('many findings are counted, five are named', async () => {
    const points = [[1, 1], [9, 9]]; // prettier-ignore
    const lines = Array.from({ length: 40 }, (_, n) => ({
      ...bbox(n + 1),
      geometry: { type: 'polyline', points },
    }));
    const { report } = await writtenFrom(only(lines));
    expect(report.dropped).toMatchObject([{ code: 'polyline', count: 40, examples: [1, 2, 3, 4, 5] }]);
  });

  test('shapes thinner than a pixel are named', async () => {
    const thin = Array.from({ length: 7 }, (_, n) => ({
      ...bbox(n + 1),
      geometry: { type: 'bbox', bbox: [1, 1, 0.2, 9] },
    }));
    const { report } = await writtenFrom(only([...thin, bbox(8)]));
    expect(report.notes).toContain(
      '7 × shape thinner than one pixel: a mask made from it can be empty (annotation 1, 2, 3, 4, 5, …)',
    );
  });

  test('the source is read only as far as the reader has come', async () => {
    let asked = 0;
    const source: ExportSource = {
      ...sourceOf(only([])),
      async *annotations() {
        const [row] = rowsOf(only([bbox(1)])) as [ExportAnnotation];
        for (;;) {
          asked++;
          yield Array.from({ length: 1000 }, (_, n) => ({ ...row, id: (asked - 1) * 1000 + n + 1 }));
        }
      },
    };
    let chunks = 0;
    for await (const file of writeCoco(source).files) {
      for await (const chunk of file.chunks) {
        expect(chunk.length).toBeLessThan(600_000);
        if (++chunks === 3) break;
      }
    }
    // Three chunks of about 256 kB hold some 6,000 rows of 125 bytes.
    expect(asked).toBeLessThan(10);
  });
});

describe('what a source may get wrong', () => {
  test.each([
    ['annotations', only([bbox(2), bbox(1)]), /ascending id: 1 came after 2/u],
    ['the same annotation twice', only([bbox(2), bbox(2)]), /ascending id: 2 came after 2/u],
    ['an annotation with id 0', only([bbox(0)]), /ascending id: 0 came after 0/u],
    ['images', { ...GOLDEN, images: GOLDEN.images.toReversed(), annotations: [] }, /ascending id: 4 came after 60/u],
  ])('order of %s', async (_, project, message) => {
    await expect(writtenFrom(project)).rejects.toThrow(message);
  });

  test('a geometry that is no JSON costs that annotation only', async () => {
    const rows = rowsOf(only([bbox(1), GOLDEN.annotations[6]!, GOLDEN.annotations[9]!, GOLDEN.annotations[13]!]));
    const broken = rows.map((row) => ({ ...row, geometry: row.geometry.slice(0, -3) }));
    const { text, report } = await writtenFrom(GOLDEN, [...broken.slice(1), rowsOf(only([bbox(99)]))[0]!]);
    expect(report.dropped).toMatchObject([{ code: 'unreadable_geometry', count: 2, examples: [7, 10] }]);
    expect(report.counts.annotations).toBe(2);
    expect(text).toContain('{"id":99,');
  });

  test('rows without measures are dropped', async () => {
    const [row] = rowsOf(only([bbox(1)])) as [ExportAnnotation];
    const { report } = await writtenFrom(GOLDEN, [
      { ...row, id: 1, area: null },
      { ...row, id: 2, bbox_w: 0 },
      { ...row, id: 3, bbox_x: null },
    ]);
    expect(report.dropped).toMatchObject([{ code: 'no_extent', count: 3, examples: [1, 2, 3] }]);
  });

  test('another JSON layout of the same geometry gives the same file', async () => {
    const rows = rowsOf(GOLDEN).map((row) => {
      const entries = Object.entries(JSON.parse(row.geometry) as object).reverse();
      return { ...row, geometry: JSON.stringify(Object.fromEntries(entries), null, 1) };
    });
    expect((await writtenFrom(GOLDEN, rows)).text).toBe(EXPECTED);
  });

  test('the report is refused before the file was read to its end', async () => {
    const run = writeCoco(sourceOf(GOLDEN));
    expect(() => run.report()).toThrow(/before every file was read/u);
    for await (const file of run.files) {
      for await (const _ of file.chunks) break;
    }
    expect(() => run.report()).toThrow(/before every file was read/u);
  });

  test('an error of the source reaches the reader', async () => {
    const source: ExportSource = {
      ...sourceOf(GOLDEN),
      async *annotations() {
        yield [];
        throw new Error('connection lost');
      },
    };
    await expect(written(source)).rejects.toThrow('connection lost');
  });
});
