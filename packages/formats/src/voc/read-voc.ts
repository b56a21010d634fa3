import { classFileNames } from '../class-file-names.js';
import type { Split } from '../codec.js';
import { fileSafeName } from '../export-names.js';
import { readPng, type PngPixels } from '../png/read-png.js';
import { fromFile, importRun, type AnnotationDraft, type ImportDesk } from '../reading/import-desk.js';
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
import { pairedObjects, type MaskRegion } from './object-pairs.js';
import { colorNumber, readLabelmap, readLists, type Labelmap } from './read-voc-lists.js';
import { VOC_COLORS, VOID } from './voc-colors.js';
import { maskOf, regionsOf } from './voc-masks.js';
import { UNSPECIFIED } from './voc-options.js';

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
    const came = new Set(files.map(({ path }) => path));
    const lists = await readLists(desk, files);
    const map = await readLabelmap(desk, files);
    const listed = new Map([...classFileNames(map.classes)].map(([name, file]) => [file, name]));
    for (const key of new Set([...xmls.keys(), ...classMasks.keys()])) {
      const split = lists.splits.get(key) ?? null;
      const [classMask] = classMasks.get(key) ?? [];
      const [xml, ...others] = xmls.get(key) ?? [];
      const read = xml
        ? await readXml(desk, xml, split, came)
        : classMask && (await imageOfMask(desk, classMask, split));
      if (read) {
        const named = new Set<string>();
        const pixels = classMask && (await readMasks(desk, classMask.file, masks.get(key)?.[0]?.file, read.image, map));
        for (const record of recordsOf(desk, read, pixels ?? NO_MASKS, options)) {
          if (record.kind === 'annotation' && record.class_name !== null) named.add(record.class_name);
          yield record;
        }
        const fileNames = new Set([...named].map(fileSafeName));
        for (const { name, file } of lists.classes.get(key) ?? []) {
          const class_name = listed.get(name) ?? name;
          if (named.has(class_name) || (!listed.has(name) && fileNames.has(name))) continue;
          const record = desk.annotation(read.image, { geometry: { type: 'classification' }, class_name }, { file });
          if (record) yield record;
        }
      }
      // Beside the one in the folder of the kit: masks and lists are those of the first.
      for (const other of others) {
        const further = await readXml(desk, other, null, came);
        if (further) yield* recordsOf(desk, further, NO_MASKS, options);
      }
    }
  });
}

/** The image, its objects, and what of its pixels belongs to which; an object that has both comes as its pixels. */
function* recordsOf(
  desk: ImportDesk,
  { file, image, objects }: ReadImage,
  masks: Masks,
  options: VocImportOptions,
): Generator<ImportRecord> {
  yield image;
  const isPlain = objects.some(hasFractions);
  const drafts = objects.flatMap((object, n) => {
    const draft = objectDraft(desk, object, { file, line: object.line }, { ...options, isPlain });
    return draft ? [{ ...draft, number: n + 1 }] : [];
  });
  const pairs = pairedObjects(drafts, masks.regions);
  const paired = new Set(pairs.values());
  for (const { at, ...draft } of drafts.filter((one) => !paired.has(one))) {
    const record = desk.annotation(image, draft, at);
    if (record) yield record;
  }
  for (const region of masks.regions) {
    const { class_name, value } = region;
    const attributes = pairs.get(region)?.attributes ?? {};
    const geometry = maskOf(masks.values, value, image);
    const record = desk.annotation(image, { geometry, class_name, attributes }, masks.at);
    if (record) yield record;
  }
}

/** A file of one image. Kits may lie side by side in one upload, and XML files in folders of any name. */
interface PlacedFile {
  readonly file: ImportFile;
  /** Folders above that of the kit, or above the file. */
  readonly root: string;
  /** Path below it without extension: `kit/Annotations/a/b.xml` → `a/b`. */
  readonly stem: string;
}

/** By root and stem, which files of one image share; those in `folder` come before others of the same place. */
function filesBelow(folder: string, files: readonly ImportFile[], matching: RegExp): Map<string, PlacedFile[]> {
  const inside: PlacedFile[] = [];
  const outside: PlacedFile[] = [];
  for (const file of files.filter(({ path }) => matching.test(path))) {
    const path = file.path.slice(0, file.path.lastIndexOf('.')).replaceAll('\\', '/');
    const at = `/${path}`.lastIndexOf(`/${folder}/`);
    const name = path.lastIndexOf('/') + 1;
    const [end, start] = at < 0 ? [name, name] : [at, at + folder.length + 1];
    (at < 0 ? outside : inside).push({ file, root: path.slice(0, end), stem: path.slice(start) });
  }
  return Map.groupBy([...inside, ...outside], ({ root, stem }) => root + stem);
}

interface ReadImage {
  /** Path of the file that describes it. */
  readonly file: string;
  readonly image: ImportedImage;
  readonly objects: readonly XmlElement[];
}

async function readXml(
  desk: ImportDesk,
  placed: PlacedFile,
  split: Split | null,
  came: ReadonlySet<string>,
): Promise<ReadImage | null> {
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
    await imagePath(desk, root, placed, came),
    { width: number('width'), height: number('height') },
    at,
    split,
  );
  return image && { file: file.path, image, objects: root.children.filter(({ name }) => name === 'object') };
}

