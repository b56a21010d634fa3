// Presigns many URLs and prints what it took. `ours`: the storage package as lists use it. `sdk`: the AWS SDK's presigner.
// Usage: presign-batch.mjs ours|sdk COUNT [--show]  (--show prints a few URLs of a fixed date instead)
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createStorage, imageKey } from '@labelyard/storage';

const SERVER = {
  endpoint: 'https://storage.example',
  region: 'auto',
  access_key: 'bench-access-key',
  secret_key: 'bench-secret-key-of-forty-characters-0001',
};
const BUCKET = 'datasets';
const EXPIRES_IN = 3600;
/** Begins a quarter of an hour, to which our signing dates are rounded. */
const FIXED_DATE = new Date('2026-11-22T12:00:00Z');
const WARM_UP = 500;

const key = (/** @type {number} */ n) => imageKey(7, `camera (${n % 12})/frame ${String(n).padStart(7, '0')}.jpg`);

/** @param {Date} [date] */
function ours(date) {
  const { datasets } = createStorage({
    driver: 's3',
    ...SERVER,
    force_path_style: true,
    buckets: { datasets: BUCKET, annotations: 'annotations' },
    ...(date && { now: () => date.getTime() }),
  });
  return (/** @type {number} */ n) => datasets.signGet(key(n), { expires_in: EXPIRES_IN });
}

/** @param {Date} [date] */
function sdk(date) {
  const client = new S3Client({
    endpoint: SERVER.endpoint,
    region: SERVER.region,
    credentials: { accessKeyId: SERVER.access_key, secretAccessKey: SERVER.secret_key },
    forcePathStyle: true,
    // As our driver asks: not every server knows what these add to each URL.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  // Ours adds the quarter of an hour by which a date may be rounded.
  const options = { expiresIn: EXPIRES_IN + 900, ...(date && { signingDate: date }) };
  return (/** @type {number} */ n) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key: key(n) }), options);
}

const [signer, count_text, show] = process.argv.slice(2);
const count = Number(count_text);
const sign = (signer === 'ours' ? ours : sdk)(show ? FIXED_DATE : undefined);

if (show) {
  const urls = [];
  for (let n = 0; n < count; n += 1) urls.push(await sign(n));
  console.log(JSON.stringify(urls));
} else {
  const run = async (/** @type {number} */ from, /** @type {number} */ to) => {
    // A promise costs our side, which has none, nothing it would not cost anyway in a list.
    for (let n = from; n < to; n += 1)
      if (signer === 'ours') sign(n);
      else await sign(n);
  };
  await run(0, WARM_UP);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run(WARM_UP, WARM_UP + count);
  const wall_ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const peak_mb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ wall_ms, cpu_ms: (user + system) / 1000, count, peak_mb }));
}
