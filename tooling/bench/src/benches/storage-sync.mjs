import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createStorage } from '@labelyard/storage';
import { s3TestServer, startLocalR2 } from '@labelyard/storage/testing';
import { compare } from '../harness/compare.mjs';
import { hasRclone, RCLONE, rcloneCopy } from '../references/rclone.mjs';
import { runProgram } from '../system/timed-program.mjs';

const PROGRAM = join(import.meta.dirname, '..', 'system', 'sync-program.mjs');
const PUTS_AT_ONCE = 16;

/** @typedef {import('@labelyard/storage/testing').S3TestServer} Server */
/** @typedef {import('@labelyard/storage').StorageDriver} Driver */

/** @type {import('./bench.mjs').Bench} */
export const storageSync = {
  name: 'storage-sync',
  says: 'one bucket copied into another through this machine, ours with a SHA-256 manifest and a journal, against rclone copy (S3_TEST_*, else the local R2)',
  async run(lab) {
    if (!hasRclone()) throw new Error('rclone is not on PATH: install it (apt-get install rclone).');
    const server = s3TestServer() ?? (await localR2(lab));
    const storage = createStorage({ driver: 's3', ...server });
    lab.later(async () => {
      await empty(storage.datasets);
      await empty(storage.annotations);
      storage.close();
    });
    const folder = join(lab.folder, 'sync-record');
    const [small, large] = lab.bySize({ small: [100, 2], standard: [2_000, 20], full: [2_000, 20] });
    const sizes = [
      { what: `${small} objects of 100 kB`, count: small, bytes: 100_000, good: 1, goal: 1.2 },
      { what: `${large} objects of 50 MB`, count: large, bytes: 50_000_000, good: 0.8, goal: 1 },
    ];
    const ours = () => runProgram(process.execPath, [PROGRAM, JSON.stringify({ server, folder })]);
    const results = [];
    for (const { what, count, bytes, good, goal } of sizes) {
      await empty(storage.datasets);
      await fill(storage.datasets, count, bytes);
      /** @param {() => Promise<{ wall_ms: number, cpu_ms: number | null }>} copy */
      const fresh = (copy) => async () => {
        await empty(storage.annotations);
        rmSync(folder, { recursive: true, force: true });
        const times = await copy();
        await assertCopied(storage.annotations, count, bytes);
        return { count, ...times };
      };
      const a = { name: 'yard storage sync', run: fresh(ours) };
      for (const [name, options] of Object.entries(RCLONE)) {
        const b = { name: `rclone copy, ${name}`, run: fresh(() => rcloneCopy(server, options)) };
        results.push(await compare({ what: `${what}, rclone ${name}`, a, b, ratio: 'speed', good, goal }, lab));
      }
      if (count !== small) continue;
      await fresh(ours)();
      const again = (/** @type {typeof ours} */ copy) => async () => ({ count: 1, ...(await copy()) });
      results.push(
        await compare(
          {
            what: `${what}, nothing to do`,
            a: { name: 'yard storage sync', run: again(ours) },
            b: { name: 'rclone copy, tuned', run: again(() => rcloneCopy(server, RCLONE.tuned)) },
            ratio: 'speed',
            good: 1,
            goal: 2,
          },
          lab,
        ),
      );
    }
    return results;
  },
};

/** @param {import('../harness/lab.mjs').Lab} lab @returns {Promise<Server>} */
async function localR2(lab) {
  const server = await startLocalR2({ dir: join(lab.folder, 'r2') });
  lab.later(() => server.stop());
  return server;
}

/** @param {Driver} driver @param {number} count @param {number} bytes */
async function fill(driver, count, bytes) {
  const body = randomBytes(bytes);
  for (let start = 0; start < count; start += PUTS_AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(PUTS_AT_ONCE, count - start) }, (_, n) => {
        body.writeUInt32BE(start + n);
        return driver.put(`1/images/${start + n}.jpg`, Buffer.from(body), { content_type: 'image/jpeg', size: bytes });
      }),
    );
}

/** @param {Driver} driver */
async function empty(driver) {
  const keys = [];
  for await (const { key } of driver.list('')) keys.push(key);
  await driver.deleteMany(keys);
}

/** A copy of half the objects is fast. @param {Driver} driver @param {number} count @param {number} bytes */
async function assertCopied(driver, count, bytes) {
  let found = 0;
  for await (const { size } of driver.list('1/')) found += size === bytes ? 1 : 0;
  if (found !== count) throw new Error(`${found} of ${count} objects arrived`);
}
