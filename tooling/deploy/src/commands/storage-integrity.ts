import type { Command, CommandContext } from '../cli/command.js';
import { ENV } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { numberOption, switchOption, textOption } from '../cli/option-values.js';
import { createStorage, type StorageDriver } from '@labelyard/storage';
import { withSession } from '../database/session.js';
import { type BucketName, labelerDatabase, storageOf } from '../ends/open-ends.js';
import { compareWithDatabase } from '../storage/integrity/compare-with-database.js';
import { quarantineOrphans } from '../storage/integrity/quarantine.js';
import { readReferences } from '../storage/references/read-references.js';
import { sayTally } from '../storage/say-reports.js';
import type { Tally } from '../storage/sync-report.js';
import { BUCKET, bucketNames } from './storage-options.js';

const HOUR_MS = 3_600_000;
/** Rows changed by one statement. */
const BATCH = 1_000;

/** `yard storage orphans` */
export const storageOrphansCommand: Command = {
  path: 'storage orphans',
  says: 'find objects that belong to nothing, per dataset or project',
  details:
    'Joins a bucket with the Labeler DB. With --quarantine the orphans are moved below quarantine/<day>/ in the same bucket, never deleted. ' +
    'Refuses when the database cannot be read or speaks of nothing at all. Backups are no orphans. Exit code 2 when there are orphans.',
  options: [
    ...ENV,
    BUCKET,
    {
      flags: '--older-than-hours <n>',
      says: 'younger objects may belong to a row about to be written',
      fallback: '24',
    },
    { flags: '--quarantine', says: 'move them below quarantine/' },
  ],
  examples: [{ line: 'yard storage orphans --env railway', says: 'What nobody needs:' }],
  exclusive: true,
  async run(context) {
    const older_than = new Date(Date.now() - numberOption(context, 'olderThanHours', { min: 0, max: 1e6 }) * HOUR_MS);
    const moving = switchOption(context, 'quarantine');
    const answer: Record<string, unknown> = {};
    const text: string[] = [];
    let left = 0;
    await eachBucket(context, async (bucket, driver, references) => {
      const { signal } = context;
      const compare = () => ({ references: references(), older_than, signal });
      const { found, moved } = moving
        ? await quarantineOrphans(driver, compare)
        : { found: await compareWithDatabase({ driver, ...compare() }), moved: 0 };
      const total = Object.values(found.orphans).reduce((sum, { objects }) => sum + objects, 0);
      left += total - moved;
      answer[bucket] = { objects: found.objects, orphans: found.orphans, moved };
      text.push(
        ...sayOwners(bucket, found.orphans, 'belongs to nothing'),
        `${bucket}: ${total} orphans, ${moved} moved`,
      );
    });
    context.out.answer(answer, text);
    return left > 0 ? EXIT.differences : EXIT.ok;
  },
};

/** `yard storage dangling` */
export const storageDanglingCommand: Command = {
  path: 'storage dangling',
  says: 'find what the database speaks of and the storage does not have',
  details:
    'Joins the Labeler DB with a bucket, per dataset or project. Changes nothing. Exit code 2 when something is missing.',
  options: [...ENV, BUCKET],
  examples: [{ line: 'yard storage dangling --env railway', says: 'What would answer 404:' }],
  async run(context) {
    const answer: Record<string, unknown> = {};
    const text: string[] = [];
    let missing = 0;
    await eachBucket(context, async (bucket, driver, references) => {
      const found = await compareWithDatabase({
        driver,
        references: references(),
        older_than: new Date(0),
        signal: context.signal,
      });
      const total = Object.values(found.dangling).reduce((sum, { objects }) => sum + objects, 0);
      missing += total;
      answer[bucket] = { references: found.references, dangling: found.dangling };
      text.push(
        ...sayOwners(bucket, found.dangling, 'is missing'),
        `${bucket}: ${total} of ${found.references} missing`,
      );
    });
    context.out.answer(answer, text);
    return missing > 0 ? EXIT.differences : EXIT.ok;
  },
};

/** `yard storage thumbnails` */
export const storageThumbnailsCommand: Command = {
  path: 'storage thumbnails',
  says: 'find thumbnails that are missing, and have them made again',
  details:
    'Finds images whose thumbnail is said to be ready and is not there. With --repair they are marked as pending: the worker of the ' +
    'product makes them, by its own job. Exit code 2 when some are missing and were not marked.',
  options: [...ENV, { flags: '--repair', says: 'have them made again' }],
  examples: [{ line: 'yard storage thumbnails --env railway --repair', says: 'After a lost prefix:' }],
  exclusive: true,
  async run(context) {
    const database = labelerDatabase(context.profile(textOption(context, 'env')));
    const repair = switchOption(context, 'repair');
    const keys: string[] = [];
    let missing = 0;
    let marked = 0;
    const mark = async () => {
      marked += await withSession(database, context.signal, (session) =>
        session.transaction(async () => {
          // The product's own triggers name their tables without a schema.
          await session.run('set local search_path = public');
          return session.run(
            `update image_metadata set thumbnail_state = 'pending', thumbnail_attempts = 0
              where thumbnail_state = 'ready' and dataset_id || '/thumbnails/' || path || '.jpg' = any($1::text[])
                and dataset_id in (select split_part(k, '/', 1)::bigint from unnest($1::text[]) k)`,
            [keys.splice(0)],
          );
        }),
      );
    };
    await eachBucket(
      { ...context, options: { ...context.options, bucket: 'datasets' } },
      async (_bucket, driver, references) => {
        await compareWithDatabase({
          driver,
          references: references(),
          older_than: new Date(0),
          signal: context.signal,
          async onDangling({ kind, key }) {
            if (kind !== 'thumbnail') return;
            missing += 1;
            if (repair && keys.push(key) >= BATCH) await mark();
          },
        });
        if (keys.length > 0) await mark();
      },
    );
    context.out.answer({ missing, marked }, [
      `${missing} thumbnails are missing, ${marked} will be made again by the worker`,
    ]);
    return missing > marked ? EXIT.differences : EXIT.ok;
  },
};

async function eachBucket(
  context: CommandContext,
  work: (
    bucket: BucketName,
    driver: StorageDriver,
    references: () => ReturnType<typeof readReferences>,
  ) => Promise<void>,
): Promise<void> {
  const profile = context.profile(textOption(context, 'env'));
  const database = labelerDatabase(profile);
  const storage = createStorage(storageOf(profile));
  try {
    for (const bucket of bucketNames(context))
      await work(bucket, storage[bucket], () => readReferences(database, bucket, context.signal));
  } finally {
    storage.close();
  }
}

function sayOwners(bucket: BucketName, owners: Record<string, Tally>, says: string): string[] {
  const kind = bucket === 'datasets' ? 'dataset' : 'project';
  return Object.entries(owners).flatMap(([owner, tally]) => sayTally(`${kind} ${owner}`, says, tally));
}
