import { checkedDriver } from './checked-driver.js';
import { createDiskBucket } from './disk/disk-driver.js';
import { createDiskObjectServer, type DiskObjectServer } from './disk/object-server.js';
import { diskSigningKey } from './disk/urls.js';
import { rememberUrls } from './remembered-urls.js';
import type { StorageDriver } from './driver.js';
import { connectS3, type S3Options } from './s3/connection.js';
import { createS3Driver } from './s3/s3-driver.js';

export interface BucketNames {
  datasets: string;
  annotations: string;
}

export interface S3StorageOptions extends S3Options {
  driver: 's3';
  buckets: BucketNames;
  /** Milliseconds since 1970; for signing dates. Default `Date.now`. */
  now?: () => number;
}

export interface DiskStorageOptions {
  driver: 'disk';
  /** Folder for all objects; made when missing. */
  root: string;
  /** Default `datasets` and `annotations`. */
  buckets?: BucketNames;
  /** What signed URLs begin with: the API's origin as browsers reach it, or `''` for URLs relative to the page's origin. */
  public_url: string;
  /** At least 32 characters. Another secret, or another derived use of the same one, makes all signed URLs invalid. */
  signing_secret: string;
  /** Largest body of one PUT on a signed URL, in bytes. Default 5 GiB, as on S3. */
  max_put_bytes?: number;
  now?: () => number;
}

export type StorageOptions = S3StorageOptions | DiskStorageOptions;

export interface Storage {
  driver: 's3' | 'disk';
  /** Images, thumbnails and files being uploaded. */
  datasets: StorageDriver;
  /** Exports. */
  annotations: StorageDriver;
  /** Answers signed URLs under `DISK_URL_PATH`; null when the storage has a server of its own. */
  object_server: DiskObjectServer | null;
  /** Both buckets answer. @throws StorageUnavailable, StorageRefused */
  ping(options?: { signal?: AbortSignal }): Promise<void>;
  /** Closes idle connections. Objects being read are cut off. */
  close(): void;
}

const DISK_BUCKETS: BucketNames = { datasets: 'datasets', annotations: 'annotations' };
const BUCKET_NAME = /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/;

/** The storage of a process. Nothing is contacted, and no folder made, before the first use. */
export function createStorage(options: StorageOptions): Storage {
  const { datasets, annotations } = options.buckets ?? DISK_BUCKETS;
  for (const bucket of [datasets, annotations]) {
    if (!BUCKET_NAME.test(bucket)) throw new RangeError(`Not a bucket name: ${JSON.stringify(bucket)}.`);
  }
  if (datasets === annotations)
    throw new RangeError(`Datasets and annotations need two buckets, not "${datasets}" twice.`);
  return options.driver === 's3' ? s3Storage(options) : diskStorage(options);
}

function s3Storage({ buckets, now = Date.now, ...options }: S3StorageOptions): Storage {
  const connection = connectS3(options);
  return {
    ...bothBuckets(
      createS3Driver(connection, buckets.datasets, now),
      createS3Driver(connection, buckets.annotations, now),
      now,
    ),
    driver: 's3',
    object_server: null,
    close: connection.close,
  };
}

function diskStorage(options: DiskStorageOptions): Storage {
  const { root, public_url, signing_secret, max_put_bytes, now = Date.now } = options;
  const buckets = options.buckets ?? DISK_BUCKETS;
  if (signing_secret.length < 32) throw new RangeError('signing_secret must have at least 32 characters.');
  const signing_key = diskSigningKey(signing_secret);
  const openBucket = (bucket: string) => createDiskBucket({ root, bucket, public_url, signing_key, now });
  const datasets = openBucket(buckets.datasets);
  const annotations = openBucket(buckets.annotations);
  const served = new Map([datasets, annotations].map((bucket) => [bucket.driver.bucket, bucket]));
  return {
    ...bothBuckets(datasets.driver, annotations.driver, now),
    driver: 'disk',
    object_server: createDiskObjectServer(served, { signing_key, now, max_put_bytes }),
    close: () => undefined,
  };
}

function bothBuckets(
  datasets: StorageDriver,
  annotations: StorageDriver,
  now: () => number,
): Pick<Storage, 'datasets' | 'annotations' | 'ping'> {
  return {
    datasets: remembering(checkedDriver(datasets), now),
    annotations: remembering(checkedDriver(annotations), now),
    async ping(options) {
      await Promise.all([datasets.ping(options), annotations.ping(options)]);
    },
  };
}

/** The same driver; its GET URLs are signed once and handed out again while they would come out the same. */
function remembering(driver: StorageDriver, now: () => number): StorageDriver {
  return { ...driver, signGet: rememberUrls((key, options) => driver.signGet(key, options), now) };
}
