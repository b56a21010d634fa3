// libvips' own command, one process per core.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { childrenTime } from './copy-columns.mjs';

const PROCESSES = 2;

export function hasVipsthumbnail() {
  try {
    execFileSync('vipsthumbnail', ['--vips-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {readonly string[]} paths
 * @param {string} folder
 * @returns {Promise<import('../harness/compare.mjs').Sample>}
 */
export async function vipsthumbnail(paths, folder) {
  const started = performance.now();
  const share = Math.ceil(paths.length / PROCESSES);
  const times = await Promise.all(
    Array.from({ length: PROCESSES }, (_, n) => runOne(paths.slice(n * share, (n + 1) * share), folder)),
  );
  const wall_ms = performance.now() - started;
  const cpu_ms = times.reduce(
    (/** @type {number | null} */ sum, time) => (sum === null || time === null ? null : sum + time),
    0,
  );
  return { wall_ms, count: paths.length, cpu_ms };
}

/** @param {readonly string[]} paths @param {string} folder @returns {Promise<number | null>} ms of CPU */
async function runOne(paths, folder) {
  const script = 'vipsthumbnail "$@" && times';
  const args = ['--size', '256x256>', '--output', `${folder}/%s.jpg[Q=80,strip]`, ...paths];
  const child = spawn('sh', ['-c', script, 'vipsthumbnail', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, VIPS_CONCURRENCY: '1' },
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (told += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`vipsthumbnail ended with ${code}`);
  return childrenTime(told);
}
