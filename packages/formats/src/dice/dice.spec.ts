import { canonicalGeometryJson } from '@labelyard/domain';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { projectsOf } from '../../test/project-arbitraries.js';
import { readFiles, rowsOf, sourceOf } from '../../test/project-source.js';
import { checkDice } from './check-dice.js';
import { readDice } from './read-dice.js';
import { writeDice } from './write-dice.js';

const read = (content: object | string) =>
  readAll(readDice(filesOf({ 'a.json': typeof content === 'string' ? content : JSON.stringify(content) })));

test('the golden project gives the file that was checked by hand', async () => {
  const run = writeDice(sourceOf(GOLDEN), { shares: { train: 1, val: 0, test: 0 } });
  const text = (await readFiles(run)).get('annotations.json')!;
  const expected = readFileSync(join(import.meta.dirname, '../../test/__fixtures__/dice-golden.json'), 'utf8');
  expect(text).toBe(expected);
  expect(run.report().dropped.map(({ code, examples }) => [code, ...examples])).toEqual([
    ['unknown_class', 26],
    ['unknown_image', 27],
  ]);
  expect(await checkDice(filesOf({ 'a.json': text }))).toEqual([]);
});

const KINDS = [
  'bbox',
  'rotated_bbox',
  'polygon',
  'mask',
  'polyline',
  'circle',
  'keypoints',
  'classification',
  'text',
] as const;

test('reading back loses nothing: geometry to the last digit, classes, attributes, state, people, times', async () => {
  const origins = fc.record({
    confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    state: fc.constantFrom('draft' as const, 'confirmed' as const, 'verified' as const),
    source: fc.constantFrom('manual' as const, 'model' as const),
    created_by: fc.constantFrom('u-1', '사람'),
    updated_by: fc.constant('u-2'),
    created_at: fc.constant('2024-02-29T23:59:59.123Z'),
    updated_at: fc.constant('2025-01-01T00:00:00.000Z'),
    confirmed_by: fc.option(fc.constant('u-3')),
    confirmed_at: fc.option(fc.constant('2025-01-02T00:00:00.000Z')),
  });
  await fc.assert(
    fc.asyncProperty(projectsOf(KINDS), origins, async (project, origin) => {
      const rows = rowsOf(project).map((row) => ({ ...row, ...origin }));
      const run = writeDice(sourceOf(project, 3, rows));
      const files = await readFiles(run);
      expect([run.report().dropped, await checkDice(filesOf(files))]).toEqual([[], []]);
      const back = await readAll(readDice(filesOf(files)));
      expect(back.issues).toEqual([]);
      expect(back.classes).toEqual(project.head.classes.map(({ id: _, ...one }) => ({ kind: 'class', ...one })));
      expect(back.images.map(({ path, width, height }) => ({ path, width, height }))).toEqual(
        project.images.map(({ path, width, height }) => ({ path, width, height })),
      );
      const byId = new Map(back.annotations.map((one) => [one.origin?.id, one]));
      expect(byId.size).toBe(rows.length);
      for (const row of rows) {
        const one = byId.get(row.id)!;
        expect(canonicalGeometryJson(one.geometry)).toBe(row.geometry);
        expect(one.attributes).toEqual(JSON.parse(row.attributes));
        expect(one.image).toBe(project.images.find(({ id }) => id === row.image_id)!.path);
        expect(one.class_name).toBe(project.head.classes.find(({ id }) => id === row.class_id)?.name ?? null);
        const { confidence, ...rest } = origin;
        expect(one.confidence).toBe(confidence);
        expect(one.origin).toEqual({ id: row.id, ...rest });
      }
      // The same once more: what was read and written is what was written.
      expect((await readFiles(writeDice(sourceOf(project, 1, rows)))).get('annotations.json')).toBe(
        files.get('annotations.json'),
      );
    }),
    { numRuns: 60 },
  );
});

test('a split that nobody chose is there for consumers, and none when it is read back', async () => {
  const splits = [null, undefined, 'train', 'val', 'test'] as const;
  const images = splits.map((split, n) => ({ id: n + 1, path: `${n}.jpg`, width: 9, height: 9, split }));
  const text = (await readFiles(writeDice(sourceOf({ ...GOLDEN, images, annotations: [] })))).get('annotations.json')!;
  const rows = (JSON.parse(text) as { images: { split: string; split_chosen?: boolean }[] }).images;
  expect(rows.every(({ split }) => ['train', 'val', 'test'].includes(split))).toBe(true);
  expect((await read(text)).images.map(({ split }) => split)).toEqual([null, null, 'train', 'val', 'test']);
  // Files from before did not say it.
  const before = text.replaceAll(',"split_chosen":false', '');
  expect((await read(before)).images.map(({ split }) => split)).toEqual(rows.map(({ split }) => split));
});

