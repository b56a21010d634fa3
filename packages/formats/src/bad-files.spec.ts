import { filesOf, readAll } from '../test/import-files.js';
import { FORMAT_NAMES, FORMATS, type FormatName } from './formats.js';
import type { ImportIssueCode } from './reading/import-issues.js';

/**
 * Two images, `a.jpg` and `b.jpg` of 20 × 10 pixels, each with a box of the class "cat". Of the first one, anything can be made wrong;
 * the second one must be read all the same.
 */
interface Wrong {
  /** File name, box and size as they stand in the file; numbers without their quotes. */
  readonly name?: string;
  readonly box?: readonly [x: string, y: string, w: string, h: string];
  readonly width?: string;
  /** A class that is declared nowhere. */
  readonly stranger?: boolean;
  readonly id?: string;
  /** Name of the class of both. */
  readonly label?: string;
}

type Files = Record<string, string>;

const boxOf = ({ box }: Wrong) => box ?? (['2', '3', '8', '5'] as const);
/** The far corner; what is no number stays what it is. */
const far = (start: string, length: string) =>
  Number.isNaN(Number(length)) ? length : String(Number(start) + Number(length));
const quoted = (text: string) => (/^-?\d+(?:\.\d+)?$/u.test(text) ? text : JSON.stringify(text));

const BUILDERS: Record<FormatName, (first: Wrong) => Files> = {
  coco: (first) => {
    const image = (id: string, { name = 'b.jpg', width = '20' }: Wrong) =>
      `{"id":${quoted(id)},"file_name":${JSON.stringify(name)},"width":${quoted(width)},"height":10}`;
    const row = (id: string, image_id: string, one: Wrong) =>
      `{"id":${id},"image_id":${quoted(image_id)},"category_id":${one.stranger ? 99 : 1},"bbox":[${boxOf(one).map(quoted).join()}]}`;
    return {
      'a.json': `{"images":[\n${image(first.id ?? '1', { name: 'a.jpg', ...first })},\n${image('2', {})}],\n"categories":[{"id":1,"name":"${first.label ?? 'cat'}"}],\n"annotations":[\n${row('1', first.id ?? '1', first)},\n${row('2', '2', {})}]}`,
    };
  },
  dice: (first) => {
    const image = ({ name = 'b.jpg', width = '20', id = '2', ...one }: Wrong) =>
      `{"id":1,"file_name":${JSON.stringify(name)},"width":${quoted(width)},"height":10,"annotations":[{"id":${quoted(id)},"class_id":${one.stranger ? 99 : 0},"bbox":[${boxOf(one).map(quoted).join()}]}]}`;
    return {
      'a.json': `{"format_version":"1.0","task_type":"object_detection","classes":[{"id":0,"name":"${first.label ?? 'cat'}"}],\n"images":[\n${image({ name: 'a.jpg', id: '1', ...first })},\n${image({})}]}`,
    };
  },
  labelme: (first) => {
    const file = ({ name = 'b.jpg', width = '20', ...one }: Wrong) => {
      const [x, y, w, h] = boxOf(one);
      return `{"version":"5.0.0","flags":{},"shapes":[{"label":"${first.label ?? 'cat'}","points":[[${x},${y}],[${quoted(far(x, w))},${quoted(far(y, h))}]],"shape_type":"rectangle"}],\n"imagePath":${JSON.stringify(name)},"imageWidth":${quoted(width)},"imageHeight":10}`;
    };
    return { 'a.json': file({ name: 'a.jpg', ...first }), 'b.json': file({}) };
  },
  cvat: (first) => {
    const image = ({ name = 'b.jpg', width = '20', id = '2', ...one }: Wrong) => {
      const [x, y, w, h] = boxOf(one);
      return `<image id="${id}" name="${name}" width="${width}" height="10">\n<box label="${one.stranger ? 'dog' : (first.label ?? 'cat')}" occluded="0" xtl="${x}" ytl="${y}" xbr="${far(x, w)}" ybr="${far(y, h)}"/></image>`;
    };
    return {
      'annotations.xml': `<annotations><version>1.1</version>\n<meta><task><labels><label><name>${first.label ?? 'cat'}</name><type>any</type></label></labels></task></meta>\n${image({ name: 'a.jpg', id: '1', ...first })}\n${image({})}\n</annotations>`,
    };
  },
  label_studio: (first) => {
    const task = ({ name = 'b.jpg', width = '20', id = '2', ...one }: Wrong) => {
      const [x, y, w, h] = boxOf(one).map((token, n) =>
        Number.isNaN(Number(token)) ? JSON.stringify(token) : Number(token) * (n % 2 ? 10 : 5),
      );
      return `{"id":${quoted(id)},"data":{"image":${JSON.stringify(name)}},"annotations":[{"id":1,"result":[{"id":"r","from_name":"label","to_name":"image","type":"rectanglelabels","original_width":${quoted(width)},"original_height":10,"value":{"x":${x},"y":${y},"width":${w},"height":${h},"rectanglelabels":["${one.stranger ? 'dog' : (first.label ?? 'cat')}"]}}]}]}`;
    };
    return {
      'tasks.json': `[\n${task({ name: 'a.jpg', id: '1', ...first })},\n${task({})}]`,
      'label_config.xml': `<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image"><Label value="${first.label ?? 'cat'}"/></RectangleLabels></View>`,
    };
  },
  voc: (first) => {
    const file = ({ name = 'b.jpg', width = '20', ...one }: Wrong) => {
      const [x, y, w, h] = boxOf(one);
      const corner = (text: string) => (Number.isNaN(Number(text)) ? text : String(Number(text) + 1));
      return `<annotation><folder>x</folder><filename>${name}</filename><source/><size><width>${width}</width><height>10</height><depth>3</depth></size><segmented>0</segmented>\n<object><name>${first.label ?? 'cat'}</name><pose>Left</pose><truncated>0</truncated><difficult>0</difficult><bndbox><xmin>${corner(x)}</xmin><ymin>${corner(y)}</ymin><xmax>${far(x, w)}</xmax><ymax>${far(y, h)}</ymax></bndbox></object></annotation>`;
    };
    return { 'Annotations/a.xml': file({ name: 'a.jpg', ...first }), 'Annotations/b.xml': file({}) };
  },
  yolo: (first) => {
    const row = (one: Wrong) => {
      const [x, y, w, h] = boxOf(one).map((token, n) =>
        Number.isNaN(Number(token)) ? token : Number(token) / (n % 2 ? 10 : 20),
      );
      return `${one.stranger ? 9 : 0} ${Number(x) + Number(w) / 2 || x} ${Number(y) + Number(h) / 2 || y} ${w} ${h}\n`;
    };
    const stem = (first.name ?? 'a.jpg').replace(/\.jpg$/u, '');
    return {
      'data.yaml': `train: images/train\nval: images/val\nnames: ["${first.label ?? 'cat'}"]\n`,
      [`labels/train/${stem}.txt`]: row(first),
      'labels/val/b.txt': row({}),
    };
  },
  csv: (first) => {
    const row = ({ name = 'b.jpg', width = '20', ...one }: Wrong) => {
      const [x, y, w, h] = boxOf(one);
      return `${name},${width},10,${first.label ?? 'cat'},${x},${y},${far(x, w)},${far(y, h)}\n`;
    };
    return { 'a.csv': `image,width,height,class,xmin,ymin,xmax,ymax\n${row({ name: 'a.jpg', ...first })}${row({})}` };
  },
};

