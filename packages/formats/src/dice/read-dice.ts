import { ANNOTATION_SOURCES, ANNOTATION_STATES, type TaskType } from '@labelyard/domain';
import { SPLITS } from '../codec.js';
import { importRun, readingFile, type AnnotationDraft, type ImportDesk } from '../reading/import-desk.js';
import { utf8Chunks } from '../reading/file-text.js';
import type {
  ImportedImage,
  ImportedOrigin,
  ImportFile,
  ImportOptions,
  ImportPlace,
  ImportRecord,
  ImportRun,
} from '../reading/import-codec.js';
import { jsonItems } from '../reading/json-items.js';
import { isNumberList, isObject, pointsOf, type Fields } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';
import { BACKGROUND, taskOfDice } from './dice-terms.js';

/** Reads the native format: what we write, without loss, and DICE 1.0 as its first tool wrote it. */
export function readDice(files: readonly ImportFile[], options: ImportOptions = {}): ImportRun {
  return importRun('dice', options, async function* (desk) {
    const jsons = files.filter(({ path }) => /\.json$/iu.test(path));
    if (jsons.length === 0) desk.issues.error('missing_file', { file: '' }, 'There is no .json file');
    for (const file of jsons) yield* readingFile(desk, file, () => readDataset(desk, file));
  });
}

interface Frame {
  readonly names: Map<unknown, string>;
  task: TaskType | null;
  readonly language: string;
}

async function* readDataset(desk: ImportDesk, file: ImportFile): AsyncGenerator<ImportRecord> {
  const frame: Frame = { names: new Map(), task: null, language: desk.options.language ?? 'en' };
  let seen = false;
  for await (const items of jsonItems(utf8Chunks(file), ['classes', 'images'])) {
    for (const { key, index, line, value, error } of items) {
      if (key === 'task_type') frame.task = taskOfDice(value);
      seen ||= key === 'format_version';
      if (index === null) continue;
      const at = { file: file.path, line, path: `${key}.${index}` };
      if (error !== undefined) desk.issues.error('bad_json', at, error);
      else if (!isObject(value)) desk.issues.error('not_an_object', at, 'An object is expected');
      else if (key === 'classes') yield* readClass(desk, value, at, frame);
      else if (key === 'images') yield* readImage(desk, value, at, frame);
      seen ||= key === 'images' || key === 'classes';
    }
  }
  if (!seen) throw new UnreadableFile('wrong_format', 'A DICE file is an object with classes and images');
}

function* readClass(desk: ImportDesk, row: Fields, at: ImportPlace, frame: Frame): Generator<ImportRecord> {
  const name = desk.className(row['name'], at);
  if (name === null || name === BACKGROUND) return;
  if (frame.names.has(row['id'])) {
    desk.issues.error('duplicate_id', at, 'A class before this one has the same id');
    return;
  }
  frame.names.set(row['id'], name);
  const { color, keypoints, skeleton } = row;
  const named = Array.isArray(keypoints) && keypoints.every((one) => typeof one === 'string') ? keypoints : [];
  const bones = Array.isArray(skeleton)
    ? skeleton.filter((bone): bone is [number, number] => isNumberList(bone) && bone.length === 2)
    : [];
  yield {
    kind: 'class',
    name,
    task_type: taskOfDice(row['task_type']) ?? frame.task,
    ...(typeof color === 'string' && { color }),
    ...(named.length > 0 && { keypoints: named, skeleton: bones }),
  };
}

async function* readImage(desk: ImportDesk, row: Fields, at: ImportPlace, frame: Frame): AsyncGenerator<ImportRecord> {
  // The first tool wrote 0 for what it did not know.
  const { width, height } = row;
  const stated = width === 0 && height === 0 ? null : { width, height };
  const split = row['split_chosen'] === false ? null : (SPLITS.find((one) => one === row['split']) ?? null);
  const image = await desk.image(row['file_name'], stated, at, split);
  if (!image) return;
  yield image;
  for (const [list, read] of LISTS) {
    const rows = row[list];
    if (rows === undefined) continue;
    if (!Array.isArray(rows)) {
      desk.issues.error('wrong_format', { ...at, path: `${at.path}.${list}` }, `${list} is a list`);
      continue;
    }
    for (const [n, one] of (rows as unknown[]).entries()) {
      const place = { ...at, path: `${at.path}.${list}.${n}` };
      if (!isObject(one)) desk.issues.error('not_an_object', place, 'An object is expected');
      else yield* record(desk, image, one, read(one, frame), place);
    }
  }
}

