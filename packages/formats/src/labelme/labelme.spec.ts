import { decodeRleCounts, encodeRleCounts, type Geometry } from '@labelyard/domain';
import fc from 'fast-check';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { comparable, projectsOf } from '../../test/project-arbitraries.js';
import { drawn, readFiles, sourceOf } from '../../test/project-source.js';
import { bridgedRing } from '../bridged-ring.js';
import { maskRings } from '../mask-rings.js';
import { writePng } from '../png/write-png.js';
import { readLabelme } from './read-labelme.js';
import { writeLabelme } from './write-labelme.js';

const declared = (geometry: Geometry, size: { width: number; height: number }): Geometry => {
  if (geometry.type === 'mask')
    return declared({ type: 'polygon', polygons: maskRings(decodeRleCounts(geometry.counts)!, size) }, size);
  if (geometry.type !== 'polygon') return geometry;
  return { type: 'polygon', polygons: geometry.polygons.map((part) => [bridgedRing(part), []]) };
};

test('what is read back equals what was written, up to what the report declares', async () => {
  await fc.assert(
    fc.asyncProperty(
      projectsOf(['bbox', 'polygon', 'mask', 'polyline', 'circle', 'classification']),
      async (project) => {
        const run = writeLabelme(sourceOf(project));
        const files = await readFiles(run);
        expect(run.report().dropped).toEqual([]);
        // The file does not name the folder of its picture: it lies beside it.
        const findImage = (path: string) => project.images.find((image) => image.path === path) ?? null;
        const back = await readAll(readLabelme(filesOf(files, 4096), { findImage }));
        expect(back.issues).toEqual([]);
        const keys = (rows: readonly { image: string; class_name: string | null; geometry: Geometry }[]) =>
          rows.map((one) => `${one.image} ${one.class_name} ${one.geometry.type}`).sort();
        const expected = drawn(project).map((one) => ({
          ...one,
          geometry: declared(
            one.geometry,
            project.images.find(({ path }) => path === one.image)!,
          ),
        }));
        expect(keys(back.annotations)).toEqual(keys(expected));
        const boxes = (rows: typeof expected) =>
          rows.filter(({ geometry: { type } }) => ['bbox', 'polyline', 'circle'].includes(type));
        const byImage = (rows: typeof expected) =>
          project.images.flatMap(({ path }) => rows.filter(({ image }) => image === path));
        expect(
          byImage(boxes(back.annotations as never)).map(({ image, class_name, geometry }) => ({
            image,
            class_name,
            geometry,
          })),
        ).toEqual(comparable(byImage(boxes(expected)), 6));
      },
    ),
    { numRuns: 40 },
  );
});

const file = (shapes: unknown, more = {}) => JSON.stringify({ version: '4.0.0', flags: { sunny: true, old: false }, shapes, imagePath: 'a.jpg', imageData: 'x'.repeat(1000), imageHeight: 50, imageWidth: 100, ...more }); // prettier-ignore
const read = (content: string) => readAll(readLabelme(filesOf({ 'sub/a.json': content })));
const shape = (fields: object) => ({ label: 'cat', points: [[1, 1], [9, 9]], shape_type: 'rectangle', ...fields }); // prettier-ignore

test('shapes of LabelMe: corners in any order, parts by group, masks as pictures', async () => {
  const mask = Buffer.from(writePng(Uint8Array.of(1, 0, 1, 1), { width: 2, height: 2 }, null)).toString('base64');
  const back = await read(
    file([
      shape({ points: [[9, 9], [1, 2]] }), // prettier-ignore
      shape({ shape_type: 'polygon', group_id: 1, points: [[0, 0], [5, 0], [5, 5]] }), // prettier-ignore
      shape({ shape_type: 'polygon', group_id: 1, points: [[10, 0], [15, 0], [15, 5]] }), // prettier-ignore
      shape({ shape_type: 'circle', points: [[20, 20], [23, 24]] }), // prettier-ignore
      shape({ shape_type: 'line' }),
      shape({ shape_type: 'mask', mask, points: [[3, 0], [5, 2]] }), // prettier-ignore
    ]),
  );
  expect(back.issues).toEqual([]);
  expect(back.images).toMatchObject([{ path: 'sub/a.jpg', width: 100, height: 50 }]);
  expect(back.annotations.map(({ geometry }) => geometry)).toEqual([
    { type: 'classification' },
    { type: 'bbox', bbox: [1, 2, 8, 7] },
    { type: 'circle', center: [20, 20], radius: 5 },
    { type: 'polyline', points: [[1, 1], [9, 9]] }, // prettier-ignore
    { type: 'mask', size: [50, 100], counts: encodeRleCounts([150, 2, 49, 1, 4798]) },
    { type: 'polygon', polygons: [[[[0, 0], [5, 0], [5, 5]], []], [[[10, 0], [15, 0], [15, 5]], []]] }, // prettier-ignore
  ]);
});

test.each<[string, object, string]>([
  ['one corner', { points: [[1, 1]] }, 'error bad_geometry'], // prettier-ignore
  ['no points', { points: null }, 'error bad_geometry'],
  ['texts for numbers', { points: [['1', '1'], [9, 9]] }, 'error bad_geometry'], // prettier-ignore
  ['no label', { label: 5 }, 'error bad_class'],
  ['a point', { shape_type: 'point' }, 'error unsupported_shape'],
  ['no extent', { points: [[1, 1], [1, 9]] }, 'error degenerate'], // prettier-ignore
  ['outside', { points: [[1000, 1], [1010, 9]] }, 'error outside_image'], // prettier-ignore
  ['a mask of other bytes', { shape_type: 'mask', mask: 'AAAA' }, 'error bad_png'],
  ['a mask that is no base64', { shape_type: 'mask', mask: '%%' }, 'error bad_mask'],
])('shape: %s', async (_, fields, issue) => {
  const back = await read(file([shape({}), shape(fields)]));
  expect(back.issues).toEqual([`${issue} sub/a.json 1 shapes.1`]);
  expect(back.annotations).toHaveLength(2);
});

