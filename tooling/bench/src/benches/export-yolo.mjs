import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { compare, METRICS } from '../harness/compare.mjs';
import { cpuOf, cpuOfFamily, difference, peakMemory, resetPeakMemory, together } from '../harness/process-meter.mjs';
import { atMost } from '../harness/report.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';

const ZIPFILE_COPY = join(import.meta.dirname, '..', 'references', 'zipfile_copy.py');
const ANNOTATIONS_PER_IMAGE = 10;
const PEAK_MB = 200;

/**
 * @typedef {import('../system/installation.mjs').Api} Api
 * @typedef {import('../system/project-data.mjs').Project} Project
 */

/** @type {import('./bench.mjs').Bench} */
export const exportYolo = {
  name: 'export-yolo',
  says: 'an export of one label file per image, read, rendered and zipped to disk storage with its SHA-256, against Python’s zipfile writing the same entries from memory',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi({ role: 'api' });
    const worker = await installation.startApi({ role: 'worker' });
    const images = lab.bySize({ small: 10_000, standard: 100_000, full: 100_000 });
    lab.say(`making ${images} images with ${images * ANNOTATIONS_PER_IMAGE} annotations`);
    const annotations = images * ANNOTATIONS_PER_IMAGE;
    const project = await makeProject(api, databases.labeler, { name: 'yolo', images, annotations });

    const cpu = together(
      () => cpuOf(api.pid),
      () => cpuOf(worker.pid),
      () => cpuOfFamily(databases.pid),
    );
    const ours = async () => {
      resetPeakMemory(worker.pid);
      const before = cpu();
      const started = performance.now();
      await exportOnce(api, project);
      const wall_ms = performance.now() - started;
      return { wall_ms, count: images, cpu_ms: difference(before, cpu()), peak_mb: peakMemory(worker.pid) };
    };

    const archive = join(lab.folder, 'yolo.zip');
    const { body } = await fetch((await exportOnce(api, project)).download_url ?? '');
    if (!body) throw new Error('The export has no file');
    await pipeline(Readable.fromWeb(body), createWriteStream(archive));
    const reference = async () => {
      const { stdout } = await promisify(execFile)('python3', [ZIPFILE_COPY, archive, join(lab.folder, 'copy.zip')]);
      const { wall_ms, cpu_ms, entries } = JSON.parse(stdout);
      if (entries < images) throw new Error(`The archive has ${entries} entries for ${images} images`);
      return { wall_ms, count: images, cpu_ms };
    };
    const result = await compare(
      {
        what: `${images} images`,
        a: { name: 'POST /api/v1/export until completed', run: ours },
        b: { name: 'Python’s zipfile', run: reference },
        metric: METRICS.rate,
        ratio: 'speed',
        good: 1,
        goal: 3,
      },
      lab,
    );
    const peak = result.peak_mb.a;
    return peak === null
      ? [result]
      : [result, atMost({ what: 'peak memory of the worker', value: peak, unit: 'MB', good: PEAK_MB, goal: 150 })];
  },
};

/** @param {Api} api @param {Project} project */
async function exportOnce(api, { project_id, images }) {
  const body = { project_id, format: /** @type {const} */ ('yolo') };
  let job = await api.call('exports.create', { body }, { headers: { prefer: 'wait=30' } });
  while (job.status === 'queued' || job.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    job = await api.call('exports.get', { params: { export_id: job.id } });
  }
  const { status, report, error, sha256 } = job;
  if (status !== 'completed' || report?.counts.images !== images || !sha256)
    throw new Error(`The export is not what was asked for: ${JSON.stringify({ status, error, report })}`);
  return job;
}
