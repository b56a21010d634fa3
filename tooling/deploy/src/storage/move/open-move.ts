import { createHash } from 'node:crypto';
import { createStorage, type Storage, type StorageDriver, type StorageOptions } from '@labelyard/storage';
import { YardError } from '../../cli/yard-error.js';
import { bucketIdentity, type BucketName } from '../../ends/open-ends.js';

/** Both ends of one bucket's move. */
export interface BucketEnds {
  readonly bucket: BucketName;
  readonly from: StorageOptions;
  readonly to: StorageOptions;
}

export interface OpenEnds {
  readonly from: StorageDriver;
  readonly to: StorageDriver;
}

/** "datasets: disk:/data/datasets → https://….r2.cloudflarestorage.com/labeler-datasets". */
export function sayEnds({ bucket, from, to }: BucketEnds): string {
  return `${bucket}: ${bucketIdentity(from, bucket)} → ${bucketIdentity(to, bucket)}`;
}

/** Name of the folder that holds the record of a move: the same for both directions, another one for other buckets. */
export function recordName({ bucket, from, to }: BucketEnds): string {
  const ends = `${bucketIdentity(from, bucket)}\n${bucketIdentity(to, bucket)}`;
  return `storage-${bucket}-${createHash('sha256').update(ends).digest('hex').slice(0, 12)}`;
}

/** @throws YardError bad_input when both ends have one address */
export function refuseSameAddress(ends: BucketEnds): void {
  const [from, to] = [bucketIdentity(ends.from, ends.bucket), bucketIdentity(ends.to, ends.bucket)];
  if (from !== to) return;
  throw new YardError(
    'bad_input',
    `Source and target are the same bucket: ${from}.`,
    'Name another environment with --from or --to, or correct its endpoint and buckets in yard.config.ts.',
  );
}

/** Opens both ends for `work`. Requests are tried once each: who moves objects repeats by himself, and slows down. */
export async function withEnds<T>(ends: BucketEnds, work: (open: OpenEnds) => Promise<T>): Promise<T> {
  const open = (options: StorageOptions): Storage =>
    createStorage(options.driver === 's3' ? { ...options, max_attempts: 1 } : options);
  const [from, to] = [open(ends.from), open(ends.to)];
  try {
    return await work({ from: from[ends.bucket], to: to[ends.bucket] });
  } finally {
    from.close();
    to.close();
  }
}
