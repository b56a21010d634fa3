import { LONGEST_OVERLAP_HOURS, LONGEST_TOKEN_DAYS, TOKEN_SCOPE_NAMES } from '@labelyard/domain';
import { z } from 'zod';
import { userSummary } from './people.js';
import { id, pageOf, text, timestamp } from './primitives.js';

const scopes = z
  .array(z.enum(TOKEN_SCOPE_NAMES))
  .min(1)
  .max(TOKEN_SCOPE_NAMES.length)
  .refine((list) => new Set(list).size === list.length, 'lists a scope twice');
const expires_in_days = z.int().min(1).max(LONGEST_TOKEN_DAYS);

export const serviceTokenCreateBody = z.strictObject({ name: text(1, 100), scopes, expires_in_days });

export const serviceTokenRotateBody = z.strictObject({
  /** How long the present secret goes on working beside the new one. */
  overlap_hours: z.int().min(0).max(LONGEST_OVERLAP_HOURS).default(24),
  /** Counted from now; the token keeps its end when absent. */
  expires_in_days: expires_in_days.optional(),
});

export const serviceToken = z.object({
  id,
  /** Null for a token of the whole installation. */
  project_id: id.nullable(),
  project_name: z.string().nullable(),
  name: z.string(),
  scopes: z.array(z.enum(TOKEN_SCOPE_NAMES)),
  /** The last characters of the secret. */
  secret_hint: z.string(),
  status: z.enum(['active', 'expired', 'revoked']),
  /** Until when the secret before the last rotation may still be used. */
  previous_until: timestamp.nullable(),
  expires_at: timestamp,
  created_by: z.string(),
  creator: userSummary.nullable(),
  created_at: timestamp,
  rotated_at: timestamp.nullable(),
  last_used_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
});
export type ServiceToken = z.infer<typeof serviceToken>;
export const serviceTokenPage = pageOf(serviceToken);

/** The only time the secret is told. Null where the request was repeated: it is not kept. */
export const serviceTokenWithSecret = serviceToken.extend({ secret: z.string().nullable() });
export type ServiceTokenWithSecret = z.infer<typeof serviceTokenWithSecret>;
