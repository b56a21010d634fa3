import { ApiError } from '@labelyard/contract';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEMBER_PROBLEMS } from '@labelyard/domain';
import { problemCode } from './people-problem';

const error = (details: unknown) => new ApiError(409, 'in_use', 'text', details);

test('the rule, the field and the constraint are found; anything else is not', () => {
  expect(problemCode(error({ reason: 'last_owner' }))).toBe('last_owner');
  expect(problemCode(error([{ path: 'user_id', code: 'deactivated' }]))).toBe('deactivated');
  expect(problemCode(error({ constraint: 'uq_users_email' }))).toBe('email_taken');
  for (const nothing of [undefined, null, {}, [], 'text', { reason: 7 }])
    expect(problemCode(error(nothing))).toBeNull();
  expect(problemCode(new Error('x'))).toBeNull();
});

test('every rule about members has its words', () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'messages', 'en.json');
  const { people } = JSON.parse(readFileSync(file, 'utf8')) as { people: { problems: Record<string, string> } };
  const reasons = [...MEMBER_PROBLEMS, 'expired', 'accepted', 'declined', 'cancelled', 'project_deleted'];
  for (const reason of [...reasons, 'inviter_lost_rights', 'wrong_person', 'already_invited', 'last_admin'])
    expect(people.problems[reason]).toEqual(expect.any(String));
});
