import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import {
  dataset,
  datasetCreateBody,
  datasetDeleteBody,
  datasetListQuery,
  datasetPage,
  datasetPatchBody,
  deletionImpact,
  project,
} from '../schemas/datasets.js';
import { idParam } from '../schemas/primitives.js';

const params = z.object({ dataset_id: idParam });
const projectParams = z.object({ project_id: idParam });
const tag = 'datasets';

export const datasetEndpoints = {
  'datasets.list': endpoint({
    method: 'GET',
    path: '/api/v1/datasets',
    tag,
    access: 'self',
    status: 200,
    summary: 'Datasets the caller is a member of or may see',
    query: datasetListQuery,
    response: datasetPage,
  }),
  'datasets.create': endpoint({
    method: 'POST',
    path: '/api/v1/datasets',
    tag,
    access: 'self',
    status: 201,
    summary: 'Make a dataset, its project and the caller its owner',
    body: datasetCreateBody,
    response: dataset,
  }),
  'datasets.get': endpoint({
    method: 'GET',
    path: '/api/v1/datasets/{dataset_id}',
    tag,
    status: 200,
    access: { action: 'project.read', subject: 'params.dataset_id' },
    summary: 'One dataset',
    params,
    response: dataset,
  }),
  'datasets.update': endpoint({
    method: 'PATCH',
    path: '/api/v1/datasets/{dataset_id}',
    tag,
    status: 200,
    access: { action: 'project.update', subject: 'params.dataset_id' },
    summary: 'Change name, description, visibility or add task types',
    params,
    body: datasetPatchBody,
    response: dataset,
  }),
  'datasets.deletion_impact': endpoint({
    method: 'GET',
    path: '/api/v1/datasets/{dataset_id}/deletion_impact',
    tag,
    status: 200,
    access: { action: 'project.delete', subject: 'params.dataset_id' },
    summary: 'What deleting the dataset would take away',
    params,
    response: deletionImpact,
  }),
  'datasets.delete': endpoint({
    method: 'DELETE',
    path: '/api/v1/datasets/{dataset_id}',
    tag,
    status: 204,
    access: { action: 'project.delete', subject: 'params.dataset_id' },
    summary: 'Delete the dataset, its project and its files; the name must be repeated',
    params,
    body: datasetDeleteBody,
  }),
  'projects.get': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}',
    tag: 'projects',
    status: 200,
    access: { action: 'project.read', subject: 'params.project_id' },
    summary: 'One project with its progress per task type',
    params: projectParams,
    response: project,
  }),
};
