import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import {
  comment,
  commentCreateBody,
  commentListQuery,
  commentPage,
  commentPatchBody,
  notificationCount,
  notificationListQuery,
  notificationPage,
  notificationReadBody,
} from '../schemas/comments.js';
import { idParam } from '../schemas/primitives.js';

const tag = 'comments';
const ofProject = z.object({ project_id: idParam });
const params = z.object({ comment_id: idParam });
const write = { action: 'comment.create', subject: 'params.comment_id' } as const;

export const commentEndpoints = {
  'comments.list': endpoint({
    method: 'GET',
    path: '/api/v1/projects/{project_id}/comments',
    tag,
    status: 200,
    access: { action: 'comment.read', subject: 'params.project_id' },
    summary: 'Threads of a project or of one image with their replies, newest first',
    params: ofProject,
    query: commentListQuery,
    response: commentPage,
  }),
  'comments.create': endpoint({
    method: 'POST',
    path: '/api/v1/projects/{project_id}/comments',
    tag,
    status: 201,
    access: { action: 'comment.create', subject: 'body.image_id' },
    summary: 'Say something about an image, a point of it or an annotation, or answer a thread',
    params: ofProject,
    body: commentCreateBody,
    response: comment,
  }),
  'comments.update': endpoint({
    method: 'PATCH',
    path: '/api/v1/comments/{comment_id}',
    tag,
    status: 200,
    access: write,
    summary: 'Change one’s own comment',
    params,
    body: commentPatchBody,
    response: comment,
  }),
  'comments.delete': endpoint({
    method: 'DELETE',
    path: '/api/v1/comments/{comment_id}',
    tag,
    status: 204,
    access: write,
    summary: 'Delete one’s own comment, or as an admin anybody’s',
    params,
  }),
  'comments.resolve': endpoint({
    method: 'POST',
    path: '/api/v1/comments/{comment_id}/resolve',
    tag,
    status: 200,
    access: write,
    summary: 'Close a thread',
    params,
    response: comment,
  }),
  'comments.reopen': endpoint({
    method: 'POST',
    path: '/api/v1/comments/{comment_id}/reopen',
    tag,
    status: 200,
    access: write,
    summary: 'Open a closed thread again',
    params,
    response: comment,
  }),
  'notifications.list': endpoint({
    method: 'GET',
    path: '/api/v1/notifications',
    tag: 'notifications',
    status: 200,
    access: 'self',
    summary: 'What the person signed in should hear of, newest first',
    query: notificationListQuery,
    response: notificationPage,
  }),
  'notifications.count': endpoint({
    method: 'GET',
    path: '/api/v1/notifications/count',
    tag: 'notifications',
    status: 200,
    access: 'self',
    summary: 'How many are unread',
    response: notificationCount,
  }),
  'notifications.read': endpoint({
    method: 'POST',
    path: '/api/v1/notifications/read',
    tag: 'notifications',
    status: 200,
    access: 'self',
    summary: 'Mark as read: some by id, or everything up to one',
    body: notificationReadBody,
    response: notificationCount,
  }),
};
