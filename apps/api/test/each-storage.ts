import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3TestServer, startLocalR2, type LocalR2, type S3TestServer } from '@labelyard/storage/testing';
import { createTestApp, type TestApp, type TestAppOptions } from './app.factory.js';

/** Starts the API over the storage of the present run. */
export type StartApp = (options?: TestAppOptions) => Promise<TestApp>;

/**
 * Declares the same tests for every storage: disk, an S3 server (Cloudflare's local R2), and the server of `S3_TEST_ENDPOINT`
 * if there is one. Switching is a matter of variables only.
 */
export function describeEachStorage(name: string, declare: (start: StartApp) => void): void {
  describe(`${name}, on disk`, () => declare(createTestApp));

  describe(`${name}, on S3 (local R2)`, () => {
    let variables: Record<string, string>;
    beforeAll(async () => {
      const r2 = await localR2();
      const buckets = r2.more_buckets[used++];
      if (!buckets) throw new Error(`More than ${PAIRS} test files in one process: raise PAIRS`);
      variables = s3Variables({ ...r2, buckets });
    }, 90_000);
    declare((options = {}) => createTestApp({ ...options, env: { ...variables, ...options.env } }));
  });

  const further = s3TestServer();
  if (!further) return;
  describe(`${name}, on the server of S3_TEST_ENDPOINT`, () =>
    declare((options = {}) => createTestApp({ ...options, env: { ...s3Variables(further), ...options.env } })));
}

/** Each test file has its own buckets. */
const PAIRS = 32;
/** Does not keep the process whose end it follows. */
const REMOVE = `require('node:fs').rmSync(process.argv[1], { recursive: true, force: true, maxRetries: 5 })`;
let used = 0;
let server: Promise<LocalR2> | undefined;

/** One for all test files of this process, because its start takes seconds; it ends with the process. */
function localR2(): Promise<LocalR2> {
  server ??= (async () => {
    const dir = await mkdtemp(join(tmpdir(), 'labelyard-r2-'));
    const r2 = await startLocalR2({ dir, more_pairs: PAIRS });
    r2.unref();
    process.once('exit', () => {
      spawn(process.execPath, ['-e', REMOVE, dir], { detached: true, stdio: 'ignore' }).unref();
    });
    return r2;
  })();
  return server;
}

function s3Variables({ endpoint, access_key, secret_key, region, buckets }: S3TestServer): Record<string, string> {
  return {
    STORAGE_DRIVER: 's3',
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY: access_key,
    S3_SECRET_KEY: secret_key,
    S3_REGION: region,
    S3_BUCKET_DATASETS: buckets.datasets,
    S3_BUCKET_ANNOTATIONS: buckets.annotations,
  };
}
