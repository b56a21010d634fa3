import type { ImageStatus, TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { IMAGE_COLUMNS } from '../image/image-list-sql.js';
import type { ImageRow } from '../image/image-row.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { TASK_ID } from '../task/task-work.js';

export interface ReviewQueueQuery extends PageRequest {
  readonly project_id: number;
  readonly task_type?: TaskType | undefined;
  /** Who said that it is done. */
  readonly annotator?: string | undefined;
  /** Images with an annotation of this class. */
  readonly class_id?: number | undefined;
  readonly task_id?: number | undefined;
}

/** An image that waits for a reviewer, for one task type. */
export interface WaitingImage extends ImageRow {
  readonly task_type: TaskType;
  readonly statuses: Readonly<Partial<Record<TaskType, ImageStatus>>>;
  readonly annotation_count: number;
  readonly locked_by: string | null;
  readonly confirmed_at: string;
  readonly confirmed_by: string | null;
  readonly task_id: number | null;
}

const ORDER = 'review';

/** Oldest first. */
export async function reviewQueue(connection: Connection, query: ReviewQueueQuery): Promise<Page<WaitingImage>> {
  const after = decodeCursor<[string, number, string]>(ORDER, ['string', 'number', 'string'], query.cursor);
  const values: unknown[] = [query.project_id, query.limit + 1];
  const conditions = [`s.project_id = $1`, `s.status = 'completed'`];
  const add = (text: (parameter: string) => string, value: unknown) => {
    if (value === undefined || value === null) return;
    values.push(value);
    conditions.push(text(`$${values.length}`));
  };
  add((p) => `s.task_type = ${p}`, query.task_type);
  add((p) => `s.confirmed_by = ${p}`, query.annotator);
  add((p) => `s.task_id = ${p}`, query.task_id);
  add(
    (p) =>
      `exists (select from annotations a where a.class_id = ${p} and a.image_id = s.image_id and a.task_type = s.task_type)`,
    query.class_id,
  );
  if (after) {
    values.push(...after);
    const n = values.length;
    conditions.push(`(s.confirmed_at, s.image_id, s.task_type) > ($${n - 2}::timestamptz, $${n - 1}::bigint, $${n})`);
  }
  const rows = await connection.rows<WaitingImage>(
    `select ${IMAGE_COLUMNS}, w.task_type, w.annotation_count, w.confirmed_at, w.confirmed_by,
        ${TASK_ID('w')} as task_id, progress.statuses,
        (select l.user_id from image_locks l where l.image_id = i.id and l.expires_at > now()) as locked_by
      from (
        select s.image_id, s.task_type, s.annotation_count, s.confirmed_at, s.confirmed_by, s.task_id from image_statuses s
        where ${conditions.join(' and ')} order by s.confirmed_at, s.image_id, s.task_type limit $2
      ) w
      join image_metadata i on i.id = w.image_id
      cross join lateral (
        select json_object_agg(o.task_type, o.status) as statuses from image_statuses o where o.image_id = i.id
      ) progress
      order by w.confirmed_at, w.image_id, w.task_type`,
    values,
  );
  return pageOf(rows, query.limit, (last) => encodeCursor(ORDER, [last.confirmed_at, last.id, last.task_type]));
}
