import { DomainError } from '@labelyard/domain';
import { ascii, ByteWriter } from '../byte-writer.js';
import type {
  ExportAnnotation,
  ExportClass,
  ExportedFile,
  ExportedPicture,
  ExportHead,
  ExportRun,
  ExportSource,
} from '../codec.js';
import { passingImages, passingRows } from '../image-rows.js';
import { COCO_FILES, cocoCategories, FILE_OF_KIND, type CocoFileName, type CocoOptions } from './coco-options.js';
import { openCocoTally, type CocoDropped, type CocoTally } from './coco-report.js';
import { ImageSizes } from './image-sizes.js';
import { writeAttributes, writeCaption, writeKeypoints } from './row-writers.js';
import { shapeWriters, type MeasuredAnnotation, type ShapeWriters } from './shape-writers.js';

/**
 * Writes COCO files (https://cocodataset.org/#format-data; the rules and their reasons are in this package's README): detection and
 * segmentation as `instances.json`, and by option keypoints, captions and image-level labels, each a file of its own.
 *
 * - Ids of images and annotations are ours, integers from 1 up, and order the rows. Categories are numbered in project order.
 * - Coordinates come out digit by digit as they are stored. Numbers computed here (areas, far corners, sizes of enclosing boxes)
 *   have at most 6 decimals.
 * - Kinds the files cannot express are dropped and named in the report.
 * - One row per line, so that files can be compared and searched line by line.
 *
 * Memory: 16 bytes per image, one batch, one chunk. Throws `DomainError('internal')` when the source is not ordered by id.
 */
export function writeCoco(source: ExportSource, options: CocoOptions = {}): ExportRun {
  const wanted = options.include ?? ['instances'];
  const included = COCO_FILES.filter((file) => wanted.includes(file));
  const tally = openCocoTally(source.head, included, options);
  async function* files(): AsyncGenerator<ExportedFile> {
    const finished = new Set<CocoFileName>();
    for (const file of included) {
      yield { path: `${file}.json`, chunks: chunks(source, { file, included, options, tally, finished }) };
    }
  }
  return { files: files(), pictures: () => pictures(source), report: () => tally.report() };
}

interface FileRun {
  readonly file: CocoFileName;
  readonly included: readonly CocoFileName[];
  readonly options: CocoOptions;
  readonly tally: CocoTally;
  readonly finished: Set<CocoFileName>;
}

async function* pictures(source: ExportSource): AsyncGenerator<ExportedPicture> {
  for await (const batch of source.images()) {
    for (const { id, path } of batch) yield { image_id: id, path: `images/${path}` };
  }
}

async function* chunks(source: ExportSource, run: FileRun): AsyncGenerator<Uint8Array> {
  const { file, included, options, tally } = run;
  const isFirst = included[0] === file;
  const out = new ByteWriter();
  const sizes = new ImageSizes();
  const categories = cocoCategories(source.head, file, options);
  const scope: Scope = {
    ...run,
    isFirst,
    sizes,
    shapes: shapeWriters(options),
    categories: new Map(categories.map(({ id, category }) => [category.id, { id, category }])),
  };
  out.text(`{"info":${infoJson(source.head)},\n"licenses":[],\n`);
  // Readers of captions take any `categories` for an instances file.
  if (file !== 'captions') out.text(`"categories":${categoriesJson(categories)},\n`);
  out.text('"images":[');
  let separator = FIRST_ROW;
  for await (const batch of passingImages(source)) {
    for (const { id, path, width, height } of batch) {
      sizes.add(id, { width, height });
      out.ascii(separator);
      out.number(id);
      out.ascii(WIDTH);
      out.number(width);
      out.ascii(HEIGHT);
      out.number(height);
      out.ascii(FILE_NAME);
      out.text(JSON.stringify(path));
      out.byte(END_ROW);
      separator = NEXT_ROW;
      if (isFirst) tally.imagesWritten(1);
      if (out.full) yield out.take();
    }
  }
  out.text('\n],\n"annotations":[');
  let rowSeparator = FIRST_ROW;
  let previous = 0;
  for await (const batch of passingRows(source, 'id')) {
    for (const row of batch) {
      if (!(row.id > previous)) throw unordered(row.id, previous);
      previous = row.id;
      const before = out.length;
      out.ascii(rowSeparator);
      if (writeAnnotation(row, out, scope)) rowSeparator = NEXT_ROW;
      else out.length = before;
      if (out.full) yield out.take();
    }
  }
  out.text('\n]}\n');
  yield out.take();
  if (run.finished.add(file).size === included.length) tally.finish();
}

