import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor } from '../paging.js';
import { type ImageFilter, ImageListSql, type ProjectHead } from './image-list-sql.js';

const ORDER = 'chosen_images';

/** The next ids, in their order, of what a filter lets through: for changing many images part by part. */
export async function nextImages(
  connection: Connection,
  project: ProjectHead,
  filter: Omit<ImageFilter, 'sort'>,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
): Promise<{ image_ids: number[]; next_cursor: string | null }> {
  const after = decodeCursor<[number]>(ORDER, ['number'], cursor);
  const sql = new ImageListSql(project, filter);
  const rows = await connection.rows<{ id: number }>(
    `select id from (${sql.select(after, sql.parameter(limit + 1))}) chosen order by id`,
    sql.values,
  );
  const image_ids = rows.slice(0, limit).map(({ id }) => id);
  const last = image_ids.at(-1);
  return { image_ids, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(ORDER, [last]) : null };
}