/** A code for all, others for some; null where the format has no such thing. */
type Expected = ImportIssueCode | Partial<Record<FormatName | 'others', ImportIssueCode | null>>;

const DEFECTS: [what: string, wrong: Wrong, expected: Expected][] = [
  ['a path out of the folder', { name: '../../../z.jpg' }, 'unsafe_path'],
  ['a path out of the folder, with backslashes', { name: '..\\..\\..\\z.jpg' }, 'unsafe_path'],
  ['an absolute path', { name: '/etc/z.jpg' }, 'unsafe_path'],
  ['another disk', { name: 'C:\\z.jpg' }, 'unsafe_path'],
  // Label Studio names pictures by their address.
  ['an address', { name: 'https://example.org/x/../z.jpg' }, 'unsafe_path'],
  // A table has a row per shape.
  ['a name twice', { name: 'b.jpg' }, { others: 'duplicate_image', csv: null }],
  ['text for a number', { box: ['2', '3', 'eight', '5'] }, { others: 'bad_geometry', yolo: 'bad_value' }],
  // LabelMe takes two corners in any order.
  ['a box of negative size', { box: ['9', '3', '-5', '5'] }, { others: 'degenerate', labelme: null }],
  ['a box far outside', { box: ['500', '3', '5', '5'] }, 'outside_image'],
  ['an image of negative size', { width: '-20' }, { others: 'bad_size', yolo: null }],
  ['text for the size of an image', { width: 'wide' }, { others: 'bad_size', yolo: null }],
  // Elsewhere every name is a class.
  [
    'an unknown class',
    { stranger: true },
    { others: 'unknown_class', dice: 'bad_class', voc: null, labelme: null, csv: null },
  ],
  ['a text for an id', { id: 'one' }, { others: 'bad_id', voc: null, yolo: null, labelme: null, csv: null }],
];

