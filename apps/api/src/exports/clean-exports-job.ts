import type { LabelerDb, Sql } from '@labelyard/db';
import type { StorageDriver } from '@labelyard/storage';
import type { ProjectEvents } from '../events/project-events.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import { enqueue, type Task } from '../jobs/task.js';

export const CLEAN_EXPORTS: Task<Record<string, never>> = {
  name: 'exports.clean',
  max_attempts: 5,
  key: () => 'exports.clean',
};

/** How long until what an export left behind is removed: its worker shall have let go of it by then. */
const CLEAN_AFTER_MS = 5_000;

/** Asks for a clean-up, in the transaction of whatever ends an export. */
export async function cleanSoon(sql: Sql): Promise<void> {
  await enqueue(sql, CLEAN_EXPORTS, {}, { run_at: new Date(Date.now() + CLEAN_AFTER_MS).toISOString() });
}

const BATCH = 100;

/** Whether a worker is still at it: it removes what it made by itself, and may be about to write more. */
const BUSY = (export_id: string) =>
  `select from graphile_worker.jobs j where j.key = 'exports.run:' || ${export_id} and j.locked_at is not null`;

/**
 * Ends the time of exports, and takes out of the storage what failed, cancelled, expired and deleted ones left there, a worker that
 * was killed included: the rows say where it lies. Runs every few minutes and soon after somebody cancels or deletes.
 */
export class CleanExportsJob implements JobHandler<Record<string, never>> {
  readonly task = CLEAN_EXPORTS;

  constructor(
    private readonly db: LabelerDb,
    private readonly storage: StorageDriver,
    private readonly events: ProjectEvents,
  ) {}

  async run(_payload: Record<string, never>, { signal }: Pick<JobRun, 'signal'>): Promise<void> {
    for (let count = BATCH; count === BATCH;) {
      signal.throwIfAborted();
      const expired = await this.db.exports.expire(new Date().toISOString(), BATCH);
      count = expired.length;
      const [first] = expired;
      if (!first) break;
      const project_ids = [...new Set(expired.map(({ project_id }) => project_id))];
      await this.events.publishToAll(this.db.sql, project_ids, { type: 'export', export_id: first.id });
    }
    for (let count = BATCH; count === BATCH;) {
      signal.throwIfAborted();
      const remains = await this.db.exports.remains(BUSY, BATCH);
      count = remains.length;
      for (const { storage_key, multipart_upload_id } of remains) {
        if (!storage_key) continue;
        if (multipart_upload_id) await this.storage.resumeMultipart(storage_key, multipart_upload_id).abort();
        await this.storage.delete(storage_key);
      }
      if (count > 0) await this.db.exports.cleaned(remains.map(({ id }) => id));
    }
    // A dead worker counts as busy until its claim is found to be void.
    const [busy] = await this.db.exports.remains(null, 1);
    if (busy) await cleanSoon(this.db.sql);
  }
}
