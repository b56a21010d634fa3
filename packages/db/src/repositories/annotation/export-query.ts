import type { GeometryType } from '@labelyard/domain';
import pg from 'pg';
import type { BinaryRows } from './binary-rows.js';
import type { ExportAnnotation, ExportFilter, ExportImage } from './export-snapshot.js';

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

export function readAnnotation(row: BinaryRows): ExportAnnotation {
  return {
    id: row.int8(),
    image_id: row.int8(),
    class_id: row.int8OrNull(),
    annotation_type: row.text() as GeometryType,
    bbox_x: row.float8OrNull(),
    bbox_y: row.float8OrNull(),
    bbox_w: row.float8OrNull(),
    bbox_h: row.float8OrNull(),
    area: row.float8OrNull(),
    attributes: row.textOrNull() ?? '{}',
    geometry: row.text(),
  };
}

// COPY takes no parameters: numbers are checked, words are quoted.

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an id`);
  return String(value);
}

function anyOf(column: string, words: readonly string[] | undefined): string {
  return words ? ` and ${column} in (${words.map((word) => pg.escapeLiteral(word)).join(', ') || 'null'})` : '';
}

export function imagesQuery(dataset_id: number): string {
  return `select ${IMAGE_COLUMNS} from image_metadata where dataset_id = ${integer(dataset_id)} order by id`;
}

/** Both orders are those of an index, so that the first row comes at once and nothing is sorted on disk. */
export function annotationsQuery(filter: ExportFilter, dataset_id: number, order: 'id' | 'image'): string {
  const filters = anyOf('a.task_type', filter.task_types) + anyOf('a.state', filter.states);
  return order === 'id'
    ? `select ${ANNOTATION_COLUMNS} from annotations a
        where a.project_id = ${integer(filter.project_id)}${filters} order by a.id`
    : `select ${ANNOTATION_COLUMNS} from image_metadata i join annotations a on a.image_id = i.id
        where i.dataset_id = ${integer(dataset_id)}${filters} order by i.id, a.id`;
}
