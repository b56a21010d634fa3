import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCoco } from './check-coco.js';
import { COCO_ISSUE_CODES } from './coco-issues.js';

const GOLDEN = readFileSync(join(import.meta.dirname, '../../test/__fixtures__/coco-golden.json'), 'utf8');

interface CocoFile {
  categories: object[];
  annotations: object[];
}

/** Dotted path → new value, undefined to delete. */
type Changes = Readonly<Record<string, unknown>>;

function changed<T extends object>(file: T, changes: Changes): T {
  const copy = JSON.parse(JSON.stringify(file)) as T;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() as string;
    const row = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy as Record<string, unknown>);
    if (value === undefined) delete row[last];
    else row[last] = value;
  }
  return copy;
}

const golden = JSON.parse(GOLDEN) as CocoFile;

/** The golden file with a keypoint category and one annotation of it, to have every rule at hand. */
const SOUND: CocoFile = {
  ...golden,
  categories: [
    ...golden.categories,
    { id: 20, name: 'pose', supercategory: '', keypoints: ['a', 'b', 'c'], skeleton: [[1, 2], [2, 3]] }, // prettier-ignore
  ],
  annotations: [
    ...golden.annotations,
    {
      ...golden.annotations[0],
      id: 100,
      category_id: 20,
      keypoints: [11, 21, 2, 0, 0, 0, 12, 22, 1],
      num_keypoints: 2,
    },
  ],
};

