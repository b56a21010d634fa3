import { DomainError } from '@labelyard/domain';
import { ascii, ByteWriter } from '../byte-writer.js';
import type { ExportAnnotation, ExportedFile, ExportHead, ExportRun, ExportSource } from '../codec.js';
import { cocoCategoryIds, cocoClasses, openCocoTally, type CocoDropped, type CocoTally } from './coco-report.js';
import { ImageSizes } from './image-sizes.js';
import { SHAPE_WRITERS, type MeasuredAnnotation } from './shape-writers.js';

const FILE_NAME = 'instances.json';

/**
 * Writes detection and segmentation as one COCO instances file (https://cocodataset.org/#format-data; the rules and their reasons
 * are in this package's README).
 *
 * - Ids of images and annotations are ours, integers from 1 up, and order the rows. Categories are numbered in project order.
 * - Coordinates come out digit by digit as they are stored. Numbers computed here (areas, far corners, sizes of enclosing boxes)
 *   have at most 6 decimals.
 * - Kinds the file cannot express are dropped and named in the report.
 * - One row per line, so that files can be compared and searched line by line.
 *
 * Memory: 16 bytes per image, one batch, one chunk. Throws `DomainError('internal')` when the source is not ordered by id.
 */
export function writeCoco(source: ExportSource): ExportRun {
  const tally = openCocoTally(source.head);
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: FILE_NAME, chunks: chunks(source, tally) };
  }
  return { files: files(), report: () => tally.report() };
}

async function* chunks(source: ExportSource, tally: CocoTally): AsyncGenerator<Uint8Array> {
  const out = new ByteWriter();
  const sizes = new ImageSizes();
  const categories = cocoCategoryIds(source.head);
  out.text(
    `{"info":${infoJson(source.head)},\n"licenses":[],\n"categories":${categoriesJson(source.head)},\n"images":[`,
  );
  let separator = '\n';
  for await (const batch of source.images()) {
    for (const { id, path, width, height } of batch) {
      sizes.add(id, { width, height });
      out.text(`${separator}{"id":${id},"width":${width},"height":${height},"file_name":${JSON.stringify(path)}}`);
      separator = ',\n';
      if (out.full) yield out.take();
    }
    tally.imagesWritten(batch.length);
  }
  out.text('\n],\n"annotations":[');
  let rowSeparator = FIRST_ROW;
  let previous = 0;
  for await (const batch of source.annotations()) {
    for (const row of batch) {
      if (!(row.id > previous)) throw unordered(row.id, previous);
      previous = row.id;
      const before = out.length;
      out.ascii(rowSeparator);
      if (writeAnnotation(row, out, { sizes, categories, tally })) rowSeparator = NEXT_ROW;
      else out.length = before;
      if (out.full) yield out.take();
    }
  }
  out.text('\n]}\n');
  yield out.take();
  tally.finish();
}

const FIRST_ROW = ascii('\n{"id":');
const NEXT_ROW = ascii(',\n{"id":');
const IMAGE_ID = ascii(',"image_id":');
const CATEGORY_ID = ascii(',"category_id":');
const BEFORE_SHAPE = ascii(',');
const END_ROW = ascii('}');

interface Scope {
  readonly sizes: ImageSizes;
  readonly categories: ReadonlyMap<number, number>;
  readonly tally: CocoTally;
}

/** Answers false, with the reason in the tally, when the annotation has no place in the file. */
function writeAnnotation(row: ExportAnnotation, out: ByteWriter, { sizes, categories, tally }: Scope): boolean {
  const { id, image_id, class_id } = row;
  const writeShape = SHAPE_WRITERS[row.annotation_type];
  if (typeof writeShape === 'string') return dropped(writeShape, id, tally);
  const category = tally.hasClass(class_id) ? categories.get(class_id) : undefined;
  if (class_id === null || category === undefined) return dropped('unknown_class', id, tally);
  if (!sizes.has(image_id)) return dropped('unknown_image', id, tally);
  if (!isMeasured(row)) return dropped('no_extent', id, tally);
  out.number(id);
  out.ascii(IMAGE_ID);
  out.number(image_id);
  out.ascii(CATEGORY_ID);
  out.number(category);
  out.ascii(BEFORE_SHAPE);
  try {
    if (!writeShape(row, out, sizes, tally)) return false;
  } catch (error) {
    if (error instanceof SyntaxError) return dropped('unreadable_geometry', id, tally);
    throw error;
  }
  out.ascii(END_ROW);
  if (row.bbox_w < 1 || row.bbox_h < 1) tally.noted('thin', id);
  tally.written(class_id);
  return true;
}

function dropped(code: CocoDropped, id: number, tally: CocoTally): false {
  tally.dropped(code, id);
  return false;
}

function isMeasured(row: ExportAnnotation): row is MeasuredAnnotation {
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

/** `supercategory` says the task type: a box class and a polygon class may share a name. */
function categoriesJson(head: ExportHead): string {
  const categories = cocoCategoryIds(head);
  const rows = cocoClasses(head).map(({ id, name, task_type }) =>
    JSON.stringify({ id: categories.get(id), name, supercategory: task_type }),
  );
  return rows.length ? `[\n${rows.join(',\n')}\n]` : '[]';
}
