import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { idParam, pageQuery } from '../schemas/primitives.js';
import {
  serviceToken,
  serviceTokenCreateBody,
  serviceTokenPage,
  serviceTokenRotateBody,
  serviceTokenWithSecret,
} from '../schemas/service-tokens.js';

const projectParams = z.object({ project_id: idParam });
const tokenParams = z.object({ service_token_id: idParam });
const bothParams = z.object({ project_id: idParam, service_token_id: idParam });
const tag = 'service tokens';
const access = { action: 'token.manage', subject: 'params.project_id' } as const;
const everywhere = { system: 'token.manage_all' } as const;

export const serviceTokenEndpoints = {
  'service_tokens.list': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/service-tokens',
    tag,
    status: 200,
    access,
    summary: 'Tokens of programs that work with this project',
    params: projectParams,
    query: pageQuery,
    response: serviceTokenPage,
  }),
  'service_tokens.create': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/service-tokens',
    tag,
    status: 201,
    access,
    summary: 'Make a token; its secret is told now and never again',
    params: projectParams,
    body: serviceTokenCreateBody,
    response: serviceTokenWithSecret,
  }),
  'service_tokens.rotate': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/service-tokens/{service_token_id}/rotate',
    tag,
    status: 200,
    access,
    summary: 'Give a token another secret; the present one works for a while beside it',
    params: bothParams,
    body: serviceTokenRotateBody,
    response: serviceTokenWithSecret,
  }),
  'service_tokens.revoke': endpoint({
    method: 'DELETE',
    path: '/api/v1/projects/{project_id}/service-tokens/{service_token_id}',
    tag,
    status: 200,
    access,
    summary: 'End a token at once',
    params: bothParams,
    response: serviceToken,
  }),
  'admin.service_tokens': endpoint({
    method: 'GET',
    path: '/api/v1/admin/service-tokens',
    tag,
    status: 200,
    access: everywhere,
    summary: 'Every token of the installation',
    query: pageQuery,
    response: serviceTokenPage,
  }),
  'admin.create_service_token': endpoint({
    method: 'POST',
    path: '/api/v1/admin/service-tokens',
    tag,
    status: 201,
    access: everywhere,
    summary: 'Make a token that reaches every project; its secret is told now and never again',
    body: serviceTokenCreateBody,
    response: serviceTokenWithSecret,
  }),
  'admin.rotate_service_token': endpoint({
    method: 'POST',
    path: '/api/v1/admin/service-tokens/{service_token_id}/rotate',
    tag,
    status: 200,
    access: everywhere,
    summary: 'Give any token another secret',
    params: tokenParams,
    body: serviceTokenRotateBody,
    response: serviceTokenWithSecret,
  }),
  'admin.revoke_service_token': endpoint({
    method: 'DELETE',
    path: '/api/v1/admin/service-tokens/{service_token_id}',
    tag,
    status: 200,
    access: everywhere,
    summary: 'End any token at once',
    params: tokenParams,
    response: serviceToken,
  }),
};
