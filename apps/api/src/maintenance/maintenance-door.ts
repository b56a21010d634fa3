import { isHeldInMaintenance } from '@labelyard/contract';
import type { onRequestHookHandler } from 'fastify';
import type { BoundEndpoint } from '../http/bound-endpoints.js';
import type { MaintenanceMode } from './maintenance-mode.js';

/** Refuses what changes anything while maintenance is on, before a byte of its body is read. Null where there is nothing to refuse. */
export function maintenanceDoor({ spec }: BoundEndpoint, mode: MaintenanceMode): onRequestHookHandler | null {
  if (!isHeldInMaintenance(spec)) return null;
  return (_request, _reply, done) => {
    try {
      mode.assertOff();
    } catch (error) {
      return done(error as Error);
    }
    done();
  };
}
