import { encodeRleCounts, rasterisePolygon, type Geometry } from '@labelyard/domain';
import fc from 'fast-check';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { comparable, projectsOf } from '../../test/project-arbitraries.js';
import {
  drawn,
  readFiles,
  rowsOf,
  sourceOf,
  type TestAnnotation,
  type TestProject,
} from '../../test/project-source.js';
import { checkCoco } from './check-coco.js';
import { readCoco } from './read-coco.js';
import { writeCoco } from './write-coco.js';

const ALL = { include: ['instances', 'keypoints', 'captions', 'labels'] } as const;

const read = (file: object | string, options = {}) =>
  readAll(readCoco(filesOf({ 'a.json': typeof file === 'string' ? file : JSON.stringify(file) }), options));

const IMAGES = [{ id: 1, file_name: 'a.jpg', width: 100, height: 50 }];
const CATEGORIES = [{ id: 1, name: 'cat' }];
const row = (fields: object) => ({ id: 1, image_id: 1, category_id: 1, ...fields });
const readRow = (fields: object) => read({ images: IMAGES, categories: CATEGORIES, annotations: [row(fields)] });

/** What the report says becomes of a geometry. */
function declared(geometry: Geometry, { width, height }: { width: number; height: number }): Geometry {
  if (geometry.type !== 'polygon' || geometry.polygons.every(([, holes]) => holes.length === 0)) return geometry;
  const counts = encodeRleCounts(rasterisePolygon(geometry.polygons, { width, height }));
  return { type: 'mask', size: [height, width], counts };
}

