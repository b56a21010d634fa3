import type { AnnotationSource, AnnotationState, GeometryType, Split, TaskType } from '@labelyard/domain';
import type { CopiedRows } from './copied-rows.js';
import type { ExportAnnotation, ExportImage } from './export-snapshot.js';

// Each reader takes the columns in the order its query has them.

export const IMAGE_COLUMNS = 'id, path, width, height, size_bytes, sha256, content_type, split';

export function readImage(row: CopiedRows): ExportImage {
  return {
    id: row.int8(),
    path: row.text(),
    width: row.int4(),
    height: row.int4(),
    size_bytes: row.int8(),
    sha256: row.text(),
    content_type: row.text(),
    split: row.textOrNull() as Split | null,
  };
}

/** Null when there are none: stored as `{}` they take 5 bytes, 8 at most, and comparing takes longer than all the numbers of a row. */
export const ATTRIBUTES = 'case when pg_column_size(a.attributes) > 8 then a.attributes::text end';
const ANNOTATION_COLUMNS = `a.id, a.image_id, a.class_id, a.annotation_type, a.bbox_x, a.bbox_y, a.bbox_w, a.bbox_h, a.area,
  ${ATTRIBUTES}, a.geometry`;

function readAnnotation(row: CopiedRows): ExportAnnotation {
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

/** To which task a "no object" belongs. */
const LABEL_COLUMNS = `${ANNOTATION_COLUMNS}, a.task_type`;

function readLabel(row: CopiedRows): ExportAnnotation {
  return { ...readAnnotation(row), task_type: row.word() as TaskType };
}

/** What formats need that tell states and sources apart as well. */
const TASK_COLUMNS = `${LABEL_COLUMNS}, a.confidence, a.source, a.state`;

function readTaskAnnotation(row: CopiedRows): ExportAnnotation {
  return {
    ...readLabel(row),
    confidence: row.float8OrNull(),
    source: row.word() as AnnotationSource,
    state: row.word() as AnnotationState,
  };
}

/** Who did what when, beside everything else. */
const ORIGIN_COLUMNS = `${TASK_COLUMNS}, a.created_by, a.updated_by, a.created_at, a.updated_at, a.confirmed_by, a.confirmed_at`;

function readWholeAnnotation(row: CopiedRows): ExportAnnotation {
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
export const DETAILS = {
  shape: { columns: ANNOTATION_COLUMNS, readRow: readAnnotation },
  label: { columns: LABEL_COLUMNS, readRow: readLabel },
  task: { columns: TASK_COLUMNS, readRow: readTaskAnnotation },
  origin: { columns: ORIGIN_COLUMNS, readRow: readWholeAnnotation },
} as const;
