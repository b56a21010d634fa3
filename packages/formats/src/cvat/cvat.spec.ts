import { decodeRleCounts, encodeRleCounts, type Geometry } from '@labelyard/domain';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { CLASSES, comparable, projectsOf } from '../../test/project-arbitraries.js';
import { drawn, readFiles, sourceOf, type TestProject } from '../../test/project-source.js';
import { bridgedRing } from '../bridged-ring.js';
import { checkCvat } from './check-cvat.js';
import { readCvat } from './read-cvat.js';
import { writeCvat } from './write-cvat.js';

async function written(project: TestProject) {
  const run = writeCvat(sourceOf(project));
  const files = await readFiles(run);
  return { files, text: files.get('annotations.xml')!, report: run.report() };
}

describe('the golden project', () => {
  test('gives the XML that was checked by hand', async () => {
    const expected = readFileSync(join(import.meta.dirname, '../../test/__fixtures__/cvat-golden.xml'), 'utf8');
    expect((await written(GOLDEN)).text).toBe(expected);
  });

  test('names what it drops and converts', async () => {
    const { report } = await written(GOLDEN);
    const codes = (rows: typeof report.dropped) => rows.map(({ code, examples }) => [code, ...examples]);
    expect(codes(report.dropped)).toEqual([
      ['text', 25],
      ['unknown_class', 26],
      ['unknown_image', 27],
    ]);
    expect(codes(report.converted)).toEqual([
      ['no_object', 21],
      ['several_shapes', 11],
      ['holes_bridged', 12, 28],
    ]);
  });
});

const declared = (geometry: Geometry): Geometry =>
  geometry.type === 'polygon'
    ? { type: 'polygon', polygons: geometry.polygons.map((part) => [bridgedRing(part), []]) }
    : geometry;

test('what is read back equals what was written, up to what the report declares', async () => {
  await fc.assert(
    fc.asyncProperty(
      projectsOf(['bbox', 'rotated_bbox', 'polygon', 'mask', 'polyline', 'circle', 'keypoints', 'classification']),
      async (project) => {
        const { files, report } = await written(project);
        expect(report.dropped).toEqual([]);
        const lossy = new Set(report.converted.map(({ code }) => code));
        for (const code of lossy) expect(['several_shapes', 'holes_bridged']).toContain(code);
        expect(await checkCvat(filesOf(files, 4096))).toEqual([]);
        const back = await readAll(readCvat(filesOf(files, 4096)));
        expect(back.issues).toEqual([]);
        expect(back.images.map(({ path }) => path)).toEqual(project.images.map(({ path }) => path));
        const { keypoints, skeleton } = CLASSES.find(({ name }) => name === 'pose')!;
        expect(back.classes.find(({ name }) => name === 'pose')).toMatchObject({ keypoints, skeleton });
        const rows = drawn(project).map((one) => ({ ...one, geometry: declared(one.geometry) }));
        // Tags stand behind the shapes.
        const isTag = ({ geometry }: { geometry: Geometry }) => geometry.type === 'classification';
        const expected = project.images.flatMap(({ path }) => {
          const here = rows.filter(({ image }) => image === path);
          return [...here.filter((one) => !isTag(one)), ...here.filter(isTag)];
        });
        expect(back.annotations.map(({ image, class_name, geometry }) => ({ image, class_name, geometry }))).toEqual(
          comparable(expected, 5),
        );
        // A flag that is not set is the same as none.
        const flagless = ({ occluded, ...others }: Record<string, unknown>, geometry: Geometry) =>
          occluded === false && !['classification', 'keypoints'].includes(geometry.type)
            ? others
            : { ...(occluded !== undefined && { occluded }), ...others };
        expect(back.annotations.map(({ attributes }) => attributes)).toEqual(
          expected.map(({ attributes, geometry }) => flagless(attributes as Record<string, unknown>, geometry)),
        );
      },
    ),
    { numRuns: 40 },
  );
});

