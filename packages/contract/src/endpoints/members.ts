import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import {
  member,
  memberAddBody,
  memberPage,
  memberPatchBody,
  memberSearchQuery,
  transferBody,
  userId,
} from '../schemas/members.js';
import { idParam, pageQuery } from '../schemas/primitives.js';

const projectParams = z.object({ project_id: idParam });
const memberParams = projectParams.extend({ user_id: userId });
const tag = 'members';

export const memberEndpoints = {
  'members.list': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/permissions',
    tag,
    status: 200,
    access: { action: 'member.read', subject: 'params.project_id' },
    summary: 'Members and their roles',
    params: projectParams,
    query: pageQuery,
    response: memberPage,
  }),
  'members.search': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/permissions/search',
    tag,
    status: 200,
    access: { action: 'member.read', subject: 'params.project_id' },
    summary: 'Members by a part of their name or e-mail. Does not page: a longer `q` finds the others',
    params: projectParams,
    query: memberSearchQuery,
    response: memberPage,
  }),
  'members.add': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/permissions',
    tag,
    status: 201,
    access: { action: 'member.manage', subject: 'params.project_id' },
    summary: 'Make somebody a member; nobody gives a role above their own',
    params: projectParams,
    body: memberAddBody,
    response: member,
  }),
  'members.update': endpoint({
    method: 'PATCH',
    path: '/api/v1/projects/{project_id}/permissions/{user_id}',
    tag,
    status: 200,
    access: { action: 'member.manage', subject: 'params.project_id' },
    summary: 'Give a member another role',
    params: memberParams,
    body: memberPatchBody,
    response: member,
  }),
  'members.remove': endpoint({
    method: 'DELETE',
    path: '/api/v1/projects/{project_id}/permissions/{user_id}',
    tag,
    status: 204,
    access: { action: 'member.manage', subject: 'params.project_id', or_self: true },
    summary: 'Remove a member, or leave; the last owner stays',
    params: memberParams,
  }),
  'members.transfer': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/transfer',
    tag,
    status: 200,
    access: { action: 'project.transfer', subject: 'params.project_id' },
    summary: 'Make another member the owner; the present one becomes an admin',
    params: projectParams,
    body: transferBody,
    response: member,
  }),
};