const expectedOf = (expected: Expected, name: FormatName) => {
  if (typeof expected === 'string') return expected;
  return expected[name] === undefined ? (expected.others ?? null) : expected[name];
};

const findImage = (path: string) => (['a.jpg', 'b.jpg'].includes(path) ? { path, width: 20, height: 10 } : null);
/** Files of one image each: the file is the place. */
const PER_IMAGE: readonly FormatName[] = ['voc', 'yolo', 'labelme'];

describe.each(FORMAT_NAMES)('%s', (name) => {
  const format = FORMATS[name];
  const build = BUILDERS[name];
  const read = (files: Files | Map<string, Uint8Array>, options: object = { findImage }) =>
    readAll(format.read(filesOf(files), options));

  test('the files that are broken below are sound', async () => {
    const back = await read(build({}));
    expect(back.issues).toEqual([]);
    expect(back.annotations.map(({ image, class_name, geometry }) => [image, class_name, geometry.type])).toEqual([
      ['a.jpg', 'cat', 'bbox'],
      ['b.jpg', 'cat', 'bbox'],
    ]);
  });

  test.each(DEFECTS)('%s', async (_, wrong, expected) => {
    const code = expectedOf(expected, name);
    if (code === null) return;
    const files = build(wrong);
    const back = await read(files);
    const issues = [...back.report.issues, ...(code === 'bad_id' ? await format.check(filesOf(files)) : [])];
    const issue = issues.find((one) => one.code === code);
    expect(issues.map((one) => one.code)).toContain(code);
    expect(Object.keys(files)).toContain(issue?.file);
    expect(issue?.line !== undefined || issue?.path !== undefined || PER_IMAGE.includes(name)).toBe(true);
    expect(issue?.message).toMatch(/.{10,}/u);
    // The other image is not affected.
    expect(back.annotations.filter(({ image }) => image === 'b.jpg')).toHaveLength(1);
    for (const { path } of back.images) expect(path).toMatch(/^[ab]\.jpg$/u);
  });

  test('an image that the dataset does not have', async () => {
    const back = await read(build({}), { findImage: (path: string) => (path === 'b.jpg' ? findImage(path) : null) });
    const issue = back.report.issues.find(({ code }) => code === 'image_missing');
    expect(issue?.message).toContain('a.jpg');
    expect(issue?.line !== undefined || issue?.path !== undefined || PER_IMAGE.includes(name)).toBe(true);
    expect(back.annotations.map(({ image }) => image)).toEqual(['b.jpg']);
  });

  test('bytes of another encoding', async () => {
    const files = new Map(
      Object.entries(build({ label: 'caf\u00e9' })).map(([path, text]) => [path, Buffer.from(text, 'latin1')]),
    );
    const back = await read(files);
    const issue = back.report.issues.find(({ code }) => code === 'bad_encoding' || code === 'bad_json');
    expect(issue?.message).toMatch(/UTF-8/u);
    expect([...files.keys()]).toContain(issue?.file);
    expect(back.annotations.map(({ class_name }) => class_name).join()).not.toContain('\ufffd');
  });

  test('cut off in the middle', async () => {
    const files = build({});
    const [path] = Object.keys(files).filter((one) => !/config|yaml/u.test(one));
    const text = files[path as string] as string;
    const back = await read({ ...files, [path as string]: text.slice(0, Math.ceil(text.length * 0.8)) });
    const [issue] = back.report.issues;
    expect({ csv: 'bad_csv', yolo: 'bad_geometry' }[name as string] ?? 'truncated').toBe(issue?.code);
    expect(issue?.file).toBe(path);
    expect(back.annotations.length).toBeLessThan(2);
  });
});

const LAUGHS =
  '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>';

test.each<[FormatName, string]>([
  ['cvat', 'annotations.xml'],
  ['voc', 'Annotations/a.xml'],
  ['label_studio', 'label_config.xml'],
])('%s: entities are not expanded', async (name, path) => {
  const files = BUILDERS[name]({});
  const laughing = { ...files, [path]: LAUGHS + (files[path] as string).replace('cat', '&c;') };
  const back = await readAll(FORMATS[name].read(filesOf(laughing), { findImage }));
  expect(back.issues[0]).toBe(`error bad_xml ${path} 1`);
  expect(JSON.stringify(back.annotations)).not.toContain('ha');
});
