import { DELETED_IMAGE_DAYS, MAX_IMAGES_CHOSEN_AT_ONCE } from '@labelyard/domain';
import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import {
  deletedImage,
  deletedImagePage,
  imageDeletion,
  imageDeletionBody,
  imageDeletionPreview,
  imageDeletionPreviewBody,
  imageRestoration,
  imageRestorationBody,
} from '../schemas/deleted-images.js';
import { idParam, pageQuery } from '../schemas/primitives.js';

const tag = 'images';
const params = z.object({ project_id: idParam });
const remove = { action: 'image.delete', subject: 'params.project_id' } as const;
const read = { action: 'image.read', subject: 'params.project_id' } as const;

export const deletedImageEndpoints = {
  'images.delete': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/images/delete',
    tag,
    status: 200,
    access: remove,
    summary: `Delete images with their labels, up to ${MAX_IMAGES_CHOSEN_AT_ONCE} at once; for ${DELETED_IMAGE_DAYS} days they can be brought back`,
    params,
    body: imageDeletionBody,
    response: imageDeletion,
  }),
  'images.delete_preview': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/images/delete/preview',
    tag,
    status: 200,
    writes: false,
    access: remove,
    summary: 'What deleting images would take along; changes nothing',
    params,
    body: imageDeletionPreviewBody,
    response: imageDeletionPreview,
  }),
  'deleted_images.list': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/deleted-images',
    tag,
    status: 200,
    access: read,
    summary: 'Deleted images that can be brought back, deleted last first',
    params,
    query: pageQuery,
    response: deletedImagePage,
  }),
  'deleted_images.get': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/deleted-images/{deleted_image_id}',
    tag,
    status: 200,
    access: read,
    summary: 'One deleted image: who deleted it, and when',
    params: params.extend({ deleted_image_id: idParam }),
    response: deletedImage,
  }),
  'deleted_images.restore': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/deleted-images/restore',
    tag,
    status: 200,
    access: remove,
    summary: 'Bring deleted images back as they were, with their labels, confirmations, tasks and comments',
    params,
    body: imageRestorationBody,
    response: imageRestoration,
  }),
};
