import { DomainError, type TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { NewTask, TaskRow } from './task-row.js';
import { TASK_COLUMNS, workIn } from './task-work.js';

export interface TasksInCommon {
  readonly project_id: number;
  readonly task_type: TaskType;
  readonly description: string;
  readonly due_at: string | null;
  readonly created_by: string;
}

/** Makes tasks without images, under their `id` where they have one, in the order they come in. */
export async function insertTasks(
  connection: Connection,
  common: TasksInCommon,
  tasks: readonly (Pick<NewTask, 'name' | 'assignee_id'> & { readonly id?: number })[],
): Promise<Omit<TaskRow, 'progress' | 'next_image_id'>[]> {
  const made = await connection.rows<Omit<TaskRow, 'progress' | 'next_image_id'>>(
    `insert into annotation_tasks as t (id, project_id, task_type, name, description, assignee_id, due_at, created_by)
      select coalesce(x.id, nextval('annotation_tasks_id_seq')), $1, $2, x.name, $3, x.assignee_id, $4, $5
      from unnest($6::bigint[], $7::text[], $8::text[]) with ordinality as x (id, name, assignee_id, n) order by x.n
      returning ${TASK_COLUMNS}`,
    [
      common.project_id,
      common.task_type,
      common.description,
      common.due_at,
      common.created_by,
      tasks.map(({ id }) => id ?? null),
      tasks.map(({ name }) => name),
      tasks.map(({ assignee_id }) => assignee_id),
    ],
  );
  return made.sort((a, b) => a.id - b.id);
}

/**
 * Makes tasks and puts their images, as many as can be split at once, into them. Images that another request took in the meantime make
 * it fail: throws version_conflict, and the caller looks again.
 */
export async function makeTasks(
  transaction: Connection,
  common: TasksInCommon,
  tasks: readonly NewTask[],
): Promise<TaskRow[]> {
  const made = await insertTasks(transaction, common, tasks);
  // Everybody locks rows of a table in the order of their keys.
  const places = tasks.flatMap(({ images }, n) => images.map(({ id }) => [id, made[n]?.id] as const));
  places.sort(([a], [b]) => a - b);
  // Rows are locked by the update itself, in the order of their ids: locking them first would write each twice. Both other ways
  // to join keep that order; a hash does not.
  await transaction.run(`set local enable_hashjoin = off`);
  const changed = await transaction.run(
    `with x as materialized (
        select * from unnest($1::bigint[], $2::bigint[]) as w (image_id, task_id) order by image_id
      )
      update image_statuses s set task_id = x.task_id from x
      where s.image_id = x.image_id and s.task_type = $3 and s.project_id = $4 and s.task_id is null`,
    [places.map(([image_id]) => image_id), places.map(([, id]) => id), common.task_type, common.project_id],
  );
  if (changed !== places.length) {
    throw new DomainError('version_conflict', 'Some of the images were put into another task meanwhile; look again');
  }
  await transaction.run(`set local enable_hashjoin = default`);
  return made.map((row, n) => ({ ...row, ...workIn(tasks[n]?.images ?? []) }));
}
