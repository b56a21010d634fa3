import type { LabelerDb } from '@labelyard/db';
import { datasetPrefix, projectPrefix, type Storage, type StorageDriver } from '@labelyard/storage';
import { Injectable } from '@nestjs/common';
import { InjectLabelerDb, InjectStorage } from '../connections.js';
import { JobRegistry, type JobHandler, type JobRun } from '../jobs/job-registry.js';
import { enqueue } from '../jobs/task.js';
import { PURGE_DATASET, type PurgeDataset } from './purge-dataset-task.js';

/** Longer than any link for uploading lives. */
const SECOND_PASS_AFTER_MS = 7 * 24 * 3_600_000;

@Injectable()
export class PurgeDatasetJob implements JobHandler<PurgeDataset> {
  readonly task = PURGE_DATASET;

  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    registry: JobRegistry,
  ) {
    registry.add(this);
  }

  async run({ dataset_id, project_id, pass }: PurgeDataset, { signal }: JobRun): Promise<void> {
    while (!(await this.db.datasets.purge(dataset_id))) signal.throwIfAborted();
    await empty(this.storage.datasets, datasetPrefix(dataset_id), signal);
    await empty(this.storage.annotations, projectPrefix(project_id), signal);
    if (pass === 1)
      await enqueue(
        this.db.sql,
        PURGE_DATASET,
        { dataset_id, project_id, pass: 2 },
        { run_at: new Date(Date.now() + SECOND_PASS_AFTER_MS).toISOString() },
      );
  }
}

async function empty(bucket: StorageDriver, prefix: string, signal: AbortSignal): Promise<void> {
  await bucket.deleteMany(keys(bucket, prefix, signal));
}

async function* keys(bucket: StorageDriver, prefix: string, signal: AbortSignal): AsyncIterable<string> {
  for await (const { key } of bucket.list(prefix, { signal })) yield key;
}