// Places in the golden file: annotation 0 is a box, 5 a rotated box, 9 a triangle, 13 a mask, 14 the one with keypoints.
const BREACHES: [rule: string, changes: Changes, issues: string[]][] = [
  ['info present', { info: undefined }, ['missing_key info']],
  ['licenses present', { licenses: undefined }, ['missing_key licenses']],
  ['licenses a list', { licenses: {} }, ['not_a_list licenses']],
  ['images a list', { images: null, annotations: [] }, ['not_a_list images']],
  ['image an object', { 'images.4': 'x.png' }, ['not_an_object images.4']],
  ['image id a number', { 'images.4.id': '60' }, ['bad_id images.4.id']],
  ['image id unique', { 'images.4.id': 1 }, ['duplicate_id images.4.id']],
  ['image height present', { 'images.4.height': undefined }, ['bad_size images.4']],
  ['image width above 0', { 'images.4.width': 0 }, ['bad_size images.4']],
  ['file name present', { 'images.4.file_name': undefined }, ['bad_file_name images.4.file_name']],
  ['file name relative', { 'images.4.file_name': '/a/b.png' }, ['bad_file_name images.4.file_name']],
  ['file name no drive', { 'images.4.file_name': 'C:/b.png' }, ['bad_file_name images.4.file_name']],
  ['file name no address', { 'images.4.file_name': 'https://a.b/c.png' }, ['bad_file_name images.4.file_name']],
  ['file name inside', { 'images.4.file_name': 'a/../../b.png' }, ['bad_file_name images.4.file_name']],
  ['file name slashes', { 'images.4.file_name': 'a\\b.png' }, ['bad_file_name images.4.file_name']],
  ['file name unique', { 'images.4.file_name': 'plaza.png' }, ['duplicate_file_name images.4.file_name']],

  ['categories present', { categories: undefined, annotations: [] }, ['missing_key categories']],
  ['category id from 1', { 'categories.4.id': 0 }, ['bad_id categories.4.id']],
  ['category id unique', { 'categories.4.id': 1 }, ['duplicate_id categories.4.id']],
  ['category name', { 'categories.4.name': ' ' }, ['bad_name categories.4.name']],
  [
    'keypoint names',
    { 'categories.5.keypoints': 'a', 'annotations.14.keypoints': undefined },
    ['bad_skeleton categories.5.keypoints'],
  ],
  ['skeleton from 1', { 'categories.5.skeleton': [[0, 1]] }, ['bad_skeleton categories.5.skeleton']],
  ['skeleton within', { 'categories.5.skeleton': [[3, 4]] }, ['bad_skeleton categories.5.skeleton']],

  ['annotation an object', { 'annotations.0': null }, ['not_an_object annotations.0']],
  ['annotation id from 1', { 'annotations.0.id': 0 }, ['bad_id annotations.0.id']],
  ['annotation id no text', { 'annotations.0.id': 'a1' }, ['bad_id annotations.0.id']],
  ['annotation id below 2^53', { 'annotations.0.id': 2 ** 53 }, ['bad_id annotations.0.id']],
  ['annotation id unique', { 'annotations.0.id': 2 }, ['duplicate_id annotations.1.id']],
  ['image known', { 'annotations.0.image_id': 5 }, ['unknown_id annotations.0.image_id']],
  ['category known', { 'annotations.0.category_id': 99 }, ['unknown_id annotations.0.category_id']],
  ['area present', { 'annotations.0.area': undefined }, ['missing_key annotations.0.area']],
  ['iscrowd present', { 'annotations.0.iscrowd': undefined }, ['missing_key annotations.0.iscrowd']],
  ['bbox present', { 'annotations.0.bbox': undefined }, ['missing_key annotations.0.bbox']],
  ['category id present', { 'annotations.0.category_id': undefined }, ['missing_key annotations.0.category_id']],
  ['segmentation present', { 'annotations.0.segmentation': undefined }, ['missing_key annotations.0.segmentation']],

  ['bbox four numbers', { 'annotations.0.bbox': [1, 2, 3] }, ['bad_bbox annotations.0.bbox']],
  ['bbox numbers', { 'annotations.0.bbox.1': null }, ['bad_bbox annotations.0.bbox']],
  ['bbox with a width', { 'annotations.0.bbox.2': 0 }, ['bad_bbox annotations.0.bbox']],
  [
    'bbox in the image',
    { 'annotations.0.bbox': [90, 20, 30, 40], 'annotations.0.segmentation': [[90, 20, 120, 20, 120, 60, 90, 60]] },
    ['segmentation_outside_image annotations.0.segmentation', 'bbox_outside_image annotations.0.bbox'],
  ],
  ['bbox tight', { 'annotations.0.bbox': [9, 20, 31, 40] }, ['bbox_not_tight annotations.0.bbox']],
  ['bbox of a mask tight', { 'annotations.13.bbox': [0, 0, 4, 4] }, ['bbox_not_tight annotations.13.bbox']],
  ['area above 0', { 'annotations.0.area': 0 }, ['bad_area annotations.0.area']],
  ['area geometric', { 'annotations.9.area': 1200 }, ['wrong_area annotations.9.area']],
  ['area in pixels', { 'annotations.13.area': 7 }, ['wrong_area annotations.13.area']],
  ['iscrowd a flag', { 'annotations.0.iscrowd': false }, ['bad_iscrowd annotations.0.iscrowd']],
  ['iscrowd 0 for an object', { 'annotations.0.iscrowd': 1 }, ['bad_iscrowd annotations.0.iscrowd']],

  ['segmentation not empty', { 'annotations.0.segmentation': [] }, ['empty_segmentation annotations.0.segmentation']],
  ['segmentation known kind', { 'annotations.0.segmentation': 'x' }, ['bad_segmentation annotations.0.segmentation']],
  ['ring flat', { 'annotations.0.segmentation': [[[1, 2], [3, 4], [5, 6]]] }, ['bad_segmentation annotations.0.segmentation.0']], // prettier-ignore
  ['ring not a box', { 'annotations.0.segmentation': [[10, 20, 30, 40]] }, ['short_ring annotations.0.segmentation.0']],
  ['ring in pairs', { 'annotations.9.segmentation.0.6': 3 }, ['odd_ring annotations.9.segmentation.0']],
  ['RLE size', { 'annotations.13.segmentation.size': [100] }, ['bad_rle annotations.13.segmentation.size']],
  [
    'RLE size of the image',
    { 'annotations.13.segmentation.size': [90, 100] },
    ['bad_rle annotations.13.segmentation.size'],
  ],
  [
    'RLE fills the image',
    { 'annotations.13.segmentation.counts': '03' },
    ['bad_rle annotations.13.segmentation.counts'],
  ],
  [
    'RLE list of runs',
    { 'annotations.13.segmentation.counts': [-1, 10001] },
    ['bad_rle annotations.13.segmentation.counts'],
  ],
  [
    'RLE not empty',
    { 'annotations.13.segmentation.counts': [10000] },
    ['empty_mask annotations.13.segmentation.counts'],
  ],
  [
    'rotation a number',
    { 'annotations.5.attributes.rotation': '30' },
    ['bad_rotation annotations.5.attributes.rotation'],
  ],
  [
    'rotation that of the corners',
    { 'annotations.5.attributes.rotation': 60 },
    ['bad_rotation annotations.5.attributes.rotation'],
  ],
  [
    'rotation with 4 corners',
    { 'annotations.9.category_id': 1, 'annotations.9.attributes': { rotation: 5 } },
    ['bad_rotation annotations.9.segmentation'],
  ],

  ['keypoints for each', { 'annotations.14.keypoints': [1, 1, 2] }, ['bad_keypoints annotations.14.keypoints']],
  ['visibility 0 to 2', { 'annotations.14.keypoints.2': 3 }, ['bad_keypoints annotations.14.keypoints.2']],
  ['absent is 0 0 0', { 'annotations.14.keypoints.3': 9 }, ['bad_keypoints annotations.14.keypoints.3']],
  ['num_keypoints', { 'annotations.14.num_keypoints': 3 }, ['wrong_num_keypoints annotations.14.num_keypoints']],
];

