import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3TestServer, startLocalR2, type S3TestServer } from '@labelyard/storage/testing';
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
    let server: { variables: Record<string, string>; stop: () => Promise<void> };
    beforeAll(async () => {
      const dir = await mkdtemp(join(tmpdir(), 'labelyard-r2-'));
      const r2 = await startLocalR2({ dir });
      server = {
        variables: s3Variables(r2),
        stop: async () => {
          await r2.stop();
          await rm(dir, { recursive: true, force: true });
        },
      };
    }, 90_000);
    afterAll(() => server.stop());
    declare((options = {}) => createTestApp({ ...options, env: { ...server.variables, ...options.env } }));
  });

  const further = s3TestServer();
  if (!further) return;
  describe(`${name}, on the server of S3_TEST_ENDPOINT`, () =>
    declare((options = {}) => createTestApp({ ...options, env: { ...s3Variables(further), ...options.env } })));
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
