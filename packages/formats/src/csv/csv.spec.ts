import { canonicalGeometryJson } from '@labelyard/domain';
import fc from 'fast-check';
import { GOLDEN } from '../../test/golden-project.js';
import { filesOf, readAll } from '../../test/import-files.js';
import { projectsOf } from '../../test/project-arbitraries.js';
import { readFiles, rowsOf, sourceOf } from '../../test/project-source.js';
import { csvCell, csvRows, unguarded } from './csv-rows.js';
import { readCsv } from './read-csv.js';
import { writeCsv } from './write-csv.js';

const read = (content: string | Uint8Array, options = {}) => readAll(readCsv(filesOf({ 'a.csv': content }), options));
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

test('rows of the golden project, checked by hand', async () => {
  const run = writeCsv(sourceOf(GOLDEN));
  const lines = (await readFiles(run)).get('annotations.csv')!.split('\r\n');
  expect(lines.slice(0, 2)).toEqual([
    'image,width,height,split,id,task_type,type,class,xmin,ymin,xmax,ymax,area,confidence,state,attributes,geometry',
    'plaza.png,100,100,,1,detection,bbox,car,10,20,40,60,1200,,,"{""occluded"":false,""plate"":""가-\\""12\\""""}","{""type"":""bbox"",""bbox"":[10,20,30,40]}"',
  ]);
  expect(run.report().counts).toMatchObject({ images: 5, annotations: 21 });
  expect(run.report().dropped.map(({ code }) => code)).toEqual(['unknown_class', 'unknown_image']);
  expect(lines.at(-1)).toBe('');
});

test('reading back loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(projectsOf(KINDS), async (project) => {
      const rows = rowsOf(project);
      const back = await readAll(readCsv(filesOf(await readFiles(writeCsv(sourceOf(project))))));
      expect(back.issues).toEqual([]);
      expect(back.images.map(({ path, width, height }) => ({ path, width, height }))).toEqual(
        project.images.map(({ path, width, height }) => ({ path, width, height })),
      );
      const byId = new Map(back.annotations.map((one) => [one.origin?.id, one]));
      expect(byId.size).toBe(rows.length);
      for (const row of rows) {
        const one = byId.get(row.id)!;
        expect(canonicalGeometryJson(one.geometry)).toBe(row.geometry);
        expect(one.attributes).toEqual(JSON.parse(row.attributes));
        expect(one.class_name).toBe(project.head.classes.find(({ id }) => id === row.class_id)?.name ?? null);
      }
    }),
    { numRuns: 60 },
  );
});

test('any cell comes back, and none is a formula', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ';', "'", '=', '+', '-', '@', ' ', '한') });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(text, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      async (table) => {
        const written = table.map((row) => `${['x', ...row].map(csvCell).join()}\n`).join('');
        const back: string[][] = [];
        async function* chunks() {
          for (const byte of Buffer.from(`x,y,z\n${written}`)) yield Uint8Array.of(byte);
        }
        for await (const { cells } of csvRows(chunks())) back.push(cells.map(unguarded));
        expect(back.slice(1)).toEqual(table.map((row) => ['x', ...row]));
        for (const cell of table.flat()) expect(csvCell(cell)).not.toMatch(/^"?[=+\-@\t\r]/u);
      },
    ),
    { numRuns: 300 },
  );
});

