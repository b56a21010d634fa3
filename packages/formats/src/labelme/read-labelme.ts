import { boxOfPoints, type Point } from '@labelyard/domain';
import { maskOfWindow } from '../mask-window.js';
import { readPng } from '../png/read-png.js';
import { fromFile, importRun, type AnnotationDraft, type ImportDesk } from '../reading/import-desk.js';
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
 * Reads LabelMe files: a JSON beside each picture. Polygons that share a label and a group_id are parts of one. The picture inside the
 * file (`imageData`) is passed over.
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
  const groups = new Map<string, { draft: AnnotationDraft; parts: unknown[]; at: ImportPlace }>();
  for (const { row, at: place } of shapes) {
    const draft = await draftOf(desk, row, image, place);
    if (!draft) continue;
    const parts = partsOf(draft.geometry);
    const key =
      parts && row['group_id'] !== null && row['group_id'] !== undefined
        ? JSON.stringify([row['group_id'], row['label']])
        : null;
    const group = key === null ? undefined : groups.get(key);
    if (group && parts) group.parts.push(...parts);
    else if (key !== null && parts) groups.set(key, { draft, parts: [...parts], at: place });
    else {
      const record = desk.annotation(image, draft, place);
      if (record) yield record;
    }
  }
  for (const { draft, parts, at: place } of groups.values()) {
    const record = desk.annotation(image, { ...draft, geometry: { type: 'polygon', polygons: parts } }, place);
    if (record) yield record;
  }
}

/** `imagePath` is relative to the file, and may come from another computer: its name beside the file is tried first. */
async function imagePath(desk: ImportDesk, named: unknown, file: string): Promise<unknown> {
  if (typeof named !== 'string') return named;
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const name = named.replaceAll('\\', '/').split('/').at(-1) ?? '';
  const { findImage } = desk.options;
  if (findImage) for (const path of [folder + name, name]) if (name && (await findImage(path))) return path;
  return named.includes('/') || named.includes('\\') ? named : folder + named;
}

function partsOf(geometry: unknown): readonly unknown[] | null {
  return isObject(geometry) && geometry['type'] === 'polygon' ? (geometry['polygons'] as unknown[]) : null;
}

async function draftOf(
  desk: ImportDesk,
  row: Fields,
  image: ImportedImage,
  at: ImportPlace,
): Promise<AnnotationDraft | null> {
  const { label, points, shape_type = 'polygon', flags, description, group_id } = row;
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
    // Polygons of a group are parts of one; of other shapes it is kept which belong together.
    ...(shape_type !== 'polygon' && Number.isSafeInteger(group_id) && { group_id }),
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
    const png = await readPng(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
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
