import type { Split } from '../codec.js';
import { importRun, readingFile, type FoundRecords, type ImportDesk } from '../reading/import-desk.js';
import type {
  ImportedClass,
  ImportedImage,
  ImportFile,
  ImportOptions,
  ImportRecord,
  ImportRun,
} from '../reading/import-codec.js';
import { utf8Chunks } from '../reading/file-text.js';
import { jsonItems, type JsonItem } from '../reading/json-items.js';
import { isObject, type Fields } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';
import { splitNamed } from '../splits.js';
import { shapeOfRow, type CocoCategory } from './coco-shapes.js';

const LISTS = ['images', 'annotations', 'categories'];

/**
 * Reads COCO files: instances, keypoints, captions and image-level labels, one or several. Lists may stand in any order in a file, so
 * each file is read twice: first images and categories, then annotations. Memory grows with the number of images, not of annotations.
 *
 * - Ids of rows are of no importance to us and may begin at 0; texts are taken with a warning.
 * - Masks come as runs or compressed text; a crowd keeps `iscrowd: 1` as an attribute.
 * - A polygon that is exactly its box is a box, unless its supercategory says segmentation; so is one that is its box turned by the
 *   attribute `rotation`. A box without corners is turned by it, as CVAT means it.
 * - Of what a row says twice, the shape is taken rather than its caption, keypoints rather than their box or outline; the other is named.
 */
export function readCoco(files: readonly ImportFile[], options: ImportOptions = {}): ImportRun {
  return importRun('coco', options, async function* (desk) {
    const classes = new Set<string>();
    const jsons = files.filter(({ path }) => /\.json$/iu.test(path));
    const images = jsons.length > 1 ? new Map<string, ImportedImage>() : null;
    if (jsons.length === 0) desk.issues.error('missing_file', { file: '' }, 'There is no .json file');
    for (const file of jsons) {
      const frame: Frame = {
        file,
        split: splitOf(file.path),
        images: new Map(),
        paths: images && new Set(),
        categories: new Map(),
        classes: new Set(),
      };
      yield* readingFile(desk, file, () => readFrame(desk, frame, images, classes));
      yield* readingFile(desk, file, () => readAnnotations(desk, frame, options.language ?? 'en'));
    }
  });
}

/** 5 and "5" are different. */
type RowId = number | string;

/** What the rows of one file refer to. */
interface Frame {
  readonly file: ImportFile;
  readonly split: Split | null;
  /** Null: described, but not usable. */
  readonly images: Map<RowId, ImportedImage | null>;
  /** Of these images; kept where several files may describe the same. */
  readonly paths: Set<string> | null;
  readonly categories: Map<RowId, CocoCategory>;
  /** Of these categories, as tasks tell them apart. */
  readonly classes: Set<string>;
}

async function* readFrame(
  desk: ImportDesk,
  frame: Frame,
  known: Map<string, ImportedImage> | null,
  classes: Set<string>,
): AsyncGenerator<FoundRecords> {
  const seen = new Set<string>();
  for await (const items of jsonItems(utf8Chunks(frame.file), LISTS, { unread: ['annotations'] })) {
    const found: ImportRecord[] = [];
    for (const item of items) {
      seen.add(item.key);
      if (item.index === null && LISTS.includes(item.key)) {
        desk.issues.error('wrong_format', at(frame, item), `${item.key} is a list`);
      }
      if (item.index === null || (item.key !== 'images' && item.key !== 'categories')) continue;
      const row = rowOf(desk, frame, item);
      if (!row) continue;
      const record =
        item.key === 'images'
          ? await readImage(desk, frame, item, row, known)
          : readCategory(desk, frame, item, row, classes);
      if (record) found.push(record);
    }
    if (found.length > 0) yield found;
  }
  if (!seen.has('images') && !seen.has('annotations')) {
    throw new UnreadableFile('wrong_format', 'A COCO file is an object with the lists images and annotations');
  }
}

/** Null where it is of no use, or was told before. */
async function readImage(
  desk: ImportDesk,
  frame: Frame,
  item: JsonItem,
  row: Fields,
  known: Map<string, ImportedImage> | null,
): Promise<ImportedImage | null> {
  const place = at(frame, item);
  const id = idOf(desk, row['id'], place);
  if (id === null) return null;
  if (frame.images.has(id)) {
    desk.issues.error('duplicate_id', place, `An image before this one has the id ${JSON.stringify(id)}`);
    return null;
  }
  // Several files (instances, captions) describe the same images.
  const named = await nameOf(desk, row['file_name'], frame.file);
  const shared = typeof named === 'string' ? known?.get(named) : undefined;
  const another = shared && !frame.paths?.has(shared.path);
  const image = another
    ? shared
    : await desk.image(named, { width: row['width'], height: row['height'] }, place, frame.split);
  frame.images.set(id, image);
  if (image) frame.paths?.add(image.path);
  if (!image || another) return null;
  known?.set(named as string, image);
  return image;
}

/** Relative to the dataset; where it has no such image, or several, to the folder of the file: some programs write a file per folder. */
async function nameOf(desk: ImportDesk, named: unknown, file: ImportFile): Promise<unknown> {
  const { findImage } = desk.options;
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  if (!findImage || folder === '' || typeof named !== 'string' || (await findImage(named))) return named;
  return (await findImage(folder + named)) ? folder + named : named;
}

