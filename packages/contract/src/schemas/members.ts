import { ROLES } from '@labelyard/domain';
import { z } from 'zod';
import { userSearchQuery, userSummary } from './people.js';
import { flag, pageOf, timestamp } from './primitives.js';

export const member = z.object({
  user_id: z.string(),
  /** Null when the User DB no longer knows them. */
  user: userSummary.nullable(),
  role: z.enum(ROLES),
  granted_by: z.string().nullable(),
  granted_at: timestamp,
});
export type Member = z.infer<typeof member>;
export const memberPage = pageOf(member);

export const memberSearchQuery = userSearchQuery.extend({
  /** Only those who may be given work, and can sign in to do it. */
  workers: flag.default(false),
});

/** An id of the User DB: text here, whatever it is there. */
export const userId = z.string().min(1).max(255);

export const memberAddBody = z.strictObject({ user_id: userId, role: z.enum(ROLES) });
export const memberPatchBody = z.strictObject({ role: z.enum(ROLES) });
export const transferBody = z.strictObject({ user_id: userId });
