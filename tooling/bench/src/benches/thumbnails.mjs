import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { endpointUrl } from '@labelyard/contract';
import { compare, METRICS } from '../harness/compare.mjs';
import { httpLoad, requestBytes } from '../harness/http-load.mjs';
import { cpuOf, cpuOfFamily, difference, peakMemory, resetPeakMemory, together } from '../harness/process-meter.mjs';
import { hasVipsthumbnail, vipsthumbnail } from '../references/vipsthumbnail.mjs';
import { Installation } from '../system/installation.mjs';
import { runJson } from '../system/node-process.mjs';
import { makePictures } from '../system/pictures.mjs';

const SHARP_LOOP = join(import.meta.dirname, '..', 'references', 'thumbnail-batch.mjs');
/** As many files at once as a browser sends. */
const CONNECTIONS = 4;

/**
 * @typedef {import('../system/installation.mjs').Api} Api
 * @typedef {import('../harness/compare.mjs').Side} Side
 */

/** @type {import('./bench.mjs').Bench} */
export const thumbnails = {
  name: 'thumbnails',
  says: 'uploads through the API until image, thumbnail and row are stored, against vipsthumbnail or a bare sharp loop over local files',
  async run(lab) {
    const installation = await Installation.open(lab);
    const api = await installation.startApi({ role: 'all' });
    const [count_2mp, count_12mp] = lab.bySize({ small: [12, 4], standard: [60, 16], full: [200, 48] });
    const kinds = [
      { what: '2 megapixels', width: 1920, height: 1080, count: count_2mp },
      { what: '12 megapixels', width: 4000, height: 3000, count: count_12mp },
    ];
    const results = [];
    for (const { what, count, width, height } of kinds) {
      lab.say(`making ${count} pictures of ${what}`);
      const paths = await makePictures(join(lab.folder, 'pictures'), { count, width, height });
      const a = uploads(api, installation.databases.pid, paths);
      const output = join(lab.folder, 'thumbnails');
      const gates = /** @type {const} */ ({ metric: METRICS.rate, ratio: 'speed', good: 0.7, goal: 1 });
      const sharp = {
        name: 'bare sharp loop',
        run: () => runJson([SHARP_LOOP, output], { input: JSON.stringify(paths) }),
      };
      const sides = [sharp];
      if (hasVipsthumbnail())
        sides.unshift({ name: 'vipsthumbnail, two processes', run: () => vipsthumbnail(paths, output) });
      for (const b of sides) {
        results.push(await compare({ what: `${what}, ${b.name}`, a, b: onEmptyFolder(output, b), ...gates }, lab));
      }
    }
    return results;
  },
};

/** @param {string} folder @param {Side} side @returns {Side} */
function onEmptyFolder(folder, { name, run }) {
  return {
    name,
    run: () => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      return run();
    },
  };
}

/**
 * Sends every file, each run into a dataset of its own.
 *
 * @param {Api} api
 * @param {number} database_pid
 * @param {readonly string[]} paths
 * @returns {Side}
 */
function uploads(api, database_pid, paths) {
  const cpu = together(
    () => cpuOf(api.pid),
    () => cpuOfFamily(database_pid),
  );
  let run = 0;
  return {
    name: 'POST …/images, one file each',
    run: async () => {
      const name = `thumbnails ${(run += 1)} of ${basename(paths[0] ?? '')}`;
      const dataset = await api.call('datasets.create', { body: { name, task_types: ['detection'] } });
      const path = endpointUrl('images.upload', { dataset_id: dataset.id });
      const requests = paths.map((file) => formRequest(api, path, file));
      resetPeakMemory(api.pid);
      const before = cpu();
      const { wall_ms, count } = await httpLoad({
        port: api.port,
        requests,
        connections: CONNECTIONS,
        most: paths.length,
      });
      const sample = { wall_ms, count, cpu_ms: difference(before, cpu()), peak_mb: peakMemory(api.pid) };
      await assertStored(api, dataset.project_id, paths.length);
      return sample;
    },
  };
}

/** @param {Api} api @param {string} path @param {string} file */
function formRequest(api, path, file) {
  const boundary = 'bench-boundary-000000000000000000000000';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${basename(file)}"\r\ncontent-type: image/jpeg\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), readFileSync(file), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return requestBytes({
    method: 'POST',
    path,
    token: api.token,
    body,
    type: `multipart/form-data; boundary=${boundary}`,
  });
}

/** @param {Api} api @param {number} project_id @param {number} count */
async function assertStored(api, project_id, count) {
  const { items } = await api.call('images.list', { params: { project_id }, query: { limit: 500 } });
  const ready = items.filter(({ thumbnail_url }) => thumbnail_url !== null);
  if (ready.length !== count) throw new Error(`${ready.length} of ${count} images have a thumbnail`);
}
