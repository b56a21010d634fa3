import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { personEvent, projectEvent } from '../schemas/events.js';
import { imageLock, lockBody, lockListQuery, lockPage, presenceBody } from '../schemas/locks.js';
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
  'me.events': endpoint({
    method: 'GET',
    path: '/api/v1/me/events',
    tag,
    status: 200,
    access: 'self',
    summary: 'News of the person signed in, as server-sent events; streams of projects tell them too',
    events: personEvent,
  }),
  'live.look': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/presence',
    tag,
    status: 204,
    writes: false,
    access: { action: 'presence.read', subject: 'params.project_id' },
    summary: 'Tell the others which image this stream’s reader looks at',
    params,
    body: presenceBody,
  }),
  'locks.list': endpoint({
    method: 'GET',
    path: '/api/v1/image-locks/project/{project_id}',
    tag: 'locks',
    status: 200,
    access: { action: 'presence.read', subject: 'params.project_id' },
    summary: 'Images of a project that somebody works on',
    params,
    query: lockListQuery,
    response: lockPage,
  }),
  'locks.acquire': endpoint({
    method: 'POST',
    path: '/api/v1/image-locks/acquire',
    tag: 'locks',
    status: 200,
    writes: false,
    access: { action: 'lock.hold', subject: 'body.image_id' },
    summary: 'Take an image that is free, run out or one’s own already; 423 names who holds it. Lasts 60 seconds',
    body: lockBody,
    response: imageLock,
  }),
  'locks.heartbeat': endpoint({
    method: 'POST',
    path: '/api/v1/image-locks/heartbeat',
    tag: 'locks',
    status: 200,
    writes: false,
    access: { action: 'lock.hold', subject: 'body.image_id' },
    summary:
      'Keep an image for another 60 seconds; 423 when somebody else has it, 404 when nobody has: acquire it again',
    body: lockBody,
    response: imageLock,
  }),
  'locks.release': endpoint({
    method: 'POST',
    path: '/api/v1/image-locks/release',
    tag: 'locks',
    status: 204,
    writes: false,
    access: { action: 'lock.hold', subject: 'body.image_id' },
    summary: 'Give an image back; can be repeated',
    body: lockBody,
  }),
  'locks.force_release': endpoint({
    method: 'POST',
    path: '/api/v1/image-locks/force-release',
    tag: 'locks',
    status: 204,
    access: { action: 'lock.force', subject: 'body.image_id' },
    summary: 'Take an image from whoever holds it',
    body: lockBody,
  }),
};
