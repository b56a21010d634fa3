import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { StorageRefused, type StorageDriver, StorageUnavailable } from '@labelyard/storage';
import { BUCKETS, type BucketName } from '../ends/open-ends.js';
import { type Check, type CheckContext, fail, type Finding, ok, Skip, warn } from './check.js';

/** Where the checks keep what they write, for as long as they look at it. */
export const PROBE_PREFIX = 'yard-doctor/';
const PROBE = Buffer.from('Labelyard asks whether this storage keeps what it is given.\n');
const CONTENT_TYPE = 'text/plain';
const EXPIRES_IN = 300;
/** Signatures are refused beyond a quarter of an hour. */
const SKEW_FAIL_S = 14 * 60;
const SKEW_WARN_S = 60;
const LITTLE_SPACE = 2 * 1024 ** 3;

/** What a refusal by the storage means, by the code it answers with. */
const REFUSALS: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch: 'The secret key is wrong: copy S3_SECRET_KEY again.',
  InvalidAccessKeyId: 'The access key is unknown there: copy S3_ACCESS_KEY again, or make a new token.',
  Unauthorized: 'The access key is unknown there: copy S3_ACCESS_KEY and S3_SECRET_KEY again.',
  RequestTimeTooSkewed: 'This machine’s clock is wrong: is NTP on?',
  NoSuchBucket: 'Create the bucket, or correct its name.',
  AuthorizationHeaderMalformed: 'Set S3_REGION to the region the server expects.',
  AuthorizationQueryParametersError: 'Set S3_REGION to the region the server expects.',
  AccessDenied: 'The token may not do this: it needs to read and write objects in both buckets.',
};

/** @throws whatever is not the storage's */
export function explainStorage(error: unknown, bucket: BucketName): Finding {
  if (error instanceof StorageRefused) {
    const hint = REFUSALS[String(error.details['s3_code'])];
    return fail(error.message, hint ?? `Check S3_BUCKET_${bucket.toUpperCase()} and what the token may do.`);
  }
  if (error instanceof StorageUnavailable)
    return fail(error.message, 'Check S3_ENDPOINT or DISK_ROOT, and that it is reached from here.');
  throw error;
}

/** Runs `work` with a key of its own that is gone afterwards. */
async function withProbe<T>(driver: StorageDriver, work: (key: string) => Promise<T>): Promise<T> {
  const key = `${PROBE_PREFIX}${randomUUID()}.txt`;
  try {
    return await work(key);
  } finally {
    // What went wrong before is what is told.
    await driver.delete(key).catch(() => undefined);
  }
}

async function roundTrip(driver: StorageDriver, signal: AbortSignal): Promise<Finding> {
  return withProbe(driver, async (key) => {
    await driver.put(key, PROBE, { content_type: CONTENT_TYPE, signal });
    const { body } = await driver.get(key, { signal });
    const read = Buffer.concat((await body.toArray()) as Buffer[]);
    if (!read.equals(PROBE))
      return fail(`it gave back other bytes than it was given (${read.length})`, 'Do not use this storage.');
    await driver.delete(key);
    return ok(`${driver.bucket}: written, read back the same, deleted`);
  });
}

async function signedRoundTrip(driver: StorageDriver, signal: AbortSignal): Promise<Finding> {
  return withProbe(driver, async (key) => {
    const put_url = driver.signPut(key, { expires_in: EXPIRES_IN, content_type: CONTENT_TYPE });
    const odd = [...new URL(put_url).searchParams.keys()].filter((name) => /checksum/iu.test(name));
    if (odd.length > 0)
      return fail(
        `signed upload links carry ${odd.join(', ')}, which R2 refuses`,
        'Report this: it is a fault of Labelyard.',
      );
    const put = await fetch(put_url, { method: 'PUT', body: PROBE, headers: { 'content-type': CONTENT_TYPE }, signal });
    if (!put.ok) return refusedLink('upload', put);
    const get = await fetch(driver.signGet(key, { expires_in: EXPIRES_IN }), { signal });
    if (!get.ok) return refusedLink('download', get);
    const same = Buffer.from(await get.arrayBuffer()).equals(PROBE);
    return same
      ? ok(`${driver.bucket}: uploaded and downloaded through signed links, the same bytes`)
      : fail('a signed link gave back other bytes', 'Does a proxy or cache change what passes through?');
  });
}

