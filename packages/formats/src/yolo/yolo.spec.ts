import { decodeRleCounts, geometryBounds, type Geometry } from '@labelyard/domain';
import fc from 'fast-check';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { comparable, projectsOf, type DrawnKind } from '../../test/project-arbitraries.js';
import { drawn, passingSourceOf, readFiles, rowsOf, sourceOf, type TestProject } from '../../test/project-source.js';
import { bridgedRing } from '../bridged-ring.js';
import type { ExportedPicture } from '../codec.js';
import { recogniseFormat } from '../formats.js';
import { maskRings } from '../mask-rings.js';
import { checkYolo } from './check-yolo.js';
import { readYolo } from './read-yolo.js';
import { writeYolo } from './write-yolo.js';
import { yoloClasses, type YoloKind, type YoloOptions } from './yolo-options.js';

async function written(project: TestProject, options: YoloOptions) {
  const run = writeYolo(sourceOf(project), options);
  const files = await readFiles(run);
  const pictures: ExportedPicture[] = [];
  for await (const picture of run.pictures()) pictures.push(picture);
  return { files, pictures, report: run.report() };
}

const allTrain = { shares: { train: 1, val: 0, test: 0 } };
const findIn = (project: TestProject) => (path: string) => project.images.find((image) => image.path === path) ?? null;

