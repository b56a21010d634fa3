import type { Geometry } from '@labelyard/domain';
import { filesOf, readAll } from '../test/import-files.js';
import { drawn, readRawFiles, sourceOf } from '../test/project-source.js';
import { TURNED, WIDE } from '../test/wide-project.js';
import { FORMAT_NAMES, FORMATS, type FormatName } from './formats.js';
import { writeCoco } from './coco/write-coco.js';
import { writeYolo } from './yolo/write-yolo.js';

/** Many of everything (test/wide-project.ts), through every format with all that it can hold. */
const WRITERS: Partial<Record<FormatName, (source: ReturnType<typeof sourceOf>) => ReturnType<typeof writeCoco>>> = {
  coco: (source) => writeCoco(source, { include: ['instances', 'keypoints', 'captions'] }),
};

const findImage = (path: string) => WIDE.images.find((image) => image.path === path) ?? null;
/** As text, numbers to a thousandth: comparing thousands of shapes number by number takes seconds. */
const text = (row: unknown) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e3) / 1e3 + 0 : value)); // prettier-ignore
const told = (rows: readonly { image: string; class_name: string | null; geometry: Geometry }[]) =>
  rows.map(({ image, class_name, geometry }) => ({ image, class_name, geometry }));

describe.each(FORMAT_NAMES)('%s', (name) => {
  const format = FORMATS[name];
  const write = WRITERS[name] ?? format.write;

  test('5,000 objects, 1,000 classes, 6,000 vertices, skeletons of 17 and 5: sound, and back without an issue', async () => {
    const run = write(sourceOf(WIDE, 500));
    const raw = await readRawFiles(run);
    const report = run.report();
    const dropped = report.dropped.reduce((sum, { count }) => sum + count, 0);
    expect(report.counts.annotations + dropped).toBe(WIDE.annotations.length);
    const files = filesOf(raw, 65_536);
    expect(await format.check(files)).toEqual([]);
    const back = await readAll(format.read(files, { findImage }));
    expect(back.issues).toEqual([]);
    expect(back.images.map(({ path }) => path).sort()).toEqual(WIDE.images.map(({ path }) => path).sort());
    const exact = (geometry: Geometry) => format.expresses[geometry.type] === 'exact';
    const held = (rows: ReturnType<typeof told>) =>
      WIDE.images.flatMap(({ path }) => rows.filter(({ image, geometry }) => image === path && exact(geometry)));
    const kinds = new Set(report.dropped.flatMap(({ code }) => code));
    const wanted = held(told(drawn(WIDE))).filter(({ geometry }) => !kinds.has(geometry.type) && (name !== 'yolo' || geometry.type === 'bbox')); // prettier-ignore
    const byKind = (rows: ReturnType<typeof told>) => rows.toSorted((a, b) => a.geometry.type.localeCompare(b.geometry.type)).map(text); // prettier-ignore
    expect(byKind(held(told(back.annotations)))).toEqual(byKind(wanted));
    expect(wanted.length).toBeGreaterThanOrEqual(name === 'voc' ? 0 : 5_005);
  });

  test('a size from before the picture was turned is named, and the real one counts', async () => {
    const small = {
      ...WIDE,
      images: WIDE.images.filter(({ path }) => path.startsWith('exif')),
      annotations: WIDE.annotations.filter(({ image_id }) => image_id >= 5),
    };
    const files = filesOf(await readRawFiles(write(sourceOf(small))), 65_536);
    // The dataset knows the pictures as they lie in their files: those of orientation 6 and 8 the other way round.
    const stored = (path: string) => (findImage(path) ? { path, width: 64, height: 48 } : null);
    const back = await readAll(format.read(files, { findImage: stored }));
    // YOLO files state no sizes, only parts of them.
    const turned = name === 'yolo' ? [] : TURNED.filter(({ width }) => width === 48);
    const mismatches = back.report.issues.filter(({ code }) => code === 'size_mismatch');
    expect(mismatches).toHaveLength(turned.length);
    for (const { message, file } of mismatches) {
      expect(message).toMatch(/EXIF/u);
      expect(file).not.toBe('');
    }
    const outside = back.report.issue_counts.filter(({ code }) => code !== 'size_mismatch');
    for (const { code } of outside) expect(['clipped', 'outside_image']).toContain(code);
  });
});

test('YOLO pose: skeletons of several lengths are filled up to the longest', async () => {
  const run = writeYolo(sourceOf(WIDE), { kind: 'pose' });
  const files = filesOf(await readRawFiles(run), 65_536);
  expect(run.report().converted).toMatchObject([{ code: 'keypoints_padded', count: 2 }]);
  expect(await FORMATS.yolo.check(files)).toEqual([]);
  const back = await readAll(FORMATS.yolo.read(files, { findImage }));
  expect(back.issues).toEqual([]);
  expect(back.classes.map(({ name, keypoints }) => [name, keypoints?.length])).toEqual([
    ['person', 17],
    ['bird', 5],
  ]);
  expect(told(back.annotations).map(text)).toEqual(
    told(drawn(WIDE))
      .filter(({ geometry }) => geometry.type === 'keypoints')
      .map(text),
  );
});
