import { statSync } from 'node:fs';
import { join } from 'node:path';
import { compare, METRICS } from '../harness/compare.mjs';
import { cpuOfFamily, difference } from '../harness/process-meter.mjs';
import { atMost } from '../harness/report.mjs';
import { columnCopy } from '../references/copy-columns.mjs';
import { exportOnce, measuredExport } from '../system/export-job.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';

/** As in the COCO file: one image in ten annotations. */
const ANNOTATIONS_PER_IMAGE = 10;
const BYTES_PER_ANNOTATION = 300;
const PEAK_MB = 200;

/** @typedef {import('../system/project-data.mjs').Project} Project */

/** @type {import('./bench.mjs').Bench} */
export const exportCoco = {
  name: 'export-coco',
  says: 'an export of boxes and polygons to disk storage with its SHA-256, against psql COPY of the same columns to a file',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi({ role: 'api' });
    const worker = await installation.startApi({ role: 'worker' });
    const annotations = lab.bySize({ small: 200_000, standard: 1_000_000, full: 5_000_000 });
    const images = annotations / ANNOTATIONS_PER_IMAGE;
    lab.say(`making ${images} images with ${annotations} annotations`);
    const project = await makeProject(api, databases.labeler, { name: 'export', images, annotations });

    const exported = () => exportOnce(api, { project_id: project.project_id, format: 'coco' }, { images, annotations });
    const ours = measuredExport({ api, worker, database_pid: databases.pid, count: annotations, run: exported });

    const file = join(lab.folder, 'columns.txt');
    const copy = columnCopy(databases.labeler, columnsQuery(project));
    const reference = async () => {
      const before = cpuOfFamily(databases.pid);
      const started = performance.now();
      const { client_cpu_ms } = await copy.run(file);
      const wall_ms = performance.now() - started;
      const server_ms = difference(before, cpuOfFamily(databases.pid));
      if (statSync(file).size < annotations * 20) throw new Error(`${file} has ${statSync(file).size} bytes`);
      const cpu_ms = server_ms === null || client_cpu_ms === null ? null : server_ms + client_cpu_ms;
      return { wall_ms, count: annotations, cpu_ms };
    };
    const result = await compare(
      {
        what: `${annotations} annotations`,
        a: { name: 'POST /api/v1/export until completed', run: ours },
        b: { name: copy.name, run: reference },
        metric: METRICS.rate,
        ratio: 'speed',
        good: 0.35,
        goal: 1,
        writes_mb: (annotations * BYTES_PER_ANNOTATION) / 1e6,
      },
      lab,
    );
    const peak = result.peak_mb.a;
    return peak === null
      ? [result]
      : [result, atMost({ what: 'peak memory of the worker', value: peak, unit: 'MB', good: PEAK_MB, goal: 150 })];
  },
};

/** What an annotation consists of in the file, as it is stored. @param {Project} project */
function columnsQuery({ project_id }) {
  return `SELECT id, image_id, class_id, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area, attributes, geometry
    FROM annotations WHERE project_id = ${project_id} ORDER BY id`;
}
