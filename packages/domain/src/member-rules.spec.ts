import {
  addMemberProblem,
  changeRoleProblem,
  grantableRoles,
  grantProblem,
  type MemberChange,
  removeMemberProblem,
  transferProblem,
} from './member-rules.js';
import { type Role, ROLES } from './permissions.js';

const change = (actor: Role | null, target: Role | null, owners = 1): MemberChange => ({
  actor: { user_id: 'actor', role: actor },
  target: { user_id: 'target', role: target },
  owners,
});
const rank = (role: Role) => ROLES.indexOf(role);
const pairs = ROLES.flatMap((actor) => ROLES.map((target) => [actor, target] as const));

test.each(pairs)('a %s gives the role %s only to their own height, and never owner', (giver, role) => {
  const allowed = rank(giver) >= rank('admin') && role !== 'owner';
  expect(grantProblem(giver, role) === null).toBe(allowed);
  expect(grantableRoles(giver).includes(role)).toBe(allowed);
  expect(addMemberProblem(change(giver, null), role) === null).toBe(allowed);
});

test('somebody who is no member gives nothing', () => {
  expect(grantableRoles(null)).toEqual([]);
  expect(grantableRoles('owner')).toEqual(['admin', 'reviewer', 'annotator', 'viewer']);
});

test.each(pairs)('a %s does with a %s only what their height allows', (actor, target) => {
  const allowed = rank(actor) >= rank('admin') && rank(target) <= rank(actor);
  expect(changeRoleProblem(change(actor, target, 2), 'viewer') === null).toBe(allowed);
  expect(removeMemberProblem(change(actor, target, 2)) === null).toBe(allowed);
});

test.each(ROLES)('a %s may leave, unless nobody else owns the project', (role) => {
  const self = (owners: number): MemberChange => ({
    actor: { user_id: 'me', role },
    target: { user_id: 'me', role },
    owners,
  });
  expect(removeMemberProblem(self(1))).toBe(role === 'owner' ? 'last_owner' : null);
  expect(removeMemberProblem(self(2))).toBeNull();
});

test('the last owner can be neither removed nor demoted, whoever asks', () => {
  for (const actor of ROLES) {
    expect(changeRoleProblem(change(actor, 'owner'), 'admin')).not.toBeNull();
    expect(removeMemberProblem(change(actor, 'owner'))).not.toBeNull();
  }
  expect(changeRoleProblem(change('owner', 'owner'), 'admin')).toBe('last_owner');
  expect(changeRoleProblem(change('owner', 'admin'), 'owner')).toBe('owner_by_transfer');
});

test('only an owner hands the project over, to a member who does not own it yet', () => {
  for (const actor of ROLES) expect(transferProblem(change(actor, 'viewer')) === null).toBe(actor === 'owner');
  expect(transferProblem(change('owner', null))).toBe('not_a_member');
  expect(transferProblem(change('owner', 'owner', 2))).toBe('already_owner');
});

test('who is a member already cannot be added, and who is none cannot be changed', () => {
  expect(addMemberProblem(change('owner', 'viewer'), 'viewer')).toBe('already_member');
  expect(changeRoleProblem(change('owner', null), 'viewer')).toBe('not_a_member');
  expect(removeMemberProblem(change('owner', null))).toBe('not_a_member');
});