test('a "no object" keeps the task it belongs to', async () => {
  const [row] = rowsOf({
    ...GOLDEN,
    annotations: [{ id: 1, image_id: 1, class_id: null, geometry: { type: 'no_object' } }],
  });
  const rows = [{ ...row!, task_type: 'keypoint' as const }];
  const back = await readAll(readDice(filesOf(await readFiles(writeDice(sourceOf(GOLDEN, 3, rows))))));
  expect(back.annotations).toMatchObject([
    { task_type: 'keypoint', class_name: null, geometry: { type: 'no_object' } },
  ]);
});

test('files of the first tool: no sizes, shapes in its own words', async () => {
  const file = {
    format_version: '1.0',
    task_type: 'object_detection',
    classes: [{ id: 0, name: 'cat', color: '#ff0000', supercategory: 'object' }],
    images: [
      {
        id: 1,
        file_name: 'a/b.jpg',
        width: 0,
        height: 0,
        split: 'val',
        annotations: [
          {
            id: 1,
            class_id: 0,
            class_name: 'cat',
            bbox: [1, 2, 3, 4],
            bbox_format: 'xywh',
            area: 12,
            iscrowd: 0,
            attributes: {},
          },
          { id: 2, class_id: 0, segmentation: [[0, 0, 9, 0, 9, 9]], bbox: [0, 0, 9, 9], text_labels: [{ text: 'x' }] },
          { id: 3, class_id: 0, polyline: [1, 1, 5, 5] },
          { id: 4, class_id: 0, circle: { center: [9, 9], radius: 3 } },
          { id: 5, class_id: 0 },
          {
            id: 6,
            class_id: -1,
            class_name: '__background__',
            is_background: true,
            attributes: { task_type: 'segmentation' },
          },
          { id: 7, class_id: 9, bbox: [1, 1, 1, 1] },
          'x',
        ],
        image_captions: [{ text: 'hello', language: 'en', confidence: 0.5 }],
        vqa_pairs: [{ question: 'how many?', answer: '2', language: 'en' }],
      },
    ],
  };
  const back = await readAll(
    readDice(filesOf({ 'a.json': JSON.stringify(file) }), { findImage: (path) => ({ path, width: 50, height: 50 }) }),
  );
  expect(back.annotations.map(({ task_type, geometry: { type } }) => `${task_type} ${type}`)).toEqual([
    'detection bbox',
    'segmentation polygon',
    'geometry polyline',
    'geometry circle',
    'classification classification',
    'segmentation no_object',
    'captioning text',
    'captioning text',
  ]);
  expect(back.issues).toEqual([
    'warning left_out a.json 1 images.0.annotations.1',
    'error bad_class a.json 1 images.0.annotations.6',
    'error not_an_object a.json 1 images.0.annotations.7',
  ]);
  expect((await read(file)).issues).toEqual(['error size_missing a.json 1 images.0']);
});

describe('the rules', () => {
  const sound = {
    format_version: '1.0', dataset_name: 'x', task_type: 'object_detection', classes: [{ id: 0, name: 'a' }],
    images: [{ id: 1, file_name: 'a.jpg', width: 9, height: 9, annotations: [{ id: 1, class_id: 0, class_name: 'a', bbox: [1, 1, 2, 2] }] }],
    statistics: { total_images: 1, total_annotations: 1 },
  }; // prettier-ignore
  const image = sound.images[0]!;
  test.each<[string, object, string]>([
    ['head', { format_version: undefined }, 'missing_key format_version'],
    ['counts', { statistics: { total_images: 1, total_annotations: 2 } }, 'bad_value statistics.total_annotations'],
    ['class ids', { classes: [{ id: 1, name: 'a' }] }, 'bad_id classes.0'],
    ['annotation ids', { images: [{ ...image, annotations: [image.annotations[0], image.annotations[0]] }] }, 'duplicate_id images.0.annotations.1'], // prettier-ignore
    ['shapes', { images: [{ ...image, annotations: [{ ...image.annotations[0], bbox: [1, 1, -2, 2] }] }] }, 'degenerate images.0.annotations.0'], // prettier-ignore
    ['lists', { images: [{ ...image, annotations: 5 }] }, 'wrong_format images.0.annotations'],
  ])('%s', async (_, changes, issue) => {
    expect(await checkDice(filesOf({ 'a.json': JSON.stringify(sound) }))).toEqual([]);
    const issues = await checkDice(filesOf({ 'a.json': JSON.stringify({ ...sound, ...changes }) }));
    expect(issues.map(({ code, path }) => `${code} ${path}`)).toContain(issue);
  });

  test('as many as there are in a file of nothing else', async () => {
    const annotations = Array.from({ length: 200_000 }, () => image.annotations[0]);
    const files = filesOf({ 'a.json': JSON.stringify({ ...sound, images: [{ ...image, annotations }] }) }, 1 << 20);
    const issues = await checkDice(files);
    expect(issues).toHaveLength(1_000);
    expect(issues[0]).toMatchObject({ code: 'duplicate_id', path: 'images.0.annotations.1' });
  });
});