describe('the golden project, checked by hand', () => {
  test('detect', async () => {
    const { files, pictures, report } = await written(GOLDEN, { kind: 'detect', ...allTrain });
    expect(Object.fromEntries(files)).toEqual({
      'labels/train/plaza.txt': [
        '0 0.250000 0.400000 0.300000 0.400000',
        '1 0.500000 0.500000 1.000000 1.000000',
        '0 0.050000 0.951250 0.100000 0.097500',
        '0 0.500000 0.400000 0.200000 0.100000',
        '0 0.500000 0.400000 0.22320508 0.18660254',
        '0 0.500000 0.400000 0.100000 0.200000',
        '0 0.500000 0.400000 0.20017423 0.10034891',
        '0 0.101250 0.050000 0.202500 0.100000',
        '',
      ].join('\n'),
      'labels/train/street/dusk view.v2.txt': '',
      'labels/train/street/거리 & cafe\u0301.txt': '0 0.032500 0.11944444 0.063750 0.22333333\n',
      'labels/train/night/plaza.txt': '',
      'labels/train/one.txt': '',
      'data.yaml': [
        'task: detect',
        'train: images/train',
        'val: images/train',
        'names:',
        '  0: "car"',
        '  1: "person <walking> & \\"running\\""',
        '',
      ].join('\n'),
    });
    expect(pictures.map(({ path }) => path)).toEqual([
      'images/train/plaza.png',
      'images/train/street/dusk view.v2.jpg',
      'images/train/street/거리 & cafe\u0301.jpg',
      'images/train/night/plaza.png',
      'images/train/one.webp',
    ]);
    expect(report.dropped.map(({ code, examples }) => [code, ...examples])).toEqual([
      ['other_kind', 10, 11, 12, 24, 28],
      ['classification', 20],
      ['text', 25],
      ['polyline', 22],
      ['circle', 23],
      ['unknown_class', 26],
      ['unknown_image', 27],
    ]);
    expect(report.converted.map(({ code, count }) => [code, count])).toEqual([
      ['no_object', 1],
      ['rotated_as_box', 5],
      ['clipped', 1],
      ['attributes', 2],
    ]);
    const dropped = report.dropped.reduce((sum, { count }) => sum + count, 0);
    expect(report.counts.annotations + dropped).toBe(GOLDEN.annotations.length);
    expect(await checkYolo(filesOf(files))).toEqual([]);
  });

  test('segment: one ring a row, holes bridged, masks traced', async () => {
    const { files, report } = await written(GOLDEN, { kind: 'segment', ...allTrain });
    // The fifth row is a triangle of a tenth of a pixel with a hole: its digits are checked by the round trip.
    expect(files.get('labels/train/street/dusk view.v2.txt')!.split('\n').slice(0, 4)).toEqual([
      '0 0.062500 0.11111111 0.312500 0.11111111 0.062500 0.44444444',
      '1 0.625000 0.000000 0.687500 0.000000 0.687500 0.11111111 0.625000 0.11111111',
      '1 0.750000 0.88888889 0.875000 0.88888889 0.812500 1.000000',
      '0 0.125000 0.22222222 0.187500 0.33333333 0.187500 0.55555556 0.312500 0.55555556 0.312500 0.33333333 0.187500 0.33333333 0.125000 0.22222222 0.375000 0.22222222 0.375000 0.66666667 0.125000 0.66666667',
    ]);
    expect(files.get('labels/train/night/plaza.txt')).toBe(
      '1 0.020000 0.000000 0.020000 0.030000 0.000000 0.030000 0.000000 0.000000\n',
    );
    expect(report.converted.map(({ code, examples }) => [code, ...examples])).toEqual([
      ['no_object', 21],
      ['mask_as_polygon', 14],
      ['several_rows', 11],
      ['holes_bridged', 12, 28],
    ]);
    expect(await checkYolo(filesOf(files))).toEqual([]);
  });

  test('obb: corners clockwise, the top left one before the rotation first', async () => {
    const { files } = await written(GOLDEN, { kind: 'obb', ...allTrain });
    const rows = files.get('labels/train/plaza.txt')!.split('\n');
    expect(rows[0]).toBe('0 0.100000 0.200000 0.400000 0.200000 0.400000 0.600000 0.100000 0.600000');
    expect(rows[5]).toBe('0 0.550000 0.300000 0.550000 0.500000 0.450000 0.500000 0.450000 0.300000');
    expect(await checkYolo(filesOf(files))).toEqual([]);
  });

  test('pose: the box of a point has a pixel, all rows one length', async () => {
    const head = {
      ...GOLDEN.head,
      classes: [
        ...GOLDEN.head.classes,
        { id: 15, task_type: 'keypoint' as const, name: 'three', keypoints: ['a', 'b', 'c'] },
      ],
    };
    const { files, report } = await written({ ...GOLDEN, head }, { kind: 'pose', ...allTrain });
    expect(files.get('labels/train/street/dusk view.v2.txt')).toBe(
      '0 0.006250 0.01111111 0.006250 0.01111111 0.006250 0.01111111 2 0 0 0 0 0 0\n',
    );
    expect(files.get('data.yaml')).toContain(
      'kpt_shape: [3, 3]\nkpt_names:\n  0: ["head", "tail", "unused 3"]\n  1: ["a", "b", "c"]\nnames:\n',
    );
    expect(report.converted).toMatchObject([{ code: 'no_object' }, { code: 'keypoints_padded', examples: [24] }]);
    expect(await checkYolo(filesOf(files))).toEqual([]);
  });

  test('classify: a folder per class, pictures only', async () => {
    const { files, pictures, report } = await written(GOLDEN, { kind: 'classify', ...allTrain });
    expect(Object.fromEntries(files)).toEqual({ 'classes.txt': 'blurry\n' });
    expect(pictures).toEqual([{ image_id: 1, path: 'train/blurry/plaza.png' }]);
    expect(report.counts).toMatchObject({ images: 1, annotations: 1 });
    expect(report.notes).toContain('No image is in val; a trainer needs both train and val.');
    const back = await readAll(
      readYolo(filesOf({ 'train/blurry/plaza.png': '' }), { findImage: (path) => ({ path, width: 9, height: 9 }) }),
    );
    expect(back.annotations).toMatchObject([{ class_name: 'blurry', geometry: { type: 'classification' } }]);
    expect(back.images).toMatchObject([{ split: 'train' }]);
  });

  test('classify: classes that no folder can be called after come back by the list', async () => {
    const names = ['what?', 'a/b', 'a:b', 'plain', 'unused'];
    const classes = names.map((name, n) => ({ id: n + 1, task_type: 'classification' as const, name }));
    const images = names.slice(0, 4).map((name, n) => ({ id: n + 1, path: `${n}.jpg`, width: 9, height: 9 }));
    const annotations = images.map(({ id }) => ({ id, image_id: id, class_id: id, geometry: { type: 'classification' } })); // prettier-ignore
    const project = { head: { ...GOLDEN.head, classes }, images, annotations };
    const { files, pictures, report } = await written(project, { kind: 'classify', ...allTrain });
    expect(files.get('classes.txt')).toBe('what?\na/b\na:b\nplain\nunused\n');
    expect(pictures.map(({ path }) => path)).toEqual([
      'train/what_/0.jpg',
      'train/a_b/1.jpg',
      'train/a_b_2/2.jpg',
      'train/plain/3.jpg',
    ]);
    expect(report.notes.filter((note) => note.includes('folder of the class'))).toHaveLength(3);
    const all = filesOf(new Map([...files, ...pictures.map(({ path }) => [path, ''] as const)]));
    const find = (path: string) => ({ path, width: 9, height: 9 });
    const back = await readAll(readYolo(all, { findImage: find }));
    expect(back.issues).toEqual([]);
    expect(back.classes.map(({ name }) => name)).toEqual(names);
    expect(back.annotations.map(({ image, class_name }) => [image, class_name]).sort()).toEqual(
      pictures.map(({ path }, n) => [path, names[n]]).sort(),
    );
    expect(await checkYolo(all)).toEqual([]);
    expect(await recogniseFormat(all)).toMatchObject({ name: 'yolo' });
    // A list of something else is none of ours.
    const strange = filesOf({ 'classes.txt': '1 cat\n2 dog\n', 'train/cat/1.jpg': '' });
    expect((await readAll(readYolo(strange, { findImage: find }))).classes.map(({ name }) => name)).toEqual(['cat']);
  });

  test.each([
    [['train/cat/a.jpg', 'val/cat/b.png', 'README.md', 'classes.txt'], 'yolo'],
    [['kit/train/cat/a.jpg'], 'yolo'],
    [['train/images/a.jpg'], null],
    [['images/train/a.jpg'], null],
    [['train/cat/a.jpg', 'more/b.jpg'], null],
    [['val/cat/a.jpg'], null],
    [['train/cat/a.jpg', 'a.csv'], 'csv'],
  ])('folders of classes are recognised where there is nothing else: %j', async (paths, name) => {
    const found = await recogniseFormat(filesOf(Object.fromEntries(paths.map((path) => [path, '']))));
    expect(found?.name ?? null).toBe(name);
  });
});

