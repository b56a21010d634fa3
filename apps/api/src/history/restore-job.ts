import type { LabelerDb, LabelerTransaction, RestoreRow, RestoreScope } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { ProjectEvents } from '../events/project-events.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';
import { restoreImages } from './restore-batch.js';

export interface RestorePayload {
  readonly restore_id: number;
}

export const RUN_RESTORE: Task<RestorePayload> = {
  name: 'restores.run',
  max_attempts: 4,
  key: ({ restore_id }) => `restores.run:${restore_id}`,
};

/** Images of one transaction: their locks are held for so long. */
const BATCH = 10;

/**
 * Brings back what a restore names, some images at a time. Each transaction writes what it did and that it did it: after a
 * crash the work goes on with the images that are left, and none is done twice.
 */
export class RestoreJob implements JobHandler<RestorePayload> {
  readonly task = RUN_RESTORE;

  constructor(
    private readonly db: LabelerDb,
    private readonly events: ProjectEvents,
  ) {}

  async run({ restore_id }: RestorePayload, { signal }: JobRun): Promise<void> {
    const row = await this.db.timeTravel.start(restore_id);
    if (!row) return;
    try {
      while (await this.db.transaction((tx) => this.batch(tx, row))) signal.throwIfAborted();
      await this.db.timeTravel.finish(restore_id);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
      await this.db.timeTravel.finish(restore_id, { code: error.code, message: error.message });
    }
    await this.tell(this.db, row);
  }

  async gaveUp(tx: LabelerTransaction, { restore_id }: RestorePayload, message: string): Promise<void> {
    await tx.timeTravel.finish(restore_id, {
      code: 'internal',
      message: `It was tried ${RUN_RESTORE.max_attempts} times and stopped (${message}). What is done stays; start it again for the rest.`,
    });
    const row = await tx.timeTravel.get(restore_id);
    if (row) await this.tell(tx, row);
  }

  /** False when nothing is left. */
  private async batch(tx: LabelerTransaction, row: RestoreRow): Promise<boolean> {
    const image_ids = await tx.timeTravel.nextImages(row.id, BATCH);
    if (image_ids.length === 0) return false;
    const counts = await restoreImages(tx, scopeOfRow(row), row.selection, image_ids);
    await tx.timeTravel.advance(row.id, image_ids.length, counts);
    await this.events.publish(tx.sql, row.project_id, { type: 'image', image_ids, by: row.created_by });
    await this.tell(tx, row);
    return true;
  }

  private async tell({ sql }: Pick<LabelerDb, 'sql'>, { id, project_id }: RestoreRow): Promise<void> {
    await this.events.publish(sql, project_id, { type: 'restore', restore_id: id });
  }
}

export function scopeOfRow(row: RestoreRow): RestoreScope {
  const { project_id, created_by, may_edit_verified, overwrite } = row;
  return { project_id, user_id: created_by, may_edit_verified, overwrite };
}