const LISTS: readonly (readonly [string, (row: Fields, frame: Frame) => AnnotationDraft])[] = [
  ['annotations', annotationDraft],
  [
    'image_captions',
    (row, { language }) =>
      textDraft({
        label_type: row['label_type'] ?? 'caption',
        text: row['text'],
        language: row['language'] ?? language,
      }),
  ],
  [
    'vqa_pairs',
    (row, { language }) =>
      textDraft({
        label_type: 'qa',
        text: row['answer'],
        question: row['question'],
        language: row['language'] ?? language,
      }),
  ],
];

const textDraft = (words: object): AnnotationDraft => ({
  task_type: 'captioning',
  geometry: { type: 'text', ...words },
});

function* record(
  desk: ImportDesk,
  image: ImportedImage,
  row: Fields,
  draft: AnnotationDraft,
  at: ImportPlace,
): Generator<ImportRecord> {
  if (Array.isArray(row['text_labels']) && row['text_labels'].length > 0) {
    desk.issues.warn('left_out', at, 'Texts of single objects have no place with us');
  }
  const { attributes, confidence, id } = row;
  if (id !== undefined && !Number.isSafeInteger(id))
    desk.issues.warn('bad_id', at, 'Ids are whole numbers up to 2^53 − 1');
  const origin = originOf(row);
  const made = desk.annotation(
    image,
    {
      ...draft,
      confidence,
      ...(isObject(attributes) && { attributes }),
      ...(Object.keys(origin).length > 0 && { origin }),
    },
    at,
  );
  if (made) yield made;
}

function annotationDraft(row: Fields, { names, task }: Frame): AnnotationDraft {
  const class_name = typeof row['class_name'] === 'string' ? row['class_name'] : (names.get(row['class_id']) ?? null);
  const geometry = isObject(row['geometry']) ? row['geometry'] : geometryOf(row);
  const said =
    taskOfDice(row['task_type']) ?? (isObject(row['attributes']) ? taskOfDice(row['attributes']['task_type']) : null);
  const isBackground = geometry['type'] === 'no_object';
  const task_type = said ?? (isBackground ? task : null);
  return { geometry, class_name: isBackground ? null : class_name, ...(task_type && { task_type }) };
}

/** What DICE 1.0 says of a shape. */
function geometryOf({ bbox, segmentation, polyline, circle, is_background }: Fields): Fields {
  if (is_background === true) return { type: 'no_object' };
  if (isObject(circle)) return { type: 'circle', center: circle['center'], radius: circle['radius'] };
  if (isNumberList(polyline)) return { type: 'polyline', points: pointsOf(polyline) };
  if (Array.isArray(segmentation) && segmentation.length > 0) {
    const polygons = segmentation.map((ring: unknown) => [
      isNumberList(ring) && ring.length % 2 === 0 ? pointsOf(ring) : ring,
      [],
    ]);
    return { type: 'polygon', polygons };
  }
  if (bbox !== undefined) return { type: 'bbox', bbox };
  return { type: 'classification' };
}

const TEXTS = ['created_by', 'updated_by', 'created_at', 'updated_at', 'confirmed_by', 'confirmed_at'] as const;

function originOf(row: Fields): ImportedOrigin {
  const state = ANNOTATION_STATES.find((one) => one === row['annotation_state']);
  const source = ANNOTATION_SOURCES.find((one) => one === row['source']);
  return {
    ...(Number.isSafeInteger(row['id']) && { id: row['id'] as number }),
    ...(state && { state }),
    ...(source && { source }),
    ...Object.fromEntries(
      TEXTS.flatMap((key) => (typeof row[key] === 'string' || row[key] === null ? [[key, row[key]]] : [])),
    ),
  };
}
