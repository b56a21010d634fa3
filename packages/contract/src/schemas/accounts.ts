import { PASSWORD_MIN_LENGTH, SYSTEM_ROLES } from '@labelyard/domain';
import { z } from 'zod';
import { userId } from './members.js';
import { userSummary } from './people.js';
import { pageOf, pageQuery, text, timestamp } from './primitives.js';

const fullName = text(1, 200);
const email = z.string().trim().max(320).pipe(z.email());
const organizationName = text(1, 255);

/** A person as those see them who administer the installation. */
export const account = userSummary.extend({
  system_role: z.enum(SYSTEM_ROLES),
  organization: z.object({ id: z.string(), name: z.string() }).nullable(),
  created_at: timestamp,
});
export type Account = z.infer<typeof account>;

export const accountListQuery = pageQuery.extend({
  q: z.string().trim().max(200).default(''),
  /** Everybody when absent. */
  active: z.enum(['true', 'false']).optional(),
});
export const accountPage = pageOf(account);

export const accountCreateBody = z.strictObject({
  email,
  full_name: fullName,
  system_role: z.enum(SYSTEM_ROLES).default('standard_engineer'),
  /** Made when there is none of this name. */
  organization: organizationName.nullable().default(null),
});

export const accountPatchBody = z.strictObject({
  email: email.optional(),
  full_name: fullName.optional(),
  system_role: z.enum(SYSTEM_ROLES).optional(),
  organization: organizationName.nullable().optional(),
  is_active: z.boolean().optional(),
});

export const accountParams = z.object({ user_id: userId });

/** The password is told here and never again; null in a repeated answer. */
export const accountWithPassword = z.object({ account, password: z.string().nullable() });

export const organizationPage = pageOf(z.object({ id: z.string(), name: z.string() }));

export const mePatchBody = z.strictObject({ full_name: fullName.optional() });

export const passwordBody = z.strictObject({
  old_password: z.string().min(1).max(1_024),
  new_password: z.string().min(PASSWORD_MIN_LENGTH).max(1_024),
});