/**
 * The path we wrote, if the dataset has it. Else the picture of the kit, the name beside the file, alone, and with the file's own
 * folders: the first of these that came along or is the whole path of an image, for kits may lie side by side, or else what is found.
 */
async function imagePath(
  desk: ImportDesk,
  root: XmlElement,
  { root: above, stem }: PlacedFile,
  came: ReadonlySet<string>,
): Promise<string> {
  const filename = childText(root, 'filename') ?? `${stem}.jpg`;
  const source = childText(child(root, 'source'), 'image');
  const folder = stem.includes('/') && !filename.includes('/') ? stem.slice(0, stem.lastIndexOf('/') + 1) : '';
  const ours = childText(child(root, 'source'), 'database') === 'Labelyard' ? source : undefined;
  const own = folder + filename;
  const { findImage } = desk.options;
  if (!findImage || (ours !== undefined && (await findImage(ours)))) return ours ?? own;
  let found: string | null = null;
  for (const path of [`${above}JPEGImages/${own}`, above + own, own, filename]) {
    const image = await findImage(path);
    if (image && (came.has(path) || image.path === path.normalize('NFC'))) return path;
    if (image) found ??= path;
  }
  return found ?? ours ?? own;
}

interface ObjectDraft extends AnnotationDraft {
  readonly at: ImportPlace;
}

function objectDraft(
  desk: ImportDesk,
  object: XmlElement,
  at: ImportPlace,
  { zero_based, isPlain }: VocImportOptions & { readonly isPlain: boolean },
): ObjectDraft | null {
  const base = { class_name: childText(object, 'name') ?? null, attributes: attributesOf(object), at };
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
    return { ...base, geometry };
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
  return { ...base, geometry };
}

function cornersOf(object: XmlElement): (string | undefined)[] {
  const box = child(object, 'bndbox');
  return ['xmin', 'ymin', 'xmax', 'ymax'].map((key) => childText(box, key));
}

/** A tool that writes fractions writes whole numbers where they are whole: one object speaks for the file. What is no number says nothing. */
function hasFractions(object: XmlElement): boolean {
  return cornersOf(object).some((text) => text !== undefined && FRACTION.test(text));
}

const FRACTION = /^[-+]?(?:\d+\.\d*|\.\d+|\d+(?=e))(?:e[-+]?\d+)?$/iu;

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
    ...(pose !== undefined && pose !== UNSPECIFIED && { pose }),
    ...Object.fromEntries(flags.map((key) => [key, true])),
  };
}

// --- masks ----------------------------------------------------------------------------------------------------------------------

async function imageOfMask(
  desk: ImportDesk,
  { file, stem }: PlacedFile,
  split: Split | null,
): Promise<ReadImage | null> {
  const png = await fromFile(desk, file, async () => readPng(await readBytes(file)));
  const image = png && (await desk.image(`${stem}.jpg`, png, { file: file.path }, split));
  return image && { file: file.path, image, objects: [] };
}

interface Masks {
  readonly at: ImportPlace;
  /** Row by row, which region a pixel belongs to. */
  readonly values: Uint32Array;
  readonly regions: readonly MaskRegion[];
}

const NO_MASKS: Masks = { at: { file: '' }, values: new Uint32Array(), regions: [] };

async function readMasks(
  desk: ImportDesk,
  file: ImportFile,
  objectFile: ImportFile | undefined,
  image: ImportedImage,
  map: Labelmap,
): Promise<Masks | null> {
  const classes = await fromFile(desk, file, async () => readPng(await readBytes(file), image));
  const objects = objectFile
    ? await fromFile(desk, objectFile, async () => readPng(await readBytes(objectFile), image))
    : null;
  if (!classes) return null;
  const at = { file: (objects ? objectFile : file)?.path ?? '' };
  if ([classes, objects].some((png) => png && (png.width !== image.width || png.height !== image.height))) {
    desk.issues.error(
      'bad_mask',
      at,
      `The mask has another size than the image of ${image.width} × ${image.height} pixels`,
    );
    return null;
  }
  const { kind, values } = objects ?? classes;
  const regions = regionsOf(values, image).flatMap(({ value, first, box }): MaskRegion[] => {
    if (isGround(kind, value)) return [];
    const class_name = nameOfPixel(classes, classes.values[first] as number, map);
    if (class_name !== undefined)
      return [{ value, box, class_name, number: objects && kind !== 'color' ? value : null }];
    desk.issues.error(
      'unknown_class',
      at,
      `No class has the ${classes.kind === 'color' ? 'colour' : 'number'} of the mask`,
    );
    return [];
  });
  return { at, values, regions };
}

/** Background and the border between objects. */
function isGround(kind: PngPixels['kind'], value: number): boolean {
  return value === 0 || value === (kind === 'color' ? colorNumber(VOC_COLORS[VOID] ?? []) : VOID);
}

function nameOfPixel({ kind }: PngPixels, value: number, { byIndex, byColor }: Labelmap): string | undefined {
  return kind === 'color' ? byColor.get(value) : byIndex[value];
}
