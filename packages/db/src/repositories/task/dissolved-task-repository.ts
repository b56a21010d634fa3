import type { TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { freeImagesOf } from './images-in-steps.js';

export interface DissolvedTaskRow {
  readonly task_id: number;
  readonly project_id: number;
  readonly task_type: TaskType;
}

/** Tasks that are gone, or never came to be, whose images are being taken out of them. */
export class DissolvedTaskRepository {
  constructor(private readonly connection: Connection) {}

  all(): Promise<DissolvedTaskRow[]> {
    return this.connection.rows(`select task_id, project_id, task_type from dissolved_tasks order by task_id`);
  }

  /** Whether images of this kind are on their way out of one. */
  async anyOf(project_id: number, task_type: TaskType): Promise<boolean> {
    const found = await this.connection.one(
      `select from dissolved_tasks where project_id = $1 and task_type = $2 limit 1`,
      [project_id, task_type],
    );
    return found !== null;
  }

  /** One step, which waits for nobody; `left`: there are others. */
  free(task_ids: readonly number[]): Promise<{ readonly freed: number; readonly left: boolean }> {
    return freeImagesOf(this.connection, task_ids);
  }

  /** Nothing is in them any more. */
  async forget(task_ids: readonly number[]): Promise<void> {
    await this.connection.run(`delete from dissolved_tasks where task_id = any ($1::bigint[])`, [task_ids]);
  }
}
