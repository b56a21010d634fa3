// @ts-check
// Where the stack keeps images and exports: a folder served by the API, or an S3 server.
import { startLocalR2, s3TestServer } from '@labelyard/storage/testing';
import { startCorsFront } from './cors-front.mjs';

/** Says that no production installation may use it. */
const SIGNING_SECRET = 'e2e: signs links to files of one test run only';

/**
 * @typedef {object} ObjectStorage
 * @property {string} says what it is
 * @property {Record<string, string>} env for API and web
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ kind: 'disk' | 's3', dir: string, apiUrl: string, webUrl: string }} options
 * @returns {Promise<ObjectStorage>}
 */
export async function openObjectStorage({ kind, dir, apiUrl, webUrl }) {
  if (kind === 'disk') {
    const env = {
      STORAGE_DRIVER: 'disk',
      DISK_ROOT: dir,
      DISK_PUBLIC_URL: apiUrl,
      DISK_SIGNING_SECRET: SIGNING_SECRET,
    };
    return { says: 'disk', env, stop: async () => {} };
  }
  const given = s3TestServer();
  const local = given ? undefined : await startLocalR2({ dir });
  const server = given ?? /** @type {import('@labelyard/storage/testing').LocalR2} */ (local);
  // A server of the operator's own is expected to allow the web's origin, as a real bucket must.
  const front = local && (await startCorsFront({ target: local.endpoint, allow: webUrl }));
  return {
    says: given ? `S3 at ${given.endpoint}` : 'S3, local R2',
    env: {
      STORAGE_DRIVER: 's3',
      S3_ENDPOINT: front?.url ?? server.endpoint,
      S3_ACCESS_KEY: server.access_key,
      S3_SECRET_KEY: server.secret_key,
      S3_REGION: server.region,
      S3_BUCKET_DATASETS: server.buckets.datasets,
      S3_BUCKET_ANNOTATIONS: server.buckets.annotations,
    },
    stop: async () => {
      await front?.stop();
      await local?.stop();
    },
  };
}
