import pg from 'pg';
import { DETAILS, IMAGE_COLUMNS } from './export-rows.js';
import type { ExportFilter } from './export-snapshot.js';

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

/** Of all images of a dataset. */
export interface ImageRange {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Where images of other datasets are at most a fifth of those between the first and the last, looking at all is less work than choosing. */
const LOOSEST = 1.25;

function lieClose({ first, last, count }: ImageRange): boolean {
  return last - first + 1 <= count * LOOSEST;
}

/**
 * Both orders are those of an index, so that the first row comes at once and nothing is sorted on disk.
 *
 * @param images of the dataset; null when it has none
 */
export function annotationsQuery(
  filter: ExportFilter,
  dataset_id: number,
  images: ImageRange | null,
  order: 'id' | 'image',
  columns: string = DETAILS[filter.detail ?? 'shape'].columns,
): string {
  const ofProject = `a.project_id = ${integer(filter.project_id)}${filtersOf(filter)}`;
  if (order === 'id') return `select ${columns} from annotations a where ${ofProject} order by a.id`;
  const ofImages =
    images && lieClose(images)
      ? `a.image_id between ${integer(images.first)} and ${integer(images.last)}`
      : `a.image_id in (select id from image_metadata where dataset_id = ${integer(dataset_id)})`;
  return `select ${columns} from annotations a where ${ofImages} and ${ofProject} order by a.image_id, a.id`;
}