test('names that would share a label file, or hide a folder, are changed and reported', async () => {
  const paths = ['a.jpg', 'A.png', 'a_2.gif', 'images/labels/b.jpg', 'noextension', 'x/.hidden'];
  const images = paths.map((path, n) => ({ id: n + 1, path, width: 50, height: 50 }));
  const { files, pictures, report } = await written(
    { ...GOLDEN, images, annotations: [] },
    { kind: 'detect', ...allTrain },
  );
  expect(pictures.map(({ path }) => path)).toEqual([
    'images/train/a.jpg',
    'images/train/A_2.png',
    'images/train/a_2_2.gif',
    'images/train/images_/labels_/b.jpg',
    'images/train/noextension',
    'images/train/x/.hidden',
  ]);
  expect(files.size).toBe(8);
  expect(files.get('renamed.csv')).toBe(
    [
      'label,image',
      'labels/train/A_2.txt,A.png',
      'labels/train/a_2_2.txt,a_2.gif',
      'labels/train/images_/labels_/b.txt,images/labels/b.jpg',
      '',
    ].join('\r\n'),
  );
  expect(await checkYolo(filesOf(files))).toEqual([]);
  expect(report.notes.find((note) => note.startsWith('3 × image renamed'))).toMatch(/\(image 2, 3, 4\)$/u);
  expect(report.notes.find((note) => note.includes('do not read'))).toMatch(/^3 × .*\(image 3, 5, 6\)$/u);
});

test('labels alone come back to the images they are of, whatever names had to change', async () => {
  const paths = [
    'a.png',
    'a.jpg',
    'a_2.jpg',
    'b/x.JPG',
    'B/x.png',
    'images/c.jpg',
    'images_/c.jpg',
    `${'long'.repeat(60)}.jpg`,
  ];
  const images = paths.map((path, n) => ({ id: n + 1, path, width: 50 + n, height: 50, split: 'val' as const }));
  const annotations = images.map(({ id }) => ({ id, image_id: id, class_id: 7, geometry: { type: 'bbox', bbox: [id, id, 10, 10] } })); // prettier-ignore
  const project = { ...GOLDEN, images, annotations };
  const { files } = await written(project, { kind: 'detect' });
  const back = await readAll(readYolo(filesOf(files), { findImage: findIn(project) }));
  expect(back.issues).toEqual([]);
  const boxes = back.annotations.map(({ image, geometry }) => [image, geometryBounds(geometry)?.[0]] as const);
  expect(new Map(boxes)).toEqual(new Map(paths.map((path, n) => [path, expect.closeTo(n + 1, 4)])));
  // Below the folder of an archive as well.
  const below = new Map([...files].map(([path, text]) => [`kit/${path}`, text]));
  expect((await readAll(readYolo(filesOf(below), { findImage: findIn(project) }))).issues).toEqual([]);
  // The image is gone: its labels are not those of the other one.
  const left = { ...project, images: images.slice(1) };
  const gone = await readAll(readYolo(filesOf(files), { findImage: findIn(left) }));
  expect(gone.issues).toEqual(['error image_missing labels/val/a.txt']);
});

test('splits: as chosen, else by path; data.yaml always has train and val', async () => {
  const images = Array.from({ length: 400 }, (_, n) => ({ id: n + 1, path: `${n}.jpg`, width: 50, height: 50 }));
  const byPath = await written(
    { ...GOLDEN, images, annotations: [] },
    { kind: 'detect', shares: { train: 70, val: 20, test: 10 } },
  );
  const count = (split: string) =>
    [...byPath.files.keys()].filter((path) => path.startsWith(`labels/${split}/`)).length;
  expect([count('train'), count('val'), count('test')]).toEqual([
    expect.any(Number),
    expect.any(Number),
    expect.any(Number),
  ]);
  expect(Math.abs(count('train') - 280)).toBeLessThan(30);
  expect(Math.abs(count('test') - 40)).toBeLessThan(20);
  expect(byPath.files.get('data.yaml')).toContain('val: images/val\ntest: images/test\n');
  const chosen = images.map((image) => ({ ...image, split: 'test' as const }));
  const onlyTest = await written({ ...GOLDEN, images: chosen, annotations: [] }, { kind: 'detect' });
  expect(onlyTest.files.get('data.yaml')).toContain('train: images/test\nval: images/test\ntest: images/test\n');
  expect(onlyTest.report.notes).toHaveLength(2);
});