test.each<[string, string, string]>([
  ['no LabelMe', '{"a":1}', 'error wrong_format'],
  ['shapes an object', file({}), 'error wrong_format'],
  ['out of the folder', file([], { imagePath: '../../a.jpg' }), 'error unsafe_path'],
  ['no picture', file([shape({})], { imagePath: undefined }), 'error missing_key'],
  ['no size', file([], { imageWidth: undefined, imageHeight: undefined }), 'error size_missing'],
  ['cut off', file([]).slice(0, -9), 'error truncated'],
])('file: %s', async (_, content, issue) => {
  expect((await read(content)).issues[0]).toMatch(new RegExp(`^${issue} sub/a.json`, 'u'));
});

describe('the picture of a file', () => {
  const at = (path: string, imagePath: string, ...images: string[]) =>
    readAll(
      readLabelme(filesOf({ [path]: file([], { imagePath, flags: {} }) }), {
        findImage: (one) => (images.includes(one) ? { path: one, width: 100, height: 50 } : null),
      }),
    );

  test.each([
    ['set/sub_a.json', 'sub/a.jpg', 'set/sub/a.jpg', ['set/a.jpg', 'a.jpg', 'sub/a.jpg']],
    ['train/labels/a.json', '../images/a.jpg', 'train/images/a.jpg', ['a.jpg']],
    ['train/labels/a.json', '..\\images\\a.jpg', 'train/images/a.jpg', ['train/labels/a.jpg']],
    ['train/a.json', './././a.jpg', 'train/a.jpg', ['a.jpg']],
    // From another computer.
    ['set/a.json', 'C:\\pictures\\a.jpg', 'set/a.jpg', ['a.jpg']],
    ['set/a.json', '/elsewhere/a.jpg', 'a.jpg', []],
    ['set/a.json', '../../../a.jpg', 'set/a.jpg', []],
  ])('%s says %s', async (path, imagePath, expected, others) => {
    const back = await at(path, imagePath, ...others, expected);
    expect([back.issues, back.images.map((image) => image.path)]).toEqual([[], [expected]]);
  });

  test.each([
    ['a.json', '../a.jpg', 'unsafe_path'],
    ['a/b.json', '../../c.jpg', 'unsafe_path'],
    ['a/b.json', '/c.jpg', 'unsafe_path'],
    ['a/b.json', 'd:c.jpg', 'unsafe_path'],
    ['a/b.json', 'https://x.org/c.jpg', 'unsafe_path'],
    ['a/b.json', '../c.jpg', 'image_missing'],
  ])('%s says %s, which is not there', async (path, imagePath, code) => {
    expect((await at(path, imagePath)).issues).toEqual([`error ${code} ${path}`]);
  });
});

describe('groups', () => {
  const triangle = (x: number, fields: object) => shape({ shape_type: 'polygon', points: [[x, 0], [x + 4, 0], [x, 4]], ...fields }); // prettier-ignore
  const found = async (...shapes: object[]) =>
    (await read(file(shapes, { flags: {} }))).annotations.map(({ geometry, attributes }) => [
      geometry.type === 'polygon' ? geometry.polygons.length : geometry.type,
      attributes,
    ]);

  test('parts whose attributes contradict each other stay shapes of their own', async () => {
    const [one, other] = [{ occluded: true }, { occluded: false }];
    expect(await found(triangle(0, { group_id: 1, flags: one }), triangle(9, { group_id: 1, flags: other }))).toEqual([
      [1, { occluded: true, group_id: 1 }],
      [1, { occluded: false, group_id: 1 }],
    ]);
    expect(
      await found(triangle(0, { group_id: 1, flags: one }), triangle(9, { group_id: 1, description: 'x' })),
    ).toEqual([[2, { occluded: true, description: 'x' }]]);
  });

  test('whose group others share keeps it', async () => {
    expect(await found(triangle(0, { group_id: 4 }))).toEqual([[1, { group_id: 4 }]]);
    expect(await found(triangle(0, { group_id: 4 }), triangle(9, { group_id: 4, label: 'ear' }))).toEqual([
      [1, { group_id: 4 }],
      [1, { group_id: 4 }],
    ]);
    expect(await found(triangle(0, { group_id: 4 }), triangle(9, { group_id: 4 }), shape({ group_id: 4 }))).toEqual([
      ['bbox', { group_id: 4 }],
      [2, { group_id: 4 }],
    ]);
    expect(await found(triangle(0, { group_id: null }), triangle(9, {}))).toEqual([[1, {}], [1, {}]]); // prettier-ignore
  });
});

test('a class of any name is in the file', async () => {
  const classes = ['__proto__', 'constructor'].map((name, n) => ({ id: n + 1, task_type: 'classification' as const, name })); // prettier-ignore
  const head = { ...GOLDEN.head, classes };
  const annotations = classes.map(({ id }) => ({
    id,
    image_id: 1,
    class_id: id,
    geometry: { type: 'classification' },
  }));
  const run = writeLabelme(sourceOf({ head, images: GOLDEN.images.slice(0, 1), annotations }));
  const back = await readAll(readLabelme(filesOf(await readFiles(run))));
  expect(back.annotations.map(({ class_name }) => class_name)).toEqual(['__proto__', 'constructor']);
});
