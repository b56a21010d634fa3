import { TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { classCreateBody, classList, classPatchBody, classReorderBody, labelClass } from '../schemas/classes.js';
import { idParam } from '../schemas/primitives.js';

const params = z.object({ project_id: idParam });
const classParams = z.object({ project_id: idParam, class_id: idParam });
const tag = 'classes';

export const classEndpoints = {
  'classes.list': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/classes',
    tag,
    status: 200,
    access: { action: 'class.read', subject: 'params.project_id' },
    summary: 'All classes of a project in their order',
    params,
    query: z.object({ task_type: z.enum(TASK_TYPES).optional() }),
    response: classList,
  }),
  'classes.create': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/classes',
    tag,
    status: 201,
    access: { action: 'class.manage', subject: 'params.project_id' },
    summary: 'Add a class at the end',
    params,
    body: classCreateBody,
    response: labelClass,
  }),
  'classes.update': endpoint({
    method: 'PATCH',
    path: '/api/v1/projects/{project_id}/classes/{class_id}',
    tag,
    status: 200,
    access: { action: 'class.manage', subject: 'params.class_id' },
    summary: 'Change a class',
    params: classParams,
    body: classPatchBody,
    response: labelClass,
  }),
  'classes.delete': endpoint({
    method: 'DELETE',
    path: '/api/v1/projects/{project_id}/classes/{class_id}',
    tag,
    status: 204,
    access: { action: 'class.manage', subject: 'params.class_id' },
    summary: 'Delete a class that nothing uses',
    params: classParams,
  }),
  'classes.reorder': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/classes/reorder',
    tag,
    status: 200,
    access: { action: 'class.manage', subject: 'params.project_id' },
    summary: 'Set the order of one task type’s classes',
    params,
    body: classReorderBody,
    response: classList,
  }),
};
