import type { BboxGeometry } from '@labelyard/domain';
import { classFileNames } from '../class-file-names.js';
import type {
  ExportAnnotation,
  ExportClass,
  ExportedFile,
  ExportedPicture,
  ExportImage,
  ExportRun,
  ExportSource,
  Split,
} from '../codec.js';
import { SPLITS } from '../codec.js';
import { ExportNames } from '../export-names.js';
import { geometryOfRow, imagesAfterRows, imagesWithRows, passingImages, type ImageRows } from '../image-rows.js';
import { splitOf } from '../splits.js';
import { LabelLines } from './label-lines.js';
import { RENAMED_FILE, renamedTable } from './renamed-images.js';
import { yoloYaml } from './yolo-yaml.js';
import {
  isTaskOf,
  openYoloTally,
  takesCircles,
  YOLO_IMAGE_EXTENSIONS,
  yoloClasses,
  type YoloDropped,
  type YoloOptions,
  type YoloTally,
} from './yolo-options.js';
import { writeInnerBox, writeYoloRows } from './yolo-rows.js';

/**
 * Writes a dataset that Ultralytics trains on at once: `data.yaml`, `labels/<split>/….txt`, and pictures under `images/<split>/`, or
 * for classification pictures in a folder per class. Every rule and its reason is in this package's README.
 *
 * Memory: the annotations of one image and 8 bytes per image for names.
 */
export function writeYolo(source: ExportSource, options: YoloOptions): ExportRun {
  const classes = yoloClasses(source.head, options);
  const tally = openYoloTally(classes);
  const files = options.kind === 'classify' ? classifyFiles : labelFiles;
  const pictures = options.kind === 'classify' ? classifyPictures : labelPictures;
  return {
    files: files(source, classes, options, tally),
    pictures: () => pictures(source, classes, options),
    report: () => tally.report(),
  };
}

