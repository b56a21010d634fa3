import { INVITATION_STATUSES, ROLES } from '@labelyard/domain';
import { z } from 'zod';
import { userId } from './members.js';
import { userSummary } from './people.js';
import { id, idParam, pageOf, pageQuery, text, timestamp } from './primitives.js';

const invitedProject = z.object({ id, dataset_id: id, name: z.string() });

export const invitation = z.object({
  id,
  project_id: id,
  /** Null when the project is gone. */
  project: invitedProject.nullable(),
  role: z.enum(ROLES),
  /** `expired` from the moment it is. */
  status: z.enum(INVITATION_STATUSES),
  message: z.string().nullable(),
  inviter_id: z.string(),
  inviter: userSummary.nullable(),
  /** Null while nobody is known under the e-mail address. */
  invitee_id: z.string().nullable(),
  invitee: userSummary.nullable(),
  invitee_email: z.string(),
  created_at: timestamp,
  expires_at: timestamp,
  accepted_at: timestamp.nullable(),
  cancelled_at: timestamp.nullable(),
});
export type Invitation = z.infer<typeof invitation>;
export const invitationPage = pageOf(invitation);

export const invitationCreateBody = z
  .strictObject({
    project_id: id,
    email: z.string().trim().max(320).pipe(z.email()).optional(),
    user_id: userId.optional(),
    role: z.enum(ROLES),
    message: text(0, 1_000).optional(),
  })
  .refine(({ email, user_id }) => (email === undefined) !== (user_id === undefined), {
    message: 'give either an e-mail address or a user_id',
    path: ['email'],
  });

/** What the inviter is told once. Only a hash of the token is kept. */
export const invitationSent = z.object({
  invitation,
  /** For the link, when it was not sent by e-mail; null also in a repeated answer. */
  token: z.string().nullable(),
  emailed: z.boolean(),
});
export type InvitationSent = z.infer<typeof invitationSent>;

export const invitationListQuery = pageQuery.extend({
  box: z.enum(['received', 'sent']).default('received'),
  status: z.enum(INVITATION_STATUSES).optional(),
});

export const invitationCount = z.object({ received: z.int() });

export const invitationParams = z.object({ invitation_id: idParam });

/** 32 random bytes in base64url. */
export const invitationToken = z.string().regex(/^[\w-]{43}$/u, 'is not the token of an invitation');

/** Whoever came by the link shows its token, and is told clearly when the invitation is for somebody else. */
export const invitationAnswerBody = z.strictObject({ token: invitationToken.optional() }).default({});

/** What the holder of a link may see, signed in or not. */
export const invitationPreview = z.object({
  id,
  project_name: z.string().nullable(),
  dataset_id: id.nullable(),
  role: z.enum(ROLES),
  status: z.enum(INVITATION_STATUSES),
  message: z.string().nullable(),
  inviter_name: z.string().nullable(),
  invitee_email: z.string(),
  expires_at: timestamp,
});
export type InvitationPreview = z.infer<typeof invitationPreview>;
