import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import {
  imageListQuery,
  imagePage,
  imageSplitAnswer,
  imageSplitBody,
  projectImage,
  upload,
  uploadAnswer,
  uploadCompleteBody,
  uploadCreateBody,
  uploadQuery,
} from '../schemas/images.js';
import { idParam } from '../schemas/primitives.js';

const datasetParams = z.object({ dataset_id: idParam });
const uploadParams = z.object({ upload_id: idParam });
const tag = 'images';

export const imageEndpoints = {
  'images.list': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/images',
    tag,
    status: 200,
    access: { action: 'image.read', subject: 'params.project_id' },
    summary: 'Images of a project with presigned URLs and status',
    params: z.object({ project_id: idParam }),
    query: imageListQuery,
    response: imagePage,
  }),
  'images.get': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/images/{image_id}',
    tag,
    status: 200,
    access: { action: 'image.read', subject: 'params.image_id' },
    summary: 'One image',
    params: z.object({ project_id: idParam, image_id: idParam }),
    response: projectImage,
  }),
  'images.split': endpoint({
    method: 'PUT',
    path: '/api/v1/projects/{project_id}/images/split',
    tag,
    status: 200,
    access: { action: 'image.split', subject: 'params.project_id' },
    summary: 'Put images into train, val or test for exports and versions, or leave it to their paths',
    params: z.object({ project_id: idParam }),
    body: imageSplitBody,
    response: imageSplitAnswer,
  }),
  'images.upload': endpoint({
    method: 'POST',
    path: '/api/v1/datasets/{dataset_id}/images',
    tag,
    status: 201,
    other_statuses: [413, 415, 422],
    access: { action: 'image.upload', subject: 'params.dataset_id' },
    body_kind: 'multipart',
    summary: 'Upload files through the API: multipart, fields `file` or `files`, any number',
    params: datasetParams,
    query: uploadQuery,
    response: uploadAnswer,
  }),
  'uploads.create': endpoint({
    method: 'POST',
    path: '/api/v1/datasets/{dataset_id}/uploads',
    tag,
    status: 201,
    access: { action: 'image.upload', subject: 'params.dataset_id' },
    summary: 'Announce files; answers where to PUT each one, straight to the storage',
    params: datasetParams,
    body: uploadCreateBody,
    response: upload,
  }),
  'uploads.get': endpoint({
    method: 'GET',
    path: '/api/v1/uploads/{upload_id}',
    tag,
    status: 200,
    access: { action: 'image.upload', subject: 'params.upload_id' },
    summary: 'An upload and fresh URLs for what is still missing: how to resume',
    params: uploadParams,
    response: upload,
  }),
  'uploads.complete': endpoint({
    method: 'POST',
    path: '/api/v1/uploads/{upload_id}/complete',
    tag,
    status: 200,
    access: { action: 'image.upload', subject: 'params.upload_id' },
    summary: 'Check what arrived and make images of it; can be repeated',
    params: uploadParams,
    body: uploadCompleteBody,
    response: uploadAnswer,
  }),
};
