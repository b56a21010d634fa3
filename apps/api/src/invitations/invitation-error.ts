import { DomainError, type InvitationProblem } from '@labelyard/domain';

const CLOSED: Readonly<Record<Exclude<InvitationProblem, 'wrong_person' | 'already_member'>, string>> = {
  expired: 'The invitation has run out; ask for a new one',
  accepted: 'The invitation was accepted before',
  declined: 'The invitation was declined',
  cancelled: 'The invitation was taken back',
  project_deleted: 'The project of the invitation does not exist any more',
  inviter_lost_rights: 'Whoever sent the invitation may not bring people into the project any more; ask for a new one',
};

/** What an invitation that cannot be accepted is answered with; `details.reason` tells which case it is. */
export function invitationError(reason: InvitationProblem): DomainError {
  if (reason === 'wrong_person')
    return new DomainError('forbidden', 'The invitation is for somebody else; sign in as the person invited', {
      reason,
    });
  if (reason === 'already_member') return new DomainError('duplicate', 'You are a member already', { reason });
  return new DomainError('closed', CLOSED[reason], { reason });
}
