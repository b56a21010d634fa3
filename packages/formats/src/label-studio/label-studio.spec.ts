import {
  decodeRleCounts,
  encodeRleCounts,
  type Geometry,
  type KeypointsGeometry,
  type PolygonGeometry,
} from '@labelyard/domain';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { CLASSES, comparable, projectsOf } from '../../test/project-arbitraries.js';
import { drawn, readFiles, rowsOf, sourceOf, type TestProject } from '../../test/project-source.js';
import { bridgedRing } from '../bridged-ring.js';
import { brushOfMask, maskOfBrush } from './brush-rle.js';
import { checkLabelStudio } from './check-label-studio.js';
import { readLabelStudio } from './read-label-studio.js';
import { writeLabelStudio } from './write-label-studio.js';

async function written(project: TestProject, options = {}) {
  const run = writeLabelStudio(sourceOf(project), options);
  const files = await readFiles(run);
  return { files, report: run.report() };
}

describe('the golden project', () => {
  test.each([
    ['tasks.json', 'label-studio-golden.json'],
    ['label_config.xml', 'label-studio-golden.xml'],
  ])('gives the %s that was checked by hand', async (path, fixture) => {
    const expected = readFileSync(join(import.meta.dirname, '../../test/__fixtures__', fixture), 'utf8');
    expect((await written(GOLDEN)).files.get(path)).toBe(expected);
  });

  test('names what it drops and converts', async () => {
    const { report } = await written(GOLDEN);
    const codes = (rows: typeof report.dropped) => rows.map(({ code, examples }) => [code, ...examples]);
    expect(codes(report.dropped)).toEqual([
      ['unknown_class', 26],
      ['unknown_image', 27],
    ]);
    expect(codes(report.converted)).toEqual([
      ['rotated_upright', 5],
      ['several_shapes', 11],
      ['holes_bridged', 12, 28],
    ]);
  });
});

