import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import type { StepReport } from '../../steps/step.js';
import { checkBuckets, type CheckLevel, type CheckReport } from '../check/check-buckets.js';
import type { Direction } from '../record/copied-object.js';
import { hasEntries, openRecord } from '../record/copy-record.js';
import { readReferences } from '../references/read-references.js';
import { saySync } from '../say-reports.js';
import { syncBucket } from '../sync-bucket.js';
import { isComplete, type SyncReport } from '../sync-report.js';
import { type BucketEnds, type OpenEnds, withEnds } from './open-move.js';

export interface BucketMove extends BucketEnds {
  /** Folder of the record; the same for both directions. */
  readonly folder: string;
}

export interface MoveWork {
  readonly direction: Direction;
  readonly report: StepReport;
  readonly signal: AbortSignal;
}

const FINISHED = 'copied-once';

/** Whether everything was copied once; since when, as ISO text would say. */
export function wasCopied({ folder }: BucketMove): boolean {
  return existsSync(join(folder, FINISHED));
}

/** Whether anything was copied, also where the copy was interrupted. */
export function wasBegun(move: BucketMove): boolean {
  return wasCopied(move) || hasEntries(move.folder);
}

/**
 * Copies what the target lacks and takes over what changed; adds and updates only. Repeat it at will, in either direction, while people
 * work and after SIGKILL. @throws YardError failed when something could not be taken over
 */
export async function moveChanges(move: BucketMove, { direction, report, signal }: MoveWork): Promise<SyncReport> {
  const done = await withEnds(move, (open) =>
    syncBucket({
      ...towards(open, direction),
      folder: move.folder,
      direction,
      signal,
      onProgress: ({ seen }) => report.progress(seen, null, 'objects'),
    }),
  );
  const lines = saySync(done);
  for (const line of lines) report.say(line.startsWith(' ') ? line : `${move.bucket}: ${line}`);
  if (!isComplete(done))
    throw new YardError(
      'failed',
      `Not all objects of the ${move.bucket} could be taken over: ${lines.at(-1)}`,
      'See which and why: yard storage plan; with --overwrite a plan replaces what differs on the target.',
    );
  if (direction === 'forward')
    writeFileSync(join(move.folder, FINISHED), `${new Date().toISOString()}\n`, { mode: 0o600 });
  return done;
}

/** Objects that were taken over, for "is little left?". */
export function changesIn({ copied, deleted }: SyncReport): number {
  return copied.objects + deleted;
}

/** Compares both ends; with `database` also with what the Labeler DB speaks of. Changes nothing. */
export async function compareEnds(
  move: BucketMove,
  {
    direction,
    report,
    signal,
    level,
    database,
  }: MoveWork & { level: CheckLevel; database?: DatabaseOptions | undefined },
): Promise<CheckReport> {
  const record = await openRecord(move.folder);
  try {
    return await withEnds(move, (open) =>
      checkBuckets({
        ...towards(open, direction),
        record,
        direction,
        level,
        signal,
        references: database && readReferences(database, move.bucket, signal),
        onProgress: (compared) => report.progress(compared, null, 'objects'),
      }),
    );
  } finally {
    await record.close();
  }
}

function towards({ from, to }: OpenEnds, direction: Direction) {
  return direction === 'forward' ? { source: from, target: to } : { source: to, target: from };
}
