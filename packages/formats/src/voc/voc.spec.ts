import { encodeRleCounts, geometryBounds, type Geometry } from '@labelyard/domain';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { projectsOf } from '../../test/project-arbitraries.js';
import { drawn, readRawFiles, sourceOf, type TestProject } from '../../test/project-source.js';
import { writePng } from '../png/write-png.js';
import { checkVoc } from './check-voc.js';
import { readVoc } from './read-voc.js';
import { VOC_COLORS } from './voc-colors.js';
import { eachPixel, pixelsOf } from './voc-masks.js';
import { pixelCorners, writeVoc } from './write-voc.js';

const ROOT = 'VOCdevkit/VOC2012';
const text = (bytes: Uint8Array | undefined) =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

async function written(project: TestProject, options = {}) {
  const run = writeVoc(sourceOf(project), options);
  const files = await readRawFiles(run);
  return { files, report: run.report() };
}

describe('the golden project', () => {
  const everything = { masks: true, rotated: true, shares: { train: 1, val: 0, test: 0 } };

  test('gives the XML that was checked by hand', async () => {
    const { files } = await written(GOLDEN, everything);
    const expected = readFileSync(join(import.meta.dirname, '../../test/__fixtures__/voc-golden.xml'), 'utf8');
    expect(text(files.get(`${ROOT}/Annotations/plaza.xml`))).toBe(expected);
  });

  test('obeys every rule but that of .jpg', async () => {
    const { files } = await written(GOLDEN, everything);
    expect(await checkVoc(filesOf(files))).toEqual([]);
  });

  test('lists: white space replaced, one row per image and class, absent classes too', async () => {
    const { files, report } = await written(GOLDEN, everything);
    expect(text(files.get(`${ROOT}/ImageSets/Main/train.txt`))).toBe(
      'plaza\nstreet/dusk_view.v2\nstreet/거리_&_cafe\u0301\nnight/plaza\none\n',
    );
    expect(text(files.get(`${ROOT}/ImageSets/Main/car_train.txt`))).toBe(
      'plaza  1\nstreet/dusk_view.v2  1\nstreet/거리_&_cafe\u0301  1\nnight/plaza -1\none -1\n',
    );
    expect(text(files.get(`${ROOT}/ImageSets/Main/blurry_train.txt`))).toContain('plaza  1\n');
    expect(files.has(`${ROOT}/ImageSets/Main/person _walking_ & _running__val.txt`)).toBe(true);
    expect(text(files.get(`${ROOT}/ImageSets/Segmentation/train.txt`))).toBe(
      'street/dusk_view.v2\nstreet/거리_&_cafe\u0301\nnight/plaza\n',
    );
    expect(text(files.get(`${ROOT}/labelmap.txt`))).toMatch(
      /^# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:128,0,0::\n/u,
    );
    expect(report.notes.find((note) => note.includes('renamed'))).toMatch(/^2 × .*\(image 2, 3\)$/u);
    expect(report.dropped.map(({ code, examples }) => [code, ...examples])).toEqual([
      ['keypoints', 24],
      ['text', 25],
      ['unknown_class', 26],
      ['unknown_image', 27],
    ]);
    const dropped = report.dropped.reduce((sum, { count }) => sum + count, 0);
    expect(report.counts.annotations + dropped).toBe(GOLDEN.annotations.length);
  });

  test('pictures lie under the names of the lists', async () => {
    const paths: string[] = [];
    for await (const { path } of writeVoc(sourceOf(GOLDEN)).pictures()) paths.push(path);
    expect(paths[1]).toBe(`${ROOT}/JPEGImages/street/dusk_view.v2.jpg`);
  });

  test('an image without objects has an XML file without objects', async () => {
    const { files } = await written(GOLDEN);
    expect(text(files.get(`${ROOT}/Annotations/one.xml`))).not.toContain('<object>');
  });
});

test.each([
  [
    [0, 0, 100, 50],
    [1, 1, 100, 50],
  ],
  [
    [10, 10, 30, 20],
    [11, 11, 40, 30],
  ],
  [
    [10.4, 10.6, 0.2, 0.2],
    [11, 12, 11, 12],
  ],
  [
    [-5, -5, 8, 8],
    [1, 1, 3, 3],
  ],
  [
    [99.8, 49.9, 0.2, 0.1],
    [100, 50, 100, 50],
  ],
])('box %j is pixels %j, from 1, both included', (box, corners) => {
  const size = { width: 100, height: 50 };
  expect(pixelCorners(box as never, size, {})).toEqual(corners);
  const [x, y, right, bottom] = corners as [number, number, number, number];
  expect(pixelCorners(box as never, size, { zero_based: true })).toEqual([x - 1, y - 1, right, bottom]);
});

