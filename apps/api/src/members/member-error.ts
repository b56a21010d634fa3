import { DomainError, type ErrorCode, type MemberProblem, type Role } from '@labelyard/domain';

const ANSWERS: Readonly<Record<MemberProblem, readonly [ErrorCode, string]>> = {
  not_a_member: ['not_found', 'This person is not a member'],
  already_member: ['duplicate', 'This person is a member already'],
  role_above_own: ['forbidden', 'Nobody gives a role above their own'],
  member_above_own: ['forbidden', 'Nobody changes members above themselves'],
  owner_by_transfer: ['forbidden', 'A project gets another owner by transfer only: POST /projects/{id}/transfer'],
  last_owner: ['in_use', 'The last owner stays; transfer the project to somebody first'],
  already_owner: ['duplicate', 'This person owns the project already'],
};

/** What a refused change of members is answered with; `details.reason` names the rule. */
export function memberError(problem: MemberProblem, role: Role | null = null): DomainError {
  const [code, message] = ANSWERS[problem];
  return new DomainError(code, message, { reason: problem, ...(role && { role }) });
}
