import type { LabelerDb } from '@labelyard/db';
import type { StorageDriver } from '@labelyard/storage';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';

/** One per upload, enqueued with it for when its time is over. */
export const CLEAN_UPLOAD: Task<{ upload_id: number; prefix: string }> = {
  name: 'uploads.clean',
  max_attempts: 25,
  key: ({ upload_id }) => `uploads.clean:${upload_id}`,
};

const BATCH = 50;

/** Throws away what an upload left in the storage: unfinished files, parts, and finished ones that could not be deleted. */
export class UploadCleanJob implements JobHandler<{ upload_id: number; prefix: string }> {
  readonly task = CLEAN_UPLOAD;

  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
  ) {}

  async run({ prefix }: { upload_id: number; prefix: string }, { signal }: JobRun): Promise<void> {
    // Also others' whose time is over; marked as expired only if all of it could be removed.
    await this.db.transaction(async (tx) => {
      for (const { files } of await tx.uploads.expire(new Date().toISOString(), BATCH)) {
        for (const { storage_key, multipart_upload_id, status } of files) {
          if (!storage_key || status !== 'pending') continue;
          if (multipart_upload_id) await this.datasets.resumeMultipart(storage_key, multipart_upload_id).abort();
          await this.datasets.delete(storage_key);
        }
      }
    });
    await this.datasets.deleteMany(keysOf(this.datasets, prefix, signal));
  }
}

async function* keysOf(storage: StorageDriver, prefix: string, signal: AbortSignal): AsyncGenerator<string> {
  for await (const { key } of storage.list(prefix, { signal })) yield key;
}
