import type { Split } from '../codec.js';
import { fileSafeName } from '../export-names.js';
import { readPng, type PngPixels } from '../png/read-png.js';
import { fromFile, importRun, type ImportDesk } from '../reading/import-desk.js';
import { readBytes, readText } from '../reading/file-text.js';
import type {
  ImportedImage,
  ImportFile,
  ImportOptions,
  ImportPlace,
  ImportRecord,
  ImportRun,
} from '../reading/import-codec.js';
import { child, childText, xmlElements, type XmlElement } from '../reading/xml-elements.js';
import { SPLITS } from '../codec.js';
import { VOC_COLORS, VOC_NAMES, VOID } from './voc-colors.js';
import { maskOf } from './voc-masks.js';

export interface VocImportOptions {
  /** Corners are counted from 0 and the far one is the edge; else whole numbers are counted from 1, both corners included. */
  readonly zero_based?: boolean;
}

/**
 * Reads Pascal VOC: XML files wherever they lie, masks beside them, splits and image-level classes from the lists. Whole numbers are
 * pixels counted from 1; numbers with a fraction, as several tools write them, are taken as plain coordinates with a warning.
 */
export function readVoc(files: readonly ImportFile[], options: ImportOptions & VocImportOptions = {}): ImportRun {
  return importRun('voc', options, async function* (desk) {
    const xmls = new Map(
      files.filter(({ path }) => /\.xml$/iu.test(path)).map((file) => [stemOf(file.path, 'Annotations'), file]),
    );
    const masks = new Map(
      files
        .filter(({ path }) => /(?:^|\/)SegmentationObject\/.+\.png$/iu.test(path))
        .map((file) => [stemOf(file.path, 'SegmentationObject'), file]),
    );
    const classMasks = new Map(
      files
        .filter(({ path }) => /(?:^|\/)SegmentationClass\/.+\.png$/iu.test(path))
        .map((file) => [stemOf(file.path, 'SegmentationClass'), file]),
    );
    if (xmls.size === 0 && classMasks.size === 0)
      desk.issues.error('missing_file', { file: '' }, 'There is neither an XML file nor a mask');
    const lists = await readLists(desk, files);
    const colors = await readLabelmap(desk, files);
    for (const stem of new Set([...xmls.keys(), ...classMasks.keys()])) {
      const split = lists.splits.get(stem) ?? null;
      const xml = xmls.get(stem);
      const classMask = classMasks.get(stem);
      const read = xml ? await readXml(desk, xml, stem, split) : await imageOfMask(desk, classMask, stem, split);
      if (!read) continue;
      const { image, objects } = read;
      yield image;
      const named = new Set<string>();
      for (const object of objects) {
        const record = objectRecord(desk, object, image, { file: xml?.path ?? '', line: object.line }, options);
        if (!record) continue;
        if (record.class_name !== null) named.add(fileSafeName(record.class_name));
        yield record;
      }
      if (classMask) {
        for await (const record of readMasks(desk, classMask, masks.get(stem), image, colors)) {
          if (record.kind === 'annotation' && record.class_name !== null) named.add(fileSafeName(record.class_name));
          yield record;
        }
      }
      for (const { name, file } of lists.classes.get(stem) ?? []) {
        if (named.has(name)) continue;
        const record = desk.annotation(image, { geometry: { type: 'classification' }, class_name: name }, { file });
        if (record) yield record;
      }
    }
  });
}

/** Path below the folder, without extension: `Annotations/a/b.xml` → `a/b`. */
function stemOf(path: string, folder: string): string {
  const stem = path.slice(0, path.lastIndexOf('.')).replaceAll('\\', '/');
  const at = `/${stem}`.lastIndexOf(`/${folder}/`);
  return at < 0 ? (stem.split('/').at(-1) as string) : stem.slice(at + folder.length + 1);
}

async function readXml(desk: ImportDesk, file: ImportFile, stem: string, split: Split | null) {
  const at = { file: file.path };
  const root = await fromFile(desk, file, async () => {
    for await (const element of xmlElements(file, 'annotation')) return element;
    return null;
  });
  if (!root) return null;
  const size = child(root, 'size');
  const number = (name: string) => {
    const text = childText(size, name);
    return text === undefined ? undefined : Number(text);
  };
  const image = await desk.image(
    await imagePath(desk, root, stem),
    { width: number('width'), height: number('height') },
    at,
    split,
  );
  return image && { image, objects: root.children.filter(({ name }) => name === 'object') };
}