describe('what CVAT says in its own way', () => {
  const box = { type: 'bbox', bbox: [1, 1, 5, 5] };
  const head = { ...GOLDEN.head, task_types: ['detection', 'keypoint'] as const };
  const classes: TestProject['head']['classes'] = [
    { id: 1, task_type: 'detection', name: 'dog', color: '#ff0000' },
    { id: 2, task_type: 'keypoint', name: 'dog', keypoints: ['nose', 'tail "end"'], skeleton: [[1, 0]] },
    { id: 3, task_type: 'keypoint', name: 'wheels' },
  ];
  const project = (annotations: TestProject['annotations']): TestProject => ({
    head: { ...head, classes },
    images: [{ id: 1, path: 'a.jpg', width: 100, height: 50, split: 'test' }],
    annotations,
  });

  test('one label has one kind: a skeleton of the same name is told apart', async () => {
    const { text, report, files } = await written(
      project([{ id: 1, image_id: 1, class_id: 2, geometry: { type: 'keypoints', points: [[1, 2, 1], [3, 4, 2]] } }]), // prettier-ignore
    );
    expect(text).toContain('<skeleton label="dog (keypoint)" source="manual" z_order="0">');
    expect(report.notes).toEqual([
      'The skeleton "dog" is called "dog (keypoint)": a label has one kind.',
      '1 × image whose split is not in the file: tasks of CVAT have none (image 1)',
    ]);
    expect(report.noted).toEqual([
      { code: 'skeleton_renamed', text: report.notes[0], values: { name: 'dog', label: 'dog (keypoint)' } },
      { code: 'image_split', text: report.notes[1], about: { what: 'image', count: 1, examples: [1] } },
    ]);
    const back = await readAll(readCvat(filesOf(files)));
    expect(back.classes).toEqual([
      { kind: 'class', name: 'dog', task_type: 'detection', color: '#ff0000' },
      { kind: 'class', name: 'dog (keypoint)', task_type: 'keypoint', keypoints: ['nose', 'tail "end"'], skeleton: [[1, 0]] }, // prettier-ignore
      { kind: 'class', name: 'wheels', task_type: 'keypoint' },
    ]);
  });

  test('points without names, order, flags, types of attributes', async () => {
    const { report, files, text } = await written(
      project([
        { id: 1, image_id: 1, class_id: 3, geometry: { type: 'keypoints', points: [[1, 2, 1], [0, 0, 0], [3, 4, 2]] } }, // prettier-ignore
        { id: 2, image_id: 1, class_id: 3, geometry: { type: 'keypoints', points: [[1, 2, 1]] } },
        { id: 3, image_id: 1, class_id: 1, geometry: box, attributes: { occluded: true, z_order: 7, n: 3, mixed: 1, list: ['a'], wet: false, empty: '' } }, // prettier-ignore
        { id: 4, image_id: 1, class_id: 1, geometry: box, attributes: { occluded: 'partly', z_order: 1.5, n: -2, mixed: 'x' } }, // prettier-ignore
      ]),
    );
    expect(report.converted.map(({ code, examples }) => [code, ...examples])).toEqual([
      ['points_without_names', 1],
      ['attributes', 3, 4],
    ]);
    expect(text).toContain('<name>n</name><mutable>False</mutable><input_type>number</input_type><default_value>-2</default_value><values>-2&#10;3&#10;1</values>'); // prettier-ignore
    const back = await readAll(readCvat(filesOf(files)));
    expect(back.annotations.map(({ geometry, attributes }) => [geometry, attributes])).toEqual([
      [{ type: 'keypoints', points: [[1, 2, 2], [3, 4, 2]] }, {}], // prettier-ignore
      [{ type: 'keypoints', points: [[1, 2, 1]] }, {}],
      [box, { occluded: true, z_order: 7, n: 3, mixed: '1', list: '["a"]', wet: false, empty: '' }],
      [box, { occluded: 'partly', z_order: '1.5', n: -2, mixed: 'x' }],
    ]);
  });

  test('fewer keypoints than the class has', async () => {
    const { report, files } = await written(
      project([{ id: 9, image_id: 1, class_id: 2, geometry: { type: 'keypoints', points: [[1, 1, 1]] } }]),
    );
    expect(report.converted).toMatchObject([{ code: 'keypoints_padded', examples: [9] }]);
    expect(await checkCvat(filesOf(files))).toEqual([]);
    const back = await readAll(readCvat(filesOf(files)));
    expect(back.issues).toEqual([]);
    expect(back.annotations).toMatchObject([{ geometry: { type: 'keypoints', points: [[1, 1, 1], [0, 0, 0]] } }]); // prettier-ignore
  });

  test('more keypoints than the class has', async () => {
    const points = [[1, 1, 2], [2, 2, 2], [3, 3, 2]]; // prettier-ignore
    const { report } = await written(project([{ id: 9, image_id: 1, class_id: 2, geometry: { type: 'keypoints', points } }])); // prettier-ignore
    expect(report.dropped).toMatchObject([{ code: 'wrong_keypoints', examples: [9] }]);
  });
});

