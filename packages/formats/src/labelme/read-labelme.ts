import { boxOfPoints, type Point } from '@labelyard/domain';
import { maskOfWindow } from '../mask-window.js';
import { readPng } from '../png/read-png.js';
import { fromFile, importRun, polygonsOf, type AnnotationDraft, type ImportDesk } from '../reading/import-desk.js';
import { utf8Chunks } from '../reading/file-text.js';
import type {
  ImportedImage,
  ImportFile,
  ImportOptions,
  ImportPlace,
  ImportRecord,
  ImportRun,
} from '../reading/import-codec.js';
import { jsonItems } from '../reading/json-items.js';
import { isNumberList, isObject, type Fields } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';

/**
 * Reads LabelMe files: a JSON beside each picture. Polygons that share a label and a group_id are parts of one, if their
 * attributes agree. The picture inside the file (`imageData`) is passed over.
 */
export function readLabelme(files: readonly ImportFile[], options: ImportOptions = {}): ImportRun {
  return importRun('labelme', options, async function* (desk) {
    const jsons = files.filter(({ path }) => /\.json$/iu.test(path));
    if (jsons.length === 0) desk.issues.error('missing_file', { file: '' }, 'There is no .json file');
    for (const file of jsons) {
      const parsed = await fromFile(desk, file, () => readParts(desk, file));
      if (parsed) yield* readImage(desk, file, parsed.head, parsed.shapes);
    }
  });
}

interface Shape {
  readonly row: Fields;
  readonly at: ImportPlace;
}

async function readParts(desk: ImportDesk, file: ImportFile): Promise<{ head: Fields; shapes: Shape[] }> {
  const head: Record<string, unknown> = {};
  const shapes: Shape[] = [];
  let found = false;
  for await (const items of jsonItems(utf8Chunks(file), ['shapes'])) {
    for (const { key, index, line, value, error } of items) {
      if (index === null) {
        if (key !== 'imageData') head[key] = value;
        continue;
      }
      found ||= key === 'shapes';
      const at = { file: file.path, line, path: `${key}.${index}` };
      if (error !== undefined) desk.issues.error('bad_json', at, error);
      else if (!isObject(value)) desk.issues.error('not_an_object', at, 'A shape is an object');
      else shapes.push({ row: value, at });
    }
  }
  if (!found && head['imagePath'] === undefined)
    throw new UnreadableFile('wrong_format', 'A LabelMe file has shapes and imagePath');
  if (head['shapes'] !== undefined)
    desk.issues.error('wrong_format', { file: file.path, path: 'shapes' }, 'shapes is a list');
  return { head, shapes };
}

async function* readImage(
  desk: ImportDesk,
  file: ImportFile,
  head: Fields,
  shapes: readonly Shape[],
): AsyncGenerator<ImportRecord> {
  const at = { file: file.path };
  const stated = { width: head['imageWidth'], height: head['imageHeight'] };
  const image = await desk.image(await imagePath(desk, head['imagePath'], file.path), stated, at);
  if (!image) return;
  yield image;
  if (isObject(head['flags'])) {
    for (const [name, value] of Object.entries(head['flags'])) {
      const record =
        value === true ? desk.annotation(image, { geometry: { type: 'classification' }, class_name: name }, at) : null;
      if (record) yield record;
    }
  }
  const drafts: PlacedDraft[] = [];
  for (const { row, at: place } of shapes) {
    const draft = await draftOf(desk, row, image, place);
    if (draft) drafts.push({ draft, group_id: row['group_id'] ?? null, at: place });
  }
  for (const { draft, at: place } of withParts(drafts)) {
    const record = desk.annotation(image, draft, place);
    if (record) yield record;
  }
}

/**
 * `imagePath` is relative to the file, and may come from another computer: then its name beside the file, or alone, is what the dataset
 * has.
 */
async function imagePath(desk: ImportDesk, named: unknown, file: string): Promise<unknown> {
  if (typeof named !== 'string') return named;
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const path = named.replaceAll('\\', '/');
  const name = path.split('/').at(-1) ?? '';
  const meant = pathFrom(folder, path);
  const { findImage } = desk.options;
  if (findImage && name !== '')
    for (const one of [meant, folder + name, name]) if (one !== null && (await findImage(one))) return one;
  return meant ?? named;
}

