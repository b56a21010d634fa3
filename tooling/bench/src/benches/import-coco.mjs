import { statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { compare, METRICS } from '../harness/compare.mjs';
import { cpuOf, cpuOfFamily, difference, peakMemory, resetPeakMemory, together } from '../harness/process-meter.mjs';
import { atMost } from '../harness/report.mjs';
import { columnCopy } from '../references/copy-columns.mjs';
import { copyIntoTable } from '../references/copy-into-table.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';

/** As in COCO: one image in ten annotations. */
const ANNOTATIONS_PER_IMAGE = 10;
const PEAK_MB = 300;

/**
 * @typedef {import('../system/installation.mjs').Api} Api
 * @typedef {import('../system/project-data.mjs').Project} Project
 */

/** What a COPY into the table must say; the rest has defaults. Ids are given: nothing is made easier for us by drawing them. */
const COLUMNS = `project_id, image_id, class_id, task_type, annotation_type, source, bbox_x, bbox_y, bbox_w, bbox_h, area, created_by,
  updated_by, geometry, attributes`;

/** @type {import('./bench.mjs').Bench} */
export const importCoco = {
  name: 'import-coco',
  says: 'a COCO file imported with validation and history, against psql COPY of the same rows into the same table',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi({ role: 'api' });
    const worker = await installation.startApi({ role: 'worker' });
    const annotations = lab.bySize({ small: 100_000, standard: 1_000_000, full: 1_000_000 });
    const images = annotations / ANNOTATIONS_PER_IMAGE;
    lab.say(`making ${images} images with ${annotations} annotations, and a COCO file of them`);
    const project = await makeProject(api, databases.labeler, { name: 'import', images, annotations });
    const key = await exported(api, project);
    const client = new pg.Client({ connectionString: databases.labeler, statement_timeout: 0 });
    await client.connect();
    lab.later(() => client.end());
    const file = join(lab.folder, 'rows.txt');
    const rows = `SELECT ${COLUMNS} FROM annotations WHERE project_id = ${project.project_id} ORDER BY id`;
    await columnCopy(databases.labeler, rows).run(file);
    if (statSync(file).size < annotations * 20) throw new Error(`${file} has ${statSync(file).size} bytes`);

    const empty = async () => {
      for (const table of ['annotations', 'annotation_history'])
        await client.query(`delete from ${table} where project_id = $1`, [project.project_id]);
      for (const table of ['annotations', 'annotation_history', 'image_statuses', 'image_metadata'])
        await client.query(`vacuum (analyze) ${table}`);
      await client.query('checkpoint');
    };
    const cpu = together(
      () => cpuOf(api.pid),
      () => cpuOf(worker.pid),
      () => cpuOfFamily(databases.pid),
    );
    const ours = async () => {
      await empty();
      resetPeakMemory(worker.pid);
      const before = cpu();
      const started = performance.now();
      await importOnce(api, project, key, annotations);
      const wall_ms = performance.now() - started;
      return { wall_ms, count: annotations, cpu_ms: difference(before, cpu()), peak_mb: peakMemory(worker.pid) };
    };
    const copy = copyIntoTable(databases.labeler, `annotations (${COLUMNS.replace(/\s+/gu, ' ')})`);
    const reference = async () => {
      await empty();
      const before = cpuOfFamily(databases.pid);
      const started = performance.now();
      await copy.run(file);
      const wall_ms = performance.now() - started;
      return { wall_ms, count: annotations, cpu_ms: difference(before, cpuOfFamily(databases.pid)) };
    };
    const result = await compare(
      {
        what: `${annotations} annotations`,
        a: { name: 'POST /api/v1/imports until completed', run: ours },
        b: { name: copy.name, run: reference },
        metric: METRICS.rate,
        ratio: 'speed',
        good: 0.15,
        goal: 0.4,
      },
      lab,
    );
    const peak = result.peak_mb.a;
    return peak === null
      ? [result]
      : [result, atMost({ what: 'peak memory of the worker', value: peak, unit: 'MB', good: PEAK_MB, goal: 200 })];
  },
};

/** @param {Api} api @param {Project} project @returns {Promise<string>} key of the file */
async function exported(api, { project_id }) {
  const body = { project_id, format: /** @type {const} */ ('coco') };
  let job = await api.call('exports.create', { body }, { headers: { prefer: 'wait=30' } });
  while (job.status === 'queued' || job.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    job = await api.call('exports.get', { params: { export_id: job.id } });
  }
  if (!job.key) throw new Error(`The export failed: ${JSON.stringify(job.error)}`);
  return job.key;
}

/** @param {Api} api @param {Project} project @param {string} key @param {number} annotations */
async function importOnce(api, { project_id }, key, annotations) {
  let job = await api.call('imports.create', { body: { project_id, key, dry_run: false } });
  while (job.status === 'applying') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    job = await api.call('imports.get', { params: { import_id: job.id } });
  }
  const { status, error, result } = job;
  if (status !== 'completed' || result?.annotations !== annotations || result.classes !== 0)
    throw new Error(`The import is not what was asked for: ${JSON.stringify({ status, error, result })}`);
}
