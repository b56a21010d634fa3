import type { TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { type Place, type PlacedImages, placeImages } from './images-in-steps.js';
import { insertTasks, makeTasks, type TasksInCommon } from './make-tasks.js';
import { freeFolders, freeImages, splitSize } from './split-source.js';
import type { NewTask, RunningSplit, SplitRow, SplitSize, SplitSource, TakenImage, TaskRow } from './task-row.js';

const ORDER = 'task_splits';
const COLUMNS = `id, project_id, task_type, request, status, images, done, tasks, error, created_by, created_at, finished_at`;
const UNDER_WAY = `status in ('queued', 'running')`;

/**
 * Images on their way into tasks: what there is to split, the making of tasks, and the splits that are done in the background. Steps
 * of the job answer false, or null, once it was stopped or is over.
 */
export class SplitRepository {
  constructor(private readonly connection: Connection) {}

  /** What a split would take, in the order of the paths. With `at_most`: so many of it, whichever. */
  freeImages(source: SplitSource, at_most: number | null = null): Promise<TakenImage[]> {
    return freeImages(this.connection, source, at_most);
  }

  size(source: SplitSource): Promise<SplitSize> {
    return splitSize(this.connection, source);
  }

  /** Free images per folder of the path, cut to `depth` levels, in no order. */
  folders(
    source: SplitSource,
    options: { readonly depth: number; readonly at_most: number },
  ): Promise<{ folder: string; images: number }[]> {
    return freeFolders(this.connection, source, options);
  }

  /** At once. Throws version_conflict when images were put into another task meanwhile. */
  make(common: TasksInCommon, tasks: readonly NewTask[]): Promise<TaskRow[]> {
    return this.connection.atomic((transaction) => makeTasks(transaction, common, tasks));
  }

  /** Throws in_use while another one of the project and task type is under way. */
  async create(values: {
    readonly project_id: number;
    readonly task_type: TaskType;
    readonly request: object;
    readonly created_by: string;
  }): Promise<SplitRow> {
    const row = await this.connection.one<SplitRow>(
      `insert into task_splits (project_id, task_type, request, created_by) values ($1, $2, $3, $4) returning ${COLUMNS}`,
      [values.project_id, values.task_type, JSON.stringify(values.request), values.created_by],
    );
    return row as SplitRow;
  }

  get(split_id: number): Promise<SplitRow | null> {
    return this.connection.one(`select ${COLUMNS} from task_splits where id = $1`, [split_id]);
  }

  underWay(project_id: number, task_type: TaskType): Promise<SplitRow | null> {
    return this.connection.one(
      `select ${COLUMNS} from task_splits where project_id = $1 and task_type = $2 and ${UNDER_WAY}`,
      [project_id, task_type],
    );
  }

  /** Newest first. */
  async list(project_id: number, { limit, cursor }: PageRequest): Promise<Page<SplitRow>> {
    const before = decodeCursor<[number]>(ORDER, ['number'], cursor);
    const rows = await this.connection.rows<SplitRow>(
      `select ${COLUMNS} from task_splits where project_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
      [project_id, before?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.id]));
  }

  /** queued → running; running after a crash begins anew. */
  start(split_id: number): Promise<RunningSplit | null> {
    return this.connection.one(
      `update task_splits set status = 'running', images = null, done = 0, run = run + 1
        where id = $1 and ${UNDER_WAY} returning ${COLUMNS}, run, task_ids`,
      [split_id],
    );
  }

  /** Ids for its tasks. What an earlier run left under others must be free by now. */
  async reserve(
    { id, run }: RunningSplit,
    { images, tasks }: { readonly images: number; readonly tasks: number },
  ): Promise<number[] | null> {
    const row = await this.connection.one<{ task_ids: number[] }>(
      `update task_splits set images = $3, task_ids = array(
          select nextval('annotation_tasks_id_seq') from generate_series(1, $4::integer)
        ) where id = $1 and run = $2 and status = 'running' returning task_ids`,
      [id, run, images, tasks],
    );
    return row?.task_ids ?? null;
  }

  /** One step, in a transaction of its own: its images are put under the ids of their tasks, which nobody sees yet. */
  place({ id, run, project_id, task_type }: RunningSplit, places: readonly Place[]): Promise<PlacedImages | null> {
    return this.connection.atomic(async (transaction) => {
      // Held: whoever stops it waits for this step, and none follows.
      const goes_on = await transaction.one(
        `select from task_splits where id = $1 and run = $2 and status = 'running' for no key update`,
        [id, run],
      );
      if (!goes_on) return null;
      const images = await placeImages(transaction, { project_id, task_type }, places);
      await transaction.run(`update task_splits set done = done + $2 where id = $1`, [id, images.placed]);
      return images;
    });
  }

  /** The last step: the tasks are there from now on, but for those whose images all went elsewhere meanwhile. */
  complete(
    { id, run, ...row }: RunningSplit,
    common: Omit<TasksInCommon, 'project_id' | 'task_type' | 'created_by'>,
    tasks: readonly (NewTask & { readonly id: number })[],
  ): Promise<{ rows: Omit<TaskRow, 'progress' | 'next_image_id'>[]; images: number } | null> {
    return this.connection.atomic(async (transaction) => {
      const filled = await transaction.rows<{ id: number }>(
        `select id from unnest($1::bigint[]) as w (id) where exists (select from image_statuses s where s.task_id = w.id)`,
        [tasks.map((task) => task.id)],
      );
      const ids = new Set(filled.map((task) => task.id));
      const over = await transaction.one<{ images: number }>(
        `update task_splits set status = 'completed', images = done, tasks = $3, task_ids = null, finished_at = clock_timestamp()
          where id = $1 and run = $2 and status = 'running' returning images`,
        [id, run, ids.size],
      );
      if (!over) return null;
      const made = await insertTasks(
        transaction,
        { ...common, ...row },
        tasks.filter((task) => ids.has(task.id)),
      );
      return { rows: made, images: over.images };
    });
  }

  fail(split_id: number, error: { readonly code: string; readonly message: string }): Promise<boolean> {
    return this.end(split_id, 'failed', error);
  }

  cancel(split_id: number): Promise<boolean> {
    return this.end(split_id, 'cancelled', null);
  }

  /** Without its tasks: the images that are under their ids already are to be freed. */
  private async end(split_id: number, status: 'failed' | 'cancelled', error: object | null): Promise<boolean> {
    const row = await this.connection.one(
      `with over as (
          update task_splits set status = $2, error = $3, finished_at = clock_timestamp()
          where id = $1 and ${UNDER_WAY} returning id, project_id, task_type, task_ids
        ), dissolved as (
          insert into dissolved_tasks (task_id, project_id, task_type)
            select unnest(task_ids), project_id, task_type from over
        )
        select id from over`,
      [split_id, status, error && JSON.stringify(error)],
    );
    return row !== null;
  }
}