describe('brushes', () => {
  const size = { width: 7, height: 5 };

  test('the stream is the one of the documentation, bit by bit', () => {
    // One pixel of 2 × 1 set: 8 bytes; words of 8 bits; lengths of 3, 4, 8 and 16 bits; four times 0, four times 255.
    const head = `${(8).toString(2).padStart(32, '0')}00111${'0010'}${'0011'}${'0111'}${'1111'}`;
    const bits = `${head}1${'00'}${'011'}${'00000000'}1${'00'}${'011'}${'11111111'}`;
    const bytes = bits.match(/.{1,8}/gu)!.map((byte) => parseInt(byte.padEnd(8, '0'), 2));
    expect(brushOfMask(Uint32Array.of(1, 1), { width: 2, height: 1 })).toEqual(bytes);
  });

  test('any mask comes back, also runs longer than 65,536', () => {
    const runs = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(runs, fc.boolean(), fc.integer({ min: 1, max: 300 }), (lengths, first, height) => {
        const given = first ? [0, ...lengths] : lengths.length > 1 ? lengths : [1, ...lengths];
        const total = given.reduce((sum, run) => sum + run, 0);
        const width = Math.ceil(total / height);
        const rest = width * height - total;
        const counts =
          given.length % 2 === 1 ? [...given.slice(0, -1), given.at(-1)! + rest] : rest > 0 ? [...given, rest] : given;
        const image = { width, height };
        const mask = maskOfBrush(brushOfMask(Uint32Array.from(counts), image)!, image);
        expect(mask).toEqual({ type: 'mask', size: [height, width], counts: encodeRleCounts(counts) });
      }),
      { numRuns: 50 },
    );
  });

  test('values that are not repeated, soft edges, other channels', () => {
    // Literal values: 2 pixels of 4 channels, alpha 127 and 128.
    const bits = [(8).toString(2).padStart(32, '0'), '00111', '0010001101111111', '0', '00', '111'];
    const values = [0, 0, 0, 127, 255, 255, 255, 128].map((value) => value.toString(2).padStart(8, '0'));
    const stream = [...bits, ...values].join('');
    const bytes = stream.match(/.{1,8}/gu)!.map((byte) => parseInt(byte.padEnd(8, '0'), 2));
    expect(decodeRleCounts(maskOfBrush(bytes, { width: 2, height: 1 }).counts)).toEqual(Uint32Array.of(1, 1));
  });

  const sound = brushOfMask(Uint32Array.of(10, 5, 20), size)!;
  test.each<[string, unknown[]]>([
    ['cut off', sound.slice(0, -3)],
    ['empty', []],
    ['texts', sound.map(String)],
    ['above 255', sound.map((byte) => byte + 256)],
    ['of another image', brushOfMask(Uint32Array.of(10, 5, 5), { width: 4, height: 5 })!],
    ['longer than it says', [...sound.slice(0, 8), 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])('a stream %s is refused', (_, bytes) => {
    expect(() => maskOfBrush(bytes, size)).toThrow();
  });
});

const declared = (geometry: Geometry): Geometry => {
  // 360 degrees less than can be written are none.
  if (geometry.type === 'rotated_bbox' && geometry.angle <= 0 && geometry.angle > -5e-11) {
    const [[x, y], [w, h]] = [geometry.center, geometry.size];
    return { type: 'bbox', bbox: [x - w / 2, y - h / 2, w, h] };
  }
  if (geometry.type !== 'polygon') return geometry;
  return { type: 'polygon', polygons: geometry.polygons.map((part) => [bridgedRing(part), []]) };
};

test('what is read back equals what was written, up to what the report declares', async () => {
  await fc.assert(
    fc.asyncProperty(
      projectsOf([
        'bbox',
        'rotated_bbox',
        'polygon',
        'mask',
        'polyline',
        'circle',
        'keypoints',
        'classification',
        'text',
      ]),
      async (project) => {
        const { files, report } = await written(project);
        expect(report.dropped).toEqual([]);
        for (const { code } of report.converted)
          expect(['rotated_upright', 'several_shapes', 'holes_bridged', 'attributes']).toContain(code);
        expect(await checkLabelStudio(filesOf(files, 4096))).toEqual([]);
        const back = await readAll(readLabelStudio(filesOf(files, 4096), { findImage: imagesOf(project) }));
        expect(back.issues).toEqual([]);
        expect(back.images.map(({ path }) => path)).toEqual(project.images.map(({ path }) => path));
        expect(back.classes.map(({ name, task_type }) => [task_type, name]).sort()).toEqual(
          CLASSES.map(({ name, task_type }) => [task_type, name]).sort(),
        );
        const { keypoints, skeleton } = CLASSES.find(({ name }) => name === 'pose')!;
        expect(back.classes.find(({ name }) => name === 'pose')).toMatchObject({ keypoints, skeleton });
        const isText = ({ geometry }: { geometry: Geometry }) => geometry.type === 'text';
        const rows = drawn(project).map((one) => ({ ...one, geometry: declared(one.geometry) }));
        const expected = project.images.flatMap(({ path }) =>
          rows.filter(({ image, ...one }) => image === path && !isText(one)),
        );
        const shapes = back.annotations.filter((one) => !isText(one));
        expect(shapes.map(({ image, class_name, geometry }) => ({ image, class_name, geometry }))).toEqual(
          comparable(expected, 5),
        );
        expect(shapes.map(({ attributes }) => attributes)).toEqual(expected.map(({ attributes }) => attributes));
        // Texts are grouped by kind and language.
        const words = (list: readonly { image: string; geometry: Geometry }[]) =>
          list.filter(isText).map(({ image, geometry }) => JSON.stringify([image, Object.entries(geometry).sort()])).sort(); // prettier-ignore
        expect(words(back.annotations)).toEqual(words(rows));
      },
    ),
    { numRuns: 40 },
  );
});

const imagesOf = (project: TestProject) => (path: string) =>
  project.images.find((image) => image.path === path) ?? null;

describe('what Label Studio says in its own way', () => {
  const image = { id: 1, path: 'sub/a b%.jpg', width: 200, height: 100, split: 'val' } as const;
  const project = (annotations: TestProject['annotations'], classes = GOLDEN.head.classes): TestProject => ({
    head: { ...GOLDEN.head, classes },
    images: [image, { ...image, id: 2, path: 'b.jpg', split: null }],
    annotations,
  });

  test('addresses: local files, or a server of one’s own; splits; images that nobody looked at', async () => {
    const { files } = await written(project([]));
    const tasks = JSON.parse(files.get('tasks.json')!) as Record<string, unknown>[];
    expect(tasks[0]).toEqual({
      id: 1,
      data: { image: '/data/local-files/?d=images/sub/a%20b%25.jpg', width: 200, height: 100, split: 'val' },
      annotations: [],
      predictions: [],
    });
    const remote = await written(project([]), { image_root: 'https://example.org/pictures/' });
    expect(remote.files.get('tasks.json')).toContain('"https://example.org/pictures/sub/a%20b%25.jpg"');
    for (const { files: either } of [{ files }, remote]) {
      const back = await readAll(readLabelStudio(filesOf(either), { findImage: imagesOf(project([])) }));
      expect(back.issues).toEqual([]);
      expect(back.images.map(({ path, split }) => [path, split])).toEqual([
        ['sub/a b%.jpg', 'val'],
        ['b.jpg', null],
      ]);
    }
  });

  test('rotation is about the corner', async () => {
    const geometry = { type: 'rotated_bbox', center: [100, 50], size: [40, 20], angle: 90 };
    const { files } = await written(project([{ id: 5, image_id: 1, class_id: 7, geometry }]));
    const [task] = JSON.parse(files.get('tasks.json')!) as { annotations: { result: { value: unknown }[] }[] }[];
    // Turned clockwise, the upper left corner lies at the upper right: 110, 30.
    expect(task!.annotations[0]!.result[0]!.value).toEqual({
      x: 55,
      y: 30,
      width: 20,
      height: 20,
      rotation: 90,
      rectanglelabels: ['car'],
    });
  });

  test('hidden keypoints, points without names, confidence, source, nothing to label', async () => {
    const classes: TestProject['head']['classes'] = [
      { id: 1, task_type: 'keypoint', name: 'hand', keypoints: ['a', 'b', 'c'], skeleton: [[0, 2]] },
      { id: 2, task_type: 'keypoint', name: 'wheels' },
      { id: 3, task_type: 'keypoint', name: 'pair', keypoints: ['a', 'z'] },
    ];
    const keypoints = (id: number, class_id: number, points: unknown) => ({ id, image_id: 1, class_id, geometry: { type: 'keypoints', points } }); // prettier-ignore
    const given = project(
      [
        keypoints(1, 1, [[10, 10, 1], [0, 0, 0], [30, 20.5, 2]]), // prettier-ignore
        keypoints(2, 2, [[1, 1, 2], [2, 2, 2], [3, 3, 1], [4, 4, 2]]), // prettier-ignore
        keypoints(3, 3, [[7, 7, 2], [8, 8, 2]]), // prettier-ignore
        keypoints(4, 3, [[7, 7, 2], [8, 8, 2], [9, 9, 2]]), // prettier-ignore
        { id: 5, image_id: 2, class_id: null, geometry: { type: 'no_object' } },
      ],
      classes,
    );
    const rows = sourceOf(given);
    const source = {
      ...rows,
      async *annotations(order?: 'id' | 'image') {
        for await (const batch of rows.annotations(order))
          yield batch.map((row) => ({ ...row, ...(row.id === 1 && { confidence: 0.25, source: 'model' as const }), ...(row.id === 5 && { task_type: 'keypoint' as const }) })); // prettier-ignore
      },
    };
    const run = writeLabelStudio(source);
    const files = await readFiles(run);
    expect(run.report().dropped).toMatchObject([{ code: 'wrong_keypoints', examples: [4] }]);
    expect(await checkLabelStudio(filesOf(files))).toEqual([]);
    const back = await readAll(readLabelStudio(filesOf(files)));
    expect(back.issues).toEqual([]);
    expect(back.annotations).toMatchObject([
      { class_name: 'hand', confidence: 0.25, origin: { source: 'model' }, geometry: { points: [[10, 10, 1], [0, 0, 0], [30, 20.5, 2]] } }, // prettier-ignore
      { class_name: 'wheels', confidence: null, geometry: { points: [[1, 1, 2], [2, 2, 2], [3, 3, 1], [4, 4, 2]] } }, // prettier-ignore
      { class_name: 'pair', geometry: { points: [[7, 7, 2], [8, 8, 2]] } }, // prettier-ignore
      { task_type: 'keypoint', geometry: { type: 'no_object' } },
    ]);
  });

  const everyText = (geometries: readonly object[], rows: readonly object[] = []) => {
    const given = project(geometries.map((geometry, n) => ({ id: n + 1, image_id: 1, class_id: null, geometry: { type: 'text', ...geometry } }))); // prettier-ignore
    return writtenAndRead(given, rows);
  };
  const writtenAndRead = async (given: TestProject, more: readonly object[] = []) => {
    const run = writeLabelStudio(sourceOf(given, 3, rowsOf(given).map((row, n) => ({ ...row, ...more[n] })))); // prettier-ignore
    const files = await readFiles(run);
    expect(await checkLabelStudio(filesOf(files, 1 << 20))).toEqual([]);
    const back = await readAll(readLabelStudio(filesOf(files, 1 << 20)));
    expect(back.issues).toEqual([]);
    return { files, back, converted: run.report().converted.map(({ code, examples }) => [code, ...examples]) };
  };

  test.each([
    ['Which colour?\nA: red\nB: blue', 'A', 'Q: Which colour?\n\\A: red\nB: blue\nA: A'],
    ['A: what?\r\nA: x\n\\A: y\n\\\\A: z', 'b\nA: c', 'Q: A: what?\r\n\\A: x\n\\\\A: y\n\\\\\\A: z\nA: b\nA: c'],
    ['Who?\n', '\nA: B', 'Q: Who?\n\nA: \nA: B'],
    ['C:\\A: or /A: or\nA:b?', 'neither', 'Q: C:\\A: or /A: or\nA:b?\nA: neither'],
  ])('a question with a line that looks like an answer: %j', async (question, text, expected) => {
    const { files, back } = await everyText([{ label_type: 'qa', question, text, language: 'en' }]);
    expect(files.get('tasks.json')).toContain(`"value":${JSON.stringify({ text: [expected] })}`);
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual([
      { type: 'text', label_type: 'qa', question, text, language: 'en' },
    ]);
  });

  test('kinds and languages of texts, also those that look like no language', async () => {
    const texts = ['en', 'ko-KR', 'zh-Hant-TW', 'english', 'zh-x', 'lang-en', 'EN--us'].flatMap((language) => [
      { label_type: 'caption', text: `c ${language}`, language },
      { label_type: 'description', text: `d ${language}`, language },
      { label_type: 'qa', question: 'q', text: `a ${language}`, language },
    ]);
    const { files, back } = await everyText(texts);
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual(texts.map((one) => ({ type: 'text', ...one })));
    expect(files.get('label_config.xml')).toContain('<TextArea name="caption_zh_Hant_TW" ');
    expect(files.get('label_config.xml')).toContain('<TextArea name="caption_lang_english" ');
  });

  test('points without names keep their places; those of the end that are absent are reported', async () => {
    const classes = [{ id: 1, task_type: 'keypoint', name: 'wheels' }] as const;
    const keypoints = (id: number, points: unknown) => ({ id, image_id: 1, class_id: 1, geometry: { type: 'keypoints', points } }); // prettier-ignore
    const many = Array.from({ length: 1_002 }, (_, n) => [n % 200, 5, n === 3 ? 0 : 2]);
    const { back, converted } = await writtenAndRead(
      project([
        keypoints(1, [[10, 10, 2], [0, 0, 0], [50, 20, 2]]), // prettier-ignore
        keypoints(2, [[0, 0, 0], [0, 0, 0], [50, 20, 1]]), // prettier-ignore
        keypoints(3, [[10, 10, 2], [0, 0, 0], [0, 0, 0]]), // prettier-ignore
        keypoints(4, many),
      ], classes), // prettier-ignore
    );
    expect(back.annotations.slice(0, 3).map(({ geometry }) => geometry)).toEqual([
      { type: 'keypoints', points: [[10, 10, 2], [0, 0, 0], [50, 20, 2]] }, // prettier-ignore
      { type: 'keypoints', points: [[0, 0, 0], [0, 0, 0], [50, 20, 1]] }, // prettier-ignore
      { type: 'keypoints', points: [[10, 10, 2]] },
    ]);
    expect((back.annotations[3]!.geometry as KeypointsGeometry).points).toHaveLength(1_001);
    expect(converted).toEqual([['points_without_names', 3, 4]]);
  });

  test('confidence and source of texts, where those of one control agree', async () => {
    const texts = [
      ...['a', 'b'].map((text) => ({ label_type: 'caption', text, language: 'en' })),
      ...['c', 'd', 'e'].map((text) => ({ label_type: 'caption', text, language: 'ko' })),
      { label_type: 'description', text: 'f', language: 'en' },
    ];
    const model = { source: 'model', confidence: 0.5 };
    const { back, converted } = await everyText(texts, [model, model, model, { confidence: 0.25 }, {}, { source: 'import' }]); // prettier-ignore
    expect(back.annotations.map(({ confidence, origin }) => [confidence, origin?.source])).toEqual([
      [0.5, 'model'],
      [0.5, 'model'],
      [null, undefined],
      [null, undefined],
      [null, undefined],
      [null, undefined],
    ]);
    expect(converted).toEqual([['text_origin', 3, 4]]);
  });

  test('very many points of one annotation', async () => {
    const classes = [{ id: 1, task_type: 'keypoint', name: 'wheels' }] as const;
    const points = Array.from({ length: 70_000 }, (_, n) => [n % 200, n % 100, 1]);
    const { back } = await writtenAndRead(project([{ id: 1, image_id: 1, class_id: 1, geometry: { type: 'keypoints', points } }], classes)); // prettier-ignore
    expect((back.annotations[0]!.geometry as KeypointsGeometry).points).toHaveLength(70_000);
  });
});

const region = (fields: object, value: object) => ({
  id: 'r1',
  from_name: 'label',
  to_name: 'image',
  type: 'rectanglelabels',
  original_width: 200,
  original_height: 100,
  image_rotation: 0,
  value,
  ...fields,
});
const rectangle = { x: 10, y: 20, width: 30, height: 40, rotation: 0, rectanglelabels: ['cat'] };
const task = (result: unknown, more: object = {}) => ({
  id: 1,
  data: { image: 'a.jpg' },
  annotations: [{ id: 1, result }],
  ...more,
});
const read = (content: unknown, options = {}, more: Record<string, string> = {}) =>
  readAll(readLabelStudio(filesOf({ 't.json': typeof content === 'string' ? content : JSON.stringify(content), ...more }), options)); // prettier-ignore
const box = { type: 'bbox', bbox: [20, 20, 60, 40] };

describe('files of others', () => {
  test('regions with labels beside them, what is said about a region, remarks', async () => {
    const back = await read([
      task([
        region({ type: 'rectangle', id: 'x' }, { ...rectangle, rectanglelabels: undefined }),
        region({ type: 'labels', id: 'x' }, { ...rectangle, rectanglelabels: undefined, labels: ['cat', 'pet'] }),
        { id: 'x', from_name: 'colour', to_name: 'image', type: 'choices', value: { ...rectangle, choices: ['red'] } },
        { id: 'x', from_name: 'name', to_name: 'image', type: 'textarea', value: { text: ['Tom', 'Kater'] } },
        { id: 'x', from_name: 'stars', to_name: 'image', type: 'rating', value: { rating: 4 } },
        region({ id: 'y', meta: { text: ['look again'] } }, rectangle),
        { id: 'z', from_name: 'weather', to_name: 'image', type: 'choices', value: { choices: ['sunny', 'warm'] } },
        { id: 'w', from_name: 'words', to_name: 'image', type: 'textarea', value: { text: ['a cat'] } },
        region({ id: 'p', type: 'keypointlabels' }, { x: 50, y: 50, width: 1, keypointlabels: ['eye'] }),
        region({ id: 'v', type: 'vectorlabels' }, { vertices: [{ x: 0, y: 0 }, { x: 50, y: 50 }, { x: 50, y: 0 }], closed: true, vectorlabels: ['roof'] }), // prettier-ignore
      ]),
    ]);
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ class_name, geometry, attributes }) => [class_name, geometry, attributes])).toEqual([
      ['cat', box, { colour: 'red', name: ['Tom', 'Kater'], stars: 4 }],
      ['pet', box, { colour: 'red', name: ['Tom', 'Kater'], stars: 4 }],
      ['cat', box, { note: 'look again' }],
      ['sunny', { type: 'classification' }, {}],
      ['warm', { type: 'classification' }, {}],
      [null, { type: 'text', label_type: 'caption', text: 'a cat', language: 'en' }, {}],
      ['roof', { type: 'polygon', polygons: [[[[0, 0], [100, 50], [100, 0]], []]] }, {}], // prettier-ignore
      ['eye', { type: 'keypoints', points: [[100, 50, 2]] }, {}],
    ]);
  });

  test('of several annotations the true one, else the latest; cancelled ones and the others are named', async () => {
    const one = (id: number, label: string, more: object) => ({ id, result: [region({}, { ...rectangle, rectanglelabels: [label] })], ...more }); // prettier-ignore
    const taskWith = (n: number, annotations: unknown, more = {}) => ({ id: n, data: { image: `${n}.jpg` }, annotations, ...more }); // prettier-ignore
    const back = await read([
      taskWith(1, [one(1, 'old', { updated_at: '2024-01-01' }), one(2, 'new', { updated_at: '2024-02-01' })]),
      taskWith(2, [one(1, 'true', { ground_truth: true, updated_at: '2024-01-01' }), one(2, 'new', { updated_at: '2024-02-01' })]), // prettier-ignore
      taskWith(3, [one(1, 'gone', { was_cancelled: true })], { predictions: [{ ...one(9, 'guess', {}), score: 0.5 }] }),
    ]);
    expect(back.annotations.map(({ class_name, confidence, origin }) => [class_name, confidence, origin])).toEqual([
      ['new', null, undefined],
      ['true', null, undefined],
      ['guess', 0.5, { source: 'model' }],
    ]);
    expect(back.issues).toEqual([
      'error left_out t.json 1 0.annotations.0',
      'error left_out t.json 1 1.annotations.1',
      'warning left_out t.json 1 2.annotations.0',
    ]);
  });

  test.each([
    ['uploads', '/data/upload/7/0a1b2c3d-a.jpg'],
    ['a bucket', 's3://bucket/some/where/sub/a.jpg'],
    ['a server', 'https://example.org/x/sub/a.jpg?sign=1'],
    ['local files', '/data/local-files/?d=x/y/sub%2Fa.jpg'],
    ['a path', 'sub/a.jpg'],
  ])('addresses of %s', async (_, image) => {
    const findImage = (path: string) =>
      ['a.jpg', 'sub/a.jpg'].includes(path) ? { path, width: 200, height: 100 } : null;
    const back = await read([task([region({}, rectangle)], { data: { image } })], { findImage });
    expect([back.issues, back.images.map(({ path }) => path)]).toEqual([
      [],
      [image.includes('upload') ? 'a.jpg' : 'sub/a.jpg'],
    ]);
  });

  test('folders that the first image does not have are not dropped for the next one', async () => {
    const findImage = (path: string) =>
      ['x/a.jpg', 'b.jpg'].includes(path) ? { path, width: 200, height: 100 } : null;
    const at = (image: string) => task([], { data: { image: `s3://bucket/root/${image}` } });
    const back = await read([at('x/a.jpg'), at('y/b.jpg')], { findImage });
    expect(back.images.map(({ path }) => path)).toEqual(['x/a.jpg']);
    expect(back.issues).toEqual(['error image_missing t.json 1 1']);
  });

  test('a file of one task; the configuration names the image', async () => {
    const config = '<View><Image name="pic" value="$photo_url"/><RectangleLabels name="label" toName="pic"><Label value="cat" background="#00ff00"/></RectangleLabels></View>'; // prettier-ignore
    const content = task([region({ to_name: 'pic' }, rectangle)], { data: { note: 'x.png', photo_url: 'a.jpg' } });
    const back = await read(content, {}, { 'config.xml': config });
    expect(back.issues).toEqual([]);
    expect(back.classes).toEqual([{ kind: 'class', name: 'cat', task_type: 'detection', color: '#00ff00' }]);
    expect(back.annotations).toMatchObject([{ class_name: 'cat', geometry: box }]);
  });

  test.each<[string, object, string, number]>([
    ['no value', { ...region({}, {}), value: undefined }, 'error missing_key', 0],
    ['no label', region({}, { ...rectangle, rectanglelabels: [] }), 'error bad_class', 0],
    ['a label that is a number', region({}, { ...rectangle, rectanglelabels: [5] }), 'error bad_class', 0],
    ['texts for numbers', region({}, { ...rectangle, x: '10' }), 'error bad_geometry', 0],
    ['negative size', region({}, { ...rectangle, width: -5 }), 'error degenerate', 0],
    ['no size', region({}, { ...rectangle, width: undefined }), 'error bad_geometry', 0],
    ['far outside', region({}, { ...rectangle, x: 500 }), 'error outside_image', 0],
    ['partly outside', region({}, { ...rectangle, x: 90 }), 'warning clipped', 1],
    ['rotation a text', region({}, { ...rectangle, rotation: 'left' }), 'error bad_geometry', 0],
    ['a turned picture', region({ image_rotation: 90 }, rectangle), 'error left_out', 0],
    ['two points', region({ type: 'polygonlabels' }, { points: [[1, 1], [2, 2]], polygonlabels: ['cat'] }), 'error degenerate', 0], // prettier-ignore
    ['points of one number', region({ type: 'polygonlabels' }, { points: [[1], [2], [3]], polygonlabels: ['cat'] }), 'error bad_geometry', 0], // prettier-ignore
    ['an open polygon', region({ type: 'polygonlabels' }, { points: [[1, 1], [9, 1], [9, 9]], closed: false, polygonlabels: ['cat'] }), 'warning changed_kind', 1], // prettier-ignore
    ['a brush that is cut off', region({ type: 'brushlabels' }, { format: 'rle', rle: [0, 0, 1], brushlabels: ['cat'] }), 'error truncated', 0], // prettier-ignore
    ['a brush of text', region({ type: 'brushlabels' }, { format: 'rle', rle: 'AAAA', brushlabels: ['cat'] }), 'error bad_mask', 0], // prettier-ignore
    ['an ellipse', region({ type: 'ellipselabels' }, { x: 50, y: 50, radiusX: 10, radiusY: 10, ellipselabels: ['cat'] }), 'warning changed_kind', 1], // prettier-ignore
    ['an ellipse without radii', region({ type: 'ellipselabels' }, { x: 50, y: 50, ellipselabels: ['cat'] }), 'error bad_geometry', 0], // prettier-ignore
    ['curves', region({ type: 'vectorlabels' }, { vertices: [{ x: 1, y: 1 }, { x: 50, y: 50, isBezier: true }], vectorlabels: ['cat'] }), 'warning changed_kind', 1], // prettier-ignore
    ['vertices without a place', region({ type: 'vectorlabels' }, { vertices: [{ x: 1 }], vectorlabels: ['cat'] }), 'error bad_geometry', 0], // prettier-ignore
    [
      'a point without a place',
      region({ type: 'keypointlabels' }, { keypointlabels: ['cat'] }),
      'error bad_geometry',
      0,
    ],
    ['choices that are none', { id: 'c', from_name: 'c', type: 'choices', value: { choices: 'sunny' } }, 'error bad_value', 0], // prettier-ignore
    ['nothing of no task', { id: 'c', from_name: 'no_object', type: 'choices', value: { choices: ['lunch'] } }, 'error bad_value', 0], // prettier-ignore
    ['text that is none', { id: 'c', from_name: 'c', type: 'textarea', value: { text: 5 } }, 'error bad_value', 0],
    ['a kind of tomorrow', { id: 'c', from_name: 'c', type: 'hologram', value: {} }, 'error unsupported_shape', 0],
    ['a relation', { type: 'relation', from_id: 'a', to_id: 'b' }, 'error unsupported_shape', 0],
  ])('result: %s', async (_, result, issue, rows) => {
    const data = { image: 'a.jpg', width: 200, height: 100 };
    const back = await read(JSON.stringify([task([], { data: { ...data, image: 'b.jpg' } }), task([result], { data })], null, 1)); // prettier-ignore
    expect(back.issues).toHaveLength(1);
    expect(back.issues[0]).toMatch(new RegExp(`^${issue} t\\.json \\d+ 1\\.annotations\\.0\\.result\\.0$`, 'u'));
    expect(back.annotations).toHaveLength(rows);
  });

  test('texts, labels and points without end are read', async () => {
    const many = Array.from({ length: 150_000 }, (_, n) => `${n}`);
    const data = { image: 'a.jpg', width: 200, height: 100 };
    const back = await read([
      task(
        [
          { id: 't', from_name: 'words', to_name: 'image', type: 'textarea', value: { text: many } },
          { id: 'c', from_name: 'weather', to_name: 'image', type: 'choices', value: { choices: many } },
          region({ id: 'p', type: 'keypointlabels' }, { x: 50, y: 50, keypointlabels: many }),
        ],
        { data },
      ),
    ]);
    expect([back.issues, back.annotations.length]).toEqual([[], 450_000]);
  });

  test('controls that begin like ours are not taken for a language', async () => {
    const text = (from_name: string) => ({ id: from_name, from_name, to_name: 'image', type: 'textarea', value: { text: ['a cat'] } }); // prettier-ignore
    const names = ['caption_short', 'description_lang_', 'Caption_en', 'caption_en_', 'qa_lang_x!', `caption_lang_${'x'.repeat(36)}`]; // prettier-ignore
    const data = { image: 'a.jpg', width: 200, height: 100 };
    const back = await read([task(names.map(text), { data })], { language: 'ko' });
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual(
      names.map(() => ({ type: 'text', label_type: 'caption', text: 'a cat', language: 'ko' })),
    );
  });

  test('parts of which something else is said stay apart', async () => {
    const part = (n: number, plate: string) => region({ id: `7_part${n}`, type: 'polygonlabels', meta: { text: [JSON.stringify({ plate })] } }, { points: [[n, 1], [n + 9, 1], [n + 9, 9]], polygonlabels: ['car'] }); // prettier-ignore
    const back = await read([task([part(1, 'A'), part(2, 'B'), part(3, 'A')])]);
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ attributes, geometry }) => [attributes, (geometry as PolygonGeometry).polygons.length])).toEqual([[{ plate: 'A' }, 2], [{ plate: 'B' }, 1]]); // prettier-ignore
  });

  test.each<[string, unknown[], unknown]>([
    ['numbers', ['3', '1'], [[100, 50, 2], [0, 0, 0], [100, 50, 2]]], // prettier-ignore
    ['names', ['nose', '1'], [[100, 50, 2], [100, 50, 2]]], // prettier-ignore
    ['one number twice', ['2', '2'], [[100, 50, 2], [100, 50, 2]]], // prettier-ignore
    ['numbers without bound', ['1', '4000000000'], [[100, 50, 2], [100, 50, 2]]], // prettier-ignore
    ['no labels', [], [[100, 50, 2]]],
    ['labels that are no text', [{ toString: 1, valueOf: 1 }], [[100, 50, 2]]],
  ])('points of a class without names, labeled by %s', async (_, labels, points) => {
    const point = (label: unknown, n: number) => region({ id: `p${n}`, parentID: 'r1', type: 'keypointlabels' }, { x: 50, y: 50, ...(label !== undefined && { keypointlabels: [label] }) }); // prettier-ignore
    const back = await read([task([region({}, rectangle), ...(labels.length ? labels : [undefined]).map(point)])]);
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual([{ type: 'keypoints', points }]);
  });

  test('objects where texts are expected', async () => {
    const config = '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image"><Label value="dog"/></RectangleLabels></View>'; // prettier-ignore
    const odd = { toString: 1, valueOf: 1 };
    const back = await read([task([region({ meta: { text: [odd] } }, { ...rectangle, rectanglelabels: ['dog', odd] })])], {}, { 'label_config.xml': config }); // prettier-ignore
    expect(back.issues.map((issue) => issue.split(' t.json')[0])).toEqual(['warning unknown_class', 'error bad_class']);
    expect(back.annotations).toMatchObject([{ class_name: 'dog', attributes: { note: JSON.stringify(odd) } }]);
    const files = { 't.json': JSON.stringify([task([region({ from_name: odd, type: odd }, rectangle)])]), 'c.xml': config }; // prettier-ignore
    expect((await checkLabelStudio(filesOf(files))).map(({ code }) => code)).toContain('missing_key');
  });

  test.each<[string, unknown, string]>([
    ['empty', '', 'error empty_file t.json 1'],
    ['no JSON', 'hello', 'error bad_json t.json 1'],
    ['another format', { images: [], annotations: [] }, 'error wrong_format t.json'],
    ['cut off', JSON.stringify([task([region({}, rectangle)])]).slice(0, -9), 'error truncated t.json 1'],
    ['a task that is none', ['x'], 'error not_an_object t.json 1 0'],
    ['no data', [{ id: 1 }], 'error missing_key t.json 1 0.data'],
    ['no image', [task([], { data: {} })], 'error missing_key t.json 1 0'],
    ['annotations an object', [task([], { annotations: {}, data: { image: 'a.jpg', width: 2, height: 2 } })], 'error wrong_format t.json 1 0.annotations'], // prettier-ignore
    ['results an object', [task({}, { data: { image: 'a.jpg', width: 2, height: 2 } })], 'error wrong_format t.json 1 0.annotations.0.result'], // prettier-ignore
    ['out of the folder', [task([], { data: { image: '../../etc/passwd' } })], 'error unsafe_path t.json 1 0'],
    ['out of the folder, hidden', [task([], { data: { image: '/data/local-files/?d=..%2F..%2Fetc' } })], 'error unsafe_path t.json 1 0'], // prettier-ignore
    ['an absolute path', [task([], { data: { image: '/etc/a.jpg' } })], 'error unsafe_path t.json 1 0'],
    ['no size', [task([])], 'error size_missing t.json 1 0'],
    ['a negative size', [task([region({ original_width: -2 }, rectangle)])], 'warning bad_size t.json 1 0'],
    [
      'one image twice',
      [task([region({}, rectangle)]), task([region({}, rectangle)])],
      'error duplicate_image t.json 1 1',
    ],
    ['too deep', `[${'['.repeat(200)}`, 'error too_deep t.json 1'],
  ])('file: %s', async (_, content, issue) => {
    expect((await read(content)).issues[0]).toBe(issue);
  });

  test('a configuration that multiplies itself is refused, and the tasks read without it', async () => {
    const config = '<!DOCTYPE lolz [<!ENTITY lol "lol">]><View>&lol;</View>';
    const back = await read([task([region({}, rectangle)])], {}, { 'label_config.xml': config });
    expect(back.issues).toEqual(['error bad_xml label_config.xml 1']);
    expect(back.annotations).toHaveLength(1);
  });

  test('labels that the configuration does not have', async () => {
    const config = '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image"><Label value="dog"/></RectangleLabels></View>'; // prettier-ignore
    const back = await read([task([region({}, rectangle)])], {}, { 'label_config.xml': config });
    expect(back.issues).toEqual(['warning unknown_class t.json 1 0.annotations.0.result.0']);
    expect(back.annotations).toHaveLength(1);
  });
});