const FIRST_ROW = ascii('\n{"id":');
const NEXT_ROW = ascii(',\n{"id":');
const WIDTH = ascii(',"width":');
const HEIGHT = ascii(',"height":');
const FILE_NAME = ascii(',"file_name":');
const IMAGE_ID = ascii(',"image_id":');
const CATEGORY_ID = ascii(',"category_id":');
const COMMA = 0x2c;
const END_ROW = 0x7d;

interface Scope extends FileRun {
  readonly isFirst: boolean;
  readonly sizes: ImageSizes;
  readonly shapes: ShapeWriters;
  readonly categories: ReadonlyMap<number, { readonly id: number; readonly category: ExportClass }>;
}

/** Answers false when the annotation has no place in this file; the reason is in the tally unless another file holds it. */
function writeAnnotation(row: ExportAnnotation, out: ByteWriter, scope: Scope): boolean {
  const { id, image_id, class_id, annotation_type } = row;
  const { file, included, isFirst, shapes, categories, sizes, tally } = scope;
  const place = FILE_OF_KIND[annotation_type];
  if (place === null || !included.includes(place)) {
    // Reported once, whatever the number of files.
    if (isFirst)
      tally.dropped(typeof shapes[annotation_type] === 'string' ? shapes[annotation_type] : 'other_file', id);
    return false;
  }
  if (place !== file) return false;
  const writeShape = shapes[annotation_type];
  if (file === 'instances' && typeof writeShape === 'string') return dropped(writeShape, id, tally);
  const named = tally.hasClass(class_id) ? categories.get(class_id) : undefined;
  if (file !== 'captions' && !named) return dropped('unknown_class', id, tally);
  if (!sizes.has(image_id)) return dropped('unknown_image', id, tally);
  out.number(id);
  out.ascii(IMAGE_ID);
  out.number(image_id);
  if (named) {
    out.ascii(CATEGORY_ID);
    out.number(named.id);
  }
  try {
    if (typeof writeShape === 'function') {
      if (!isMeasured(row)) return dropped('no_extent', id, tally);
      out.byte(COMMA);
      if (!writeShape(row, out, sizes, tally)) return false;
      if (row.bbox_w < 1 || row.bbox_h < 1) tally.noted('thin', id);
    } else if (file === 'keypoints' && named) {
      if (!writeKeypoints(row, named.category, out, sizes, tally)) return false;
    } else if (file === 'captions') {
      if (!writeCaption(row, out, tally)) return false;
    } else {
      writeAttributes(row, out);
    }
  } catch (error) {
    if (error instanceof SyntaxError) return dropped('unreadable_geometry', id, tally);
    throw error;
  }
  out.byte(END_ROW);
  tally.written(file === 'captions' ? null : class_id);
  return true;
}

function dropped(code: CocoDropped, id: number, tally: CocoTally): false {
  tally.dropped(code, id);
  return false;
}

function isMeasured(row: ExportAnnotation): row is MeasuredAnnotation {
  // Lines have no area of their own; what they enclose is measured when they are written.
  if (row.annotation_type === 'polyline') return row.bbox_x !== null;
  return row.bbox_x !== null && row.bbox_y !== null && row.bbox_w! > 0 && row.bbox_h! > 0 && row.area! > 0;
}

function unordered(id: number, previous: number): DomainError {
  return new DomainError(
    'internal',
    `Annotations of an export must come by ascending id: ${id} came after ${previous}.`,
  );
}

function infoJson({ project, version, date }: ExportHead): string {
  const day =
    date === null ? {} : { year: Number(date.slice(0, 4)), date_created: date.slice(0, 10).replaceAll('-', '/') };
  return JSON.stringify({
    description: project.name,
    url: '',
    version: version ?? 'working copy',
    contributor: '',
    ...day,
  });
}

/** `supercategory` says the task type: a box class and a polygon class may share a name. Skeletons count from 1. */
function categoriesJson(categories: ReturnType<typeof cocoCategories>): string {
  const rows = categories.map(({ id, category: { name, task_type, keypoints, skeleton } }) =>
    JSON.stringify({
      id,
      name,
      supercategory: task_type,
      ...(keypoints?.length && { keypoints, skeleton: (skeleton ?? []).map(([a, b]) => [a + 1, b + 1]) }),
    }),
  );
  return rows.length ? `[\n${rows.join(',\n')}\n]` : '[]';
}
