import { z } from 'zod';
import { userSummary } from './people.js';
import { id, moment, pageOf, pageQuery, timestamp } from './primitives.js';

export const AUDIT_OUTCOMES = ['done', 'denied'] as const;
export const AUDIT_FILES = ['csv', 'jsonl'] as const;

const filters = {
  /** Who did it: a user id, or `service:<token id>`. */
  actor_id: z.string().min(1).max(200).optional(),
  /** An action, or its begin: `member` finds `member.add`. */
  action: z
    .string()
    .regex(/^[a-z_.]{1,100}$/u)
    .optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  since: moment.optional(),
  until: moment.optional(),
};
export const auditQuery = pageQuery.extend(filters);
export const auditExportQuery = z.object({ ...filters, format: z.enum(AUDIT_FILES).default('csv') });

export const auditEntry = z.object({
  id,
  happened_at: timestamp,
  project_id: id.nullable(),
  actor_id: z.string().nullable(),
  actor_kind: z.enum(['user', 'service_token', 'system']),
  /** Null for the system, and for somebody who is gone. */
  actor: userSummary.nullable(),
  action: z.string(),
  outcome: z.enum(AUDIT_OUTCOMES),
  subject_type: z.string().nullable(),
  subject_id: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  request_id: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditPage = pageOf(auditEntry);