describe('tables of others', () => {
  test.each([
    ['TensorFlow', 'filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,50,cat,10,20,40,45\n'],
    ['semicolons, CRLF', 'Image_ID;Width;Height;Label;X;Y;W;H\r\na.jpg;100;50;cat;10;20;30;25\r\n'],
    [
      'tabs, quotes, no last line end',
      'path\timage width\timage height\tlabel\tx1\ty1\tx2\ty2\n"a.jpg"\t100\t50\t"cat"\t10\t20\t40\t45',
    ],
    ['CR alone', 'image,width,height,class,xmin,ymin,xmax,ymax\ra.jpg,100,50,cat,10,20,40,45\r'],
    [
      'CR alone, quoted, no last line end',
      '"image";width;height;class;xmin;ymin;xmax;"ymax"\r"a.jpg";100;50;cat;10;20;40;"45"',
    ],
    ['CR and CRLF', 'image,width,height,class,xmin,ymin,xmax,ymax\r\r\na.jpg,100,50,cat,10,20,40,45\r\r\n'],
    ['with a mark', '\ufefffilename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,50,cat,10,20,40,45\n\n'],
  ])('%s', async (_, content) => {
    const back = await read(content);
    expect(back.issues).toEqual([]);
    expect(back.annotations).toMatchObject([{ class_name: 'cat', geometry: { type: 'bbox', bbox: [10, 20, 30, 25] } }]);
  });

  const HEADER = 'image,width,height,class,xmin,ymin,xmax,ymax\n';
  test.each<[string, string, string]>([
    ['not a number', 'a.jpg,100,50,cat,ten,20,40,45', 'error bad_geometry a.csv 2'],
    ['NaN', 'a.jpg,100,50,cat,NaN,20,40,45', 'error bad_geometry a.csv 2'],
    ['negative size', 'a.jpg,100,50,cat,40,20,10,45', 'error degenerate a.csv 2'],
    ['three corners', 'a.jpg,100,50,cat,10,20,40,', 'error bad_geometry a.csv 2'],
    ['no class', 'a.jpg,100,50,,10,20,40,45', 'error bad_class a.csv 2'],
    ['no size', 'a.jpg,,,cat,10,20,40,45', 'error size_missing a.csv 2'],
    ['too few cells', 'a.jpg,100', 'error bad_csv a.csv 2'],
    ['out of the folder', '../a.jpg,100,50,cat,10,20,40,45', 'error unsafe_path a.csv 2'],
    ['no image', ',100,50,cat,10,20,40,45', 'error missing_key a.csv 2'],
    ['shares of the image', 'a.jpg,100,50,cat,0.1,0.2,0.5,1', 'error bad_geometry a.csv 2'],
    ['outside', 'a.jpg,100,50,cat,1e9,20,2e9,45', 'error outside_image a.csv 2'],
    ['an open quote', 'a.jpg,100,50,"cat,10,20,40,45', 'error truncated a.csv 2'],
    ['text behind a quote', '"a"b.jpg,100,50,cat,10,20,40,45', 'error bad_csv a.csv 2'],
  ])('%s', async (_, row, issue) => {
    const back = await read(HEADER + row);
    expect([back.issues[0], back.annotations.length]).toEqual([issue, 0]);
  });

  test.each(['\n', '\r\n', '\r'])('lines are counted by %j, also inside quotes', async (end) => {
    const rows = ['image,width,height,class,xmin,ymin,xmax,ymax', `"a${end}${end}b.jpg",100,50,cat,1,2,5,6`, 'short'];
    const back = await read(rows.join(end));
    expect(back.issues).toEqual(['error bad_csv a.csv 5']);
    expect(back.images).toMatchObject([{ path: `a${end}${end}b.jpg` }]);
  });

  test('empty, without a header, not text, of images that are not there', async () => {
    expect((await read('')).issues).toEqual(['error empty_file a.csv']);
    expect((await read('a,b\n1,2')).issues).toEqual(['error wrong_format a.csv 1']);
    expect((await read(Uint8Array.of(0x61, 0x62, 0xff, 0x0a))).issues).toEqual(['error bad_encoding a.csv 1']);
    const gone = await read(`${HEADER}a.jpg,1,1,cat,1,1,2,2\na.jpg,1,1,cat,1,1,2,2`, { findImage: () => null });
    expect(gone.issues).toEqual(['error image_missing a.csv 2', 'error left_out a.csv 3']);
  });
});
