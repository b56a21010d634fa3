import { Readable } from 'node:stream';
import type { NewPerson, Person, UserDb } from '@labelyard/db';
import { DomainError, SYSTEM_ROLES } from '@labelyard/domain';
import { z } from 'zod';
import { hashPassword } from '../auth/password-check.js';

const personLine = z.strictObject({
  email: z.string().trim().max(320).pipe(z.email()),
  full_name: z.string().trim().min(1).max(200),
  password: z.string().min(8).max(1_024),
  system_role: z.enum(SYSTEM_ROLES).default('standard_engineer'),
  organization: z.string().trim().min(1).max(255).optional(),
  badge_color: z.string().max(20).optional(),
});
type PersonLine = z.infer<typeof personLine>;

/**
 * Adds people, or changes those with the same e-mail address (in any case), from one JSON object per line. All lines are
 * looked at before anybody is added.
 *
 * @throws validation_failed naming every bad line
 */
export async function addPeople(db: UserDb, lines: Iterable<string> | AsyncIterable<string>): Promise<Person[]> {
  const people = await readLines(lines);
  const organizations = new Map<string, string>();
  for (const { organization } of people)
    if (organization !== undefined && !organizations.has(organization))
      organizations.set(organization, (await db.users.upsertOrganization(organization)).id);
  const rows: NewPerson[] = [];
  for (const { password, organization, ...fields } of people)
    rows.push({
      ...fields,
      hashed_password: await hashPassword(password),
      organization_id: (organization !== undefined && organizations.get(organization)) || null,
    });
  return db.users.upsertPeople(rows);
}

async function readLines(lines: Iterable<string> | AsyncIterable<string>): Promise<PersonLine[]> {
  const people = new Map<string, PersonLine>();
  const problems: string[] = [];
  let number = 0;
  for await (const line of Readable.from(lines) as AsyncIterable<string>) {
    number += 1;
    if (line.trim() === '') continue;
    const result = personLine.safeParse(parseJson(line));
    if (!result.success)
      problems.push(
        ...result.error.issues.map((issue) => `line ${number}: ${issue.path.join('.') || 'person'}: ${issue.message}`),
      );
    else if (people.has(result.data.email.toLowerCase()))
      problems.push(`line ${number}: email: stands on an earlier line too`);
    else people.set(result.data.email.toLowerCase(), result.data);
  }
  if (problems.length > 0)
    throw new DomainError('validation_failed', `Nobody was added:\n  ${problems.join('\n  ')}`, problems);
  return [...people.values()];
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
