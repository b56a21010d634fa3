import { filesOf, readAll } from '../test/import-files.js';
import { recogniseFormat } from './formats.js';
import type { ImportOptions } from './reading/import-codec.js';

/** Small files with the odd corners of files that others published, each through recognition, reader and report. */

async function imported(files: Record<string, string>, options: ImportOptions = {}) {
  const given = filesOf(files, 4096);
  const format = await recogniseFormat(given);
  const back = await readAll(format!.read(given, options));
  const shapes = back.annotations.map(({ image, class_name, geometry }) => [image, class_name, geometry.type]);
  return {
    name: format?.name,
    issues: back.issues,
    shapes,
    annotations: back.annotations,
    images: back.images,
    classes: back.classes,
  };
}

test('COCO as converters write it: ids with gaps, empty info, runs as a list, a crowd, a box as polygon', async () => {
  const file = {
    licenses: [{ name: '', id: 0, url: '' }],
    info: { contributor: '', date_created: '', description: '', url: '', version: '', year: '' },
    categories: [{ id: 1, name: 'a', supercategory: '' }, { id: 4, name: 'c', supercategory: '' }],
    images: [{ id: 40, width: 5, height: 10, file_name: 'b.jpg', license: 0, flickr_url: '', coco_url: '', date_captured: 0 }],
    annotations: [
      { id: 1, image_id: 40, category_id: 1, segmentation: [[0, 0, 1, 0, 1, 2, 0, 2]], area: 2, bbox: [0, 0, 1, 2], iscrowd: 0, attributes: { x: 1, y: 'hello' } },
      { id: 2, image_id: 40, category_id: 4, segmentation: { counts: [0, 10, 5, 5, 5, 5, 0, 10, 10, 0], size: [10, 5] }, area: 30, bbox: [0, 0, 4, 9], iscrowd: 1 },
      { id: 3, image_id: 40, category_id: 4, segmentation: [], area: 4, bbox: [1, 1, 2, 2], iscrowd: 0 },
    ],
  }; // prettier-ignore
  const back = await imported({ 'annotations/instances_val.json': JSON.stringify(file, null, 4) });
  expect([back.name, back.shapes]).toEqual([
    'coco',
    [
      ['b.jpg', 'a', 'bbox'],
      ['b.jpg', 'c', 'mask'],
      ['b.jpg', 'c', 'bbox'],
    ],
  ]);
  expect(back.issues).toEqual(['warning changed_kind annotations/instances_val.json 42 annotations.0']);
  expect(back.images).toMatchObject([{ split: 'val' }]);
  expect(back.annotations.map(({ attributes }) => attributes)).toEqual([{ x: 1, y: 'hello' }, { iscrowd: 1 }, {}]);
});

test('COCO captions with an empty list of categories and a category of 0', async () => {
  const caption = (id: number, text: string) => ({ id, image_id: 40, category_id: 0, caption: text });
  const file = { images: [{ id: 40, width: 5, height: 10, file_name: 'b.jpg' }], categories: [], annotations: [caption(1, 'world'), caption(2, 'test')] }; // prettier-ignore
  const back = await imported({ 'captions_val.json': JSON.stringify(file, null, 4) });
  expect([back.name, back.issues, back.shapes]).toEqual([
    'coco',
    [],
    [
      ['b.jpg', null, 'text'],
      ['b.jpg', null, 'text'],
    ],
  ]);
});

