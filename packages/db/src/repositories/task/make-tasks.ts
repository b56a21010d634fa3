import { DomainError, type TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { NewTask, TaskRow } from './task-row.js';
import { TASK_COLUMNS, workIn } from './task-work.js';

/** Images per statement: a moment's work. */
const BATCH = 5_000;

export interface TasksInCommon {
  readonly project_id: number;
  readonly task_type: TaskType;
  readonly description: string;
  readonly due_at: string | null;
  readonly created_by: string;
}

/**
 * Makes tasks and puts their images into them, `report` told how many are in after each batch. Images that another request took
 * in the meantime make it fail: throws version_conflict, and the caller looks again.
 */
export async function makeTasks(
  transaction: Connection,
  common: TasksInCommon,
  tasks: readonly NewTask[],
  report: (done: number) => Promise<void>,
): Promise<TaskRow[]> {
  const made = await transaction.rows<Omit<TaskRow, 'progress' | 'next_image_id'>>(
    `insert into annotation_tasks as t (project_id, task_type, name, description, assignee_id, due_at, created_by)
      select $1, $2, x.name, $3, x.assignee_id, $4, $5
      from unnest($6::text[], $7::text[]) with ordinality as x (name, assignee_id, n) order by x.n returning ${TASK_COLUMNS}`,
    [
      common.project_id,
      common.task_type,
      common.description,
      common.due_at,
      common.created_by,
      tasks.map(({ name }) => name),
      tasks.map(({ assignee_id }) => assignee_id),
    ],
  );
  made.sort((a, b) => a.id - b.id);
  // Everybody locks rows of a table in the order of their keys.
  const places = tasks.flatMap(({ images }, n) => images.map(({ id }) => [id, made[n]?.id] as const));
  places.sort(([a], [b]) => a - b);
  // Rows are locked by the update itself, in the order of their ids: locking them first would write each twice. Both other ways
  // to join keep that order; a hash does not.
  await transaction.run(`set local enable_hashjoin = off`);
  for (let from = 0; from < places.length; from += BATCH) {
    const batch = places.slice(from, from + BATCH);
    const changed = await transaction.run(
      `with x as materialized (
          select * from unnest($1::bigint[], $2::bigint[]) as w (image_id, task_id) order by image_id
        )
        update image_statuses s set task_id = x.task_id from x
        where s.image_id = x.image_id and s.task_type = $3 and s.project_id = $4 and s.task_id is null`,
      [batch.map(([image_id]) => image_id), batch.map(([, id]) => id), common.task_type, common.project_id],
    );
    if (changed !== batch.length) {
      throw new DomainError('version_conflict', 'Some of the images were put into another task meanwhile; look again');
    }
    await report(from + batch.length);
  }
  await transaction.run(`set local enable_hashjoin = default`);
  return made.map((row, n) => ({ ...row, ...workIn(tasks[n]?.images ?? []) }));
}
