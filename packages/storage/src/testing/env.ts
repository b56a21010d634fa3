import type { S3TestServer } from './contract.js';

/**
 * A further S3 server to test against, from `S3_TEST_ENDPOINT`, `S3_TEST_ACCESS_KEY`, `S3_TEST_SECRET_KEY`,
 * `S3_TEST_REGION` (default `auto`), `S3_TEST_BUCKET_DATASETS` and `S3_TEST_BUCKET_ANNOTATIONS` (default `datasets` and
 * `annotations`). The buckets must exist; the tests leave them as they were. Undefined when no endpoint is set.
 */
export function s3TestServer(): S3TestServer | undefined {
  const {
    S3_TEST_ENDPOINT: endpoint,
    S3_TEST_ACCESS_KEY: access_key,
    S3_TEST_SECRET_KEY: secret_key,
    S3_TEST_REGION: region = 'auto',
    S3_TEST_BUCKET_DATASETS: datasets = 'datasets',
    S3_TEST_BUCKET_ANNOTATIONS: annotations = 'annotations',
  } = process.env;
  if (!endpoint) return undefined;
  if (!access_key || !secret_key) throw new Error('S3_TEST_ENDPOINT needs S3_TEST_ACCESS_KEY and S3_TEST_SECRET_KEY.');
  return { endpoint, access_key, secret_key, region, buckets: { datasets, annotations } };
}
