import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { YardError } from '../../cli/yard-error.js';
import type { Plan } from '../../state/plan-file.js';
import { sayEnds, withEnds, type BucketEnds } from '../move/open-move.js';
import { syncBucket, type SyncProgress } from '../sync-bucket.js';
import type { SyncReport } from '../sync-report.js';
import { fingerprintsOf } from './plan-bucket.js';
import type { BucketPlan, StoragePlanBody } from './plan-body.js';

export interface ApplyOptions extends BucketEnds {
  readonly folder: string;
  readonly plan: Plan<StoragePlanBody>;
  readonly planned: BucketPlan;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
}

/**
 * Does what a plan says for one bucket. Refuses a plan whose sides are not as they were; one that was applied in part goes on.
 *
 * @throws YardError bad_input
 */
export async function applyBucketPlan(options: ApplyOptions): Promise<SyncReport> {
  const { plan, planned, folder, signal, onProgress } = options;
  const { permissions } = plan.body;
  if (sayEnds(options) !== planned.says)
    throw stale(plan, `it was made for ${planned.says}, and these are ${sayEnds(options)}`);
  const started = join(folder, `started-${plan.sha256.slice(0, 16)}`);
  const now = await fingerprintsOf({ ...options, permissions });
  if (now.source_fingerprint !== planned.source_fingerprint)
    throw stale(plan, `the ${planned.bucket} of ${plan.body.from} have changed`);
  if (now.target_fingerprint !== planned.target_fingerprint && !existsSync(started))
    throw stale(plan, `somebody else has written to the ${planned.bucket} of ${plan.body.to}`);
  writeFileSync(started, `${new Date().toISOString()}\n`, { mode: 0o600, flush: true });
  return withEnds(options, ({ from, to }) =>
    syncBucket({ source: from, target: to, folder, permissions, signal, onProgress }),
  );
}

function stale({ made_at, body }: Plan<StoragePlanBody>, why: string): YardError {
  return new YardError(
    'bad_input',
    `The plan of ${made_at} is stale: ${why}.`,
    `Make a new one: yard storage plan --from ${body.from} --to ${body.to}. While people work on, sync without a plan: it only adds.`,
  );
}