/** The path we wrote, the file's own folders with the name inside, or the name alone: whichever the dataset has. */
async function imagePath(desk: ImportDesk, root: XmlElement, stem: string): Promise<string> {
  const filename = childText(root, 'filename') ?? `${stem}.jpg`;
  const source = childText(child(root, 'source'), 'image');
  const folder = stem.includes('/') && !filename.includes('/') ? stem.slice(0, stem.lastIndexOf('/') + 1) : '';
  const ours = childText(child(root, 'source'), 'database') === 'Labelyard' && source ? [source] : [];
  const candidates = [...ours, folder + filename, filename];
  const { findImage } = desk.options;
  if (findImage) {
    for (const path of candidates) if (await findImage(path)) return path;
  }
  return candidates[0] as string;
}

function objectRecord(
  desk: ImportDesk,
  object: XmlElement,
  image: ImportedImage,
  at: ImportPlace,
  { zero_based }: VocImportOptions,
) {
  const name = childText(object, 'name');
  const box = child(object, 'bndbox');
  const attributes = attributesOf(object);
  for (const [tag, what] of LEFT_OUT) {
    const line = child(object, tag)?.line;
    if (line !== undefined)
      desk.issues.error('left_out', { ...at, line }, `${what} of an object have no place with us`);
  }
  const turned = child(object, 'robndbox');
  if (turned) {
    const [cx, cy, w, h, angle] = ['cx', 'cy', 'w', 'h', 'angle'].map((key) => Number(childText(turned, key) ?? NaN));
    const geometry = {
      type: 'rotated_bbox',
      center: [cx, cy],
      size: [w, h],
      angle: ((angle as number) * 180) / Math.PI,
    };
    return desk.annotation(image, { geometry, class_name: name ?? null, attributes }, at);
  }
  const texts = ['xmin', 'ymin', 'xmax', 'ymax'].map((key) => childText(box, key));
  const missing = texts.findIndex((text) => text === undefined);
  if (!box || missing >= 0) {
    desk.issues.error('missing_key', at, 'An object has a bndbox with xmin, ymin, xmax and ymax');
    return null;
  }
  const plain = texts.some((text) => !/^[-+]?\d+$/u.test(text as string));
  if (plain)
    desk.issues.warn('changed_kind', at, 'The corners are no whole numbers: they were taken as plain coordinates');
  const [xmin, ymin, xmax, ymax] = texts.map(Number) as [number, number, number, number];
  const first = plain || zero_based ? 0 : 1;
  if (first === 1 && (xmin < 1 || ymin < 1)) {
    desk.issues.warn('outside_image', at, 'A corner is below 1: does the file count from 0?');
  }
  const geometry = { type: 'bbox', bbox: [xmin - first, ymin - first, xmax - xmin + first, ymax - ymin + first] };
  return desk.annotation(image, { geometry, class_name: name ?? null, attributes }, at);
}

/** What some kits have beside the box. */
const LEFT_OUT = [
  ['part', 'Parts'],
  ['polygon', 'Outlines'],
] as const;

function attributesOf(object: XmlElement): Record<string, unknown> {
  const flags = ['truncated', 'difficult', 'occluded'].filter((key) => childText(object, key) === '1');
  const pose = childText(object, 'pose');
  const actions = (child(object, 'actions')?.children ?? []).filter(({ text }) => text.trim() === '1');
  return {
    ...(actions.length > 0 && { actions: actions.map(({ name }) => name) }),
    ...(pose !== undefined && pose !== 'Unspecified' && { pose }),
    ...Object.fromEntries(flags.map((key) => [key, true])),
  };
}

// --- lists ----------------------------------------------------------------------------------------------------------------------

interface Lists {
  readonly splits: ReadonlyMap<string, Split>;
  readonly classes: ReadonlyMap<string, { readonly name: string; readonly file: string }[]>;
}

