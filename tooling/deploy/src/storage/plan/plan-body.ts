import { z } from 'zod';
import { BUCKETS } from '../../ends/open-ends.js';
import { CLASSES, type ObjectClass } from '../join/classify.js';

const tally = z.strictObject({ objects: z.int(), bytes: z.int(), samples: z.array(z.string()) });
const perClass = Object.fromEntries(Object.keys(CLASSES).map((name) => [name, tally])) as Record<
  ObjectClass,
  typeof tally
>;

const bucketPlan = z.strictObject({
  bucket: z.enum(BUCKETS),
  says: z.string(),
  found: z.strictObject(perClass),
  /** No bytes; R2 takes them, people often do not mean them. */
  zero_byte: tally,
  /** Keys not in NFC: R2 lists them under another spelling. */
  not_nfc: tally,
  /** The database speaks of it, the source does not have it. Null where the database was not asked. */
  dangling: tally.nullable(),
  /** On the source, and the database does not speak of it. */
  orphan: tally.nullable(),
  transfer: z.strictObject({ objects: z.int(), bytes: z.int(), class_a: z.int(), class_b: z.int() }),
  estimate: z.strictObject({
    requests_usd: z.number(),
    month_usd: z.number(),
    seconds: z.number(),
    assumes: z.string(),
  }),
  /** Hash of what the source has. */
  source_fingerprint: z.string(),
  /** Hash of what the target has under keys of the source, as far as it is not from this move. */
  target_fingerprint: z.string(),
});
export type BucketPlan = z.output<typeof bucketPlan>;

/** Body of a plan file of kind "storage". */
export const storagePlanBody = z.strictObject({
  from: z.string(),
  to: z.string(),
  permissions: z.strictObject({ overwrite: z.boolean(), delete: z.boolean() }),
  buckets: z.array(bucketPlan),
});
export type StoragePlanBody = z.output<typeof storagePlanBody>;
