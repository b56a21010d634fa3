import { relative } from 'node:path';
import { type Command, FROM_TO } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { numberOption, optionalText, textOption } from '../cli/option-values.js';
import { makePlan, writePlan } from '../state/plan-file.js';
import { planBucket } from '../storage/plan/plan-bucket.js';
import type { BucketPlan, StoragePlanBody } from '../storage/plan/plan-body.js';
import { readReferences } from '../storage/references/read-references.js';
import { sayPlan } from '../storage/say-plan.js';
import { BUCKET, bucketMoves, databaseAsked, NO_DATABASE, permissionsAsked } from './storage-options.js';

/** `yard storage plan` */
export const storagePlanCommand: Command = {
  path: 'storage plan',
  says: 'see what moving the objects would do; changes nothing',
  details:
    'Lists both sides, joins them with what the Labeler DB speaks of, and writes a plan: what is copied, skipped, differs, is missing or ' +
    'belongs to nobody, with bytes, requests, cost and time. yard storage sync PLAN does it, as long as neither side has changed.',
  options: [
    ...FROM_TO,
    BUCKET,
    NO_DATABASE,
    { flags: '--overwrite', says: 'let the plan replace what differs on the target' },
    { flags: '--delete', says: 'let the plan delete on the target what was copied and is gone from the source' },
    { flags: '--mbit <n>', says: 'speed of the connection in Mbit/s, for the estimate', fallback: '100' },
    { flags: '--out <file>', says: 'where the plan goes instead of .yard/plans' },
  ],
  examples: [{ line: 'yard storage plan --from local --to railway', says: 'Both buckets:' }],
  next: 'yard storage sync PLAN',
  exclusive: true,
  async run(context) {
    const { out, profiles, signal, state } = context;
    const moves = bucketMoves(context);
    const database = databaseAsked(context, 'from');
    const permissions = permissionsAsked(context);
    const buckets: BucketPlan[] = [];
    for (const move of moves) {
      const bar = out.progress(`looking at ${move.bucket}`, 'objects');
      try {
        buckets.push(
          await planBucket({
            ...move,
            permissions,
            references: database && readReferences(database, move.bucket, signal),
            mbit: numberOption(context, 'mbit', { min: 1, max: 1_000_000 }),
            signal,
            onProgress: (seen) => bar.update(seen, null),
          }),
        );
      } finally {
        bar.end();
      }
    }
    const body: StoragePlanBody = {
      from: textOption(context, 'from'),
      to: textOption(context, 'to'),
      permissions,
      buckets,
    };
    const basis = buckets.map(({ source_fingerprint }) => source_fingerprint).join(' ');
    const plan = makePlan('storage', basis, body);
    const path =
      optionalText(context, 'out') ?? state.path('plans', `storage-${plan.made_at.replaceAll(/[:.]/gu, '-')}.json`);
    writePlan(path, plan);
    out.answer({ path, ...plan }, [...buckets.flatMap(sayPlan), `Plan: ${relative(profiles.root, path)}`]);
    return EXIT.ok;
  },
};
