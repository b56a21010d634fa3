import type { TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { makeTasks, type TasksInCommon } from './make-tasks.js';
import { freeFolders, freeImages, splitSize } from './split-source.js';
import type { NewTask, SplitRow, SplitSize, SplitSource, TakenImage, TaskRow } from './task-row.js';

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

  /** Throws version_conflict when images were put into another task meanwhile. `report` hears how many are in, now and then. */
  make(
    common: TasksInCommon,
    tasks: readonly NewTask[],
    report: (done: number) => Promise<void> = () => Promise.resolve(),
  ): Promise<TaskRow[]> {
    return this.connection.atomic((transaction) => makeTasks(transaction, common, tasks, report));
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

  /** queued → running; running after a crash begins anew, for what was not finished was never there. */
  start(split_id: number): Promise<SplitRow | null> {
    return this.connection.one(
      `update task_splits set status = 'running', images = null, done = 0 where id = $1 and ${UNDER_WAY} returning ${COLUMNS}`,
      [split_id],
    );
  }

  progress(split_id: number, { images, done }: { readonly images: number; readonly done: number }): Promise<boolean> {
    return this.changed(`update task_splits set images = $2, done = $3 where id = $1 and status = 'running'`, [
      split_id,
      images,
      done,
    ]);
  }

  /** To be called in the transaction that made the tasks. */
  complete(split_id: number, made: { readonly images: number; readonly tasks: number }): Promise<boolean> {
    return this.changed(
      `update task_splits set status = 'completed', images = $2, done = $2, tasks = $3, finished_at = clock_timestamp()
        where id = $1 and status = 'running'`,
      [split_id, made.images, made.tasks],
    );
  }

  fail(split_id: number, error: { readonly code: string; readonly message: string }): Promise<boolean> {
    return this.changed(
      `update task_splits set status = 'failed', error = $2, finished_at = clock_timestamp() where id = $1 and ${UNDER_WAY}`,
      [split_id, JSON.stringify(error)],
    );
  }

  cancel(split_id: number): Promise<boolean> {
    return this.changed(
      `update task_splits set status = 'cancelled', finished_at = clock_timestamp() where id = $1 and ${UNDER_WAY}`,
      [split_id],
    );
  }

  private async changed(text: string, values: readonly unknown[]): Promise<boolean> {
    return (await this.connection.run(text, values)) > 0;
  }
}