const meta = '<meta><task><labels><label><name>cat</name><type>any</type><attributes><attribute><name>n</name><input_type>number</input_type></attribute></attributes></label><label><name>pose</name><type>skeleton</type><attributes/></label><label><name>head</name><type>points</type><attributes/><parent>pose</parent></label><label><name>tail</name><type>points</type><attributes/><parent>pose</parent></label></labels></task></meta>'; // prettier-ignore
const xml = (shapes: string, { labels = meta, image = 'id="0" name="a.jpg" width="20" height="10"' } = {}) =>
  `<?xml version="1.0"?>\n<annotations><version>1.1</version>${labels}<image ${image}>\n${shapes}</image></annotations>`;
const box = (values = 'xtl="1" ytl="2" xbr="5.5" ybr="6"', inside = '', label = 'cat') =>
  `<box label="${label}" occluded="0" ${values}>${inside}</box>`;
const read = (content: string | Uint8Array, options = {}) =>
  readAll(readCvat(filesOf({ 'annotations.xml': content }), options));

describe('files of others', () => {
  test('every shape, as CVAT writes it', async () => {
    const back = await read(
      xml(
        [
          `<box label="cat" source="semi-auto" occluded="1" xtl="1.00" ytl="2.00" xbr="5.50" ybr="6.00" rotation="350.00" z_order="3"><attribute name="n">4</attribute><attribute name="free">5</attribute></box>`,
          '<polygon label="cat" source="file" occluded="0" points="1.00,1.00;5.00,1.00;5.00,5.00" z_order="0" group_id="2"></polygon>',
          '<polyline label="cat" occluded="0" points="1,1;9,9"/>',
          '<points label="cat" occluded="0" points="1,1;2,2"/>',
          '<polygon label="cat" occluded="0" points="11,1;15,1;15,5" group_id="2"></polygon>',
          '<polygon label="cat" occluded="0" points="11,1;15,1;15,5" group_id="3"></polygon>',
          '<mask label="cat" occluded="0" rle="1, 1, 2, 1" left="2" top="3" width="2" height="3"/>',
          '<ellipse label="cat" occluded="0" cx="10" cy="5" rx="3" ry="3.001"/>',
          '<skeleton label="pose" z_order="0"><points label="tail" outside="0" occluded="1" points="3,3"/><points label="head" outside="1" occluded="0" points="9,9"/></skeleton>',
          '<tag label="cat" source="manual"><attribute name="n">x</attribute></tag>',
        ].join('\n'),
      ),
    );
    expect(back.issues).toEqual([]);
    // Pixels of the window of 2 × 3: `.#`, `..`, `#.`; what is left of the run is not set.
    const pixels = decodeRleCounts(encodeRleCounts([2 * 10 + 5, 1, 7, 1, 166]))!;
    expect(back.annotations.map(({ geometry }) => geometry)).toEqual([
      { type: 'rotated_bbox', center: [3.25, 4], size: [4.5, 4], angle: -10 },
      { type: 'polygon', polygons: [[[[1, 1], [5, 1], [5, 5]], []], [[[11, 1], [15, 1], [15, 5]], []]] }, // prettier-ignore
      { type: 'polyline', points: [[1, 1], [9, 9]] }, // prettier-ignore
      { type: 'keypoints', points: [[1, 1, 2], [2, 2, 2]] }, // prettier-ignore
      { type: 'polygon', polygons: [[[[11, 1], [15, 1], [15, 5]], []]] }, // prettier-ignore
      { type: 'mask', size: [10, 20], counts: encodeRleCounts(pixels) },
      { type: 'circle', center: [10, 5], radius: expect.closeTo(3.0005, 9) },
      { type: 'keypoints', points: [[0, 0, 0], [3, 3, 1]] }, // prettier-ignore
      { type: 'classification' },
    ]);
    expect(back.annotations[0]).toMatchObject({
      attributes: { n: 4, free: '5', occluded: true, z_order: 3 },
      origin: { source: 'model' },
    });
    expect(back.annotations[4]?.attributes).toEqual({ group_id: 3 });
    expect(back.annotations[8]?.attributes).toEqual({ n: 'x' });
  });

  const part = (x: number, inside = '', values = 'occluded="0"') =>
    `<polygon label="cat" ${values} points="${x},1;${x + 1},1;${x + 1},5" group_id="2">${inside}</polygon>`;
  const plate = (text: string) => `<attribute name="plate">${text}</attribute>`;
  const partsRead = async (...shapes: string[]) => {
    const back = await read(xml(shapes.join('\n')));
    return {
      issues: back.issues,
      shapes: back.annotations.map(({ attributes, origin, geometry }) => ({
        ...(geometry.type === 'polygon' && { left: geometry.polygons.map(([[first]]) => first?.[0]) }),
        ...attributes,
        ...origin,
      })),
    };
  };

  test('parts whose attributes differ are shapes of their own, which know their group', async () => {
    const colour = '<attribute name="colour">red</attribute>';
    expect(
      await partsRead(part(1, plate('A') + colour), part(3, plate('B')), part(5, colour + plate('A')), part(7)),
    ).toEqual({
      issues: [],
      shapes: [
        { left: [1, 5], plate: 'A', colour: 'red', group_id: 2 },
        { left: [3], plate: 'B', group_id: 2 },
        { left: [7], group_id: 2 },
      ],
    });
  });

  test('a shape of several parts in a group with others knows its group', async () => {
    const grouped = box('xtl="1" ytl="2" xbr="5.5" ybr="6" group_id="2"');
    expect(await partsRead(part(1), grouped, part(3))).toEqual({
      issues: [],
      shapes: [{ left: [1, 3], group_id: 2 }, { group_id: 2 }],
    });
  });

  test('parts that differ in order, source or occlusion are one shape, with a warning', async () => {
    const first = part(1, plate('A'), 'occluded="1" z_order="1"');
    const others = ['occluded="0" z_order="1"', 'occluded="1"', 'occluded="1" z_order="1" source="auto"', 'occluded="1" z_order="1"']; // prettier-ignore
    expect(await partsRead(first, ...others.map((values, n) => part(3 + 2 * n, plate('A'), values)))).toEqual({
      issues: [4, 5, 6].map((line) => `warning left_out annotations.xml ${line}`),
      shapes: [{ left: [1, 3, 5, 7, 9], plate: 'A', occluded: true, z_order: 1 }],
    });
  });

  test('projects of several tasks: splits, labels once', async () => {
    const labels = meta.replaceAll('task>', 'project>');
    const files = {
      'a.xml': xml('', { labels, image: 'id="0" name="a.jpg" subset="Train" task_id="1" width="20" height="10"' }),
      'b.xml': xml('', { labels, image: 'id="0" name="b.jpg" subset="Validation" width="20" height="10"' }),
    };
    const back = await readAll(readCvat(filesOf(files)));
    expect(back.issues).toEqual([]);
    expect(back.images.map(({ split }) => split)).toEqual(['train', 'val']);
    expect(back.classes).toHaveLength(2);
    expect((await checkCvat(filesOf(files))).map(({ code }) => code)).toEqual([]);
  });

  test.each<[string, string, string, number]>([
    ['no corner', box('xtl="1" ytl="2" xbr="5"'), 'error missing_key', 0],
    ['not a number', box('xtl="1" ytl="two" xbr="5" ybr="6"'), 'error bad_geometry', 0],
    ['an empty number', box('xtl="1" ytl="" xbr="5" ybr="6"'), 'error bad_geometry', 0],
    ['negative size', box('xtl="5" ytl="2" xbr="1" ybr="6"'), 'error degenerate', 0],
    ['far outside', box('xtl="50" ytl="20" xbr="60" ybr="60"'), 'error outside_image', 0],
    ['partly outside', box('xtl="15" ytl="5" xbr="60" ybr="60"'), 'warning clipped', 1],
    ['no label', box(undefined, '', ''), 'error bad_class', 0],
    ['an unknown label', box(undefined, '', 'dog'), 'warning unknown_class', 1],
    ['rotation a text', box('xtl="1" ytl="2" xbr="5" ybr="6" rotation="left"'), 'error bad_geometry', 0],
    ['no points', '<polygon label="cat"/>', 'error missing_key', 0],
    ['points of three numbers', '<polygon label="cat" points="1,1,2;2,2,2;3,3,3"/>', 'error bad_geometry', 0],
    ['points cut off', '<polygon label="cat" points="1,1;2,2;3"/>', 'error bad_geometry', 0],
    ['two points', '<polygon label="cat" points="1,1;2,2"/>', 'error degenerate', 0],
    ['a mask without rle', '<mask label="cat" left="0" top="0" width="2" height="2"/>', 'error bad_mask', 0],
    ['runs of text', '<mask label="cat" rle="1,x" left="0" top="0" width="2" height="2"/>', 'error bad_mask', 0],
    ['runs below 0', '<mask label="cat" rle="1,-1" left="0" top="0" width="2" height="2"/>', 'error bad_mask', 0],
    ['too many runs', '<mask label="cat" rle="1,9" left="0" top="0" width="2" height="2"/>', 'error bad_mask', 0],
    ['no pixel', '<mask label="cat" rle="4" left="0" top="0" width="2" height="2"/>', 'error degenerate', 0],
    [
      'a mask outside',
      '<mask label="cat" rle="0,4" left="19" top="0" width="2" height="2"/>',
      'error outside_image',
      0,
    ],
    ['a mask of no size', '<mask label="cat" rle="0" left="1" top="0" width="-2" height="2"/>', 'error degenerate', 0],
    ['an ellipse', '<ellipse label="cat" cx="10" cy="5" rx="3" ry="2" rotation="30"/>', 'warning changed_kind', 1],
    ['an ellipse without radii', '<ellipse label="cat" cx="10" cy="5"/>', 'error bad_geometry', 0],
    ['a cuboid', '<cuboid label="cat" xtl1="1"/>', 'error unsupported_shape', 0],
    ['a shape of tomorrow', '<blob label="cat"/>', 'error unsupported_shape', 0],
    ['a skeleton without a place', '<skeleton label="pose"><points label="head" outside="0"/></skeleton>', 'error bad_geometry', 0], // prettier-ignore
    ['a skeleton of strangers', '<skeleton label="pose"><points label="head" points="1,1"/><points label="ear" points="2,2"/></skeleton>', 'warning left_out', 1], // prettier-ignore
    ['a skeleton without points', '<skeleton label="pose"></skeleton>', 'error degenerate', 0],
  ])('shape: %s', async (_, content, issue, rows) => {
    const back = await read(xml(content));
    expect(back.issues.map((one) => one.split(' annotations.xml ')[0])).toContain(issue);
    expect(back.issues.every((one) => one.endsWith(' annotations.xml 3'))).toBe(true);
    expect(back.annotations).toHaveLength(rows);
  });

  test('tracks of videos are named, one by one', async () => {
    const track = '<track id="0" label="cat"><box frame="0" xtl="1" ytl="1" xbr="5" ybr="5" outside="0" occluded="0" keyframe="1"/></track>'; // prettier-ignore
    const back = await read(`<annotations>${meta}\n${track}\n${track}</annotations>`);
    expect(back.issues).toEqual([
      'error unsupported_shape annotations.xml 2',
      'error unsupported_shape annotations.xml 3',
    ]);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'error empty_file'],
    ['no XML', 'hello', 'error bad_xml'],
    ['cut off', xml(box()).slice(0, -30), 'error truncated'],
    ['another root', '<annotation></annotation>', 'error wrong_format'],
    ['billion laughs', `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>${xml('&lol2;')}`, 'error bad_xml'], // prettier-ignore
    ['a file of the server', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotations>&x;</annotations>', 'error bad_xml'], // prettier-ignore
    ['not UTF-8', Buffer.from(xml(box(undefined, '', 'caf\u00e9')), 'latin1'), 'error bad_encoding'],
    ['out of the folder', xml('', { image: 'id="0" name="../a.jpg" width="2" height="2"' }), 'error unsafe_path'],
    ['an absolute path', xml('', { image: 'id="0" name="/etc/a.jpg" width="2" height="2"' }), 'error unsafe_path'],
    ['another disk', xml('', { image: 'id="0" name="C:\\a.jpg" width="2" height="2"' }), 'error unsafe_path'],
    ['no name', xml('', { image: 'id="0" width="2" height="2"' }), 'error missing_key'],
    ['no size', xml('', { image: 'id="0" name="a.jpg"' }), 'error size_missing'],
    ['a negative size', xml('', { image: 'id="0" name="a.jpg" width="-2" height="2"' }), 'warning bad_size'],
    ['two labels of a name', xml('', { labels: meta.replace('pose', 'cat') }), 'error duplicate_class'],
  ])('file: %s', async (_, content, issue) => {
    expect((await read(content)).issues[0]).toMatch(new RegExp(`^${issue} annotations.xml`, 'u'));
  });

  test('images twice, images that are not there', async () => {
    const twice = xml(box()).replace(
      '</annotations>',
      '<image id="1" name="a.jpg" width="20" height="10"/></annotations>',
    );
    expect((await read(twice)).issues).toEqual(['error duplicate_image annotations.xml 3']);
    const gone = await read(xml(box()), { findImage: () => null });
    expect([gone.issues, gone.annotations]).toEqual([['error image_missing annotations.xml 2'], []]);
  });

  test('a skeleton of more points than are declared, labels without meta', async () => {
    const content = xml('<skeleton label="bird"><points label="beak" points="1,1"/><points label="wing" occluded="1" points="2,2"/></skeleton>', { labels: '' }); // prettier-ignore
    const back = await read(content);
    expect(back.issues).toEqual([]);
    expect(back.annotations).toMatchObject([
      { class_name: 'bird', geometry: { type: 'keypoints', points: [[1, 1, 2], [2, 2, 1]] } }, // prettier-ignore
    ]);
  });
});

