import { acceptance, closedProblem, INVITATION_STATUSES, type InvitedProject, isInvitee } from './invitation-rules.js';
import { ROLES } from './permissions.js';

const project: InvitedProject = { exists: true, inviter_role: 'owner', membership: null };
const invitation = { id: 7, role: 'reviewer' } as const;
const refused = (problem: string) => ({ outcome: 'refused', problem });

test('an invitation is for the person it names, or whose e-mail address it names', () => {
  const person = { id: '5', email: 'Kim@Example.org' };
  expect(isInvitee({ invitee_id: '5', invitee_email: 'old@example.org' }, person)).toBe(true);
  expect(isInvitee({ invitee_id: null, invitee_email: ' kim@example.ORG' }, person)).toBe(true);
  expect(isInvitee({ invitee_id: '6', invitee_email: 'kim@example.com' }, person)).toBe(false);
  expect(isInvitee({ invitee_id: null, invitee_email: 'kim@example.com' }, person)).toBe(false);
});

test('only a pending one stands', () => {
  for (const status of INVITATION_STATUSES)
    expect(closedProblem({ status })).toBe(status === 'pending' ? null : status);
});

test.each(ROLES)('an inviter who is now %s can still bring in a reviewer, or cannot', (inviter_role) => {
  const stands = inviter_role === 'admin' || inviter_role === 'owner';
  expect(acceptance(invitation, { ...project, inviter_role })).toEqual(
    stands ? { outcome: 'join' } : refused('inviter_lost_rights'),
  );
});

test('an inviter who left, a project that is gone and somebody who is there already are refused', () => {
  expect(acceptance(invitation, { ...project, inviter_role: null })).toEqual(refused('inviter_lost_rights'));
  expect(acceptance(invitation, { ...project, exists: false })).toEqual(refused('project_deleted'));
  expect(acceptance(invitation, { ...project, membership: { role: 'viewer', invitation_id: null } })).toEqual(
    refused('already_member'),
  );
  expect(acceptance(invitation, { ...project, membership: { role: 'viewer', invitation_id: 6 } })).toEqual(
    refused('already_member'),
  );
});

test('a membership made by this very invitation is a crash to be healed, even when the inviter has left meanwhile', () => {
  const membership = { role: 'reviewer', invitation_id: 7 } as const;
  expect(acceptance(invitation, { ...project, inviter_role: null, membership })).toEqual({ outcome: 'joined_before' });
});
