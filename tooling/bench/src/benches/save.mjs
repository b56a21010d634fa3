import { endpointUrl } from '@labelyard/contract';
import { compare } from '../harness/compare.mjs';
import { httpLoad, requestBytes } from '../harness/http-load.mjs';
import { cpuOf, cpuOfFamily, difference, peakMemory, resetPeakMemory, together } from '../harness/process-meter.mjs';
import { makePlainTable, ormSave, rawInsert } from '../references/plain-save.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';
import { seededRandom } from '../system/random.mjs';
import { measured, randomShape } from '../system/shapes.mjs';

const OPERATIONS = 1_000;

/**
 * @typedef {import('../system/project-data.mjs').Project} Project
 * @typedef {ReturnType<typeof randomShape>} Shape
 * @typedef {import('../references/plain-save.mjs').PlainRow} PlainRow
 */

/** @type {import('./bench.mjs').Bench} */
export const save = {
  name: 'save',
  says: 'one request with 1,000 operations, against one raw INSERT of the same rows, and against an ORM saving row by row',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi();
    const requests_per_run = lab.bySize({ small: 2, standard: 5, full: 10 });
    // A fresh image for every request: a warm-up and two runs per round, for two comparisons.
    const images = 2 * (2 * lab.rounds + 1) * requests_per_run;
    const stock = lab.bySize({ small: 20, standard: 100, full: 1_000 }) * 1_000;
    lab.say(`making a project of ${stock} annotations`);
    const project = await makeProject(api, databases.labeler, { name: 'save', images, annotations: stock });
    await makePlainTable(databases.labeler);

    const shapes = someShapes(OPERATIONS);
    let next_image = project.first_image;
    let next_operation = 0;
    const operationId = () => `00000000-0000-4000-8000-${(next_operation += 1).toString(16).padStart(12, '0')}`;
    const cpu = together(
      () => cpuOf(api.pid),
      () => cpuOfFamily(databases.pid),
    );
    const ours = {
      name: `POST …/operations, ${OPERATIONS} creates`,
      run: async () => {
        const requests = Array.from({ length: requests_per_run }, () => {
          const image_id = next_image++;
          const path = endpointUrl('annotations.operations', { project_id: project.project_id, image_id });
          const operations = shapes.map((shape) => ({ op: 'create', op_id: operationId(), ...wire(shape, project) }));
          return requestBytes({ method: 'POST', path, token: api.token, body: JSON.stringify({ operations }) });
        });
        resetPeakMemory(api.pid);
        const before = cpu();
        const { wall_ms, count } = await httpLoad({ port: api.port, requests, connections: 1, most: requests_per_run });
        return { wall_ms, count, cpu_ms: difference(before, cpu()), peak_mb: peakMemory(api.pid) };
      },
    };

    const rows = shapes.map((shape) => plainRow(shape, project));
    const rows_json = JSON.stringify(rows);
    const raw = await rawInsert(databases.labeler);
    lab.later(raw.close);
    const orm = await ormSave(databases.labeler);
    lab.later(orm.close);
    const inHere = (
      /** @type {string} */ name,
      /** @type {() => Promise<void>} */ work,
      /** @type {number} */ times,
    ) => ({
      name,
      run: async () => {
        const [own, server] = [process.cpuUsage(), cpuOfFamily(databases.pid)];
        const started = performance.now();
        for (let time = 0; time < times; time += 1) await work();
        const wall_ms = performance.now() - started;
        const { user, system } = process.cpuUsage(own);
        const server_ms = difference(server, cpuOfFamily(databases.pid));
        return { wall_ms, count: times, cpu_ms: server_ms === null ? null : server_ms + (user + system) / 1000 };
      },
    });
    const what = `${OPERATIONS} operations`;
    const results = [
      await compare(
        {
          what,
          a: ours,
          b: inHere('INSERT … jsonb_to_recordset', () => raw.save(rows_json), requests_per_run),
          ratio: 'speed',
          good: 0.3,
          goal: 0.6,
        },
        lab,
      ),
      await compare(
        {
          what: `${what}, ORM`,
          a: ours,
          b: inHere('TypeORM save, row by row', () => orm.save(rows), 1),
          ratio: 'speed',
          good: 15,
          goal: 20,
        },
        lab,
      ),
    ];
    await assertSaved(api, project, next_image - 1);
    return results;
  },
};

/** @param {number} count */
function someShapes(count) {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => randomShape(random));
}

/** @param {Shape} shape @param {Project} project */
function wire({ task_type, class_number, geometry }, { classes }) {
  return { task_type, class_id: classes[task_type]?.[class_number], geometry };
}

/** @param {Shape} shape @param {Project} project @returns {PlainRow} */
function plainRow(shape, project) {
  const { geometry, ...measures } = measured(shape.geometry);
  return {
    ...wire(shape, project),
    ...measures,
    project_id: project.project_id,
    image_id: project.first_image,
    created_by: '1',
    updated_by: '1',
    geometry: JSON.parse(geometry),
    attributes: {},
  };
}

/** The answers were not read while they were timed. @param {import('../system/installation.mjs').Api} api @param {Project} project @param {number} image_id */
async function assertSaved(api, { project_id, images, first_image }, image_id) {
  const { items } = await api.call('annotations.of_image', { params: { project_id, image_id } });
  if (items.length < OPERATIONS)
    throw new Error(`The last of ${images} images from ${first_image} on has ${items.length} annotations`);
}