/** No folder called `images` or `labels` below the first one: readers replace the last of them. */
function placeable(stem: string): string {
  if (!/(?:^|\/)(?:images|labels)\//iu.test(stem)) return stem;
  return stem
    .split('/')
    .map((part, n, parts) => (n < parts.length - 1 && /^(?:images|labels)$/iu.test(part) ? `${part}_` : part))
    .join('/');
}

function place(image: ExportImage, names: ExportNames, { shares }: YoloOptions) {
  const { stem, extension, renamed } = names.next(image.path);
  const split = splitOf(image, shares);
  return { split, renamed, label: `labels/${split}/${stem}.txt`, picture: `images/${split}/${stem}${extension}` };
}

async function* labelPictures(
  source: ExportSource,
  _: readonly ExportClass[],
  options: YoloOptions,
): AsyncGenerator<ExportedPicture> {
  const names = new ExportNames(placeable);
  for await (const batch of source.images()) {
    for (const image of batch) yield { image_id: image.id, path: place(image, names, options).picture };
  }
}

async function* labelFiles(
  source: ExportSource,
  classes: readonly ExportClass[],
  options: YoloOptions,
  tally: YoloTally,
): AsyncGenerator<ExportedFile> {
  const names = new ExportNames(placeable);
  const used = new Set<Split>();
  const keypoints = Math.max(0, ...classes.map((one) => one.keypoints?.length ?? 0));
  const scope: LabelScope = {
    indices: new Map(classes.map(({ id }, index) => [id, index])),
    options,
    keypoints,
    tally,
    lines: new LabelLines(),
  };
  let anyRenamed = false;
  const images = imagesAfterRows(source, {
    onRow: (row, image) => labelRow(row, image, scope),
    onStranger: ({ id }) => tally.dropped('unknown_image', id),
  });
  for await (const image of images) {
    const { label, split, renamed } = place(image, names, options);
    used.add(split);
    anyRenamed ||= renamed;
    noteImage(image, renamed, tally);
    tally.imagesWritten(1);
    yield { path: label, chunks: [scope.lines.take()] };
  }
  if (anyRenamed) yield { path: RENAMED_FILE, chunks: renamedTable(renamedImages(source, options)) };
  noteSplits(used, tally);
  yield { path: 'data.yaml', chunks: [yoloYaml(classes, used, options, keypoints)] };
  tally.finish();
}

async function* renamedImages(source: ExportSource, options: YoloOptions): AsyncGenerator<[string, string]> {
  const names = new ExportNames(placeable);
  for await (const batch of passingImages(source)) {
    for (const image of batch) {
      const { label, renamed } = place(image, names, options);
      if (renamed) yield [label, image.path];
    }
  }
}

function noteImage({ id, path, width, height }: ExportImage, renamed: boolean, tally: YoloTally): void {
  if (renamed) tally.noted('image_renamed', id);
  if (width < 10 || height < 10) tally.noted('image_small', id);
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  if (!YOLO_IMAGE_EXTENSIONS.includes(extension)) tally.noted('image_format', id);
}

function noteSplits(used: ReadonlySet<Split>, tally: YoloTally): void {
  for (const split of ['train', 'val'] as const) {
    if (!used.has(split))
      tally.note(
        `No image is in ${split}: data.yaml names another split there, for a trainer needs both.`,
        'split_borrowed',
        { split },
      );
  }
}

interface LabelScope {
  /** Number of each class in the file. */
  readonly indices: ReadonlyMap<number, number>;
  readonly options: YoloOptions;
  readonly keypoints: number;
  readonly tally: YoloTally;
  readonly lines: LabelLines;
}

function labelRow(row: ExportAnnotation, image: ExportImage, scope: LabelScope): void {
  const { lines, tally } = scope;
  lines.annotation();
  const code = writeRow(row, image, scope);
  const doubled = code === null ? lines.annotated() : 'none';
  if (code !== null || doubled === 'all') return tally.dropped(code ?? 'duplicate_row', row.id);
  if (doubled === 'some') tally.converted('duplicate_part', row.id);
  if (row.annotation_type !== 'no_object' && row.attributes !== '{}') tally.converted('attributes', row.id);
  tally.written(row.class_id);
}

/** Answers why there is no row for the annotation, null when there is or need not be. */
function writeRow(row: ExportAnnotation, image: ExportImage, scope: LabelScope): YoloDropped | null {
  const { indices, options, tally } = scope;
  switch (row.annotation_type) {
    case 'no_object':
      if (row.task_type !== undefined && !isTaskOf(options, row.task_type)) return 'no_object';
      tally.converted('no_object', row.id);
      return null;
    case 'classification':
    case 'text':
    case 'polyline':
      return row.annotation_type;
    case 'circle':
      if (!takesCircles(options)) return 'circle';
      break;
    default:
      break;
  }
  if (isWrongKind(row, options)) return 'other_kind';
  const class_index = row.class_id === null ? undefined : indices.get(row.class_id);
  if (class_index !== undefined && writeInnerBox(row, class_index, image, scope)) return null;
  const geometry = storedBox(row) ?? geometryOfRow(row);
  if (!geometry) return 'unreadable_geometry';
  if (class_index === undefined) return 'unknown_class';
  return writeYoloRows(geometry, { ...scope, id: row.id, class_index, image });
}

/** Of a box the columns say everything: most annotations are boxes, and need not be parsed. */
function storedBox({ annotation_type, bbox_x, bbox_y, bbox_w, bbox_h }: ExportAnnotation): BboxGeometry | null {
  if (annotation_type !== 'bbox' || bbox_x === null || bbox_y === null || bbox_w === null || bbox_h === null)
    return null;
  return { type: 'bbox', bbox: [bbox_x, bbox_y, bbox_w, bbox_h] };
}

function isWrongKind({ annotation_type }: ExportAnnotation, { kind }: YoloOptions): boolean {
  const boxes = annotation_type === 'bbox' || annotation_type === 'rotated_bbox';
  if (kind === 'detect' || kind === 'obb') return !boxes && annotation_type !== 'circle';
  if (kind === 'segment') return boxes || annotation_type === 'keypoints';
  return annotation_type !== 'keypoints';
}

// --- classification -------------------------------------------------------------------------------------------------------------

/** Folder of each class, by its id. */
function classFolders(classes: readonly ExportClass[]): Map<number, string> {
  const folders = classFileNames(classes.map(({ name }) => name));
  return new Map(classes.map(({ id, name }) => [id, folders.get(name) as string]));
}

/** The one class of an image. */
function classOf(
  { rows }: ImageRows,
  folders: ReadonlyMap<number, string>,
): ExportAnnotation | 'several_classes' | null {
  const assigned = rows.filter((row) => row.annotation_type === 'classification' && folders.has(row.class_id ?? 0));
  return assigned.length > 1 ? 'several_classes' : (assigned[0] ?? null);
}

async function* classifyPictures(
  source: ExportSource,
  classes: readonly ExportClass[],
  options: YoloOptions,
): AsyncGenerator<ExportedPicture> {
  const folders = classFolders(classes);
  const names = new ExportNames();
  for await (const item of imagesWithRows(source, () => undefined)) {
    const row = classOf(item, folders);
    if (!row || typeof row === 'string') continue;
    const folder = folders.get(row.class_id ?? 0) as string;
    // One flat folder per class: subfolders would be read as classes by some.
    const { stem, extension } = names.next(item.image.path.replaceAll('/', '__'));
    yield { image_id: item.image.id, path: `${splitOf(item.image, options.shares)}/${folder}/${stem}${extension}` };
  }
}

/** The folders say everything but the order of the classes and the names that no folder can have: the list of classes does. */
async function* classifyFiles(
  source: ExportSource,
  classes: readonly ExportClass[],
  options: YoloOptions,
  tally: YoloTally,
): AsyncGenerator<ExportedFile> {
  const folders = classFolders(classes);
  const found = new Map<Split, Set<number>>(SPLITS.map((split) => [split, new Set<number>()]));
  for await (const item of imagesWithRows(source, ({ id }) => tally.dropped('unknown_image', id))) {
    const chosen = classOf(item, folders);
    for (const row of item.rows) {
      const kind = row.annotation_type;
      if (kind === 'classification') {
        if (!folders.has(row.class_id ?? 0)) tally.dropped('unknown_class', row.id);
        else if (typeof chosen === 'string') tally.dropped(chosen, row.id);
        else tally.written(row.class_id);
      } else {
        const own = kind === 'no_object' || kind === 'text' || kind === 'polyline' || kind === 'circle';
        tally.dropped(own ? kind : 'other_kind', row.id);
      }
    }
    if (!chosen || typeof chosen === 'string') continue;
    tally.imagesWritten(1);
    found.get(splitOf(item.image, options.shares))?.add(chosen.class_id ?? 0);
  }
  noteFolders(classes, found, tally);
  for (const { id, name } of classes) {
    const folder = folders.get(id) as string;
    if (folder !== name)
      tally.note(`The folder of the class "${name}" is called "${folder}" (classes.txt).`, 'class_folder', {
        name,
        folder,
      });
  }
  yield { path: 'classes.txt', chunks: [classes.map(({ name }) => `${name}\n`).join('')] };
  tally.finish();
}

function noteFolders(
  classes: readonly ExportClass[],
  found: ReadonlyMap<Split, ReadonlySet<number>>,
  tally: YoloTally,
): void {
  const inTrain = found.get('train') ?? new Set();
  for (const { id, name } of classes) {
    if (!inTrain.has(id))
      tally.note(`No image in train has the class "${name}": a trainer will not know it.`, 'class_not_in_train', {
        name,
      });
  }
  for (const split of ['train', 'val'] as const) {
    if (found.get(split)?.size === 0)
      tally.note(`No image is in ${split}; a trainer needs both train and val.`, 'split_empty', { split });
  }
  tally.note(
    'Trainers number classes by the sorted names of the folders, not by the order of the project (classes.txt).',
    'classes_sorted',
  );
}
