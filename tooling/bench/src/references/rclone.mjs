// rclone, as people use it and as its experts tune it.
import { execFileSync } from 'node:child_process';
import { runProgram } from '../system/timed-program.mjs';

export const RCLONE = /** @type {const} */ ({
  default: [],
  tuned: ['--transfers', '32', '--checkers', '32', '--s3-no-head', '--fast-list'],
});

export function hasRclone() {
  try {
    execFileSync('rclone', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Copies a bucket into another one through this machine: two remotes, so that no server copies by itself.
 *
 * @param {import('@labelyard/storage/testing').S3TestServer} server
 * @param {readonly string[]} options
 */
export function rcloneCopy(server, options) {
  const { endpoint, access_key, secret_key, region, buckets } = server;
  const facts = {
    TYPE: 's3',
    PROVIDER: 'Other',
    ENDPOINT: endpoint,
    ACCESS_KEY_ID: access_key,
    SECRET_ACCESS_KEY: secret_key,
    REGION: region,
    FORCE_PATH_STYLE: 'true',
    NO_CHECK_BUCKET: 'true',
  };
  const remote = (/** @type {string} */ name) =>
    Object.fromEntries(Object.entries(facts).map(([key, value]) => [`RCLONE_CONFIG_${name}_${key}`, value]));
  return runProgram('rclone', ['copy', `from:${buckets.datasets}`, `to:${buckets.annotations}`, ...options], {
    ...remote('FROM'),
    ...remote('TO'),
    RCLONE_CONFIG: '/dev/null',
    // Its HTTP client cannot take one, and stops.
    AWS_CA_BUNDLE: undefined,
  });
}
