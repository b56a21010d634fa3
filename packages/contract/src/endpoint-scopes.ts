import type { TokenScope } from '@labelyard/domain';
import type { EndpointName } from './endpoints.js';

/**
 * The scope that opens an endpoint to service tokens. What is not here is closed to them: whatever belongs to a person
 * (sessions, inboxes, locks), and everything that decides who may do what.
 */
export const ENDPOINT_SCOPES: Readonly<Partial<Record<EndpointName, TokenScope>>> = {
  'datasets.list': 'projects:read',
  'datasets.get': 'projects:read',
  'projects.get': 'projects:read',
  'classes.list': 'projects:read',
  'members.list': 'projects:read',
  'images.list': 'images:read',
  'images.get': 'images:read',
  'annotations.list': 'annotations:read',
  'annotations.of_image': 'annotations:read',
  'annotations.get': 'annotations:read',
  'annotations.history': 'annotations:read',
  'projects.history': 'annotations:read',
  'images.moments': 'annotations:read',
  'images.as_of': 'annotations:read',
  'annotations.create': 'annotations:write',
  'annotations.update': 'annotations:write',
  'annotations.delete': 'annotations:write',
  'annotations.operations': 'annotations:write',
  'annotations.confirm': 'annotations:write',
  'annotations.unconfirm': 'annotations:write',
  'images.confirm': 'annotations:write',
  'images.unconfirm': 'annotations:write',
  'exports.list': 'exports:read',
  'exports.get': 'exports:read',
  'exports.preview': 'exports:read',
  'exports.create': 'exports:create',
  'exports.repeat': 'exports:create',
  'exports.cancel': 'exports:create',
  'exports.delete': 'exports:create',
  'versions.list': 'versions:read',
  'versions.get': 'versions:read',
  'versions.classes': 'versions:read',
  'versions.diff': 'versions:read',
  'versions.diff_images': 'versions:read',
  'versions.diff_image': 'versions:read',
};
