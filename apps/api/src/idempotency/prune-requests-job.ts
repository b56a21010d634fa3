import type { LabelerDb } from '@labelyard/db';
import { Injectable } from '@nestjs/common';
import { InjectLabelerDb } from '../connections.js';
import { JobRegistry, type JobHandler } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';

const PRUNE_REQUESTS: Task<Record<string, never>> = {
  name: 'requests.prune',
  max_attempts: 3,
  key: () => 'requests.prune',
};

/** A client that repeats a request does so within minutes; a day is plenty. */
const KEPT_MS = 24 * 3_600_000;

/** Forgets idempotency keys and counters that nobody will ask for again. */
@Injectable()
export class PruneRequestsJob implements JobHandler<Record<string, never>> {
  readonly task = PRUNE_REQUESTS;

  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    registry: JobRegistry,
  ) {
    registry.add(this);
    registry.schedule({ task: PRUNE_REQUESTS, cron: '23 * * * *' });
  }

  async run(): Promise<void> {
    await this.db.idempotency.prune(new Date(Date.now() - KEPT_MS).toISOString());
    await this.db.rateLimits.prune();
  }
}