/** Null where it is of no use, or was told before. */
function readCategory(
  desk: ImportDesk,
  frame: Frame,
  item: JsonItem,
  row: Fields,
  classes: Set<string>,
): ImportedClass | null {
  const place = at(frame, item);
  const id = idOf(desk, row['id'], place);
  const name = desk.className(row['name'], place);
  if (id === null || name === null) return null;
  if (frame.categories.has(id)) {
    desk.issues.error('duplicate_id', place, `A category before this one has the id ${JSON.stringify(id)}`);
    return null;
  }
  const { supercategory } = row;
  const names = row['keypoints'];
  const keypoints = Array.isArray(names) && names.every((one) => typeof one === 'string') ? names : [];
  if (names !== undefined && keypoints.length === 0 && !(Array.isArray(names) && names.length === 0)) {
    desk.issues.warn('bad_value', place, 'keypoints is a list of names');
  }
  frame.categories.set(id, { name, supercategory, keypoints });
  const task_type = keypoints.length > 0 ? 'keypoint' : taskNamed(supercategory);
  const key = `${task_type ?? ''} ${name}`;
  if (frame.classes.has(key)) {
    desk.issues.warn('duplicate_class', place, `Two categories are named "${name}": they become one`);
  }
  frame.classes.add(key);
  if (classes.has(key)) return null;
  classes.add(key);
  const skeleton = skeletonOf(desk, row['skeleton'], keypoints.length, place);
  return { kind: 'class', name, task_type, ...(keypoints.length > 0 && { keypoints, skeleton }) };
}

function skeletonOf(desk: ImportDesk, given: unknown, count: number, place: ReturnType<typeof at>): [number, number][] {
  if (!Array.isArray(given)) return [];
  return given.flatMap((bone: unknown): [number, number][] => {
    const [a, b] = Array.isArray(bone) ? (bone as unknown[]) : [];
    const sound = [a, b].every((end) => Number.isSafeInteger(end) && (end as number) >= 1 && (end as number) <= count);
    if (sound) return [[(a as number) - 1, (b as number) - 1]];
    desk.issues.warn('bad_value', place, `A bone of the skeleton joins two of the ${count} keypoints, counted from 1`);
    return [];
  });
}

async function* readAnnotations(desk: ImportDesk, frame: Frame, language: string): AsyncGenerator<FoundRecords> {
  for await (const items of jsonItems(utf8Chunks(frame.file), ['annotations'])) {
    yield annotationsOf(items, desk, frame, language);
  }
}

function* annotationsOf(
  items: Iterable<JsonItem>,
  desk: ImportDesk,
  frame: Frame,
  language: string,
): Generator<ImportRecord> {
  for (const item of items) {
    if (item.index === null) continue;
    const row = rowOf(desk, frame, item);
    if (!row) continue;
    const place = at(frame, item);
    const image_id = idOf(desk, row['image_id'], place);
    if (image_id === null) continue;
    const image = frame.images.get(image_id);
    if (!image) {
      // Why a described image is not usable was said once.
      if (image === undefined)
        desk.issues.error('unknown_image', place, `No image has the id ${JSON.stringify(image_id)}`);
      else desk.issues.error('left_out', place, 'Its image was left out');
      continue;
    }
    const category = frame.categories.get(row['category_id'] as RowId) ?? null;
    const shape = shapeOfRow(row, category, language);
    if ('code' in shape) {
      desk.issues.error(shape.code, place, shape.message);
      continue;
    }
    const record = desk.annotation(image, shape.draft, place);
    if (!record) continue;
    shape.remarks?.forEach(([code, message]) => desk.issues.warn(code, place, message));
    yield record;
  }
}

function at({ file }: Frame, { key, index, line }: JsonItem) {
  return { file: file.path, line, path: index === null ? key : `${key}.${index}` };
}

function rowOf(desk: ImportDesk, frame: Frame, item: JsonItem): Fields | null {
  if (item.error !== undefined) desk.issues.error('bad_json', at(frame, item), item.error);
  else if (!isObject(item.value)) desk.issues.error('not_an_object', at(frame, item), 'An object is expected');
  else return item.value;
  return null;
}

function idOf(desk: ImportDesk, id: unknown, place: ReturnType<typeof at>): RowId | null {
  if (Number.isSafeInteger(id)) return id as number;
  if (typeof id === 'string' && id !== '') {
    desk.issues.warn('bad_id', place, `Ids are whole numbers; the text "${id.slice(0, 50)}" was taken as it is`);
    return id;
  }
  desk.issues.error('bad_id', place, 'Ids are whole numbers up to 2^53 − 1');
  return null;
}

function taskNamed(supercategory: unknown): ImportedClass['task_type'] {
  const ours = ['detection', 'segmentation', 'classification', 'keypoint'] as const;
  return ours.find((task) => task === supercategory) ?? null;
}

/** `instances_train.json`, `annotations/val.json`, `test/_annotations.coco.json`: the split is in the name, or else that of the folder. */
function splitOf(path: string): Split | null {
  const [name = '', folder = ''] = path.split('/').reverse();
  const named = /(?:^|[_\-.])([a-z]+)(?:\d{4})?\.json$/iu.exec(name)?.[1] ?? '';
  return splitNamed(named) ?? splitNamed(folder);
}
