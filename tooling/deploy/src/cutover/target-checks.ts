import { type StorageDriver } from '@labelyard/storage';
import { inspectDatabase } from '../database/catalog/read-catalog.js';
import { inspectTarget } from '../database/copy/copy-mark.js';
import { withSession } from '../database/session.js';
import { type Check, type Finding, ok, Skip, warn } from '../doctor/check.js';
import { BUCKET_CORS_CHECKS } from '../doctor/bucket-cors-checks.js';
import { explainStorage, PROBE_PREFIX, STORAGE_CHECKS } from '../doctor/storage-checks.js';
import { databaseOf, storageOf } from '../ends/open-ends.js';
import type { Profile } from '../profiles/profile.js';
import type { StateFolder } from '../state/state-folder.js';
import { refuseSameBucket } from '../storage/different-buckets.js';
import { OWN_PREFIX } from '../storage/join/joined-objects.js';
import { type BucketMove, wasBegun } from '../storage/move/move-bucket.js';
import { recordName, withEnds } from '../storage/move/open-move.js';
import { isKept } from '../storage/plan/plan-bucket.js';
import { isCopied } from './database-part.js';
import {
  BUCKET_OF_PART,
  type BucketPart,
  DATABASE_OF_PART,
  type DatabasePart,
  isBucketPart,
  isDatabasePart,
  type Part,
  PART_FACTS,
} from './parts.js';

export interface TargetOptions {
  readonly from: Profile;
  readonly to: Profile;
  readonly parts: readonly Part[];
  readonly state: StateFolder;
}

/** What the doctor asks of a storage as a whole. Links to files on disk are answered by the side that is live: not asked. */
const WHOLE_STORAGE = ['storage.region', 'storage.clock', 'storage.space', 'storage.cors'];

/**
 * What applying a plan, or people after it, would stumble on, as questions to the target: what the doctor asks of each bucket, and whether
 * each part finds the room it needs there.
 */
export function targetChecks({ parts, ...options }: TargetOptions): readonly Check[] {
  const buckets = parts.filter(isBucketPart);
  const asked = new Set(
    buckets.length === 0 ? [] : [...WHOLE_STORAGE, ...buckets.map((part) => `storage.${BUCKET_OF_PART[part]}`)],
  );
  return [
    ...parts.filter(isDatabasePart).map((part) => databaseRoom(part, options)),
    ...[...STORAGE_CHECKS, ...BUCKET_CORS_CHECKS.map(afterwards)].filter(({ id }) => asked.has(id)),
    ...buckets.map((part) => bucketRoom(part, options)),
  ];
}

/** What applying goes through with, but people stumble on after it. */
function afterwards(check: Check): Check {
  return {
    ...check,
    async run(context) {
      const finding = await check.run(context);
      return finding.status === 'fail' ? { ...finding, status: 'warn' } : finding;
    },
  };
}

type Ends = Omit<TargetOptions, 'parts'>;

function databaseRoom(part: DatabasePart, { from, to }: Ends): Check {
  return {
    id: `target.${part}`,
    title: `Room for the ${PART_FACTS[part].says}`,
    why: 'A database is copied into an empty one only: nothing there is overwritten.',
    async run({ signal }) {
      const [source, target] = [from, to].map((profile) => databaseOf(profile, DATABASE_OF_PART[part]));
      if (!source || !target) throw new Skip('The environment does not say where it is.');
      const { done, says } = await isCopied(source, target, signal);
      if (done) return ok(says);
      const catalog = await inspectDatabase(source, signal);
      return ok(await withSession(target, signal, (session) => inspectTarget(session, catalog)));
    },
  };
}

function bucketRoom(part: BucketPart, { from, to, state }: Ends): Check {
  const bucket = BUCKET_OF_PART[part];
  return {
    id: `target.${part}`,
    title: `Room for ${PART_FACTS[part].says}`,
    why: 'What lies in the bucket already is never overwritten or deleted: applying stops at an object that differs.',
    async run({ signal }) {
      const ends = { bucket, from: storageOf(from), to: storageOf(to) };
      const move = { ...ends, folder: state.path('manifests', recordName(ends)) };
      return withEnds(move, async ({ from: source, to: target }) => {
        const stranger = await firstObject(target, signal).catch(() => {
          throw new Skip('The bucket cannot be looked into.');
        });
        try {
          await refuseSameBucket(source, target, signal);
        } catch (error) {
          return explainStorage(error, bucket);
        }
        return sayRoom(move, stranger, `yard storage plan --from ${from.name} --to ${to.name}`);
      });
    },
  };
}

function sayRoom(move: BucketMove, stranger: string | null, compare: string): Finding {
  if (stranger === null) return ok('empty');
  if (wasBegun(move)) return ok('holds what was copied there before; only the rest is copied');
  return warn(
    `not empty, and not filled from here: it holds ${JSON.stringify(stranger)}`,
    `See whether what is there is the same: ${compare}. Or name an empty bucket.`,
  );
}

/** The first object that an installation put there; null where there is none. */
async function firstObject(driver: StorageDriver, signal: AbortSignal): Promise<string | null> {
  for await (const { key } of driver.list('', { signal }))
    if (!key.startsWith(OWN_PREFIX) && !key.startsWith(PROBE_PREFIX) && !isKept(key)) return key;
  return null;
}