/** The path that is meant in `folder`, null when it leads out of the upload or begins elsewhere. */
function pathFrom(folder: string, path: string): string | null {
  const parts: string[] = [];
  const [first = ''] = path.split('/');
  if (/^[a-z]:/iu.test(first)) return null;
  for (const part of [...folder.split('/').slice(0, -1), ...path.split('/')]) {
    if (part === '.') continue;
    if (part === '') return null;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

// --- groups ---------------------------------------------------------------------------------------------------------------------

interface PlacedDraft {
  readonly draft: AnnotationDraft;
  readonly group_id: unknown;
  readonly at: ImportPlace;
}

/**
 * Polygons of a group and label become parts of one, behind everything else, unless their attributes contradict each other. Of all other
 * shapes it is kept which belong together.
 */
function withParts(drafts: readonly PlacedDraft[]): PlacedDraft[] {
  const users = Map.groupBy(drafts, ({ group_id }) => group_id);
  const isPart = ({ draft, group_id }: PlacedDraft) => group_id !== null && polygonsOf(draft) !== null;
  const groups = Map.groupBy(drafts.filter(isPart), ({ draft, group_id }) => JSON.stringify([group_id, draft.class_name])); // prettier-ignore
  const joined = [...groups.values()].flatMap((parts) => {
    const attributes = parts.length > 1 ? commonAttributes(parts) : null;
    const [first] = parts;
    if (!attributes || !first) return parts.map(withGroup);
    const polygons = parts.flatMap(({ draft }) => polygonsOf(draft) ?? []);
    const whole = { ...first, draft: { ...first.draft, attributes, geometry: { type: 'polygon', polygons } } };
    return users.get(first.group_id)?.length === parts.length ? whole : withGroup(whole);
  });
  return [...drafts.filter((one) => !isPart(one)).map(withGroup), ...joined];
}

function withGroup({ draft, group_id, at }: PlacedDraft): PlacedDraft {
  if (!Number.isSafeInteger(group_id)) return { draft, group_id, at };
  return { draft: { ...draft, attributes: { ...draft.attributes, group_id } }, group_id, at };
}

/** What all of them have together; null when two of them have different values of one. */
function commonAttributes(parts: readonly PlacedDraft[]): Fields | null {
  const common = new Map<string, unknown>();
  for (const [key, value] of parts.flatMap(({ draft }) => Object.entries(draft.attributes ?? {}))) {
    if (common.has(key) && JSON.stringify(common.get(key)) !== JSON.stringify(value)) return null;
    common.set(key, value);
  }
  return Object.fromEntries(common);
}

// --- shapes ---------------------------------------------------------------------------------------------------------------------

async function draftOf(
  desk: ImportDesk,
  row: Fields,
  image: ImportedImage,
  at: ImportPlace,
): Promise<AnnotationDraft | null> {
  const { label, points, shape_type = 'polygon', flags, description } = row;
  const refuse = (code: 'bad_geometry' | 'unsupported_shape', message: string) => {
    desk.issues.error(code, at, message);
    return null;
  };
  const isPoint = (one: unknown): one is Point => isNumberList(one) && one.length === 2;
  if (!Array.isArray(points) || !points.every(isPoint))
    return refuse('bad_geometry', 'points is a list of pairs of finite numbers');
  const attributes = {
    ...(isObject(flags) && flags),
    ...(typeof description === 'string' && description !== '' && { description }),
  };
  const base = { class_name: typeof label === 'string' ? label : null, attributes };
  switch (shape_type) {
    case 'rectangle': {
      const box = points.length === 2 || points.length === 4 ? boxOfPoints(points) : null;
      return box
        ? { ...base, geometry: { type: 'bbox', bbox: box } }
        : refuse('bad_geometry', 'A rectangle has two corners');
    }
    case 'polygon':
      return { ...base, geometry: { type: 'polygon', polygons: [[points, []]] } };
    case 'line':
    case 'linestrip':
      return { ...base, geometry: { type: 'polyline', points } };
    case 'circle': {
      const [center, edge] = points as [Point?, Point?];
      if (!center || !edge) return refuse('bad_geometry', 'A circle has its centre and a point on it');
      return {
        ...base,
        geometry: { type: 'circle', center, radius: Math.hypot(edge[0] - center[0], edge[1] - center[1]) },
      };
    }
    case 'mask': {
      const geometry = await maskOf(desk, row['mask'], points, image, at);
      return geometry && { ...base, geometry };
    }
    default:
      return refuse(
        'unsupported_shape',
        `A shape of type ${JSON.stringify(shape_type)?.slice(0, 50) ?? ''} has no place with us`,
      );
  }
}

/** A small PNG, as base64, whose upper left corner is the first point. */
async function maskOf(
  desk: ImportDesk,
  text: unknown,
  [corner]: Point[],
  image: ImportedImage,
  at: ImportPlace,
): Promise<object | null> {
  try {
    if (typeof text !== 'string' || !corner) throw new UnreadableFile('bad_mask', 'A mask has a picture and its place');
    const png = await readPng(
      Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
      image,
    );
    const [left, top] = corner.map(Math.round) as [number, number];
    if (left < 0 || top < 0 || left + png.width > image.width || top + png.height > image.height) {
      throw new UnreadableFile('outside_image', 'The mask reaches past the image');
    }
    return maskOfWindow(png.values, { left, top, width: png.width, height: png.height }, image);
  } catch (error) {
    // `atob` throws a DOMException, which is no UnreadableFile.
    const isOurs = error instanceof UnreadableFile;
    desk.issues.error(isOurs ? error.code : 'bad_mask', at, isOurs ? error.message : 'The mask is no base64 text');
    return null;
  }
}
