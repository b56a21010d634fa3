import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { projectEvent } from '../schemas/events.js';
import { idParam } from '../schemas/primitives.js';

const params = z.object({ project_id: idParam });
const tag = 'live';

export const liveEndpoints = {
  'live.events': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/events',
    tag,
    status: 200,
    access: { action: 'presence.read', subject: 'params.project_id' },
    summary:
      'What happens in a project, as server-sent events. Nothing is sent again after a lost line: connect, then read what is shown anew',
    params,
    events: projectEvent,
  }),
};