test('parts that two annotations share are written once, and the report says so', async () => {
  const mask = (id: number, counts: string) => ({
    id,
    image_id: 1,
    class_id: 11,
    geometry: { type: 'mask', size: [119, 371], counts } as const,
    attributes: {},
  });
  const { report } = await written(
    {
      ...GOLDEN,
      images: [{ id: 1, path: 'a.jpg', width: 371, height: 119 }],
      annotations: [mask(1, '0:1GXS[1'), mask(3, '0:1HWS[1')],
      head: { ...GOLDEN.head, classes: [{ id: 11, task_type: 'segmentation', name: 'road' }] },
    },
    { kind: 'segment' },
  );
  expect(report.dropped).toEqual([]);
  expect(report.converted).toContainEqual(expect.objectContaining({ code: 'duplicate_part', count: 1, examples: [3] }));
});

describe('what is read back equals what was written, up to what the report declares', () => {
  const KINDS: [YoloKind, DrawnKind[]][] = [
    ['detect', ['bbox']],
    ['segment', ['polygon', 'mask']],
    ['obb', ['bbox', 'rotated_bbox']],
    ['pose', ['keypoints']],
  ];
  /** One geometry can become several rows. */
  const declared = (geometry: Geometry, size: { width: number; height: number }, kind: YoloKind): Geometry[] => {
    if (geometry.type === 'mask') {
      const polygons = maskRings(decodeRleCounts(geometry.counts)!, size);
      return declared({ type: 'polygon', polygons }, size, kind);
    }
    if (geometry.type === 'polygon') {
      return geometry.polygons.map((part) => ({ type: 'polygon', polygons: [[bridgedRing(part), []]] }));
    }
    if (geometry.type === 'bbox' && kind === 'obb') {
      const [x, y, w, h] = geometry.bbox;
      return [{ type: 'rotated_bbox', center: [x + w / 2, y + h / 2], size: [w, h], angle: 0 }];
    }
    return [geometry];
  };

  test.each(KINDS)('%s', async (kind, kinds) => {
    await fc.assert(
      fc.asyncProperty(projectsOf(kinds), async (project) => {
        const { files, report } = await written(project, { kind });
        expect(report.dropped.filter(({ code }) => code !== 'duplicate_row')).toEqual([]);
        const gone = new Set(report.dropped.flatMap(({ examples }) => examples));
        expect(await checkYolo(filesOf(files))).toEqual([]);
        const back = await readAll(readYolo(filesOf(files), { findImage: findIn(project) }));
        expect(back.issues).toEqual([]);
        expect(back.classes.map(({ name }) => name)).toEqual(
          yoloClasses(project.head, { kind }).map(({ name }) => name),
        );
        expect(back.images.map(({ path }) => path).sort()).toEqual(project.images.map(({ path }) => path).sort());
        const left = project.annotations.filter(({ id }) => !gone.has(id));
        const expected = drawn({ ...project, annotations: left }).flatMap((one) => {
          const size = project.images.find(({ path }) => path === one.image)!;
          return declared(one.geometry, size, kind).map((geometry) => ({ ...one, geometry }));
        });
        const ofImage = (rows: readonly { image: string }[]) => project.images.flatMap(({ path }) => rows.filter(({ image }) => image === path)); // prettier-ignore
        const seen = ofImage(back.annotations) as typeof back.annotations;
        const wanted = ofImage(expected) as typeof expected;
        const partly = report.converted.some(({ code }) => code === 'duplicate_part');
        if (report.dropped.length === 0 && !partly) {
          expect(seen.map(({ image, class_name, geometry }) => ({ image, class_name, geometry }))).toEqual(
            comparable(wanted, kind === 'obb' ? 2 : 4),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('files of others', () => {
  const findImage = (path: string) =>
    /^(?:images\/train\/|)(?:sub\/)?1\.jpg$/u.test(path) ? { path, width: 100, height: 50 } : null;
  const read = (files: Record<string, string | Uint8Array>, options = {}) =>
    readAll(readYolo(filesOf(files), { findImage, ...options }));
  const anyJpeg = (path: string) => (path.endsWith('.jpg') ? { path, width: 9, height: 9 } : null);
  const NAMES = 'names: [a, 12, yes]\n';
  const label = (text: string) => read({ 'data.yaml': NAMES, 'labels/train/1.txt': text });

  test('names as a list or a map, labels beside or above the split, pictures in the upload', async () => {
    const back = await read({
      'x/data.yaml': 'path: .\ntrain: images/train\nnames:\n  0: a\n  1: b',
      'x/train/labels/sub/1.txt': '1 .5 0.5 2e-1 .5\r\n\r\n',
    });
    expect(back.issues).toEqual([]);
    expect(back.annotations).toMatchObject([
      { image: 'sub/1.jpg', class_name: 'b', geometry: { bbox: [40, 12.5, 20, 25] } },
    ]);
    const uploaded = await read({
      'data.yaml': NAMES,
      'labels/train/1.txt': '1 .5 .5 .2 .5',
      'images/train/1.jpg': '',
    });
    expect(uploaded.annotations).toMatchObject([{ image: 'images/train/1.jpg', class_name: '12' }]);
    const old = await read({ 'classes.txt': 'a\nb\n', '1.txt': '1 .5 .5 .2 .5' });
    expect([old.issues, old.annotations.length]).toEqual([[], 1]);
  });

  test.each(['train_1', 'object1', 'test-3', 'valley', 'notes2', 'labels_1'])(
    'a label file beside its picture may be called %s.txt',
    async (stem) => {
      const files = { 'obj.names': 'a', 'obj/train.txt': `obj/${stem}.jpg\n`, [`obj/${stem}.txt`]: '0 .5 .5 .2 .2' };
      const back = await read(files, { findImage: anyJpeg });
      expect([back.issues, back.annotations.map(({ image }) => image)]).toEqual([[], [`obj/${stem}.jpg`]]);
    },
  );

  test('splits by lists: those that the YAML names, or those beside the labels', async () => {
    const row = '0 .5 .5 .2 .2';
    const splitsOf = async (files: Record<string, string>) => {
      const { images, issues } = await read(files, { findImage: anyJpeg });
      expect(issues).toEqual([]);
      return images.map(({ path, split }) => [path, split]);
    };
    const named = {
      'data.yaml': 'path: ../data\ntrain: [lists/a.txt, ./lists/b.txt]\nval: /mnt/data/lists/c.txt\nnames: [a]',
      'lists/a.txt': './images/1.jpg\r\n\r\n',
      'lists/b.txt': 'images\\sub\\2.jpg',
      'lists/c.txt': '/mnt/data/images/3.jpg\nimages/1.jpg\n',
      'labels/1.txt': row,
      'labels/sub/2.txt': row,
      'labels/3.txt': row,
      'labels/test.txt': row,
    };
    expect(await splitsOf(named)).toEqual([
      ['1.jpg', 'train'],
      ['3.jpg', 'val'],
      ['sub/2.jpg', 'train'],
      ['test.jpg', null],
    ]);
    const darknet = { 'obj.names': 'a', 'train.txt': 'data/obj/1.jpg', 'valid.txt': 'data/obj/2.jpg', 'obj/1.txt': row, 'obj/2.txt': row }; // prettier-ignore
    expect(await splitsOf(darknet)).toEqual([
      ['obj/1.jpg', 'train'],
      ['obj/2.jpg', 'val'],
    ]);
  });

  test('an empty line among the names is a class without a name', async () => {
    const back = await read({ 'classes.txt': 'a\n\nb\n\n', '1.txt': '2 .5 .5 .2 .2\n1 .5 .5 .3 .3' });
    expect(back.annotations.map(({ class_name }) => class_name)).toEqual(['b']);
    expect(back.issues.every((issue) => issue.startsWith('error bad_class'))).toBe(true);
  });

  test('names are taken as they are written', async () => {
    const names = ['007', '1.10', '1.1', 'null', 'yes', '1e3', '~', '0x1F'];
    const back = await read({ 'data.yaml': `names: [${names.join()}]`, 'labels/1.txt': '1 .5 .5 .2 .2' });
    expect(back.classes.map(({ name }) => name)).toEqual(names);
    expect(back.annotations.map(({ class_name }) => class_name)).toEqual(['1.10']);
  });

  test.each<[string, string, string, number]>([
    ['unknown class', '3 .5 .5 .2 .2', 'error unknown_class', 0],
    ['class −1', '-1 .5 .5 .2 .2', 'error unknown_class', 0],
    ['class 0.5', '0.5 .5 .5 .2 .2', 'error unknown_class', 0],
    ['not a number', '0 .5 NaN .2 .2', 'error bad_value', 0],
    ['infinite', '0 .5 1e999 .2 .2', 'error bad_value', 0],
    ['decimal comma', '0 0,5 .5 .2 .2', 'error bad_value', 0],
    ['too few', '0 .5 .5 .2', 'error bad_geometry', 0],
    ['odd polygon', '0 .1 .1 .2 .2 .3 .1 .4', 'error bad_geometry', 0],
    ['odd polygon of four points', '0 .1 .1 .2 .2 .3 .1\n0 .1 .1 .5 .1 .5 .5 .1 .5 .3', 'error bad_geometry', 1],
    ['negative size', '0 .5 .5 -.2 .2', 'error degenerate', 0],
    ['far outside', '0 7 .5 .2 .2', 'error outside_image', 0],
    ['a little outside', '0 .95 .5 .2 .2', 'warning clipped', 1],
    ['confidence', '0 .5 .5 .2 .2 7', 'warning bad_value', 1],
    ['the same row twice', '0 .5 .5 .2 .2\n0 .5 .5  .2 .2', 'warning duplicate_annotation', 1],
    ['a polygon among boxes', '0 .5 .5 .2 .2\n0 .1 .1 .2 .2 .3 .1', 'warning mixed_kinds', 2],
    ['nine numbers', '0 .1 .1 .3 .1 .3 .5 .1 .5', 'warning changed_kind', 1],
    ['nine numbers and a confidence', '0 .1 .1 .3 .1 .3 .5 .1 .5 .3', 'warning changed_kind', 1],
    ['no rectangle', '0 .1 .1 .3 .1 .5 .9 .1 .5', 'warning changed_kind', 1],
  ])('row: %s', async (_, text, issue, rows) => {
    const back = await label(text);
    expect(back.issues.some((one) => one.startsWith(`${issue} labels/train/1.txt`))).toBe(true);
    expect(back.annotations).toHaveLength(rows);
  });

  test.each(['\r', '\n', '\r\n'])('lines may end in %j', async (end) => {
    const back = await read({ 'classes.txt': ['a', 'b', ''].join(end), '1.txt': ['0 .5 .5 .2 .2', '1 .5 .5 .2 .2', ''].join(end) }); // prettier-ignore
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ geometry }) => geometry.type)).toEqual(['bbox', 'bbox']);
    const listed = { 'data.yaml': 'names: [a]', 'val.txt': ['x/2.jpg', 'sub/1.jpg'].join(end), 'sub/1.txt': '' };
    expect((await read(listed)).images).toMatchObject([{ path: 'sub/1.jpg', split: 'val' }]);
  });

  test('a confidence is that of a box or a rotated one', async () => {
    const back = await label('0 .1 .1 .3 .1 .3 .5 .1 .5 .25\n0 .1 .1 .3 .1 .3 .5 .1 .6');
    expect(back.annotations).toMatchObject([
      { confidence: 0.25, geometry: { type: 'rotated_bbox' } },
      { confidence: null, geometry: { type: 'rotated_bbox' } },
    ]);
  });

  test('four corners among boxes are polygons, and nobody calls them rotated boxes', async () => {
    const back = await label('0 .5 .5 .2 .2\n0 .1 .1 .3 .1 .3 .5 .1 .5');
    expect(back.annotations.map(({ geometry }) => geometry.type)).toEqual(['bbox', 'polygon']);
    expect(back.issues).toEqual(['warning mixed_kinds labels/train/1.txt 2']);
  });

  test('several images that a label file could be of', async () => {
    const among = (...paths: string[]) => ({
      findImage: (path: string) => (paths.includes(path) ? { path, width: 9, height: 9 } : null),
    });
    const row = '0 .5 .5 .2 .2';
    const files = { 'data.yaml': NAMES, 'labels/train/a.txt': row };
    const ambiguous = await read(files, among('a.png', 'a.jpg'));
    expect([ambiguous.issues, ambiguous.images]).toEqual([['error ambiguous_image labels/train/a.txt'], []]);
    const beside = { ...files, 'images/train/a.png': '', 'images/train/a.jpg': '' };
    const both = await read(beside, among('images/train/a.png', 'images/train/a.jpg'));
    expect([both.issues, both.images]).toEqual([['error ambiguous_image labels/train/a.txt'], []]);
    const one = await read({ ...files, 'images/train/a.png': '' }, among('images/train/a.png', 'a.jpg', 'a.png'));
    expect(one.images.map(({ path }) => path)).toEqual(['images/train/a.png']);
    // Of names that differ in case only the usual one counts, unless it has another label file.
    const cased = { ...files, 'labels/train/a_2.txt': row, 'renamed.csv': 'label,image\nlabels/train/a_2.txt,a.jpg\n' };
    const upper = await read(cased, among('a.JPG', 'a.jpg'));
    expect([upper.issues, upper.images.map(({ path }) => path)]).toEqual([[], ['a.JPG', 'a.jpg']]);
    expect((await read(files, among('a.JPG', 'a.jpg'))).images.map(({ path }) => path)).toEqual(['a.jpg']);
    // The path as it is comes before the same with folders in front.
    const deeper = await read(files, among('a.png', 'train/a.jpg'));
    expect(deeper.images.map(({ path }) => path)).toEqual(['a.png']);
  });

  test('images whose path only ends like the label file, as a dataset with other folders has them', async () => {
    const stored = ['set1/x/a.jpg', 'set1/y/a.png', 'b.png'].map((path) => ({ path, width: 9, height: 9 }));
    const findImage = (path: string) =>
      stored.find((image) => image.path.split('/').at(-1)!.toLowerCase() === path.split('/').at(-1)!.toLowerCase()) ??
      null;
    const row = '0 .5 .5 .2 .2';
    const files = { 'data.yaml': NAMES, 'labels/train/x/a.txt': row, 'labels/val/a.txt': row, 'labels/val/b.txt': row };
    const back = await read(files, { findImage });
    expect(back.images.map(({ path }) => path)).toEqual(['set1/x/a.jpg', 'b.png']);
    expect(back.issues).toEqual(['error ambiguous_image labels/val/a.txt']);
  });

  test('classes.txt beside label files, as labelImg writes it', async () => {
    const row = '1 .5 .5 .2 .2';
    const back = await read({ 'labels/train/classes.txt': 'car\n2 dogs\n', 'labels/train/1.txt': row });
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ class_name }) => class_name)).toEqual(['2 dogs']);
    // A picture may be called classes.
    const files = { 'data.yaml': NAMES, 'labels/train/classes.txt': row, 'labels/val/classes.txt': '' };
    const named = await read(files, { findImage: anyJpeg });
    expect(named.annotations.map(({ image }) => image)).toEqual(['classes.jpg']);
  });

  test('pictures without a label file are in a split', async () => {
    const files = {
      'data.yaml': NAMES,
      'labels/train/a.txt': '0 .5 .5 .2 .2',
      'val.txt': 'more/d.jpg',
      ...Object.fromEntries(['images/train/a.jpg', 'images/val/b.jpg', 'c.jpg', 'more/d.jpg', 'images/test/gone.jpg'].map((path) => [path, ''])), // prettier-ignore
    };
    const findImage = (path: string) => (path.includes('gone') ? null : anyJpeg(path));
    const back = await read(files, { findImage });
    expect(back.issues).toEqual([]);
    expect(back.images.map(({ path, split }) => [path, split])).toEqual([
      ['images/train/a.jpg', 'train'],
      ['images/val/b.jpg', 'val'],
      ['more/d.jpg', 'val'],
    ]);
  });

  test('pose: a box that is not the one around the keypoints is said', async () => {
    const files = {
      'data.yaml': 'kpt_shape: [2, 3]\nnames: [p]',
      'labels/1.txt': '0 .5 .5 .8 .8 .5 .5 2 .4 .4 2\n0 .45 .45 .1 .1 .5 .5 2 .4 .4 2\n',
    };
    const back = await read(files);
    expect(back.issues).toEqual(['warning left_out labels/1.txt 1']);
    expect(back.annotations).toHaveLength(2);
  });

  test.each<[string, string, string]>([
    ['no names', 'train: x', 'error missing_key'],
    ['a gap in names', 'names: {0: a, 2: b}', 'error bad_value'],
    ['a name that is a list', 'names: [[a]]', 'error bad_class'],
    ['no YAML', 'a: [b', 'error bad_yaml'],
    ['a text', 'hello', 'error wrong_format'],
    ['empty', '', 'error empty_file'],
    ['billion laughs', `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.split('').map((key, n) => `${key}: &${key} [${`*${'abcdefgh'[n]!},`.repeat(9)}]`).join('\n')}\nnames: *i`, 'error bad_yaml'], // prettier-ignore
    ['nested without end', `names: ${'['.repeat(100_000)}`, 'error bad_yaml'],
  ])('data.yaml: %s', async (_, yaml, issue) => {
    const back = await read({ 'data.yaml': yaml, 'labels/train/1.txt': '0 .5 .5 .2 .2' });
    expect(back.issues[0]).toMatch(new RegExp(`^${issue} data.yaml`, 'u'));
    expect(back.issues[1]).toBe('error unknown_class labels/train/1.txt 1');
  });

  test('label files without a picture, with the wrong bytes, without anything', async () => {
    const back = await read({
      'data.yaml': NAMES,
      'labels/9.txt': '0 .5 .5 .2 .2',
      'labels/1.txt': new Uint8Array([0x30, 0xff, 0xfe, 0xfd]),
    });
    expect(back.issues).toEqual(['error bad_encoding labels/1.txt', 'error image_missing labels/9.txt']);
    expect((await read({ 'data.yaml': NAMES, 'labels/../../1.txt': '' })).issues).toEqual([
      'error unsafe_path labels/../../1.txt',
    ]);
    expect((await read({})).issues).toEqual(['error missing_file ']);
  });

  test('pose: two or three numbers per keypoint', async () => {
    const yaml = 'kpt_shape: [2, 2]\nnames: [p]';
    const back = await read({ 'data.yaml': yaml, 'labels/1.txt': '0 .5 .5 .01 .02 .5 .5 0 0\n0 .5 .5 .2 .2 .5' });
    expect(back.annotations).toMatchObject([{ geometry: { type: 'keypoints', points: [[50, 25, 2], [0, 0, 0]] } }]); // prettier-ignore
    expect(back.issues).toEqual(['error bad_geometry labels/1.txt 2']);
    expect(back.classes).toMatchObject([{ name: 'p', keypoints: ['1', '2'] }]);
  });

  test('classify: a class may have the name of a split', async () => {
    const paths = ['train/train/a.jpg', 'val/train/b.jpg', 'train/test/c.jpg', 'train/d.jpg'];
    const back = await read(Object.fromEntries(paths.map((path) => [path, ''])), {
      findImage: (path: string) => ({ path, width: 9, height: 9 }),
    });
    expect(back.annotations.map(({ image, class_name }) => [image, class_name])).toEqual([
      ['train/test/c.jpg', 'test'],
      ['train/train/a.jpg', 'train'],
      ['val/train/b.jpg', 'train'],
    ]);
    expect(back.issues).toEqual(['error bad_class train/d.jpg']);
  });
});

describe('the rules', () => {
  const YAML = 'train: images/train\nval: images/val\nnames:\n  0: a\n  1: b\n';
  const SOUND = { 'data.yaml': YAML, 'labels/train/1.txt': '0 0.5 0.5 0.2 0.2\n', 'images/train/1.jpg': '' };
  test.each<[string, Record<string, string>, string]>([
    ['train and val', { 'data.yaml': YAML.replace('val:', 'vaal:') }, 'missing_key data.yaml'],
    ['no relative path', { 'data.yaml': `path: .\n${YAML}` }, 'bad_value data.yaml'],
    ['nc is the number of names', { 'data.yaml': `nc: 3\n${YAML}` }, 'bad_value data.yaml'],
    ['names once', { 'data.yaml': YAML.replace('1: b', '1: a') }, 'duplicate_class data.yaml'],
    ['one YAML', { 'other.yaml': YAML }, 'missing_file other.yaml'],
    ['stems once', { 'images/train/1.PNG': '' }, 'duplicate_image images/train/1.PNG'],
    ['one folder images', { 'images/train/images/2.jpg': '' }, 'wrong_format images/train/images/2.jpg'],
    ['pictures below images', { '2.jpg': '' }, 'wrong_format 2.jpg'],
    ['pictures that are read', { 'images/train/2.gif': '' }, 'bad_value images/train/2.gif'],
    [
      'one kind a file',
      { 'labels/train/1.txt': '0 .5 .5 .2 .2\n0 .1 .1 .2 .2 .3 .1' },
      'mixed_kinds labels/train/1.txt',
    ],
    ['five tokens', { 'labels/train/1.txt': '0 .5 .5 .2 .2 17' }, 'bad_geometry labels/train/1.txt'],
    ['0 to 1', { 'labels/train/1.txt': '0 .5 1.2 .2 .2' }, 'outside_image labels/train/1.txt'],
    ['class below nc', { 'labels/train/1.txt': '2 .5 .5 .2 .2' }, 'unknown_class labels/train/1.txt'],
    ['class from 0', { 'labels/train/1.txt': '-1 .5 .5 .2 .2' }, 'unknown_class labels/train/1.txt'],
    ['rows once', { 'labels/train/1.txt': '0 .5 .5 .2 .2\n0 .5 .5 .2 .2' }, 'duplicate_annotation labels/train/1.txt'],
    ['box with a size', { 'labels/train/1.txt': '0 .5 .5 0 .2' }, 'degenerate labels/train/1.txt'],
    ['decimal point', { 'labels/train/1.txt': '0 0,5 .5 0 .2' }, 'bad_value labels/train/1.txt'],
    ['even polygon', { 'labels/train/1.txt': '0 .5 .5 .2 .2 .1 .1 .3' }, 'bad_geometry labels/train/1.txt'],
    ['eight numbers of a rotated box', { 'data.yaml': `task: obb\n${YAML}` }, 'bad_geometry labels/train/1.txt'],
    ['all keypoints', { 'data.yaml': `task: pose\nkpt_shape: [2, 3]\n${YAML}` }, 'bad_geometry labels/train/1.txt'],
    ['kpt_shape', { 'data.yaml': `task: pose\n${YAML}`, 'labels/train/1.txt': '' }, 'missing_key data.yaml'],
    ['visibility', { 'data.yaml': `task: pose\nkpt_shape: [1, 3]\n${YAML}`, 'labels/train/1.txt': '0 .5 .5 .2 .2 .5 .5 7' }, 'outside_image labels/train/1.txt'], // prettier-ignore
  ])('%s', async (_, changes, issue) => {
    expect(await checkYolo(filesOf(SOUND))).toEqual([]);
    const issues = await checkYolo(filesOf({ ...SOUND, ...changes }));
    expect(issues.map(({ code, file }) => `${code} ${file}`)).toContain(issue);
  });

  test('folders of classes', async () => {
    const check = (...paths: string[]) =>
      checkYolo(filesOf(Object.fromEntries(paths.map((path) => [path, '']))), 'classify');
    expect(await check('train/a/1.jpg', 'val/a/2.jpg', 'classes.txt')).toEqual([]);
    expect(await check('val/a/2.jpg')).toMatchObject([{ code: 'missing_file' }]);
    expect(await check('train/a/1.jpg', 'val/b/2.jpg', 'val/c/d/e.jpg')).toMatchObject([
      { code: 'wrong_format' },
      { code: 'unknown_class' },
    ]);
  });
});

describe('random projects', () => {
  const from = async (source: ReturnType<typeof sourceOf>, options: YoloOptions) => {
    const run = writeYolo(source, options);
    return { files: await readFiles(run), report: run.report() };
  };
  const KINDS: readonly [YoloKind, readonly DrawnKind[]][] = [
    ['detect', ['bbox', 'rotated_bbox', 'circle']],
    ['segment', ['polygon', 'mask', 'bbox']],
  ];

  test.each(KINDS)('%s: rows that pass give the same bytes as rows that are kept', async (kind, kinds) => {
    await fc.assert(
      fc.asyncProperty(projectsOf(kinds), async (project) => {
        expect(await from(passingSourceOf(project), { kind })).toEqual(await from(sourceOf(project), { kind }));
      }),
      { numRuns: 30 },
    );
  });

  test('a box from its columns is the box from its geometry', async () => {
    await fc.assert(
      fc.asyncProperty(projectsOf(['bbox']), async (project) => {
        const bare = rowsOf(project).map((row) => ({ ...row, bbox_x: null, bbox_y: null, bbox_w: null, bbox_h: null }));
        expect(await from(sourceOf(project), { kind: 'detect' })).toEqual(
          await from(sourceOf(project, 3, bare), { kind: 'detect' }),
        );
      }),
      { numRuns: 50 },
    );
  });
});
