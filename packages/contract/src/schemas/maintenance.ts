import { z } from 'zod';
import { moment, text, timestamp } from './primitives.js';

/** What everybody is told while the installation is read-only; also the `details` of the refusals. */
export const maintenanceNotice = z.object({
  reason: z.string(),
  /** Null: nobody knows. */
  expected_end: timestamp.nullable(),
  started_at: timestamp,
});
export type MaintenanceNotice = z.infer<typeof maintenanceNotice>;

/** `maintenance` is null while everything works. */
export const maintenanceAnswer = z.object({ maintenance: maintenanceNotice.nullable() });

export const maintenanceBody = z.strictObject({
  reason: text(1, 500),
  expected_end: moment.nullable().default(null),
});