describe('our own files', () => {
  test('any project reads back as it was, up to what the report declares', async () => {
    const projects = projectsOf(['bbox', 'rotated_bbox', 'polygon', 'mask', 'keypoints', 'classification', 'text']);
    await fc.assert(
      fc.asyncProperty(projects, async (project) => {
        const run = writeCoco(sourceOf(project), ALL);
        const files = await readFiles(run);
        expect([...files.keys()]).toEqual(['instances.json', 'keypoints.json', 'captions.json', 'labels.json']);
        for (const [path, text] of files) {
          const file = JSON.parse(text) as { annotations: object[] };
          // Labels have no boxes; a captions file without captions cannot be told from a broken one.
          if (path === 'labels.json' || file.annotations.length === 0) continue;
          expect(checkCoco(file, { tolerance_px: 1e-5 })).toEqual([]);
        }
        expect(run.report().dropped).toEqual([]);
        const back = await readAll(readCoco(filesOf(files)));
        expect(back.issues).toEqual([]);
        expect(back.images.map(({ path, width, height }) => ({ path, width, height }))).toEqual(
          project.images.map(({ path, width, height }) => ({ path, width, height })),
        );
        const expected = drawn(project).map((one) => {
          const size = project.images.find(({ path }) => path === one.image)!;
          return { ...one, geometry: declared(one.geometry, size) };
        });
        const order = ['keypoints', 'text', 'classification'];
        const file = ({ geometry }: { geometry: Geometry }) => order.indexOf(geometry.type);
        const sorted = expected.toSorted((a, b) => file(a) - file(b));
        expect(back.annotations.map(({ image, class_name, geometry }) => ({ image, class_name, geometry }))).toEqual(
          comparable(sorted, 4),
        );
        expect(back.annotations.map(({ attributes }) => attributes)).toEqual(
          sorted.map(({ attributes }) => attributes),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('four files hold everything but the statement that there is nothing', async () => {
    const run = writeCoco(sourceOf(GOLDEN), ALL);
    const files = await readFiles(run);
    expect(run.report().dropped.map(({ code }) => code)).toEqual(['no_object', 'polyline', 'circle', 'unknown_class', 'unknown_image', 'no_pixels']); // prettier-ignore
    expect(files.get('keypoints.json')).toContain(
      '{"id":1,"name":"pose","supercategory":"keypoint","keypoints":["head","tail"],"skeleton":[[1,2]]}',
    );
    expect(files.get('keypoints.json')).toContain(
      '{"id":24,"image_id":2,"category_id":1,"bbox":[0.5,0.5,1,1],"area":1,"iscrowd":0,"segmentation":[[0.5,0.5,1.5,0.5,1.5,1.5,0.5,1.5]],"num_keypoints":1,"keypoints":[1,1,2,0,0,0]}',
    );
    expect(files.get('captions.json')).not.toContain('categories');
    expect(files.get('captions.json')).toContain(
      '{"id":25,"image_id":2,"caption":"a street","label_type":"caption","language":"en"}',
    );
    expect(files.get('labels.json')).toContain('{"id":20,"image_id":1,"category_id":1}');
  });

  test('lines and circles become areas by option, with categories behind the others', async () => {
    const run = writeCoco(sourceOf(withLines), { outlines_as_polygons: true });
    const file = JSON.parse((await readFiles(run)).get('instances.json')!);
    expect(checkCoco(file, { tolerance_px: 1e-5 })).toEqual([]);
    expect(file.categories.at(-1)).toEqual({ id: 6, name: 'lane', supercategory: 'geometry' });
    expect(file.annotations).toMatchObject([{ id: 1, segmentation: [[1, 1, 9, 1, 9, 9]], area: 32 }, { id: 3 }]);
    expect(file.annotations[1].segmentation[0]).toHaveLength(128);
    expect(run.report()).toMatchObject({
      dropped: [{ code: 'no_extent', examples: [2] }],
      converted: [{ code: 'polyline_as_polygon' }, { code: 'circle_as_polygon' }, { code: 'circle_clipped' }],
    });
  });

  test.each<[number, object, string]>([
    [4, { type: 'mask', size: [100, 100], counts: encodeRleCounts([0, 3, 97, 3, 9897]) }, 'instances'],
    [4, { type: 'polygon', polygons: [[[[1, 1], [9, 1], [9, 9]], []]] }, 'instances'], // prettier-ignore
    [7, { type: 'bbox', bbox: [1, 1, 8, 8] }, 'instances'],
    [7, { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 30 }, 'instances'],
    [14, { type: 'keypoints', points: [[1, 1, 2], [9, 9, 2]] }, 'keypoints'], // prettier-ignore
  ])('a crowd stays a crowd: class %d, %j', async (class_id, geometry, file) => {
    const { text, back } = await again([{ class_id, geometry, attributes: { iscrowd: 1, note: 'q' } }], file);
    expect(text).toContain('"iscrowd":1,"segmentation":');
    expect(checkCoco(JSON.parse(text), { tolerance_px: 1e-5 })).toEqual([]);
    expect([back.issues, back.annotations.map(({ attributes }) => attributes)]).toEqual([
      [],
      [{ iscrowd: 1, note: 'q' }],
    ]);
    expect(back.annotations[0]?.geometry.type).toBe((geometry as Geometry).type);
  });

  test.each<[number, object]>([
    [7, { type: 'bbox', bbox: [10, 10, 30, 20] }],
    [4, { type: 'polygon', polygons: [[[[10, 10], [40, 12], [42, 40], [8, 30]], []]] }], // prettier-ignore
    [4, { type: 'polygon', polygons: [[[[20, 10], [30, 20], [20, 30], [10, 20]], []]] }], // prettier-ignore
    [4, { type: 'polygon', polygons: [[[[10, 10], [40, 12], [42, 40]], []]] }], // prettier-ignore
    [4, { type: 'mask', size: [100, 100], counts: encodeRleCounts([0, 3, 97, 3, 9897]) }],
  ])('an attribute "rotation" of class %d turns nothing: %j', async (class_id, geometry) => {
    for (const rotation of [45, 90, -30, 'left']) {
      const { text, back, report } = await again([{ class_id, geometry, attributes: { rotation } }]);
      expect(checkCoco(JSON.parse(text), { tolerance_px: 1e-5 })).toEqual([]);
      expect(back.annotations).toMatchObject([{ geometry, attributes: { rotation } }]);
      expect([back.issues, report.converted]).toEqual([[], []]);
    }
  });

  test.each([0, 360, -720])(
    'a box whose attribute "rotation" is its angle, %d, stays a box without it',
    async (rotation) => {
      const geometry = { type: 'bbox', bbox: [10, 10, 30, 20] };
      const { text, back, report } = await again([{ class_id: 7, geometry, attributes: { rotation, hood: 'open' } }]);
      expect(text).toContain('[[10,10,40,10,40,30,10,30]],"attributes":{"hood":"open"}}');
      expect(back.annotations).toMatchObject([{ geometry }]);
      expect(back.annotations[0]?.attributes).toEqual({ hood: 'open' });
      expect(report.converted).toMatchObject([{ code: 'rotation_attribute', count: 1, examples: [1] }]);
    },
  );

  test('a rotated box at the edge, whose corners were moved there, stays one with its angle', async () => {
    const geometry = { type: 'rotated_bbox', center: [9.8, 50], size: [20, 6], angle: 3 };
    const { back } = await again([{ class_id: 7, geometry }]);
    expect(back.annotations).toMatchObject([{ geometry: { type: 'rotated_bbox', angle: 3 }, attributes: {} }]);
  });

  test.each([
    ['{"iscrowd": 1}', '"iscrowd":1,'],
    ['{"note": "q", "iscrowd": 1}', '"iscrowd":1,'],
    ['{"iscrowd": 10}', '"iscrowd":0,'],
    ['{"note": "\\"iscrowd\\":1"}', '"iscrowd":0,'],
  ])('a crowd is told by attributes as the database lays them out: %s', async (attributes, written) => {
    const counts = encodeRleCounts([0, 3, 97, 3, 9897]);
    const mask = { id: 1, image_id: 1, class_id: 4, geometry: { type: 'mask', size: [100, 100], counts } };
    const project = { ...GOLDEN, annotations: [mask] };
    const rows = rowsOf(project).map((row) => ({ ...row, attributes }));
    expect((await readFiles(writeCoco(sourceOf(project, 3, rows)))).get('instances.json')).toContain(written);
  });
});

/** What annotations of the first golden image look like in a file and read back. */
async function again(
  annotations: readonly Pick<TestAnnotation, 'class_id' | 'geometry' | 'attributes'>[],
  file = 'instances',
) {
  const rows = annotations.map((row, n) => ({ id: n + 1, image_id: 1, ...row }));
  const run = writeCoco(sourceOf({ ...GOLDEN, annotations: rows }), ALL);
  const text = (await readFiles(run)).get(`${file}.json`)!;
  return { text, back: await readAll(readCoco(filesOf({ 'a.json': text }))), report: run.report() };
}

const withLines: TestProject = {
  ...GOLDEN,
  annotations: [
    { id: 1, image_id: 1, class_id: 13, geometry: { type: 'polyline', points: [[1, 1], [9, 1], [9, 9]] } }, // prettier-ignore
    { id: 2, image_id: 1, class_id: 13, geometry: { type: 'polyline', points: [[1, 1], [9, 1]] } }, // prettier-ignore
    { id: 3, image_id: 1, class_id: 13, geometry: { type: 'circle', center: [9, 50], radius: 9.25 } },
  ],
};

describe('files of others', () => {
  test('boxes without segmentation, runs as a list, ids from 0, absent optional keys', async () => {
    const back = await read({
      images: [{ id: 0, file_name: './sub/a b.jpg', width: 10, height: 5 }],
      categories: [{ id: 0, name: ' cat ' }],
      annotations: [
        { id: 0, image_id: 0, category_id: 0, bbox: [2, 2, 3, 1], segmentation: [] },
        { id: 1, image_id: 0, category_id: 0, segmentation: { size: [5, 10], counts: [0, 20, 30] }, iscrowd: 1 },
        { id: 2, image_id: 0, category_id: 0, segmentation: [[0, 0, 4, 0, 4, 4]], score: 0.5 },
        { id: 3, image_id: 0, category_id: 0, bbox: [2, 2, 3, 2], segmentation: [[]] },
      ],
    });
    expect(back.issues).toEqual([]);
    expect(back.classes).toEqual([{ kind: 'class', name: 'cat', task_type: null }]);
    expect(back.images).toEqual([{ kind: 'image', path: 'sub/a b.jpg', width: 10, height: 5, split: null }]);
    expect(back.annotations).toMatchObject([
      { task_type: 'detection', geometry: { type: 'bbox', bbox: [2, 2, 3, 1] } },
      { task_type: 'segmentation', geometry: { type: 'mask', counts: encodeRleCounts([0, 20, 30]) }, attributes: { iscrowd: 1 } }, // prettier-ignore
      { geometry: { type: 'polygon', polygons: [[[[0, 0], [4, 0], [4, 4]], []]] }, confidence: 0.5 }, // prettier-ignore
      { task_type: 'detection', geometry: { type: 'bbox', bbox: [2, 2, 3, 2] } },
    ]);
  });

  test('annotations may come before images', async () => {
    const back = await read({ annotations: [row({ bbox: [1, 1, 2, 2] })], categories: CATEGORIES, images: IMAGES });
    expect(back.annotations).toHaveLength(1);
  });

  test('several files of one dataset share their images; the split is in the name', async () => {
    const captions = { images: IMAGES, annotations: [{ id: 1, image_id: 1, caption: 'hello' }] };
    const instances = { images: IMAGES, categories: CATEGORIES, annotations: [row({ bbox: [1, 1, 2, 2] })] };
    const files = {
      'captions_val.json': JSON.stringify(captions),
      'instances_val2017.json': JSON.stringify(instances),
    };
    const back = await readAll(readCoco(filesOf(files), { language: 'ko' }));
    expect(back.issues).toEqual([]);
    expect(back.images).toMatchObject([{ path: 'a.jpg', split: 'val' }]);
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual([
      { type: 'text', label_type: 'caption', text: 'hello', language: 'ko' },
      { type: 'bbox', bbox: [1, 1, 2, 2] },
    ]);
  });

  test('a file per folder: names that the dataset has several times are those beside the file', async () => {
    const paths = ['cam1/1.jpg', 'cam2/1.jpg'];
    const findImage = (named: string) => {
      const [path, ...others] = paths.filter((one) => one.endsWith(named));
      return path === undefined || others.length > 0 ? null : { path, width: 10, height: 10 };
    };
    const image = { id: 1, file_name: '1.jpg', width: 10, height: 10 };
    const text = JSON.stringify({
      images: [image],
      categories: CATEGORIES,
      annotations: [row({ bbox: [1, 1, 2, 2] })],
    });
    const back = await readAll(readCoco(filesOf({ 'cam1/a.json': text, 'cam2/a.json': text }), { findImage }));
    expect([back.issues, back.annotations.map((one) => one.image)]).toEqual([[], paths]);
  });

  test('CVAT writes a turned box as the box before its turn, and an angle with every box', async () => {
    const back = await read({
      images: IMAGES,
      categories: CATEGORIES,
      annotations: [30, 350, 0, 360].map((rotation) =>
        row({ bbox: [10, 10, 30, 20], segmentation: [], attributes: { occluded: false, rotation } }),
      ),
    });
    expect(back.issues).toEqual([]);
    const turned = { type: 'rotated_bbox', center: [25, 20], size: [30, 20] };
    const upright = { type: 'bbox', bbox: [10, 10, 30, 20] };
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual([
      { ...turned, angle: 30 },
      { ...turned, angle: -10 },
      upright,
      upright,
    ]);
    for (const { task_type, attributes } of back.annotations) {
      expect([task_type, attributes]).toEqual(['detection', { occluded: false }]);
    }
  });

  test('a broken box with an angle is broken', async () => {
    const back = await readRow({ bbox: [10, 10, 30], attributes: { rotation: 30 } });
    expect([back.issues, back.annotations]).toEqual([['error bad_geometry a.json 1 annotations.0'], []]);
  });

  test('a crowd of a polygon, of a box', async () => {
    const back = await read({
      images: IMAGES,
      categories: CATEGORIES,
      annotations: [
        row({ iscrowd: 1, bbox: [10, 10, 30, 20], segmentation: [[10, 10, 40, 10, 40, 30]], attributes: { a: 1 } }),
        row({ iscrowd: 1, bbox: [10, 10, 30, 20], segmentation: [] }),
      ],
    });
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ attributes }) => attributes)).toEqual([{ a: 1, iscrowd: 1 }, { iscrowd: 1 }]);
  });

  test.each<[string, object, string[]]>([
    ['a box of its own', { bbox: [5, 5, 80, 40] }, ['warning left_out a.json 1 annotations.0']],
    [
      'a box of its own, as outline too',
      { bbox: [5, 5, 80, 40], segmentation: [[5, 5, 85, 5, 85, 45, 5, 45]] },
      ['warning left_out a.json 1 annotations.0'],
    ],
    ['the box around them', { bbox: [40, 20, 10, 9] }, []],
    ['no box', { bbox: [0, 0, 0, 0] }, []],
  ])('keypoints beside %s', async (_, fields, issues) => {
    const back = await read({
      images: IMAGES,
      categories: [{ id: 1, name: 'p', keypoints: ['a', 'b'], skeleton: [] }],
      annotations: [row({ keypoints: [40, 20, 2, 50, 29, 2], ...fields })],
    });
    expect(back.annotations).toMatchObject([{ geometry: { type: 'keypoints' } }]);
    expect(back.issues).toEqual(issues);
  });

  const shape = { task_type: 'detection', geometry: { type: 'bbox', bbox: [10, 10, 30, 20] } };
  const words = { task_type: 'captioning', geometry: { type: 'text', text: 'red car' } };
  test.each<[string, object, object[], string[]]>([
    ['a caption beside a box', { caption: 'red car' }, [shape], ['warning left_out']],
    ['a number for a caption beside a box', { caption: 5 }, [shape], ['warning left_out']],
    ['no caption beside a box', { caption: null }, [shape], []],
    ['an empty caption beside a box', { caption: ' ' }, [shape], []],
    ['a caption beside a box without class', { caption: 'red car', category_id: 9 }, [words], ['warning left_out']],
    ['a caption beside no box', { caption: 'red car', bbox: [0, 0, 0, 0], segmentation: [] }, [words], []],
    [
      'a caption beside a polygon that is its box',
      { caption: 'red car', segmentation: [[10, 10, 40, 10, 40, 30, 10, 30]] },
      [shape],
      ['warning changed_kind', 'warning left_out'],
    ],
    [
      'a caption beside a broken segmentation',
      { caption: 'red car', bbox: undefined, segmentation: 'x' },
      [],
      ['error bad_geometry'],
    ],
    ['neither caption nor shape', { caption: null, bbox: undefined }, [], ['error bad_geometry']],
  ])('%s', async (_, fields, annotations, issues) => {
    const back = await readRow({ bbox: [10, 10, 30, 20], ...fields });
    expect(back.annotations).toMatchObject(annotations);
    expect(back.issues).toEqual(issues.map((issue) => `${issue} a.json 1 annotations.0`));
  });

  test('categories of one name become one, which is said once per file and name', async () => {
    const names = ['caf\u00e9', 'cafe\u0301 ', ' caf\u00e9', 'tea'];
    const categories = names.map((name, n) => ({ id: n + 1, name }));
    const tasks = ['detection', 'segmentation'].map((supercategory, n) => ({ id: n + 5, name: 'cup', supercategory }));
    const text = JSON.stringify({ images: IMAGES, categories: [...categories, ...tasks], annotations: [] });
    const back = await readAll(readCoco(filesOf({ 'a.json': text, 'b.json': text.replace('a.jpg', 'b.jpg') })));
    expect(back.classes.map(({ name }) => name)).toEqual(['caf\u00e9', 'tea', 'cup', 'cup']);
    expect(back.issues).toEqual(
      ['a.json', 'b.json'].flatMap((file) =>
        ['categories.1', 'categories.2'].map((at) => `warning duplicate_class ${file} 1 ${at}`),
      ),
    );
  });

  test.each([
    ['train/_annotations.coco.json', 'train'],
    ['set/valid/_annotations.coco.json', 'val'],
    ['test/_annotations.coco.json', 'test'],
    ['Validation/a.json', 'val'],
    ['train/instances_val2017.json', 'val'],
    ['annotations/captions_validation.json', 'val'],
    ['annotations/Test.json', 'test'],
    ['test/annotations/a.json', null],
    ['latest.json', null],
  ])('the split of %s is %s', async (path, split) => {
    const text = JSON.stringify({ images: IMAGES, categories: [], annotations: [] });
    expect((await readAll(readCoco(filesOf({ [path]: text })))).images).toMatchObject([{ split }]);
  });

  test('keypoints win over an outline, which is named', async () => {
    const back = await read({
      images: IMAGES,
      categories: [{ id: 1, name: 'p', keypoints: ['a', 'b'], skeleton: [[1, 2], [2, 9]] }], // prettier-ignore
      annotations: [
        row({ keypoints: [1, 2, 2, 9, 9, 0], segmentation: [[0, 0, 9, 0, 5, 9]], bbox: [0, 0, 9, 9] }),
        row({ keypoints: [0, 0, 0, 0, 0, 0], bbox: [0, 0, 9, 9] }),
      ],
    });
    expect(back.classes).toEqual([
      { kind: 'class', name: 'p', task_type: 'keypoint', keypoints: ['a', 'b'], skeleton: [[0, 1]] },
    ]);
    expect(back.annotations).toMatchObject([
      { task_type: 'keypoint', geometry: { type: 'keypoints', points: [[1, 2, 2], [0, 0, 0]] } }, // prettier-ignore
      { task_type: 'detection' },
    ]);
    expect(back.issues).toEqual(['warning bad_value a.json 1 categories.0', 'warning left_out a.json 1 annotations.0']);
  });

  test('the size of the dataset counts', async () => {
    const findImage = (path: string) => (path === 'a.jpg' ? { path: 'x/a.jpg', width: 50, height: 100 } : null);
    const images = [...IMAGES, { id: 2, file_name: 'b.jpg' }];
    const annotations = [row({ bbox: [1, 60, 2, 2] }), row({ image_id: 2, bbox: [1, 1, 1, 1] })];
    const back = await read({ images, categories: CATEGORIES, annotations }, { findImage });
    expect(back.annotations).toMatchObject([{ image: 'x/a.jpg' }]);
    expect(back.issues).toEqual([
      'warning size_mismatch a.json 1 images.0',
      'error image_missing a.json 1 images.1',
      'error left_out a.json 1 annotations.1',
    ]);
    expect(back.report.issues[0]?.message).toMatch(/EXIF/u);
  });
});

test('what reaches past the image is cut there: nothing inside moves, and parts outside go', async () => {
  const back = await readRow({ segmentation: [[-100, 25, 50, 0, 50, 50], [110, 10, 120, 10, 120, 20]] }); // prettier-ignore
  expect(back.issues).toEqual(['warning clipped a.json 1 annotations.0']);
  const ring = [[0, expect.closeTo(41.667)], [0, expect.closeTo(8.333)], [50, 0], [50, 50]]; // prettier-ignore
  expect(back.annotations[0]?.geometry).toEqual({ type: 'polygon', polygons: [[ring, []]] });
});

describe('what may be wrong with a row', () => {
  test.each<[string, object, string]>([
    ['unknown image', { image_id: 9 }, 'error unknown_image'],
    ['text for an id', { image_id: '1' }, 'warning bad_id'],
    ['no image id', { image_id: undefined }, 'error bad_id'],
    ['huge id', { image_id: 1e300 }, 'error bad_id'],
    ['unknown class', { category_id: 7, bbox: [1, 1, 1, 1] }, 'error unknown_class'],
    ['no class', { category_id: undefined, bbox: [1, 1, 1, 1] }, 'error unknown_class'],
    ['no shape', {}, 'error missing_key'],
    ['negative size', { bbox: [1, 1, -5, 5] }, 'error degenerate'],
    ['box of texts', { bbox: ['1', '1', '5', '5'] }, 'error bad_geometry'],
    ['short box', { bbox: [1, 2, 3] }, 'error bad_geometry'],
    ['box partly outside', { bbox: [90, 10, 30, 10] }, 'warning clipped'],
    ['box wholly outside', { bbox: [1e9, 10, 30, 10] }, 'error outside_image'],
    ['odd ring', { segmentation: [[1, 2, 3, 4, 5, 6, 7]] }, 'error bad_geometry'],
    ['ring of a line', { segmentation: [[1, 1, 2, 2, 3, 3]] }, 'error degenerate'],
    ['nested ring', { segmentation: [[[1, 2], [3, 4]]] }, 'error bad_geometry'], // prettier-ignore
    ['segmentation a text', { segmentation: 'x' }, 'error bad_geometry'],
    ['mask of another size', { segmentation: { size: [5, 5], counts: [0, 25] } }, 'error bad_mask'],
    ['mask with negative runs', { segmentation: { size: [50, 100], counts: [-1, 5001] } }, 'error bad_mask'],
    ['mask of foreign text', { segmentation: { size: [50, 100], counts: '~~~' } }, 'error bad_mask'],
    ['mask without pixels', { segmentation: { size: [50, 100], counts: [5000] } }, 'error degenerate'],
    ['empty caption', { caption: ' ' }, 'error degenerate'],
    ['keypoints cut off', { keypoints: [1, 1, 2, 5] }, 'error bad_geometry'],
    ['score above 1', { bbox: [1, 1, 2, 2], score: 7 }, 'warning bad_value'],
  ])('%s', async (_, fields, issue) => {
    const back = await readRow(fields);
    const at = 'annotations.0';
    expect(back.issues[0]).toBe(`${issue} a.json 1 ${at}`);
    expect(back.annotations).toHaveLength(issue.startsWith('warning') && issue !== 'warning bad_id' ? 1 : 0);
  });

  test('one broken row costs that row only, and its line is named', async () => {
    const rows = [row({ bbox: [1, 1, 2, 2] }), 'X', row({ bbox: [3, 3, 2, 2] }), null, 5].map((one) =>
      JSON.stringify(one),
    );
    rows[1] = '{"id":2,"bbox":[NaN,1,2,3]}';
    const text = `{"images":${JSON.stringify(IMAGES)},\n"categories":${JSON.stringify(CATEGORIES)},\n"annotations":[\n${rows.join(',\n')}]}`;
    const back = await read(text);
    expect(back.annotations.map(({ at }) => at.line)).toEqual([4, 6]);
    expect(back.issues).toEqual([
      'error bad_json a.json 5 annotations.1',
      'error not_an_object a.json 7 annotations.3',
      'error not_an_object a.json 8 annotations.4',
    ]);
  });

  test.each<[string, object, string]>([
    ['out of the folder', { file_name: '../../etc/passwd' }, 'error unsafe_path'],
    ['absolute', { file_name: '/a.jpg' }, 'error unsafe_path'],
    ['a drive', { file_name: 'C:\\a.jpg' }, 'error unsafe_path'],
    ['an address', { file_name: 'https://x.y/a.jpg' }, 'error unsafe_path'],
    ['no name', { file_name: null }, 'error missing_key'],
    ['twice the same name', { file_name: 'a.jpg' }, 'error duplicate_image'],
    ['twice the same id', { id: 1 }, 'error duplicate_id'],
    ['negative size', { width: -5 }, 'warning bad_size'],
    ['size a text', { width: '100' }, 'warning bad_size'],
    ['no size', { width: undefined, height: undefined }, 'error size_missing'],
  ])('image: %s', async (_, fields, issue) => {
    const images = [...IMAGES, { id: 2, file_name: 'b.jpg', width: 9, height: 9, ...fields }];
    const back = await read({ images, categories: CATEGORIES, annotations: [row({ bbox: [1, 1, 2, 2] })] });
    expect(back.issues[0]).toBe(`${issue} a.json 1 images.1`);
    expect(back.annotations).toHaveLength(1);
    expect(back.images).toHaveLength(1);
  });
});

describe('what may be wrong with a file', () => {
  const sound = JSON.stringify({ images: IMAGES, categories: CATEGORIES, annotations: [row({ bbox: [1, 1, 2, 2] })] });
  test.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'error empty_file'],
    ['a list', '[1]', 'error wrong_format'],
    ['another object', '{"a":1}', 'error wrong_format'],
    ['not JSON', 'hello', 'error bad_json'],
    ['cut off', sound.slice(0, -20), 'error truncated'],
    ['two texts', `${sound}{}`, 'error bad_json'],
    ['wrong brackets', '{"images":[}]', 'error bad_json'],
    ['a list without a comma', '{"images":[] "annotations":[]}', 'error bad_json'],
    ['images an object', '{"images":{}}', 'error wrong_format'],
    ['a million levels', `{"images":[${'['.repeat(1_000_000)}`, 'error too_deep'],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'error bad_json'],
  ])('%s', async (_, content, issue) => {
    const back = await readAll(readCoco(filesOf({ 'a.json': content }, 4096)));
    expect(back.issues[0]).toMatch(new RegExp(`^${issue} a.json`, 'u'));
  });

  test.each([
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(sound)])],
    ['UTF-16 LE with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(sound, 'utf16le')])],
    ['UTF-16 LE', Buffer.from(sound, 'utf16le')],
    ['UTF-16 BE', Buffer.from(sound, 'utf16le').swap16()],
  ])('%s is read', async (_, content) => {
    for (const chunk of [1, 7, 4096]) {
      const back = await readAll(readCoco(filesOf({ 'a.json': content }, chunk)));
      expect([back.issues, back.annotations.length]).toEqual([[], 1]);
    }
  });

  test('no file at all', async () => {
    expect((await readAll(readCoco([]))).issues).toEqual(['error missing_file ']);
  });

  test('a hundred thousand broken rows: all counted, a thousand listed', async () => {
    const rows = Array.from({ length: 100_000 }, () => '{}').join();
    const back = await readAll(readCoco(filesOf({ 'a.json': `{"images":[],"annotations":[${rows}]}` }, 65_536)));
    expect(back.report.issues).toHaveLength(1_000);
    expect(back.report.issue_counts).toEqual([{ code: 'bad_id', severity: 'error', count: 100_000 }]);
  });
});