const CAPTIONS = {
  info: {},
  licenses: [],
  images: [{ id: 1, file_name: 'a.png', width: 5, height: 5 }],
  annotations: [{ id: 1, image_id: 1, caption: 'a cat' }],
};
const CAPTION_BREACHES: [rule: string, changes: Changes, issues: string[]][] = [
  ['no categories', { categories: [] }, ['categories_in_captions categories']],
  ['caption not empty', { 'annotations.0.caption': '' }, ['bad_caption annotations.0.caption']],
  ['caption of a known image', { 'annotations.0.image_id': 2 }, ['unknown_id annotations.0.image_id']],
];

const found = (file: unknown) => checkCoco(file, { tolerance_px: 1e-5 }).map(({ code, path }) => `${code} ${path}`);

test('sound files have no issues', () => {
  expect(found(SOUND)).toEqual([]);
  expect(found(CAPTIONS)).toEqual([]);
});

test.each(BREACHES)('rule: %s', (_, changes, issues) => {
  expect(found(changed(SOUND, changes))).toEqual(issues);
});

test.each(CAPTION_BREACHES)('captions: %s', (_, changes, issues) => {
  expect(found(changed(CAPTIONS, changes))).toEqual(issues);
});

test.each([[null], [[]], ['{}'], [7], [undefined]])('%j is no COCO file', (file) => {
  expect(found(file)).toEqual(['not_an_object ']);
});

test('every code is covered by a rule above', () => {
  const covered = [...BREACHES, ...CAPTION_BREACHES].flatMap(([, , issues]) =>
    issues.map((text) => text.split(' ')[0]),
  );
  expect(COCO_ISSUE_CODES.filter((code) => !covered.includes(code))).toEqual([]);
});

test('uncompressed runs and crowds are accepted', () => {
  const runs = { 'annotations.13.segmentation.counts': [0, 3, 97, 3, 9897], 'annotations.13.iscrowd': 1 };
  expect(found(changed(SOUND, runs))).toEqual([]);
});

test.each<[string, Changes]>([
  ['a box', { 'annotations.0.attributes': { rotation: 30 } }],
  ['a polygon', { 'annotations.9.attributes': { rotation: 30 } }],
  ['a polygon that has words for it', { 'annotations.9.attributes': { rotation: 'left' } }],
  ['a mask', { 'annotations.13.attributes': { rotation: 30 } }],
])('an attribute "rotation" of %s says nothing about its corners', (_, changes) => {
  expect(found(changed(SOUND, changes))).toEqual([]);
});

test('an outline is a crowd when its attributes say so too', () => {
  expect(found(changed(SOUND, { 'annotations.0.iscrowd': 1, 'annotations.0.attributes': { iscrowd: 1 } }))).toEqual([]);
});

test('the tolerance is that of official files unless given', () => {
  const file = changed(SOUND, { 'annotations.0.bbox': [10.009, 20, 30, 40] });
  expect(checkCoco(file)).toEqual([]);
  expect(found(file)).toEqual(['bbox_not_tight annotations.0.bbox']);
});

test('a file broken in every row names the first thousand', () => {
  const row = { ...SOUND.annotations[0], area: 0 };
  const issues = checkCoco({
    ...SOUND,
    annotations: Array.from({ length: 100_000 }, (_, n) => ({ ...row, id: n + 1 })),
  });
  expect(issues).toHaveLength(1000);
  expect(issues.at(-1)).toMatchObject({ code: 'bad_area', path: 'annotations.999.area' });
});
