import {
  DomainError,
  type TaskState,
  taskStateAfterRejection,
  taskStateWithoutPerson,
  TASK_STATES,
  type TaskType,
} from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, escapeLike, type Page, pageOf, type PageRequest } from '../paging.js';
import type { MyTaskRow, ReleasedTasks, ReworkRow, TaskChange, TaskImagesChange, TaskRow } from './task-row.js';
import { NEXT, PROGRESS, TASK_COLUMNS, TASK_ID } from './task-work.js';

const OPEN = `t.state <> 'completed'`;

/** Batches of images given to people, and how far they are. */
export class TaskRepository {
  constructor(private readonly connection: Connection) {}

  /** Newest first. */
  async list(
    query: PageRequest & {
      readonly project_id: number;
      readonly state?: TaskState | undefined;
      /** Null: of nobody. */
      readonly assignee?: string | null | undefined;
      readonly task_type?: TaskType | undefined;
      /** Part of the name. */
      readonly q?: string | undefined;
    },
  ): Promise<Page<TaskRow>> {
    const order = 'tasks';
    const after = decodeCursor<[number]>(order, ['number'], query.cursor);
    const rows = await this.connection.rows<TaskRow>(
      `select t.*, counted.progress, ${NEXT} as next_image_id from (
          select ${TASK_COLUMNS} from annotation_tasks t
          where t.project_id = $1 and ($3::bigint is null or t.id < $3) and ($4::text is null or t.state = $4)
            and ($5::text is null or t.task_type = $5)
            and ($6::boolean is not true or t.assignee_id is not distinct from $7)
            and ($8::text is null or t.name ilike $8)
          order by t.id desc limit $2
        ) t ${PROGRESS} order by t.id desc`,
      [
        query.project_id,
        query.limit + 1,
        after?.[0] ?? null,
        query.state ?? null,
        query.task_type ?? null,
        query.assignee !== undefined,
        query.assignee ?? null,
        query.q ? `%${escapeLike(query.q.normalize('NFC'))}%` : null,
      ],
    );
    return pageOf(rows, query.limit, (last) => encodeCursor(order, [last.id]));
  }

  async get(task_id: number): Promise<TaskRow | null> {
    return this.connection.one<TaskRow>(
      `select ${TASK_COLUMNS}, counted.progress, ${NEXT} as next_image_id from annotation_tasks t ${PROGRESS} where t.id = $1`,
      [task_id],
    );
  }

  /** The task, held until the transaction ends. Throws not_found, or version_conflict with the current one. */
  async lock(task_id: number, version: number): Promise<TaskRow> {
    await this.connection.run(`select from annotation_tasks where id = $1 for no key update`, [task_id]);
    const current = await this.get(task_id);
    if (!current) throw new DomainError('not_found', 'The task does not exist any more', { task_id });
    if (current.version !== version) {
      throw new DomainError('version_conflict', 'The task was changed meanwhile', { current });
    }
    return current;
  }