test('VOC with actions, parts, lists of classes, and objects that say nothing but their box', async () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<annotation><folder>VOC2007</folder><filename>1.jpg</filename><size><width>20</width><height>10</height><depth>3</depth></size><segmented>1</segmented>
<object><name>cat</name><pose>Unspecified</pose><truncated>1</truncated><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object>
<object><name>person</name><bndbox><xmin>4</xmin><ymin>5</ymin><xmax>6</xmax><ymax>7</ymax></bndbox>
<part><name>head</name><bndbox><xmin>5.5</xmin><ymin>6</ymin><xmax>7.5</xmax><ymax>8</ymax></bndbox></part>
<actions><other>1</other><jumping>0</jumping><phoning>1</phoning></actions></object></annotation>`;
  const back = await imported({
    'Annotations/1.xml': xml,
    'ImageSets/Main/train.txt': '1\n',
    'ImageSets/Main/cat_train.txt': '1  1\n',
    'ImageSets/Main/bus_train.txt': '1  1\n',
    'ImageSets/Main/dog_train.txt': '1 -1\n',
    'ImageSets/Action/train.txt': '1\n',
  });
  expect([back.name, back.shapes]).toEqual([
    'voc',
    [
      ['1.jpg', 'cat', 'bbox'],
      ['1.jpg', 'person', 'bbox'],
      ['1.jpg', 'bus', 'classification'],
    ],
  ]);
  expect(back.issues).toEqual(['error left_out Annotations/1.xml 5']);
  expect(back.annotations.map(({ attributes }) => attributes)).toEqual([{ truncated: true }, { actions: ['other', 'phoning'] }, {}]); // prettier-ignore
});

test('VOC with corners between pixels, as converters of polygons write them', async () => {
  const xml = '<annotation>\n<folder/><filename>2011_000003.jpg</filename><database/><size><height>338</height><width>500</width><depth>3</depth></size>\n<object><name>person</name><pose/><truncated/><difficult/><bndbox><xmin>191.1</xmin><ymin>107.33</ymin><xmax>313.3</xmax><ymax>329.1</ymax></bndbox></object></annotation>'; // prettier-ignore
  const back = await imported({ 'Annotations/2011_000003.xml': xml });
  expect(back.issues).toEqual(['warning changed_kind Annotations/2011_000003.xml 3']);
  expect(back.annotations).toMatchObject([
    { geometry: { bbox: [191.1, 107.33, expect.closeTo(122.2, 9), expect.closeTo(221.77, 9)] } },
  ]);
});

test('YOLO without val, with a path, names as a map that not all are used', async () => {
  const files = {
    'data.yaml': 'path: .\ntrain: images/train\n\nnames:\n  0: label_0\n  1: label_1\n  2: label_2\n',
    'images/train/1.jpg': '',
    'labels/train/1.txt':
      '2 0.100000 0.100000 0.400000 0.100000 0.400000 0.500000\n1 0.2 0.15 0.4 0.15 0.4 0.75 0.3 0.75 0.25 0.3\n',
  };
  const back = await imported(files, { findImage: (path) => ({ path, width: 10, height: 10 }) });
  expect([back.name, back.issues, back.shapes]).toEqual([
    'yolo',
    [],
    [
      ['images/train/1.jpg', 'label_2', 'polygon'],
      ['images/train/1.jpg', 'label_1', 'polygon'],
    ],
  ]);
});

test('LabelMe 4 and 5: long numbers, groups, descriptions', async () => {
  const shape = (label: string, shape_type: string, more: object) => ({ label, points: [[10.8142292490119, 7.33596837944665], [29.8142292490119, 19.33596837944665], [21.8, 35.3]], group_id: null, shape_type, flags: {}, ...more }); // prettier-ignore
  const file = {
    version: '4.0.0',
    flags: {},
    shapes: [
      shape('person', 'polygon', { group_id: 0, description: 'half hidden' }),
      shape('person', 'polygon', { group_id: 0 }),
      shape('bottle', 'rectangle', { points: [[1, 1], [5, 5]], group_id: 3 }), // prettier-ignore
    ],
    imagePath: '2011_000003.jpg',
    imageData: null,
    imageHeight: 338,
    imageWidth: 500,
  };
  const back = await imported({ '2011_000003.json': JSON.stringify(file, null, 2) });
  expect([back.name, back.issues]).toEqual(['labelme', []]);
  expect(back.annotations.map(({ class_name, attributes }) => [class_name, attributes])).toEqual([
    ['bottle', { group_id: 3 }],
    ['person', { description: 'half hidden' }],
  ]);
});
