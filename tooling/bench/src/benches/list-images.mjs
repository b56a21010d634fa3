import { endpointUrl } from '@labelyard/contract';
import { compare, METRICS } from '../harness/compare.mjs';
import { requestBytes } from '../harness/http-load.mjs';
import { fetchJson, httpSide, P50, P95 } from '../harness/http-side.mjs';
import { Installation, SIGNING_ONLY_S3 } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';
import { startReference } from '../system/reference-server.mjs';

const LIMIT = 200;
const CONNECTIONS = 32;
/** Few enough for the latency of one page, not of a queue of them. */
const QUIET_CONNECTIONS = 2;

/**
 * @typedef {import('../system/installation.mjs').Api} Api
 * @typedef {import('../system/project-data.mjs').Project} Project
 * @typedef {Record<string, string | number>} Query
 */

/** @type {import('./bench.mjs').Bench} */
export const listImages = {
  name: 'list-images',
  says: 'a page of 200 images with 400 presigned URLs and filters, against the same query without URLs in bare node:http; flatness',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi({ env: SIGNING_ONLY_S3 });
    const [little, much] = lab.bySize({
      small: [2_000, 20_000],
      standard: [10_000, 100_000],
      full: [10_000, 1_000_000],
    });
    const make = (/** @type {string} */ name, /** @type {number} */ images) => {
      lab.say(`making ${images} images with ${2 * images} annotations`);
      return makeProject(api, databases.labeler, { name, images, annotations: 2 * images, confirmed: true });
    };
    const small = await make('small', little);
    const large = await make('large', much);
    const shape = {
      database_pid: databases.pid,
      duration_ms: lab.bySize({ small: 700, standard: 2_000, full: 3_000 }),
    };

    const side = (/** @type {string} */ name, /** @type {string} */ path, connections = CONNECTIONS) =>
      httpSide({ ...shape, name, server: api, connections, requests: [requestBytes({ path, token: api.token })] });

    const results = [];
    for (const [what, filters] of Object.entries(filtersOf(large))) {
      const query = { limit: LIMIT, ...filters };
      const path = pagePath(large, query);
      const page = { project_id: large.project_id, dataset_id: large.dataset_id, ...query };
      const server = await startReference(lab, 'image-list-server.mjs', {
        DATABASE_URL: databases.labeler,
        PAGE: JSON.stringify(page),
      });
      await assertSamePage(api, path, server.origin);
      const b = httpSide({
        ...shape,
        name: 'bare node:http, same query',
        server,
        connections: CONNECTIONS,
        requests: [requestBytes({ path: '/' })],
      });
      const a = side(`GET …/images?${new URLSearchParams(/** @type {any} */ (query))}`, path);
      results.push(await compare({ what, a, b, metric: METRICS.rate, ratio: 'speed', good: 0.5, goal: 0.8 }, lab));
      await server.stop();
    }

    const first = (/** @type {Project} */ project) => pagePath(project, { limit: LIMIT });
    const flat = { ratio: /** @type {const} */ ('cost'), good: 1.2, goal: 1.05 };
    results.push(
      await compare(
        {
          what: `${much} images, page at 90 %, p50`,
          a: side('page at 90 %', await deepPath(api, large), QUIET_CONNECTIONS),
          b: side('first page', first(large), QUIET_CONNECTIONS),
          metric: P50,
          ...flat,
        },
        lab,
      ),
      await compare(
        {
          what: `${much} images against ${little}, p95`,
          a: side(`first page of ${much}`, first(large), QUIET_CONNECTIONS),
          b: side(`first page of ${little}`, first(small), QUIET_CONNECTIONS),
          metric: P95,
          ...flat,
          good: 1.3,
          goal: 1.1,
        },
        lab,
      ),
    );
    return results;
  },
};

/** @param {Project} project @returns {Record<string, Query>} */
function filtersOf({ classes }) {
  const class_id = /** @type {number} */ (classes.detection?.[0]);
  return {
    'status + task type': { status: 'in_progress', task_type: 'detection' },
    'status + task type + class': { status: 'in_progress', task_type: 'detection', class_id },
    'part of the path': { q: 'camera_07' },
    'no filter': {},
  };
}

/** @param {Project} project @param {Query} query */
function pagePath({ project_id }, query) {
  return endpointUrl('images.list', { project_id }, query);
}

/** The second page from an image on, by a cursor as the grid follows it. @param {Api} api @param {Project} project */
async function deepPath(api, project) {
  const anchor = project.first_image + Math.floor(project.images * 0.9) - LIMIT;
  const { next_cursor } = await api.call('images.list', {
    params: { project_id: project.project_id },
    query: { anchor, limit: LIMIT },
  });
  if (!next_cursor) throw new Error('The list ends before 90 %');
  return pagePath(project, { limit: LIMIT, cursor: next_cursor });
}

/** @param {Api} api @param {string} path @param {string} reference */
async function assertSamePage(api, path, reference) {
  const [ours, bare] = await Promise.all([fetchJson(api.origin, path, api.token), fetchJson(reference, '/')]);
  const ids = [ours, bare].map(({ items }) => items.map((/** @type {{ id: unknown }} */ { id }) => String(id)).join());
  if (ids[0] !== ids[1]) throw new Error(`The two pages differ:\n${ids.join('\n')}`);
  if (ours.items.length < LIMIT) throw new Error(`The page holds ${ours.items.length} images, not ${LIMIT}`);
  const without = ours.items.find((/** @type {any} */ item) => !item.url || !item.thumbnail_url);
  if (without) throw new Error(`An image without URLs: ${JSON.stringify(without)}`);
}
