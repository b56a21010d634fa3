import { endpoint } from '../endpoint.js';
import { health, readiness } from '../schemas/health.js';

const tag = 'health';

export const healthEndpoints = {
  'health.live': endpoint({
    method: 'GET',
    path: '/health',
    tag,
    access: 'public',
    status: 200,
    summary: 'The process answers; nothing behind it is asked',
    response: health,
  }),
  'health.ready': endpoint({
    method: 'GET',
    path: '/health/ready',
    tag,
    access: 'public',
    status: 200,
    other_statuses: [503],
    summary: 'Both databases, the storage and the schema revision, each by name',
    response: readiness,
  }),
};
