import { z } from 'zod';
import { maintenanceNotice } from './maintenance.js';

export const health = z.object({ status: z.literal('ok'), version: z.string(), environment: z.string() });

export const readiness = z.object({
  status: z.enum(['ok', 'failing', 'draining']),
  version: z.string(),
  /** Read-only for now; the process serves, so that is no failure. */
  maintenance: maintenanceNotice.nullable(),
  checks: z.record(
    z.enum(['labeler_db', 'user_db', 'storage', 'schema']),
    z.object({ ok: z.boolean(), ms: z.number(), message: z.string().optional() }),
  ),
});