describe('the rules', () => {
  test.each<[string, string, string]>([
    ['version', xml(box()).replace('1.1', '1.0'), 'bad_value'],
    ['a task', xml(box(), { labels: meta.replaceAll('task>', 'work>') }), 'missing_key'],
    ['meta first', xml(box(), { labels: '' }).replace('</annotations>', `${meta}</annotations>`), 'missing_key'],
    ['ids of images', xml(box(), { image: 'id="x" name="a.jpg" width="20" height="10"' }), 'bad_id'],
    ['ids once', xml(box()).replace('</annotations>', '<image id="0" name="b.jpg" width="2" height="1"/></annotations>'), 'duplicate_id'], // prettier-ignore
    ['flags', xml(box('xtl="1" ytl="2" xbr="5" ybr="6"').replace('occluded="0"', 'occluded="no"')), 'bad_value'],
    ['flags are there', xml(box('xtl="1" ytl="2" xbr="5" ybr="6"').replace('occluded="0"', '')), 'bad_value'],
    ['order', xml(box('xtl="1" ytl="2" xbr="5" ybr="6" z_order="top"')), 'bad_value'],
    ['names of attributes', xml(box(undefined, '<attribute>1</attribute>')), 'missing_key'],
    ['declared attributes', xml(box(undefined, '<attribute name="x">1</attribute>')), 'unknown_class'],
    [
      'whole masks',
      xml('<mask label="cat" occluded="0" rle="1,1" left="0" top="0" width="2" height="2"/>'),
      'bad_mask',
    ],
    ['whole skeletons', xml('<skeleton label="pose"><points label="head" occluded="0" points="1,1"/></skeleton>'), 'missing_key'], // prettier-ignore
    ['skeletons of their kind', xml('<skeleton label="cat"><points label="a" points="1,1"/></skeleton>'), 'bad_class'],
    ['points once', xml('<skeleton label="pose"><points label="head" points="1,1"/><points label="head" points="2,2"/></skeleton>'), 'bad_geometry'], // prettier-ignore
  ])('%s', async (_, content, code) => {
    expect(await checkCvat(filesOf({ 'a.xml': xml(box()) }))).toEqual([]);
    expect((await checkCvat(filesOf({ 'a.xml': content }))).map((issue) => issue.code)).toContain(code);
  });
});