async function refusedLink(what: string, response: Response): Promise<Finding> {
  const code = /<Code>(\w+)</u.exec(await response.text())?.[1] ?? '';
  return fail(
    `the signed ${what} link is refused: ${response.status} ${code}`.trim(),
    REFUSALS[code] ?? 'Check the keys, and that nothing between changes the request.',
  );
}

/** A storage on disk has its links answered by the API, which need not run. */
function unanswered({ parts }: CheckContext, error: unknown): Finding {
  const { options } = parts.storage();
  const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  if (name !== 'TypeError') throw error;
  if (options.driver === 'disk')
    throw new Skip(`The API answers links to files on disk, and none runs at ${options.public_url}.`);
  return fail(`${options.endpoint} does not answer (${cause?.code ?? cause?.message})`, 'Check S3_ENDPOINT.');
}

/** Whether pictures and exports can be kept and fetched. */
export const STORAGE_CHECKS: readonly Check[] = [
  ...BUCKETS.flatMap((bucket): Check[] => [
    {
      id: `storage.${bucket}`,
      title: `Bucket for ${bucket === 'datasets' ? 'pictures' : 'exports'}`,
      why: 'Uploads fail without it.',
      async run({ parts, signal }) {
        const driver = parts.storage().storage[bucket];
        return roundTrip(driver, signal).catch((error: unknown) => explainStorage(error, bucket));
      },
    },
    {
      id: `storage.${bucket}.links`,
      title: `Signed links to ${bucket === 'datasets' ? 'pictures' : 'exports'}`,
      why: 'Browsers upload and download through them.',
      async run(context) {
        const driver = context.parts.storage().storage[bucket];
        return signedRoundTrip(driver, context.signal).catch((error: unknown) => unanswered(context, error));
      },
    },
  ]),
  {
    id: 'storage.region',
    title: 'Storage’s region',
    why: 'It is part of every signature.',
    run({ parts }) {
      const { options } = parts.storage();
      if (options.driver === 'disk') throw new Skip('Storage on disk has none.');
      const r2 = /\.r2\.cloudflarestorage\.com$/u.test(new URL(options.endpoint).hostname);
      if (r2 && !['auto', 'us-east-1'].includes(options.region ?? 'auto'))
        return fail(`S3_REGION is ${options.region}, R2 takes auto only`, 'Set S3_REGION=auto, or leave it out.');
      return ok(options.region ?? 'auto');
    },
  },
  {
    id: 'storage.clock',
    title: 'Storage’s clock',
    why: 'Signatures are refused when clocks are a quarter of an hour apart.',
    async run({ parts, signal }) {
      const { options } = parts.storage();
      if (options.driver === 'disk') throw new Skip('Storage on disk has none.');
      const answer = await fetch(options.endpoint, { method: 'HEAD', signal }).catch(() => {
        throw new Skip('The storage cannot be reached.');
      });
      const date = Date.parse(answer.headers.get('date') ?? '');
      if (Number.isNaN(date)) throw new Skip('The storage does not tell its time.');
      const skew = Math.abs(date - Date.now()) / 1_000;
      const seen = `${skew.toFixed(0)} s apart from this machine’s`;
      const next = 'Set this machine’s clock: is NTP on?';
      return skew > SKEW_FAIL_S ? fail(seen, next) : skew > SKEW_WARN_S ? warn(seen, next) : ok(seen);
    },
  },
  {
    id: 'storage.space',
    title: 'Room on disk',
    why: 'A full disk refuses uploads.',
    async run({ parts }) {
      const { options } = parts.storage();
      if (options.driver === 's3') throw new Skip('S3 storages do not tell.');
      const { bavail, bsize } = await statfs(options.root).catch(() => {
        throw new Skip(`${options.root} is not there yet.`);
      });
      const free = bavail * bsize;
      const seen = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
      return free < LITTLE_SPACE ? warn(seen, 'Make room, or move the pictures: yard help moving.') : ok(seen);
    },
  },
];
