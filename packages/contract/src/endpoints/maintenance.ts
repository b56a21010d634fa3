import { endpoint } from '../endpoint.js';
import { maintenanceAnswer, maintenanceBody } from '../schemas/maintenance.js';

const path = '/api/v1/maintenance';
const tag = 'maintenance';
const access = { system: 'maintenance.manage' } as const;

export const maintenanceEndpoints = {
  'maintenance.get': endpoint({
    method: 'GET',
    path,
    tag,
    access: 'public',
    status: 200,
    summary: 'Whether the installation is read-only for now, why and until when',
    response: maintenanceAnswer,
  }),
  'maintenance.begin': endpoint({
    method: 'POST',
    path,
    tag,
    access,
    status: 200,
    // The switch itself.
    writes: false,
    summary:
      'Make the installation read-only: every change is answered 503 until it ends. In maintenance already: change the reason and the expected end',
    body: maintenanceBody,
    response: maintenanceAnswer,
  }),
  'maintenance.end': endpoint({
    method: 'DELETE',
    path,
    tag,
    access,
    status: 204,
    writes: false,
    summary: 'End maintenance; can be repeated. 503 while the database itself is held still for a move',
  }),
};
