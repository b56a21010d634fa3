import { endpointUrl } from '@labelyard/contract';
import { compare, METRICS } from '../harness/compare.mjs';
import { requestBytes } from '../harness/http-load.mjs';
import { fetchJson, httpSide } from '../harness/http-side.mjs';
import { Installation } from '../system/installation.mjs';
import { makeProject } from '../system/project-data.mjs';
import { startReference } from '../system/reference-server.mjs';

const CONNECTIONS = 64;

/** @type {import('./bench.mjs').Bench} */
export const http = {
  name: 'http',
  says: '/health, /auth/me and a small read under 64 connections, against bare node:http',
  async run(lab) {
    const installation = await Installation.open(lab);
    const { databases } = installation;
    const api = await installation.startApi();
    const project = await makeProject(api, databases.labeler, { name: 'http', images: 10, annotations: 10 });
    const classes = endpointUrl('classes.list', { project_id: project.project_id });
    const how_long = {
      connections: CONNECTIONS,
      duration_ms: lab.bySize({ small: 700, standard: 2_000, full: 4_000 }),
    };
    const cases = [
      { what: '/health', path: '/health', bare: '/', database: false },
      { what: '/api/v1/auth/me', path: endpointUrl('auth.me'), bare: '/', database: false },
      { what: 'classes of a project', path: classes, bare: '/classes', database: true },
    ];
    const results = [];
    for (const { what, path, bare, database } of cases) {
      const body = await fetchJson(api.origin, path, api.token);
      const server = await startReference(lab, 'small-answers-server.mjs', {
        DATABASE_URL: databases.labeler,
        PROJECT_ID: String(project.project_id),
        BODY: JSON.stringify(body),
      });
      const same = await fetchJson(server.origin, bare);
      if (same.items?.length !== body.items?.length) throw new Error(`${what}: the two answers differ`);
      const database_pid = database ? databases.pid : null;
      // The database needs the second core.
      const load = { ...how_long, busy: !database };
      const requests = [requestBytes({ path, token: api.token })];
      const bare_requests = [requestBytes({ path: bare })];
      const a = httpSide({ ...load, name: `GET ${path}`, server: api, database_pid, requests });
      const name = database ? 'bare node:http, pg, JSON.stringify' : 'bare node:http, JSON.stringify';
      const b = httpSide({ ...load, name, server, database_pid, requests: bare_requests });
      results.push(await compare({ what, a, b, metric: METRICS.rate, ratio: 'speed', good: 0.5, goal: 0.8 }, lab));
      await server.stop();
    }
    return results;
  },
};
