import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { annotation } from '../schemas/annotations.js';
import { idParam } from '../schemas/primitives.js';
import {
  annotationRejectBody,
  annotationVerifyBody,
  imageRejectAnswer,
  imageRejectBody,
  imageVerifyAnswer,
  imageVerifyBody,
  reviewAnswer,
  reviewBody,
  reviewPage,
  reviewQueueQuery,
} from '../schemas/review.js';

const tag = 'review';
const params = z.object({ annotation_id: idParam });
const imageParams = z.object({ project_id: idParam, image_id: idParam });
const ofProject = z.object({ project_id: idParam });

export const reviewEndpoints = {
  'review.queue': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/review',
    tag,
    status: 200,
    access: { action: 'annotation.read', subject: 'params.project_id' },
    summary: 'Images that are done and wait for a reviewer, oldest first',
    params: ofProject,
    query: reviewQueueQuery,
    response: reviewPage,
  }),
  'review.decide': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/review',
    tag,
    status: 200,
    access: { action: 'annotation.review', subject: 'params.project_id' },
    summary: 'Verify or reject many images and annotations in one transaction',
    params: ofProject,
    body: reviewBody,
    response: reviewAnswer,
  }),
  'annotations.verify': endpoint({
    method: 'POST',
    path: '/api/v1/annotations/{annotation_id}/verify',
    tag,
    status: 200,
    access: { action: 'annotation.review', subject: 'params.annotation_id' },
    summary: 'Accept a confirmed annotation; annotators cannot change it any more',
    params,
    body: annotationVerifyBody,
    response: annotation,
  }),
  'annotations.reject': endpoint({
    method: 'POST',
    path: '/api/v1/annotations/{annotation_id}/reject',
    tag,
    status: 200,
    access: { action: 'annotation.review', subject: 'params.annotation_id' },
    summary: 'Give an annotation back to its annotator with a comment',
    params,
    body: annotationRejectBody,
    response: annotation,
  }),
  'images.verify': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/images/{image_id}/verify',
    tag,
    status: 200,
    access: { action: 'annotation.review', subject: 'params.image_id' },
    summary: 'Accept a finished image for one task type, with all its confirmed annotations',
    params: imageParams,
    body: imageVerifyBody,
    response: imageVerifyAnswer,
  }),
  'images.reject': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/images/{image_id}/reject',
    tag,
    status: 200,
    access: { action: 'annotation.review', subject: 'params.image_id' },
    summary: 'Give an image back to its annotator with a comment; its annotations become drafts',
    params: imageParams,
    body: imageRejectBody,
    response: imageRejectAnswer,
  }),
};
