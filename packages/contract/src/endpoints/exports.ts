import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { exportCreateBody, exportJob, exportListQuery, exportPage, exportPreview } from '../schemas/exports.js';
import { idParam } from '../schemas/primitives.js';

const tag = 'exports';

export const exportEndpoints = {
  'exports.create': endpoint({
    method: 'POST',
    path: '/api/v1/export',
    tag,
    status: 200,
    other_statuses: [202],
    access: { action: 'export.create', subject: 'body.project_id' },
    summary:
      'Export a project; 200 with a link when done within the wait (`Prefer: wait=N`, default 10 s), else 202 with a job to watch',
    body: exportCreateBody,
    response: exportJob,
  }),
  'exports.get': endpoint({
    method: 'GET',
    path: '/api/v1/exports/{export_id}',
    tag,
    status: 200,
    access: { action: 'export.read', subject: 'params.export_id' },
    summary: 'One export with a fresh download link',
    params: z.object({ export_id: idParam }),
    response: exportJob,
  }),
  'exports.list': endpoint({
    method: 'GET',
    path: '/api/v1/exports',
    tag,
    status: 200,
    access: { action: 'export.read', subject: 'query.project_id' },
    summary: 'Exports of a project, newest first',
    query: exportListQuery,
    response: exportPage,
  }),
  'exports.preview': endpoint({
    method: 'POST',
    path: '/api/v1/exports/preview',
    tag,
    status: 200,
    writes: false,
    access: { action: 'export.read', subject: 'body.project_id' },
    summary: 'What an export would hold, and what it could not hold or would have to convert; nothing is made',
    body: exportCreateBody,
    response: exportPreview,
  }),
  'exports.repeat': endpoint({
    method: 'POST',
    path: '/api/v1/exports/{export_id}/repeat',
    tag,
    status: 200,
    other_statuses: [202],
    access: { action: 'export.create', subject: 'params.export_id' },
    summary: 'Export once more with the same choices, whatever became of the first one; answers like POST /export',
    params: z.object({ export_id: idParam }),
    response: exportJob,
  }),
  'exports.cancel': endpoint({
    method: 'POST',
    path: '/api/v1/exports/{export_id}/cancel',
    tag,
    status: 200,
    access: { action: 'export.create', subject: 'params.export_id' },
    summary: 'Stop an export that is waiting or running: your own, or any for admins',
    params: z.object({ export_id: idParam }),
    response: exportJob,
  }),
  'exports.delete': endpoint({
    method: 'DELETE',
    path: '/api/v1/exports/{export_id}',
    tag,
    status: 204,
    access: { action: 'export.create', subject: 'params.export_id' },
    summary: 'Delete an export and its file: your own, or any for admins',
    params: z.object({ export_id: idParam }),
  }),
};
