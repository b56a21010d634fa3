import type { Split } from '../codec.js';
import { fileSafeName } from '../export-names.js';
import { readPng, type PngPixels } from '../png/read-png.js';
import { fromFile, importRun, type ImportDesk } from '../reading/import-desk.js';
import { readBytes } from '../reading/file-text.js';
import type {
  ImportedImage,
  ImportFile,
  ImportOptions,
  ImportPlace,
  ImportRecord,
  ImportRun,
} from '../reading/import-codec.js';
import { child, childText, xmlElements, type XmlElement } from '../reading/xml-elements.js';
import { colorNumber, readLabelmap, readLists, type Labelmap } from './read-voc-lists.js';
import { VOC_COLORS, VOID } from './voc-colors.js';
import { classFileNames } from './voc-lists.js';
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
    const xmls = filesBelow('Annotations', files, /\.xml$/iu);
    const masks = filesBelow('SegmentationObject', files, /(?:^|\/)SegmentationObject\/.+\.png$/iu);
    const classMasks = filesBelow('SegmentationClass', files, /(?:^|\/)SegmentationClass\/.+\.png$/iu);
    if (xmls.size === 0 && classMasks.size === 0)
      desk.issues.error('missing_file', { file: '' }, 'There is neither an XML file nor a mask');
    const lists = await readLists(desk, files);
    const map = await readLabelmap(desk, files);
    const listed = new Map([...classFileNames(map.classes)].map(([name, file]) => [file, name]));
    for (const key of new Set([...xmls.keys(), ...classMasks.keys()])) {
      const split = lists.splits.get(key) ?? null;
      const xml = xmls.get(key);
      const classMask = classMasks.get(key);
      const read = xml ? await readXml(desk, xml, split) : classMask && (await imageOfMask(desk, classMask, split));
      if (!read) continue;
      const { image, objects } = read;
      yield image;
      const named = new Set<string>();
      const isPlain = objects.some(hasFractions);
      for (const object of objects) {
        const at = { file: xml?.file.path ?? '', line: object.line };
        const record = objectRecord(desk, object, image, at, { ...options, isPlain });
        if (!record) continue;
        if (record.class_name !== null) named.add(record.class_name);
        yield record;
      }
      if (classMask) {
        for await (const record of readMasks(desk, classMask.file, masks.get(key)?.file, image, map)) {
          if (record.kind === 'annotation' && record.class_name !== null) named.add(record.class_name);
          yield record;
        }
      }
      const fileNames = new Set([...named].map(fileSafeName));
      for (const { name, file } of lists.classes.get(key) ?? []) {
        const class_name = listed.get(name) ?? name;
        if (named.has(class_name) || (!listed.has(name) && fileNames.has(name))) continue;
        const record = desk.annotation(image, { geometry: { type: 'classification' }, class_name }, { file });
        if (record) yield record;
      }
    }
  });
}

/** A file of one image. Kits may lie side by side in one upload, and XML files in folders of any name. */
interface PlacedFile {
  readonly file: ImportFile;
  /** Folders above that of the kit, or above the file. */
  readonly root: string;
  /** Path below it without extension: `kit/Annotations/a/b.xml` → `a/b`. */
  readonly stem: string;
}

/** By root and stem, which files of one image share. */
function filesBelow(folder: string, files: readonly ImportFile[], matching: RegExp): Map<string, PlacedFile> {
  const placed = files
    .filter(({ path }) => matching.test(path))
    .map((file): PlacedFile => {
      const path = file.path.slice(0, file.path.lastIndexOf('.')).replaceAll('\\', '/');
      const at = `/${path}`.lastIndexOf(`/${folder}/`);
      const [end, start] =
        at < 0 ? [path.lastIndexOf('/') + 1, path.lastIndexOf('/') + 1] : [at, at + folder.length + 1];
      return { file, root: path.slice(0, end), stem: path.slice(start) };
    });
  return new Map(placed.map((one) => [one.root + one.stem, one]));
}

async function readXml(desk: ImportDesk, placed: PlacedFile, split: Split | null) {
  const { file } = placed;
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
    await imagePath(desk, root, placed),
    { width: number('width'), height: number('height') },
    at,
    split,
  );
  return image && { image, objects: root.children.filter(({ name }) => name === 'object') };
}

/**
 * The path we wrote, the file's own folders with the name inside, the name alone, or all folders with it: whichever the dataset has
 * (once).
 */
async function imagePath(desk: ImportDesk, root: XmlElement, { root: above, stem }: PlacedFile): Promise<string> {
  const filename = childText(root, 'filename') ?? `${stem}.jpg`;
  const source = childText(child(root, 'source'), 'image');
  const folder = stem.includes('/') && !filename.includes('/') ? stem.slice(0, stem.lastIndexOf('/') + 1) : '';
  const ours = childText(child(root, 'source'), 'database') === 'Labelyard' && source ? [source] : [];
  const candidates = [...ours, folder + filename, filename, above + folder + filename];
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
  { zero_based, isPlain }: VocImportOptions & { readonly isPlain: boolean },
) {
  const name = childText(object, 'name');
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
  const texts = cornersOf(object);
  if (texts.includes(undefined)) {
    desk.issues.error('missing_key', at, 'An object has a bndbox with xmin, ymin, xmax and ymax');
    return null;
  }
  if (isPlain)
    desk.issues.warn(
      'changed_kind',
      at,
      'Corners of the file are no whole numbers: all of them were taken as plain coordinates',
    );
  const [xmin, ymin, xmax, ymax] = texts.map(Number) as [number, number, number, number];
  const first = isPlain || zero_based ? 0 : 1;
  if (first === 1 && (xmin < 1 || ymin < 1)) {
    desk.issues.warn('outside_image', at, 'A corner is below 1: does the file count from 0?');
  }
  const geometry = { type: 'bbox', bbox: [xmin - first, ymin - first, xmax - xmin + first, ymax - ymin + first] };
  return desk.annotation(image, { geometry, class_name: name ?? null, attributes }, at);
}

function cornersOf(object: XmlElement): (string | undefined)[] {
  const box = child(object, 'bndbox');
  return ['xmin', 'ymin', 'xmax', 'ymax'].map((key) => childText(box, key));
}

/** A tool that writes fractions writes whole numbers where they are whole: one object speaks for the file. */
function hasFractions(object: XmlElement): boolean {
  return cornersOf(object).some((text) => text !== undefined && !/^[-+]?\d+$/u.test(text));
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

// --- masks ----------------------------------------------------------------------------------------------------------------------

async function imageOfMask(desk: ImportDesk, { file, stem }: PlacedFile, split: Split | null) {
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
