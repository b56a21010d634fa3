import type { LabelerDb } from '@labelyard/db';
import { Injectable } from '@nestjs/common';
import { InjectEnv, InjectLabelerDb } from '../connections.js';
import type { Env } from '../env.js';
import { JobRegistry, type JobHandler, type JobRun } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';

const PRUNE_AUDIT: Task<Record<string, never>> = { name: 'audit.prune', max_attempts: 3, key: () => 'audit.prune' };
const DAY_MS = 24 * 3_600_000;
const BATCH = 5_000;

/** Takes entries out of the audit log that are older than they are to be kept, and leaves an entry that says how many. */
@Injectable()
export class PruneAuditJob implements JobHandler<Record<string, never>> {
  readonly task = PRUNE_AUDIT;

  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    registry: JobRegistry,
  ) {
    registry.add(this);
    registry.schedule({ task: PRUNE_AUDIT, cron: '41 3 * * *' });
  }

  async run(_payload: Record<string, never>, { signal }: Pick<JobRun, 'signal'>): Promise<void> {
    const { retention_days } = this.env.audit;
    if (retention_days === 0) return;
    const before = new Date(Date.now() - retention_days * DAY_MS).toISOString();
    let removed = 0;
    for (let batch = BATCH; batch === BATCH; removed += batch) {
      signal.throwIfAborted();
      batch = await this.db.audit.prune(before, BATCH);
    }
    if (removed > 0)
      await this.db.audit.record({
        project_id: null,
        actor_id: null,
        action: 'audit.prune',
        details: { before, count: removed },
      });
  }
}
