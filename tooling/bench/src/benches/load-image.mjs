import { endpointUrl } from '@labelyard/contract';
import { compare, METRICS } from '../harness/compare.mjs';
import { requestBytes } from '../harness/http-load.mjs';
import { fetchJson, httpSide } from '../harness/http-side.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';
import { startReference } from '../system/reference-server.mjs';

const ANNOTATIONS = 2_000;
const CONNECTIONS = 16;

/** @type {import('./bench.mjs').Bench} */
export const loadImage = {
  name: 'load-image',
  says: 'one image’s 2,000 annotations, against a raw pg query with JSON.stringify in bare node:http',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi();
    // Others' rows around it, as in any real table.
    const images = lab.bySize({ small: 3, standard: 50, full: 200 });
    const options = { name: 'load-image', images, annotations: images * ANNOTATIONS };
    lab.say(`making ${images} images with ${ANNOTATIONS} annotations each`);
    const project = await makeProject(api, databases.labeler, options);
    const image_id = project.first_image + Math.floor(images / 2);
    const server = await startReference(lab, 'image-annotations-server.mjs', {
      DATABASE_URL: databases.labeler,
      IMAGE_ID: String(image_id),
    });

    const path = endpointUrl('annotations.of_image', { project_id: project.project_id, image_id });
    const [ours, bare] = await Promise.all([fetchJson(api.origin, path, api.token), fetchJson(server.origin, '/')]);
    for (const { items } of [ours, bare])
      if (items.length !== ANNOTATIONS) throw new Error(`${items.length} annotations, not ${ANNOTATIONS}`);

    const load = {
      database_pid: databases.pid,
      connections: CONNECTIONS,
      duration_ms: lab.bySize({ small: 700, standard: 2_000, full: 3_000 }),
    };
    const requests = [requestBytes({ path, token: api.token })];
    const a = httpSide({ ...load, name: 'GET …/images/{id}/annotations', server: api, requests });
    const bare_requests = [requestBytes({ path: '/' })];
    const b = httpSide({ ...load, name: 'bare node:http, pg, JSON.stringify', server, requests: bare_requests });
    const what = `${ANNOTATIONS} annotations`;
    return [await compare({ what, a, b, metric: METRICS.rate, ratio: 'speed', good: 0.5, goal: 0.8 }, lab)];
  },
};
