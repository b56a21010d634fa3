import { GEOMETRY_TYPES } from '@labelyard/domain';
import { CONSUMED } from '../test/consumed-project.js';
import { GOLDEN } from '../test/golden-project.js';
import { filesOf, readAll } from '../test/import-files.js';
import { passingSourceOf, readRawFiles, sourceOf } from '../test/project-source.js';
import { FORMAT_NAMES, FORMATS, recogniseFormat } from './formats.js';

const each = FORMAT_NAMES.map((name) => [name, FORMATS[name]] as const);
const written = async (name: (typeof FORMAT_NAMES)[number], project = CONSUMED) =>
  readRawFiles(FORMATS[name].write(sourceOf(project)));
const findImage = (path: string) => CONSUMED.images.find((image) => image.path === path) ?? null;

test.each(each)('%s: its own files are recognised, sound, and read without an issue', async (name, format) => {
  const files = filesOf(await written(name), 4096);
  expect((await recogniseFormat(files))?.name).toBe(name);
  expect(await format.check(files)).toEqual([]);
  const back = await readAll(format.read(files, { findImage }));
  expect(back.issues).toEqual([]);
  expect(back.images).toHaveLength(12);
});

test.each(each)('%s: the same project gives the same bytes, whatever the batches', async (name, format) => {
  const once = await readRawFiles(format.write(sourceOf(GOLDEN, 1)));
  const again = await readRawFiles(format.write(sourceOf(GOLDEN, 1000)));
  expect([...again.keys()]).toEqual([...once.keys()]);
  for (const [path, bytes] of again) expect(Buffer.from(once.get(path)!).equals(Buffer.from(bytes))).toBe(true);
});

test.each(each)(
  '%s: every annotation is in the files or reported as dropped; pictures have places of their own',
  async (_, format) => {
    const run = format.write(sourceOf(GOLDEN));
    await readRawFiles(run);
    const report = run.report();
    const dropped = report.dropped.reduce((sum, { count }) => sum + count, 0);
    expect(report.counts.annotations + dropped).toBe(GOLDEN.annotations.length);
    for (const { reason } of [...report.dropped, ...report.converted]) expect(reason).toMatch(/^["A-Z].{10,}\.$/u);
    const places = new Set<string>();
    for await (const { path } of run.pictures()) places.add(path);
    expect(places.size).toBe(GOLDEN.images.length);
    expect(Object.keys(format.expresses).sort()).toEqual([...GEOMETRY_TYPES].sort());
  },
);

test.each(['coco', 'yolo'] as const)('%s: rows that pass give the same bytes as rows that are kept', async (name) => {
  for (const project of [GOLDEN, CONSUMED]) {
    const kept = FORMATS[name].write(sourceOf(project));
    const passing = FORMATS[name].write(passingSourceOf(project));
    expect(await readRawFiles(passing)).toEqual(await readRawFiles(kept));
    expect(passing.report()).toEqual(kept.report());
  }
});

/** Files as they come from nowhere good: each must end in issues, never in an exception, and never in half a record. */
describe.each(each)('%s: hostile input', (name, format) => {
  const mutations: [string, (bytes: Uint8Array) => Uint8Array][] = [
    ['empty', () => new Uint8Array()],
    ['cut in half', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['zeros', (bytes) => new Uint8Array(bytes.length)],
    ['random bytes', (bytes) => bytes.map((byte, n) => (byte * 31 + n * 17) % 256)],
    ['brackets without end', () => Buffer.from('['.repeat(100_000))],
    ['tags without end', () => Buffer.from('<a>'.repeat(100_000))],
    ['UTF-16', (bytes) => Buffer.from(`\ufeff${Buffer.from(bytes).toString('utf8')}`, 'utf16le')],
    [
      'numbers turned into NaN',
      (bytes) =>
        Buffer.from(
          Buffer.from(bytes)
            .toString('latin1')
            .replace(/\d+\.?\d*/gu, 'NaN'),
          'latin1',
        ),
    ],
    [
      'numbers turned huge',
      (bytes) =>
        Buffer.from(
          Buffer.from(bytes)
            .toString('latin1')
            .replace(/\d+\.?\d*/gu, '1e999'),
          'latin1',
        ),
    ],
    [
      'numbers turned into text',
      (bytes) =>
        Buffer.from(
          Buffer.from(bytes)
            .toString('latin1')
            .replace(/\d+\.?\d*/gu, '"$&"'),
          'latin1',
        ),
    ],
    [
      'numbers turned negative',
      (bytes) =>
        Buffer.from(
          Buffer.from(bytes)
            .toString('latin1')
            .replace(/\d+\.?\d*/gu, '-$&'),
          'latin1',
        ),
    ],
    [
      'names that leave the folder',
      (bytes) => Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('.jpg', '/../../../x'), 'latin1'),
    ],
  ];
  test.each(mutations)('%s', async (what, mutate) => {
    const files = filesOf(new Map([...(await written(name))].map(([path, bytes]) => [path, mutate(bytes)])), 65_536);
    const back = await readAll(format.read(files, { findImage }));
    for (const { image, geometry, class_name } of back.annotations) {
      expect([typeof image, typeof geometry.type]).toEqual(['string', 'string']);
      expect(JSON.stringify(geometry)).not.toContain('null');
      expect(class_name).not.toBe('');
    }
    for (const { path } of back.images) expect(path).not.toContain('..');
    // UTF-16 is text like any other; YOLO files name no pictures.
    const harmless = what === 'UTF-16' || (what === 'names that leave the folder' && name === 'yolo');
    if (!harmless) expect(back.issues.length).toBeGreaterThan(0);
    await format.check(files);
    await recogniseFormat(files);
  });
});

test('what is none of ours is not recognised', async () => {
  expect(
    await recogniseFormat(filesOf({ 'a.json': '{"hello": 1}', 'readme.txt': 'hello', 'b.xml': '<html/>' })),
  ).toBeNull();
  expect(await recogniseFormat([])).toBeNull();
});
