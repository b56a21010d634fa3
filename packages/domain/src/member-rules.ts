import { can, type Role, ROLES } from './permissions.js';

/** Why a change of members is refused. */
export const MEMBER_PROBLEMS = [
  'not_a_member',
  'already_member',
  'role_above_own',
  'member_above_own',
  'owner_by_transfer',
  'last_owner',
  'already_owner',
] as const;
export type MemberProblem = (typeof MEMBER_PROBLEMS)[number];

/** Somebody who changes members, and what is known when they do. Read under the lock that serialises such changes. */
export interface MemberChange {
  readonly actor: { readonly user_id: string; readonly role: Role | null };
  /** The member it is about; the role is null when they are none. */
  readonly target: { readonly user_id: string; readonly role: Role | null };
  /** How many owners the project has now. */
  readonly owners: number;
}

function isAbove(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) > ROLES.indexOf(other);
}

/** Whether somebody may hand out `role`, to a member or in an invitation. */
export function grantProblem(giver: Role | null, role: Role): MemberProblem | null {
  if (role === 'owner') return 'owner_by_transfer';
  if (!can(giver, 'member.manage')) return 'member_above_own';
  return isAbove(role, giver as Role) ? 'role_above_own' : null;
}

/** The roles somebody may hand out, strongest first. */
export function grantableRoles(giver: Role | null): Role[] {
  return ROLES.filter((role) => grantProblem(giver, role) === null).reverse();
}

export function addMemberProblem({ actor, target }: MemberChange, role: Role): MemberProblem | null {
  if (target.role !== null) return 'already_member';
  return grantProblem(actor.role, role);
}

/** A member's role may be changed by those who manage members, are not below them and may give the new role. */
export function changeRoleProblem(change: MemberChange, role: Role): MemberProblem | null {
  const { actor, target } = change;
  if (target.role === null) return 'not_a_member';
  if (actor.role === null || !can(actor.role, 'member.manage') || isAbove(target.role, actor.role))
    return 'member_above_own';
  if (isLastOwner(change)) return 'last_owner';
  return grantProblem(actor.role, role);
}

/** Everybody may leave; others may be removed by those who manage members and are not below them. The last owner stays. */
export function removeMemberProblem(change: MemberChange): MemberProblem | null {
  const { actor, target } = change;
  if (target.role === null) return 'not_a_member';
  const leaves = actor.user_id === target.user_id;
  if (!leaves && (actor.role === null || !can(actor.role, 'member.manage') || isAbove(target.role, actor.role)))
    return 'member_above_own';
  return isLastOwner(change) ? 'last_owner' : null;
}

/** The only way to become an owner: the present one gives the project to another member and becomes an admin. */
export function transferProblem({ actor, target }: MemberChange): MemberProblem | null {
  if (!can(actor.role, 'project.transfer')) return 'member_above_own';
  if (target.role === null) return 'not_a_member';
  return target.role === 'owner' ? 'already_owner' : null;
}

function isLastOwner({ target, owners }: MemberChange): boolean {
  return target.role === 'owner' && owners <= 1;
}
