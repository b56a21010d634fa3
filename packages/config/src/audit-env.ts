import { z } from 'zod';
import { integer } from './variable.js';

/** How long the audit log is kept. */
export const auditEnv = z.object({ AUDIT_RETENTION_DAYS: integer(0, 36_500).default(730) }).transform((env) => ({
  /** 0 keeps it for ever. */
  retention_days: env.AUDIT_RETENTION_DAYS,
}));
