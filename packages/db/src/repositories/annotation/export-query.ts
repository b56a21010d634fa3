import type { AnnotationSource, AnnotationState, GeometryType, TaskType } from '@labelyard/domain';
import pg from 'pg';
import type { BinaryRows } from './binary-rows.js';
import type { BulkQuery, ExportAnnotation, ExportFilter, ExportImage } from './export-snapshot.js';

// Each reader takes the columns in the order its query has them.

const IMAGE_COLUMNS = 'id, path, width, height, size_bytes, sha256, content_type';

export function readImage(row: BinaryRows): ExportImage {
  return {
    id: row.int8(),
    path: row.text(),
    width: row.int4(),
    height: row.int4(),
    size_bytes: row.int8(),
    sha256: row.text(),
    content_type: row.text(),
  };
}

const ANNOTATION_COLUMNS = `a.id, a.image_id, a.class_id, a.annotation_type, a.bbox_x, a.bbox_y, a.bbox_w, a.bbox_h, a.area,
  nullif(a.attributes, '{}')::text, a.geometry`;

function readAnnotation(row: BinaryRows): ExportAnnotation {
  return {
    id: row.int8(),
    image_id: row.int8(),
    class_id: row.int8OrNull(),
    annotation_type: row.word() as GeometryType,
    bbox_x: row.float8OrNull(),
    bbox_y: row.float8OrNull(),
    bbox_w: row.float8OrNull(),
    bbox_h: row.float8OrNull(),
    area: row.float8OrNull(),
    attributes: row.textOrNull() ?? '{}',
    geometry: row.text(),
  };
}

/** What formats need that tell tasks, states and sources apart. */
const TASK_COLUMNS = `${ANNOTATION_COLUMNS}, a.task_type, a.confidence, a.source, a.state`;

function readTaskAnnotation(row: BinaryRows): ExportAnnotation {
  return {
    ...readAnnotation(row),
    task_type: row.word() as TaskType,
    confidence: row.float8OrNull(),
    source: row.word() as AnnotationSource,
    state: row.word() as AnnotationState,
  };
}

/** Who did what when, beside everything else. */
const ORIGIN_COLUMNS = `${TASK_COLUMNS}, a.created_by, a.updated_by, a.created_at, a.updated_at, a.confirmed_by, a.confirmed_at`;

function readWholeAnnotation(row: BinaryRows): ExportAnnotation {
  return {
    ...readTaskAnnotation(row),
    created_by: row.text(),
    updated_by: row.text(),
    created_at: row.timestamptz(),
    updated_at: row.timestamptz(),
    confirmed_by: row.textOrNull(),
    confirmed_at: row.timestamptzOrNull(),
  };
}

/** What each detail is read from, and how. */
const DETAILS = {
  shape: { columns: ANNOTATION_COLUMNS, readRow: readAnnotation },
  task: { columns: TASK_COLUMNS, readRow: readTaskAnnotation },
  origin: { columns: ORIGIN_COLUMNS, readRow: readWholeAnnotation },
} as const;

// COPY takes no parameters: numbers are checked, words are quoted.

export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an id`);
  return String(value);
}

/** Nothing when there is nothing to choose from; no row when the choice is empty. */
export function anyOf(column: string, words: readonly string[] | undefined): string {
  return words ? ` and ${column} in (${words.map((word) => pg.escapeLiteral(word)).join(', ') || 'null'})` : '';
}

function filtersOf({ task_types, states, class_ids }: ExportFilter): string {
  const classes = class_ids ? ` and a.class_id in (${class_ids.map(integer).join(', ') || 'null'})` : '';
  return anyOf('a.task_type', task_types) + anyOf('a.state', states) + classes;
}

export function imagesQuery(filter: ExportFilter, dataset_id: number): string {
  const annotated = filter.annotated_only
    ? ` and exists (select from annotations a where a.image_id = i.id${filtersOf(filter)})`
    : '';
  return `select ${IMAGE_COLUMNS} from image_metadata i where i.dataset_id = ${integer(dataset_id)}${annotated} order by i.id`;
}

/** Both orders are those of an index, so that the first row comes at once and nothing is sorted on disk. */
export function annotationsQuery(
  filter: ExportFilter,
  dataset_id: number,
  order: 'id' | 'image',
): BulkQuery<ExportAnnotation> {
  const filters = filtersOf(filter);
  const { columns, readRow } = DETAILS[filter.detail ?? 'shape'];
  const text =
    order === 'id'
      ? `select ${columns} from annotations a
        where a.project_id = ${integer(filter.project_id)}${filters} order by a.id`
      : `select ${columns} from image_metadata i join annotations a on a.image_id = i.id
        where i.dataset_id = ${integer(dataset_id)}${filters} order by i.id, a.id`;
  return { text, readRow };
}
