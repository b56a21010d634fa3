import { SYSTEM_ROLES } from '@labelyard/domain';
import { z } from 'zod';

export const userSummary = z.object({
  id: z.string(),
  /** Empty where it is not for the eyes of whoever asks, and for programs. */
  email: z.string(),
  full_name: z.string(),
  avatar_name: z.string().nullable(),
  badge_color: z.string().nullable(),
  /** False for an account that is switched off: its work stays under its name. */
  is_active: z.boolean(),
});
export type UserSummary = z.infer<typeof userSummary>;

export const me = userSummary.extend({
  role: z.enum(SYSTEM_ROLES),
  organization: z.object({ id: z.string(), name: z.string() }).nullable(),
  created_at: z.iso.datetime(),
  /** Whether this installation keeps its people itself: names and passwords can be changed here. */
  people_managed: z.boolean(),
});
export type Me = z.infer<typeof me>;

export const loginBody = z.strictObject({
  email: z.string().trim().min(1).max(320),
  password: z.string().min(1).max(1_024),
});

export const loginAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal('bearer'),
  /** Seconds until the token expires. */
  expires_in: z.int(),
  user: me,
});

export const userSearchQuery = z.object({
  q: z.string().trim().max(200).default(''),
  limit: z.coerce.number<string | number>().pipe(z.int().min(1).max(50)).default(20),
});
