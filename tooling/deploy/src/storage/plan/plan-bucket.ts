import { isAction, type Permissions } from '../join/classify.js';
import { joinByKey } from '../join/join-by-key.js';
import { joinedObjects, type JoinedObject } from '../join/joined-objects.js';
import { EVERYTHING } from '../join/listing.js';
import { readAhead } from '../join/read-ahead.js';
import { sayEnds, type BucketEnds, withEnds } from '../move/open-move.js';
import { openRecord } from '../record/copy-record.js';
import type { Reference } from '../references/reference.js';
import { count, emptyTallies, type Tally } from '../sync-report.js';
import { fingerprinting, type Fingerprints } from './fingerprints.js';
import type { BucketPlan } from './plan-body.js';
import { countCompare, countCopy, countListings, emptyTransfer, estimate } from './transfer-cost.js';

export interface PlanOptions extends BucketEnds {
  readonly folder: string;
  readonly permissions: Permissions;
  /** What the database speaks of, sorted by key; null where it is not asked. */
  readonly references: AsyncIterable<Reference> | null;
  readonly mbit: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((seen: number) => void) | undefined;
}

/** What looking at both sides needs. */
type Observed = Omit<PlanOptions, 'references' | 'mbit' | 'onProgress'>;

const RETRIES = 6;

/** Looks at both sides and the database, and says what a sync would do. Changes nothing on either side. */
export async function planBucket(options: PlanOptions): Promise<BucketPlan> {
  const { references, mbit, onProgress } = options;
  const found = emptyTallies();
  const [zero_byte, not_nfc, dangling, orphan] = [emptyTally(), emptyTally(), emptyTally(), emptyTally()];
  const transfer = emptyTransfer();
  const prints = fingerprinting();
  const sides = { source: 0, target: 0, stored: 0 };
  let seen = 0;
  await eachObject(options, references, (object, reference, key) => {
    onProgress?.((seen += 1));
    if (!object?.source && reference?.required) count(dangling, key, reference.size ?? 0);
    if (!object) return;
    prints.add(object);
    const { source, target } = object;
    const size = source?.size ?? target?.size ?? 0;
    count(found[object.class], key, size);
    if (target) sides.target += 1;
    if (source) {
      sides.source += 1;
      sides.stored += size;
      if (size === 0) count(zero_byte, key, 0);
      if (references && !reference && !isKept(key)) count(orphan, key, size);
    }
    if (object.not_nfc) count(not_nfc, key, size);
    if (!isAction(object.class) || object.class === 'delete') return;
    if (object.class === 'compare') countCompare(transfer);
    else countCopy(transfer, size);
  });
  countListings(transfer, sides.source, sides.target);
  return {
    bucket: options.bucket,
    says: sayEnds(options),
    found,
    zero_byte,
    not_nfc,
    dangling: references && dangling,
    orphan: references && orphan,
    transfer,
    estimate: estimate(transfer, sides.stored, mbit),
    ...prints.result(),
  };
}

/** What both sides are now, to be compared with what a plan was made from. */
export async function fingerprintsOf(options: Observed): Promise<Fingerprints> {
  const prints = fingerprinting();
  await eachObject(options, null, (object) => object && prints.add(object));
  return prints.result();
}

/** Backups lie beside the product's objects without a row of their own, and so does what was put aside. */
export function isKept(key: string): boolean {
  return /^(?:backups|quarantine)\//u.test(key);
}

async function eachObject(
  { bucket, from, to, folder, permissions, signal }: Observed,
  references: AsyncIterable<Reference> | null,
  see: (object: JoinedObject | undefined, reference: Reference | undefined, key: string) => void,
): Promise<void> {
  const record = await openRecord(folder);
  try {
    await withEnds({ bucket, from, to }, async ({ from: source, to: target }) => {
      const retry = { signal, attempts: RETRIES };
      const objects = joinedObjects({
        source,
        target,
        record,
        direction: 'forward',
        scope: EVERYTHING,
        permissions,
        retry,
      });
      const spoken = references ? readAhead(references) : [];
      for await (const { key, items } of joinByKey(objects, spoken)) see(items[0], items[1], key);
    });
  } finally {
    await record.close();
  }
}

function emptyTally(): Tally {
  return { objects: 0, bytes: 0, samples: [] };
}