describe('what is read back equals what was written, up to what the report declares', () => {
  const rounded = (geometry: Geometry, image: { width: number; height: number }): Geometry => {
    const [x, y, right, bottom] = pixelCorners(geometryBounds(geometry)!, image, { zero_based: true })!;
    return { type: 'bbox', bbox: [x, y, right - x, bottom - y] };
  };

  test.each([false, true])('boxes, zero_based %s', async (zero_based) => {
    await fc.assert(
      fc.asyncProperty(projectsOf(['bbox', 'polygon', 'polyline', 'circle']), async (project) => {
        const { files, report } = await written(project, { zero_based });
        expect(report.dropped).toEqual([]);
        if (!zero_based) expect(await checkVoc(filesOf(files))).toEqual([]);
        const back = await readAll(readVoc(filesOf(files), { zero_based }));
        expect(back.issues).toEqual([]);
        expect(back.images.map(({ path }) => path)).toEqual(project.images.map(({ path }) => path));
        expect(back.annotations.map(({ image, class_name, geometry }) => ({ image, class_name, geometry }))).toEqual(
          project.images.flatMap((image) =>
            drawn(project)
              .filter((one) => one.image === image.path)
              .map(({ image: path, class_name, geometry }) => ({
                image: path,
                class_name,
                geometry: rounded(geometry, image),
              })),
          ),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('masks come back pixel for pixel, but for what a later object covers', async () => {
    await fc.assert(
      fc.asyncProperty(projectsOf(['mask', 'polygon']), async (project) => {
        const { files, report } = await written(project, { masks: true });
        expect(await checkVoc(filesOf(files))).toEqual([]);
        if (report.converted.some(({ code }) => code === 'mask_overlap')) return;
        const back = await readAll(readVoc(filesOf(files)));
        expect(back.issues).toEqual([]);
        const expected = project.images.flatMap((image) =>
          drawn(project)
            .filter((one) => one.image === image.path)
            .map(({ class_name, geometry }) => {
              const counts = encodeRleCounts(pixelsOf(geometry, image)!);
              return {
                image: image.path,
                class_name,
                geometry: { type: 'mask', size: [image.height, image.width], counts },
              };
            }),
        );
        expect(back.annotations.map(({ image, class_name, geometry }) => ({ image, class_name, geometry }))).toEqual(
          expected,
        );
      }),
      { numRuns: 30 },
    );
  });

  test('attributes, splits, rotated boxes and classes of images', async () => {
    const box = { id: 1, image_id: 1, class_id: 7, geometry: { type: 'bbox', bbox: [1, 1, 5, 5] } };
    const turned = { id: 2, image_id: 1, class_id: 7, geometry: { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 30 } }; // prettier-ignore
    const tag = { id: 3, image_id: 2, class_id: 12, geometry: { type: 'classification' } };
    const project = {
      ...GOLDEN,
      annotations: [{ ...box, attributes: { difficult: 1, occluded: true, pose: 'Left', plate: 'x' } }, turned, tag],
    };
    const { files, report } = await written(project, { rotated: true, shares: { train: 0, val: 1, test: 0 } });
    expect(report.converted.map(({ code }) => code)).toEqual([
      'classification',
      'rounded',
      'rotated_as_box',
      'attributes',
    ]);
    expect(text(files.get(`${ROOT}/ImageSets/Main/car_val.txt`))).toContain('plaza  1\n');
    const back = await readAll(readVoc(filesOf(files)));
    expect(back.issues).toEqual([]);
    expect(back.images.every(({ split }) => split === 'val')).toBe(true);
    expect(back.annotations).toMatchObject([
      { attributes: { difficult: true, occluded: true, pose: 'Left' }, geometry: { type: 'bbox', bbox: [1, 1, 5, 5] } },
      { geometry: { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: expect.closeTo(30, 9) } },
      { class_name: 'blurry', geometry: { type: 'classification' } },
    ]);
  });

  test('what does not come back is in the report', async () => {
    const box = { image_id: 1, class_id: 7, geometry: { type: 'bbox', bbox: [1, 1, 5, 5] } };
    const kept = [{}, { pose: 'Left', truncated: true }, { occluded: true, difficult: true }];
    const lost = [{ pose: 5 }, { pose: ' ' }, { pose: 'Unspecified' }, { truncated: false }, { difficult: 'maybe' }, { occluded: 0.7 }, { difficult: 1 }, { x: 1 }]; // prettier-ignore
    const annotations = [...kept, ...lost].map((attributes, n) => ({ id: n + 1, ...box, attributes }));
    const { files, report } = await written({ ...GOLDEN, annotations });
    expect(report.converted).toMatchObject([{ code: 'attributes', count: lost.length }]);
    const back = await readAll(readVoc(filesOf(files)));
    expect(back.annotations.slice(0, kept.length).map(({ attributes }) => attributes)).toEqual(kept);
  });

  test('a class of the image that an object has too is left out, and the report says so', async () => {
    const classes = [{ id: 1, task_type: 'classification' as const, name: 'car' }, { id: 2, task_type: 'classification' as const, name: 'wet' }, ...GOLDEN.head.classes]; // prettier-ignore
    const tag = { image_id: 1, geometry: { type: 'classification' } };
    const annotations = [
      { ...tag, id: 1, class_id: 1 },
      { ...tag, id: 2, class_id: 2 },
      {
        id: 3,
        image_id: 1,
        class_id: 7,
        geometry: { type: 'bbox', bbox: [1, 1, 5, 5] },
        attributes: { difficult: true },
      },
      { ...tag, id: 4, image_id: 2, class_id: 1 },
    ];
    const { files, report } = await written({ ...GOLDEN, head: { ...GOLDEN.head, classes }, annotations });
    expect(report.dropped).toMatchObject([{ code: 'classification', examples: [1] }]);
    expect(report.converted).toMatchObject([{ code: 'classification', examples: [2, 4] }]);
    const back = await readAll(readVoc(filesOf(files)));
    expect(back.annotations.map(({ class_name, geometry }) => [class_name, geometry.type])).toEqual([
      ['car', 'bbox'],
      ['wet', 'classification'],
      ['car', 'classification'],
    ]);
  });

  test('classes whose lists would share a name, and names that begin like a comment', async () => {
    const names = ['#1', 'a/b', 'a:b', 'con', 'sky'];
    const classes = (['segmentation', 'classification'] as const).flatMap((task_type, t) =>
      names.map((name, n) => ({ id: 10 * t + n + 1, task_type, name })),
    );
    const counts = encodeRleCounts([0, 3, 97, 3, 9897]);
    const head = { ...GOLDEN.head, task_types: ['segmentation' as const, 'classification' as const], classes };
    const annotations = [
      { id: 1, image_id: 1, class_id: 5, geometry: { type: 'mask', size: [100, 100], counts } },
      { id: 2, image_id: 1, class_id: 13, geometry: { type: 'classification' } },
    ];
    const { files } = await written({ head, images: GOLDEN.images.slice(0, 1), annotations }, { masks: true });
    const back = await readAll(readVoc(filesOf(files)));
    expect(back.annotations.map(({ geometry, class_name }) => [geometry.type, class_name])).toEqual([
      ['mask', 'sky'],
      ['classification', 'a:b'],
    ]);
  });

  test('difficult objects alone are 0 in the list of their class', async () => {
    const box = {
      id: 1,
      image_id: 1,
      class_id: 7,
      geometry: { type: 'bbox', bbox: [1, 1, 5, 5] },
      attributes: { difficult: true },
    };
    const { files } = await written({ ...GOLDEN, annotations: [box] }, { shares: { train: 1, val: 0, test: 0 } });
    expect(text(files.get(`${ROOT}/ImageSets/Main/car_train.txt`))).toContain('plaza  0\n');
  });
});

const xml = (objects = '', size = '<width>20</width><height>10</height><depth>3</depth>') =>
  `<annotation><folder>VOC2007</folder><filename>a.jpg</filename><source/><size>${size}</size><segmented>0</segmented>\n${objects}</annotation>`;
const object = (corners: string, name = '<name>cat</name>') => {
  const [a, b, c, d] = corners.split(' ');
  return `<object>${name}<pose>Left</pose><truncated>0</truncated><difficult>0</difficult><bndbox><xmin>${a}</xmin><ymin>${b}</ymin><xmax>${c}</xmax><ymax>${d}</ymax></bndbox></object>`;
};

describe('files of others', () => {
  const read = (content: string | Uint8Array, options = {}) =>
    readAll(readVoc(filesOf({ 'Annotations/a.xml': content }), options));

  test.each<[string, string, string, number]>([
    ['no size of the box', object('1 2 3 '), 'error missing_key', 0],
    ['no box', '<object><name>x</name></object>', 'error missing_key', 0],
    ['no name', object('1 1 5 5', ''), 'error bad_class', 0],
    ['not a number', object('1 1 five 5'), 'error bad_geometry', 0],
    ['first corner after the last', object('9 1 5 5'), 'error degenerate', 0],
    ['with fractions', object('1.0 1.5 5 5'), 'warning changed_kind', 1],
    ['from 0', object('0 0 5 5'), 'warning outside_image', 1],
    ['far outside', object('100 100 200 200'), 'error outside_image', 0],
    ['partly outside', object('15 5 90 90'), 'warning clipped', 1],
    ['huge', object('1 1 99999999999999999999 5'), 'warning clipped', 1],
  ])('object: %s', async (_, content, issue, rows) => {
    const back = await read(xml(content));
    expect(back.issues.some((one) => one.startsWith(`${issue} Annotations/a.xml 2`))).toBe(true);
    expect(back.annotations).toHaveLength(rows);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'error empty_file'],
    ['no XML', 'hello', 'error bad_xml'],
    ['cut off', xml(object('1 1 5 5')).slice(0, -30), 'error truncated'],
    ['another root', '<html></html>', 'error wrong_format'],
    ['tags that do not match', '<annotation><size></annotation>', 'error bad_xml'],
    ['a raw ampersand', xml(object('1 1 5 5', '<name>a & b; c</name>')), 'error bad_xml'],
    [
      'billion laughs',
      `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>${xml('&lol2;')}`,
      'error bad_xml',
    ],
    ['an unknown entity', xml('&xxe;'), 'error bad_xml'],
    ['a million levels', `<annotation>${'<a>'.repeat(1_000_000)}`, 'error too_deep'],
    ['not UTF-8', new Uint8Array([0x3c, 0x61, 0xff, 0xfe, 0xfd]), 'error bad_encoding'],
    ['out of the folder', xml().replace('a.jpg', '../a.jpg'), 'error unsafe_path'],
    ['no size', xml('', ''), 'error size_missing'],
    ['negative size', xml('', '<width>-1</width><height>10</height>'), 'warning bad_size'],
  ])('file: %s', async (_, content, issue) => {
    const back = await readAll(readVoc(filesOf({ 'Annotations/a.xml': content }, 4096)));
    expect(back.issues[0]).toMatch(new RegExp(`^${issue} Annotations/a.xml`, 'u'));
  });

  test('UTF-16, CDATA and escapes', async () => {
    const content = xml(object('1 1 5 5', '<name><![CDATA[a & ]]>&lt;b&gt; &#x1F600;</name>'));
    for (const bytes of [Buffer.from(`\ufeff${content}`, 'utf16le'), Buffer.from(`\ufeff${content}`, 'utf8')]) {
      const back = await read(bytes);
      expect([back.issues, back.annotations[0]?.class_name]).toEqual([[], 'a & <b> 😀']);
    }
  });

  test('two files of one image; folders of the file are tried', async () => {
    const files = { 'Annotations/x/a.xml': xml(object('1 1 5 5')), 'Annotations/b.xml': xml() };
    const findImage = (path: string) => (path === 'x/a.jpg' ? { path, width: 20, height: 10 } : null);
    const back = await readAll(readVoc(filesOf(files), { findImage }));
    expect(back.images.map(({ path }) => path)).toEqual(['x/a.jpg']);
    expect(back.issues).toEqual(['error image_missing Annotations/b.xml']);
    expect((await readAll(readVoc(filesOf({ 'a.xml': xml(), 'b.xml': xml() })))).issues).toEqual([
      'error duplicate_image b.xml',
    ]);
  });

  test('files of one name in several folders or kits are files of several images', async () => {
    const among = (...paths: string[]) => ({
      findImage: (path: string) => (paths.includes(path) ? { path, width: 20, height: 10 } : null),
    });
    const loose = { 'train/a.xml': xml(object('1 1 5 5')), 'valid/a.xml': xml() };
    const back = await readAll(readVoc(filesOf(loose), among('train/a.jpg', 'valid/a.jpg')));
    expect([back.issues, back.images.map(({ path }) => path)]).toEqual([[], ['train/a.jpg', 'valid/a.jpg']]);
    const kits = {
      'one/Annotations/a.xml': xml(object('1 1 5 5')),
      'one/ImageSets/Main/train.txt': 'a\n',
      'two/Annotations/a.xml': xml(),
      'two/ImageSets/Main/val.txt': 'a\n',
    };
    const both = await readAll(readVoc(filesOf(kits), among('one/a.jpg', 'two/a.jpg')));
    expect(both.images.map(({ path, split }) => [path, split])).toEqual([
      ['one/a.jpg', 'train'],
      ['two/a.jpg', 'val'],
    ]);
    expect(both.annotations.map(({ image }) => image)).toEqual(['one/a.jpg']);
    const pictures = ['one/JPEGImages/a.jpg', 'two/JPEGImages/a.jpg'];
    const kept = await readAll(readVoc(filesOf(kits), among('a.jpg', ...pictures)));
    expect([kept.issues, kept.images.map(({ path }) => path)]).toEqual([[], pictures]);
    // Pictures that came along may be images of any path.
    const uploaded = { ...kits, ...Object.fromEntries(pictures.map((path) => [path, ''])) };
    const images = new Map([...pictures.map((path, n) => [path, `x/${n}.jpg`] as const), ['a.jpg', 'a.jpg']]);
    const findImage = (path: string) =>
      images.has(path) ? { path: images.get(path) as string, width: 20, height: 10 } : null;
    const moved = await readAll(readVoc(filesOf(uploaded), { findImage }));
    expect(moved.images.map(({ path }) => path)).toEqual(['x/0.jpg', 'x/1.jpg']);
  });

  test('a file beside that of the kit', async () => {
    const named = (name: string) => xml(object('1 1 5 5')).replace('a.jpg', name);
    const same = await readAll(readVoc(filesOf({ 'a.xml': named('a.jpg'), 'Annotations/a.xml': named('a.jpg') })));
    expect([same.issues, same.annotations.map(({ at }) => at.file)]).toEqual([
      ['error duplicate_image a.xml'],
      ['Annotations/a.xml'],
    ]);
    const another = await readAll(readVoc(filesOf({ 'Annotations/a.xml': named('a.jpg'), 'a.xml': named('b.jpg') })));
    expect([another.issues, another.images.map(({ path }) => path)]).toEqual([[], ['a.jpg', 'b.jpg']]);
  });

  test('masks and boxes of the same objects are one annotation each', async () => {
    const pixels = (rects: readonly (readonly [value: number, x: number, y: number, w: number, h: number])[]) => {
      const values = new Uint8Array(20 * 10);
      for (const [value, x, y, w, h] of rects)
        for (let at = 0; at < w * h; at++) values[(y + Math.floor(at / w)) * 20 + x + (at % w)] = value;
      return writePng(values, { width: 20, height: 10 }, VOC_COLORS);
    };
    const boxed = (corners: string, pose: string) => object(corners, '<name>cat</name>').replace('Left', pose);
    const cat = 8;
    const files = (objects: Parameters<typeof pixels>[0], ...corners: string[]) => ({
      'Annotations/a.xml': xml(corners.map((one, n) => boxed(one, `pose ${n + 1}`)).join('\n')),
      'SegmentationClass/a.png': pixels(objects.map(([, ...rect]) => [cat, ...rect])),
      'SegmentationObject/a.png': pixels(objects),
    });
    const found = async (given: ReturnType<typeof files>) =>
      (await readAll(readVoc(filesOf(given)))).annotations
        .map(({ geometry, attributes }) => [geometry.type, attributes['pose']])
        .sort();
    // Value k is the k-th object; one without pixels stays a box.
    const two = files([[1, 0, 0, 5, 5], [3, 10, 0, 5, 5]], '1 1 5 5', '1 1 5 5', '11 1 15 5'); // prettier-ignore
    expect(await found(two)).toEqual([['bbox', 'pose 2'], ['mask', 'pose 1'], ['mask', 'pose 3']]); // prettier-ignore
    // Numbered without those that have no pixels, as we did, and as others do in any order.
    const shifted = files([[1, 10, 0, 5, 5], [2, 0, 0, 5, 5]], '1 6 3 9', '1 1 5 5', '11 1 15 5'); // prettier-ignore
    expect(await found(shifted)).toEqual([['bbox', 'pose 1'], ['mask', 'pose 2'], ['mask', 'pose 3']]); // prettier-ignore
    // What others cover is smaller than the box; what reaches past it is something else.
    expect(await found(files([[1, 0, 0, 3, 3]], '1 1 9 9'))).toEqual([['mask', 'pose 1']]);
    expect(await found(files([[1, 0, 0, 15, 9]], '1 1 5 5'))).toEqual([['bbox', 'pose 1'], ['mask', undefined]]); // prettier-ignore
  });

  test('what is no number says nothing about the other objects', async () => {
    for (const broken of ['?', 'NaN', '1,5', '0x10.']) {
      const back = await read(xml(`${object('11 2 40 6')}\n${object(`${broken} 2 5 6`)}`));
      expect(back.issues).toEqual(['warning clipped Annotations/a.xml 2', 'error bad_geometry Annotations/a.xml 3']);
      expect(back.annotations).toMatchObject([{ geometry: { bbox: [10, 1, 10, 5] } }]);
    }
  });

  test('one fraction makes all corners of the file plain', async () => {
    const back = await read(xml(object('1.5 2 5 6') + object('1 2 5 6')));
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual([
      { type: 'bbox', bbox: [1.5, 2, 3.5, 4] },
      { type: 'bbox', bbox: [1, 2, 4, 4] },
    ]);
  });

  test('pixels are counted row by row', () => {
    const places: number[] = [];
    eachPixel(Uint32Array.of(1, 2, 3), { width: 2, height: 3 }, (place) => places.push(place));
    expect(places).toEqual([2, 4]);
  });
});

describe('the rules', () => {
  const sound = {
    [`${ROOT}/Annotations/a.xml`]: xml(object('1 1 20 10')),
    [`${ROOT}/ImageSets/Main/train.txt`]: 'a\n',
    [`${ROOT}/ImageSets/Main/val.txt`]: '',
    [`${ROOT}/ImageSets/Main/trainval.txt`]: 'a\n',
    [`${ROOT}/ImageSets/Main/cat_train.txt`]: 'a  1\n',
    [`${ROOT}/JPEGImages/a.jpg`]: '',
  };
  const changed = (from: string | RegExp, to: string) => ({
    [`${ROOT}/Annotations/a.xml`]: sound[`${ROOT}/Annotations/a.xml`].replace(from, to),
  });
  test.each<[string, Record<string, string>, string]>([
    ['filename', changed('filename', 'file'), 'bad_xml'],
    ['folder', changed('<folder>VOC2007</folder>', ''), 'missing_key'],
    ['size', changed('<width>20</width>', ''), 'bad_size'],
    ['depth', changed('<depth>3</depth>', '<depth/>'), 'bad_value'],
    ['segmented a flag', changed('<segmented>0', '<segmented>yes'), 'bad_value'],
    ['segmented has masks', changed('<segmented>0', '<segmented>1'), 'missing_file'],
    ['pose', changed('<pose>Left</pose>', ''), 'missing_key'],
    ['difficult a flag', changed('<difficult>0', '<difficult>no'), 'bad_value'],
    ['whole numbers', changed('<xmin>1<', '<xmin>1.0<'), 'bad_geometry'],
    ['from 1', changed('<xmin>1<', '<xmin>0<'), 'outside_image'],
    ['to the width', changed('<xmax>20<', '<xmax>21<'), 'outside_image'],
    ['first before last', changed('<xmax>20<', '<xmax>0<'), 'degenerate'],
    ['rows of lists', { [`${ROOT}/ImageSets/Main/train.txt`]: 'a b\n' }, 'bad_value'],
    ['rows of class lists', { [`${ROOT}/ImageSets/Main/cat_train.txt`]: 'a 2\n' }, 'bad_value'],
    ['names in lists', { [`${ROOT}/ImageSets/Main/val.txt`]: 'zz\n' }, 'unknown_image'],
    ['.jpg', { [`${ROOT}/JPEGImages/b.png`]: '' }, 'bad_value'],
  ])('%s', async (_, changes, code) => {
    expect(await checkVoc(filesOf(sound))).toEqual([]);
    expect((await checkVoc(filesOf({ ...sound, ...changes }))).map((issue) => issue.code)).toContain(code);
  });

  test('the layout', async () => {
    const issues = await checkVoc(filesOf({ 'Annotations/a.xml': xml() }));
    expect(issues.map(({ code }) => code)).toEqual(['wrong_format', 'missing_file', 'missing_file', 'missing_file']);
  });
});
