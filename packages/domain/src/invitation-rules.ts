import { grantProblem } from './member-rules.js';
import type { Role } from './permissions.js';

export const INVITATION_STATUSES = ['pending', 'accepted', 'declined', 'expired', 'cancelled'] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

/** How long an invitation can be accepted. */
export const INVITATION_DAYS = 7;

/** Why an invitation cannot be accepted. */
export type InvitationProblem =
  'wrong_person' | Exclude<InvitationStatus, 'pending'> | 'project_deleted' | 'inviter_lost_rights' | 'already_member';

export interface InvitationAddress {
  readonly invitee_id: string | null;
  readonly invitee_email: string;
}

/** Whether an invitation is meant for this person: by id, or by an e-mail address of theirs. */
export function isInvitee(
  invitation: InvitationAddress,
  person: { readonly id: string; readonly email: string },
): boolean {
  if (invitation.invitee_id !== null && invitation.invitee_id === person.id) return true;
  return sameEmail(invitation.invitee_email, person.email);
}

/** E-mail addresses are compared as people read them: whatever the case, whatever the unicode form. */
export function sameEmail(a: string, b: string): boolean {
  const plain = (email: string) => email.normalize('NFC').trim().toLowerCase();
  return plain(a) === plain(b);
}

/** What is found in the project, under the lock that serialises changes of its members. */
export interface InvitedProject {
  /** False when the project is gone. */
  readonly exists: boolean;
  /** The inviter's role there now. */
  readonly inviter_role: Role | null;
  /** The invited person's membership, if they have one, and the invitation it came from. */
  readonly membership: { readonly role: Role; readonly invitation_id: number | null } | null;
}

/** Whether an invitation still stands, looking at the invitation alone. */
export function closedProblem({ status }: { readonly status: InvitationStatus }): InvitationProblem | null {
  return status === 'pending' ? null : status;
}

/**
 * What accepting comes to in the project: the membership is to be made; it was made before (a crash came before the
 * invitation was marked); or why it cannot be made.
 */
export function acceptance(
  invitation: { readonly id: number; readonly role: Role },
  { exists, inviter_role, membership }: InvitedProject,
):
  | { readonly outcome: 'join' | 'joined_before' }
  | { readonly outcome: 'refused'; readonly problem: InvitationProblem } {
  if (!exists) return { outcome: 'refused', problem: 'project_deleted' };
  if (membership?.invitation_id === invitation.id) return { outcome: 'joined_before' };
  if (membership) return { outcome: 'refused', problem: 'already_member' };
  if (grantProblem(inviter_role, invitation.role) !== null)
    return { outcome: 'refused', problem: 'inviter_lost_rights' };
  return { outcome: 'join' };
}
