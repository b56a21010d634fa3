import { z } from 'zod';
import { endpoint } from '../endpoint.js';

// Only served with STORAGE_DRIVER=disk, where the API stands in for the object storage. `{key}` may hold slashes.
const params = z.object({ bucket: z.string(), key: z.string() });
const tag = 'storage';

export const storageEndpoints = {
  'storage.read': endpoint({
    method: 'GET',
    path: '/api/v1/storage/{bucket}/{key}',
    tag,
    access: 'signed',
    status: 200,
    other_statuses: [206, 304, 416],
    summary: 'Bytes of an object behind a signed link',
    params,
    rest: 'key',
  }),
  'storage.write': endpoint({
    method: 'PUT',
    path: '/api/v1/storage/{bucket}/{key}',
    tag,
    access: 'signed',
    status: 200,
    body_kind: 'raw',
    summary: 'Store an object, or one part of it, behind a signed link',
    params,
    rest: 'key',
  }),
};