async function readLists(desk: ImportDesk, files: readonly ImportFile[]): Promise<Lists> {
  const splits = new Map<string, Split>();
  const classes = new Map<string, { name: string; file: string }[]>();
  for (const file of files) {
    const list = /(?:^|\/)ImageSets\/(Main|Segmentation)\/(?:(.+)_)?(trainval|train|val|test)\.txt$/iu.exec(file.path);
    if (!list) continue;
    const text = await fromFile(desk, file, () => readText(file));
    const [, folder, name, split] = list;
    for (const line of (text ?? '').split('\n')) {
      const row = line.trim();
      if (row === '') continue;
      if (name === undefined || folder !== 'Main') {
        const chosen = SPLITS.find((one) => one === split);
        if (chosen) splits.set(row, chosen);
        continue;
      }
      const [, stem, sign] = /^(.+?)\s+(-?\d+)$/u.exec(row) ?? [];
      if (stem === undefined || sign !== '1') continue;
      const found = classes.get(stem) ?? [];
      if (!found.some((one) => one.name === name)) found.push({ name, file: file.path });
      classes.set(stem, found);
    }
  }
  return { splits, classes };
}

// --- masks ----------------------------------------------------------------------------------------------------------------------

interface Labelmap {
  readonly byIndex: readonly string[];
  readonly byColor: ReadonlyMap<number, string>;
}

const colorNumber = ([red, green, blue]: readonly number[]): number =>
  ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);

async function readLabelmap(desk: ImportDesk, files: readonly ImportFile[]): Promise<Labelmap> {
  const file = files.find(({ path }) => /(?:^|\/)labelmap\.txt$/iu.test(path));
  const text = file && (await fromFile(desk, file, () => readText(file)));
  if (!text)
    return {
      byIndex: VOC_NAMES,
      byColor: new Map(VOC_NAMES.map((name, n) => [colorNumber(VOC_COLORS[n] ?? []), name])),
    };
  const rows = text.split('\n').flatMap((line) => {
    const found = /^(?!#)(.+):(\d+),(\d+),(\d+):[^:]*:[^:]*$/u.exec(line.trim());
    return found ? [[found[1] as string, colorNumber(found.slice(2, 5).map(Number))] as const] : [];
  });
  return { byIndex: rows.map(([name]) => name), byColor: new Map(rows.map(([name, color]) => [color, name])) };
}

async function imageOfMask(desk: ImportDesk, file: ImportFile | undefined, stem: string, split: Split | null) {
  if (!file) return null;
  const png = await fromFile(desk, file, async () => readPng(await readBytes(file)));
  const image = png && (await desk.image(`${stem}.jpg`, png, { file: file.path }, split));
  return image && { image, objects: [] };
}

async function* readMasks(
  desk: ImportDesk,
  file: ImportFile,
  objectFile: ImportFile | undefined,
  image: ImportedImage,
  map: Labelmap,
): AsyncGenerator<ImportRecord> {
  const classes = await fromFile(desk, file, async () => readPng(await readBytes(file)));
  const objects = objectFile
    ? await fromFile(desk, objectFile, async () => readPng(await readBytes(objectFile)))
    : null;
  if (!classes) return;
  const at = { file: (objects ? objectFile : file)?.path ?? '' };
  if ([classes, objects].some((png) => png && (png.width !== image.width || png.height !== image.height))) {
    desk.issues.error(
      'bad_mask',
      at,
      `The mask has another size than the image of ${image.width} × ${image.height} pixels`,
    );
    return;
  }
  const regions = objects ?? classes;
  const first = new Map<number, number>();
  regions.values.forEach((value, place) => {
    if (!first.has(value)) first.set(value, place);
  });
  for (const [value, place] of [...first].sort(([a], [b]) => a - b)) {
    if (isGround(regions, value)) continue;
    const name = nameOfPixel(classes, classes.values[place] as number, map);
    if (name === undefined) {
      desk.issues.error(
        'unknown_class',
        at,
        `No class has the ${classes.kind === 'color' ? 'colour' : 'number'} of the mask`,
      );
      continue;
    }
    const record = desk.annotation(image, { geometry: maskOf(regions.values, value, image), class_name: name }, at);
    if (record) yield record;
  }
}

/** Background and the border between objects. */
function isGround({ kind }: PngPixels, value: number): boolean {
  return value === 0 || value === (kind === 'color' ? colorNumber(VOC_COLORS[VOID] ?? []) : VOID);
}

function nameOfPixel({ kind }: PngPixels, value: number, { byIndex, byColor }: Labelmap): string | undefined {
  return kind === 'color' ? byColor.get(value) : byIndex[value];
}