describe('the rules', () => {
  const config = '<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image"><Label value="cat"/></RectangleLabels></View>'; // prettier-ignore
  const check = async (content: unknown, xml: string | null = config) =>
    (await checkLabelStudio(filesOf({ 't.json': JSON.stringify(content), ...(xml !== null && { 'c.xml': xml }) }))).map(({ code }) => code); // prettier-ignore
  const sound = [task([region({}, rectangle)])];

  test.each<[string, unknown, string | null, string]>([
    ['a configuration', sound, null, 'missing_file'],
    ['ids of tasks', [task([region({}, rectangle)], { id: 'one' })], config, 'bad_id'],
    ['ids once', [...sound, task([region({}, rectangle)], { data: { image: 'b.jpg' } })], config, 'duplicate_id'],
    ['names of results', [task([region({ to_name: undefined }, rectangle)])], config, 'missing_key'],
    ['regions once', [task([region({}, rectangle), region({}, rectangle)])], config, 'duplicate_id'],
    ['known controls', [task([region({ from_name: 'other' }, rectangle)])], config, 'bad_value'],
    ['results of their control', [task([region({ type: 'polygonlabels' }, { points: [[1, 1], [9, 1], [9, 9]], polygonlabels: ['cat'] })])], config, 'bad_value'], // prettier-ignore
    ['the image', [task([region({ to_name: 'photo' }, rectangle)])], config, 'bad_value'],
    ['sizes', [task([region({ original_height: 0 }, rectangle)])], config, 'bad_size'],
    ['percent', [task([region({}, { ...rectangle, x: 0, width: 100.5 })])], config, 'bad_geometry'],
    ['degrees', [task([region({}, { ...rectangle, rotation: -1 })])], config, 'bad_geometry'],
  ])('%s', async (_, content, xml, code) => {
    expect(await check(sound)).toEqual([]);
    expect(await check(content, xml)).toContain(code);
  });
});
