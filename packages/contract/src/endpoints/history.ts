import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { auditExportQuery, auditPage, auditQuery } from '../schemas/audit.js';
import { activityPage, activityQuery, annotationVersionPage } from '../schemas/history.js';
import { idParam, pageQuery } from '../schemas/primitives.js';

const projectParams = z.object({ project_id: idParam });
const tag = 'history';

export const historyEndpoints = {
  'annotations.history': endpoint({
    method: 'GET',
    path: '/api/v1/annotations/{annotation_id}/history',
    tag,
    status: 200,
    access: { action: 'history.read', subject: 'params.annotation_id', even_deleted: true },
    summary: 'Every version of an annotation, newest first; also of a deleted one',
    params: z.object({ annotation_id: idParam }),
    query: pageQuery,
    response: annotationVersionPage,
  }),
  'projects.history': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/history',
    tag,
    status: 200,
    access: { action: 'history.read', subject: 'params.project_id' },
    summary: 'What happened in a project, newest first: changes per person and image, and administrative events',
    params: projectParams,
    query: activityQuery,
    response: activityPage,
  }),
  'projects.audit': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/audit',
    tag,
    status: 200,
    access: { action: 'audit.read', subject: 'params.project_id' },
    summary: 'The audit log of a project, refusals included, newest first',
    params: projectParams,
    query: auditQuery,
    response: auditPage,
  }),
  'projects.audit_export': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/audit/export',
    tag,
    status: 200,
    access: { action: 'audit.read', subject: 'params.project_id' },
    summary: 'The same as a file: CSV or one JSON object per line',
    params: projectParams,
    query: auditExportQuery,
  }),
  'admin.audit': endpoint({
    method: 'GET',
    path: '/api/v1/admin/audit',
    tag,
    status: 200,
    access: { system: 'audit.read_all' },
    summary: 'The audit log of the whole installation, sign-ins included, newest first',
    query: auditQuery,
    response: auditPage,
  }),
  'admin.audit_export': endpoint({
    method: 'GET',
    path: '/api/v1/admin/audit/export',
    tag,
    status: 200,
    access: { system: 'audit.read_all' },
    summary: 'The same as a file: CSV or one JSON object per line',
    query: auditExportQuery,
  }),
};
