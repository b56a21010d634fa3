import { type Command, type CommandContext } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { optionalText } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { readPlan } from '../state/plan-file.js';
import type { BucketName } from '../ends/open-ends.js';
import { applyBucketPlan } from '../storage/plan/apply-plan.js';
import { storagePlanBody } from '../storage/plan/plan-body.js';
import { saySync } from '../storage/say-reports.js';
import { syncBucket, type SyncProgress } from '../storage/sync-bucket.js';
import { isComplete, type SyncReport } from '../storage/sync-report.js';
import { withEnds } from '../storage/move/open-move.js';
import type { BucketMove } from '../storage/move/move-bucket.js';
import { BUCKET, bucketMoves } from './storage-options.js';

/** `yard storage sync` */
export const storageSyncCommand: Command = {
  path: 'storage sync',
  says: 'copy objects to another storage, with a manifest of their hashes',
  details:
    'With a plan: does what it says. Without one: adds what the target lacks and takes over what changed on the source since it was copied; ' +
    'never overwrites what differs and never deletes. Safe to run again after Ctrl-C, SIGKILL or an error: it goes on where it was, and ' +
    'when nothing changed it asks for no object. With --back it goes the other way, for a rollback.',
  arguments: [{ name: '[plan]', says: 'file of yard storage plan' }],
  options: [
    { flags: '--from <profile>', says: 'environment to read from' },
    { flags: '--to <profile>', says: 'environment to write to' },
    BUCKET,
    { flags: '--back', says: 'take back what came and changed on the new side' },
  ],
  examples: [
    { line: 'yard storage sync .yard/plans/storage-….json', says: 'What was planned:' },
    { line: 'yard storage sync --from local --to railway', says: 'Adding only, while people work on:' },
    {
      line: 'yard storage sync --from local --to railway --back',
      says: 'What came on the new side, back to the old one:',
    },
  ],
  next: 'yard storage check --from … --to … --level sha256',
  exclusive: true,
  async run(context) {
    const [file] = context.args;
    const reports = file === undefined ? await syncAsAsked(context) : await syncAsPlanned(context, file);
    context.out.answer(
      Object.fromEntries(reports),
      [...reports].flatMap(([bucket, report]) => [`${bucket}:`, ...saySync(report)]),
    );
    return [...reports.values()].every(isComplete) ? EXIT.ok : EXIT.failed;
  },
};

type Reports = Map<BucketName, SyncReport>;

async function syncAsPlanned(context: CommandContext, file: string): Promise<Reports> {
  const plan = readPlan(file, 'storage', storagePlanBody);
  const { from, to, buckets } = plan.body;
  const moves = bucketMoves({ ...context, options: { ...context.options, from, to } });
  const reports: Reports = new Map();
  for (const planned of buckets) {
    const move = moves.find(({ bucket }) => bucket === planned.bucket);
    if (!move) continue;
    reports.set(
      planned.bucket,
      await withProgress(context, move, (onProgress) =>
        applyBucketPlan({ ...move, plan, planned, signal: context.signal, onProgress }),
      ),
    );
  }
  return reports;
}

async function syncAsAsked(context: CommandContext): Promise<Reports> {
  for (const name of ['from', 'to'])
    if (optionalText(context, name) === undefined)
      throw new YardError('bad_input', `--${name} is missing.`, 'Give a plan, or --from and --to.');
  const back = context.options['back'] === true;
  const reports: Reports = new Map();
  for (const move of bucketMoves(context)) {
    const { folder, bucket } = move;
    const report = await withProgress(context, move, (onProgress) =>
      withEnds(move, ({ from, to }) =>
        syncBucket({
          ...(back ? { source: to, target: from } : { source: from, target: to }),
          direction: back ? 'backward' : 'forward',
          folder,
          signal: context.signal,
          onProgress,
        }),
      ),
    );
    reports.set(bucket, report);
  }
  return reports;
}

async function withProgress<T>(
  { out }: CommandContext,
  { bucket }: BucketMove,
  work: (onProgress: (progress: SyncProgress) => void) => Promise<T>,
): Promise<T> {
  const bar = out.progress(`copying ${bucket}`, 'objects');
  try {
    return await work(({ seen, copied }) => bar.update(copied, seen));
  } finally {
    bar.end();
  }
}
