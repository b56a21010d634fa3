import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { compare, METRICS } from '../harness/compare.mjs';
import { atMost } from '../harness/report.mjs';
import { exportOnce, measuredExport } from '../system/export-job.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';
import { zipWriter } from '../system/zip-writer.mjs';

const ZIPFILE_COPY = join(import.meta.dirname, '..', 'references', 'zipfile_copy.py');
const ANNOTATIONS_PER_IMAGE = 10;
const BYTES_PER_IMAGE = 600;
const PEAK_MB = 200;

/** @type {import('./bench.mjs').Bench} */
export const exportYolo = {
  name: 'export-yolo',
  says: 'an export of one label file per image, read, rendered and zipped to disk storage with its SHA-256, and its zip writer alone, against Python’s zipfile writing the same entries from memory',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi({ role: 'api' });
    const worker = await installation.startApi({ role: 'worker' });
    const images = lab.bySize({ small: 10_000, standard: 100_000, full: 100_000 });
    lab.say(`making ${images} images with ${images * ANNOTATIONS_PER_IMAGE} annotations`);
    const annotations = images * ANNOTATIONS_PER_IMAGE;
    const project = await makeProject(api, databases.labeler, { name: 'yolo', images, annotations });

    const exported = () => exportOnce(api, { project_id: project.project_id, format: 'yolo' }, { images });
    const ours = measuredExport({ api, worker, database_pid: databases.pid, count: images, run: exported });

    const archive = join(lab.folder, 'yolo.zip');
    const { body } = await fetch((await exported()).download_url ?? '');
    if (!body) throw new Error('The export has no file');
    await pipeline(Readable.fromWeb(body), createWriteStream(archive));
    const reference = async () => {
      const { stdout } = await promisify(execFile)('python3', [ZIPFILE_COPY, archive, join(lab.folder, 'copy.zip')]);
      const { wall_ms, cpu_ms, entries } = JSON.parse(stdout);
      if (entries < images) throw new Error(`The archive has ${entries} entries for ${images} images`);
      return { wall_ms, count: images, cpu_ms };
    };
    const limits = /** @type {const} */ ({ metric: METRICS.rate, ratio: 'speed', good: 1, goal: 3 });
    const b = { name: 'Python’s zipfile', run: reference };
    const writes_mb = (images * BYTES_PER_IMAGE) / 1e6;
    const result = await compare(
      {
        what: `${images} images`,
        a: { name: 'POST /api/v1/export until completed', run: ours },
        b,
        ...limits,
        writes_mb,
      },
      lab,
    );
    // The reference has all entries in memory: what is left when ours has them, too.
    const writer = { name: 'our zip writer from memory', run: await zipWriter(archive, lab.folder) };
    const alone = await compare({ what: `${images} entries`, a: writer, b, ...limits, writes_mb }, lab);
    const peak = result.peak_mb.a;
    return peak === null
      ? [result, alone]
      : [
          result,
          alone,
          atMost({ what: 'peak memory of the worker', value: peak, unit: 'MB', good: PEAK_MB, goal: 150 }),
        ];
  },
};