  /** Of one person in every project they are still a member of: what is due first, then the oldest. */
  async mine(user_id: string, { limit, cursor }: PageRequest): Promise<Page<MyTaskRow>> {
    const order = 'my-tasks';
    const after = decodeCursor<[string, number]>(order, ['string', 'number'], cursor);
    const rows = await this.connection.rows<MyTaskRow & { due_key: string }>(
      `select t.*, counted.progress, ${NEXT} as next_image_id from (
          select ${TASK_COLUMNS}, d.id as dataset_id, d.name as dataset_name,
            coalesce(t.due_at, 'infinity')::text as due_key
          from annotation_tasks t
          join annotation_projects p on p.id = t.project_id
          join datasets d on d.id = p.dataset_id and d.deleted_at is null
          join project_permissions m on m.project_id = t.project_id and m.user_id = t.assignee_id
          where t.assignee_id = $1 and ${OPEN}
            and ($2::text is null or (coalesce(t.due_at, 'infinity'), t.id) > ($2::timestamptz, $3))
          order by coalesce(t.due_at, 'infinity'), t.id limit $4
        ) t ${PROGRESS} order by coalesce(t.due_at, 'infinity'), t.id`,
      [user_id, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const page = pageOf(rows, limit, (last) => encodeCursor(order, [last.due_key, last.id]));
    return { ...page, items: page.items.map(({ due_key: _, ...row }) => row) };
  }

  /** Images that came back to a person from review and wait to be confirmed again; longest waiting first. */
  rework(user_id: string, limit: number): Promise<ReworkRow[]> {
    return this.connection.rows<ReworkRow>(
      `select s.project_id, p.dataset_id, d.name as dataset_name, s.image_id, i.path, s.task_type,
          ${TASK_ID('s')} as task_id, s.status
        from image_statuses s
        join annotation_projects p on p.id = s.project_id
        join datasets d on d.id = p.dataset_id and d.deleted_at is null
        join project_permissions m on m.project_id = s.project_id and m.user_id = s.rework_by
        join image_metadata i on i.id = s.image_id
        where s.rework_by = $1 order by s.rejected_at nulls first, s.image_id limit $2`,
      [user_id, limit],
    );
  }

  /** Changes a task that is locked. */
  async change(task_id: number, change: TaskChange): Promise<TaskRow> {
    const { due_at, assignee_id } = change;
    await this.connection.run(
      `update annotation_tasks t set
          name = coalesce($2, t.name), description = coalesce($3, t.description),
          due_at = case when $4 then $5 else t.due_at end, due_told_at = case when $4 then null else t.due_told_at end,
          assignee_id = case when $6 then $7 else t.assignee_id end,
          state = coalesce($8, t.state), note = coalesce($9, t.note),
          submitted_at = case $8 when 'submitted' then now() when 'completed' then t.submitted_at
            when 'in_progress' then null when 'pending' then null else t.submitted_at end,
          completed_at = case when $8 = 'completed' then now() when $8 is null then t.completed_at end,
          version = t.version + 1, updated_at = now()
        where t.id = $1`,
      [
        task_id,
        change.name ?? null,
        change.description ?? null,
        due_at !== undefined,
        due_at ?? null,
        assignee_id !== undefined,
        assignee_id ?? null,
        change.state ?? null,
        change.note ?? null,
      ],
    );
    return (await this.get(task_id)) as TaskRow;
  }

  /**
   * Puts images into a task that is locked, and takes some out. Changes nothing where it names `unknown` images, or ones that are
   * `elsewhere` unless they may be moved: the caller refuses.
   */
  async changeImages(
    { id, project_id, task_type }: Pick<TaskRow, 'id' | 'project_id' | 'task_type'>,
    {
      add,
      remove,
      move,
    }: { readonly add: readonly number[]; readonly remove: readonly number[]; readonly move: boolean },
  ): Promise<TaskImagesChange> {
    return this.connection.atomic(async (transaction) => {
      const found = await transaction.rows<{ image_id: number; task_id: number | null }>(
        `select image_id, ${TASK_ID('s')} as task_id from image_statuses s
          where project_id = $1 and task_type = $2 and image_id = any ($3::bigint[]) order by image_id for no key update`,
        [project_id, task_type, [...add, ...remove]],
      );
      const taskOf = new Map(found.map((row) => [row.image_id, row.task_id]));
      const unknown = [...add, ...remove].filter((image_id) => !taskOf.has(image_id));
      const coming = add.filter((image_id) => taskOf.get(image_id) !== id);
      const elsewhere = coming.filter((image_id) => taskOf.get(image_id) != null);
      const going = remove.filter((image_id) => taskOf.get(image_id) === id);
      if (unknown.length > 0 || (elsewhere.length > 0 && !move)) return { added: 0, removed: 0, unknown, elsewhere };
      await transaction.run(
        `update image_statuses s set task_id = x.task_id from unnest($1::bigint[], $2::bigint[]) as x (image_id, task_id)
          where s.image_id = x.image_id and s.task_type = $3`,
        [[...coming, ...going], [...coming.map(() => id), ...going.map(() => null)], task_type],
      );
      return { added: new Set(coming).size, removed: new Set(going).size, unknown, elsewhere };
    });
  }

  /** Its images stay, in no task. More than `at_once` are to be taken out of it step by step: answers whether there are. */
  async delete(task_id: number, at_once: number): Promise<boolean> {
    return this.connection.atomic(async (transaction) => {
      const many = await transaction.one(
        `with images as (select from image_statuses where task_id = $1 limit $2::integer + 1)
          insert into dissolved_tasks (task_id, project_id, task_type)
            select id, project_id, task_type from annotation_tasks
            where id = $1 and (select count(*) from images) > $2::integer
          returning task_id`,
        [task_id, at_once],
      );
      if (!many)
        await transaction.run(
          `update image_statuses s set task_id = null from (
            select image_id, task_type from image_statuses where task_id = $1 order by image_id for update
          ) x where s.image_id = x.image_id and s.task_type = x.task_type`,
          [task_id],
        );
      await transaction.run(`delete from annotation_tasks where id = $1`, [task_id]);
      return many !== null;
    });
  }

  /** After a verdict on their images: rejected ones wake what was handed in, and what is reviewed to the last image is done. */
  async followReview(task_ids: readonly number[]): Promise<void> {
    if (task_ids.length === 0) return;
    const woken = TASK_STATES.filter((state) => taskStateAfterRejection(state) !== state);
    await this.connection.run(
      `with t as materialized (
          select id from annotation_tasks where id = any ($1::bigint[]) order by id for no key update
        ), counted as (
          select t.id, count(*) filter (where s.status = 'rejected') as rejected,
            count(*) filter (where s.status <> 'reviewed') as left_over
          from t join image_statuses s on s.task_id = t.id group by t.id
        )
        update annotation_tasks a set
          state = case when c.rejected > 0 then 'in_progress' else 'completed' end,
          completed_at = case when c.rejected > 0 then null else now() end,
          version = a.version + 1, updated_at = now()
        from counted c
        where c.id = a.id and (
          (c.rejected > 0 and a.state = any ($2)) or (c.left_over = 0 and a.state = 'submitted')
        )`,
      [task_ids, woken],
    );
  }

  /** Takes open tasks, and images that came back from review, from somebody who may not work any more: in one project, or in all. */
  async release(user_id: string, project_id: number | null): Promise<ReleasedTasks[]> {
    const stopped = TASK_STATES.filter((state) => taskStateWithoutPerson(state) !== state);
    return this.connection.atomic(async (transaction) => {
      await transaction.run(
        `update image_statuses s set rework_by = null from (
            select image_id, task_type from image_statuses
            where rework_by = $1 and ($2::bigint is null or project_id = $2) order by image_id, task_type for no key update
          ) x where s.image_id = x.image_id and s.task_type = x.task_type`,
        [user_id, project_id],
      );
      return transaction.rows<ReleasedTasks>(
        `with mine as materialized (
            select t.id from annotation_tasks t
            where t.assignee_id = $1 and ${OPEN} and ($2::bigint is null or t.project_id = $2) order by t.id for no key update
          ), released as (
            update annotation_tasks t set assignee_id = null,
              state = case when t.state = any ($3) then 'pending' else t.state end, version = t.version + 1, updated_at = now()
            from mine where t.id = mine.id returning t.id, t.project_id, t.name
          )
          select project_id, array_agg(name order by id) as names from released group by project_id order by project_id`,
        [user_id, project_id, stopped],
      );
    });
  }

  /** Of those ids the ones that may be given a task: members who may label. Inside a transaction they stay members until it ends. */
  async workers(project_id: number, user_ids: readonly string[], roles: readonly string[]): Promise<string[]> {
    const rows = await this.connection.rows<{ user_id: string }>(
      `select user_id from project_permissions where project_id = $1 and user_id = any ($2) and role = any ($3) for share`,
      [project_id, user_ids, roles],
    );
    return rows.map(({ user_id }) => user_id);
  }
}
