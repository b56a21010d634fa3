import { createLabelerDb, createUserDb, pendingMigrations } from '@labelyard/db';
import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import { PasswordCheck } from '../src/auth/password-check.js';
import { readAdminEnv } from '../src/env.js';
import { addPeople } from '../src/people/add-people.js';
import { updateSchemas } from '../src/update-schemas.js';

let databases: TestDatabases;
beforeAll(async () => {
  databases = await createTestDatabases();
});
afterAll(() => databases.close());

const lines = (...people: (object | string)[]) =>
  people.map((person) => (typeof person === 'string' ? person : JSON.stringify(person)));

describe('adding people', () => {
  const add = (...people: (object | string)[]) => addPeople(databases.users, lines(...people));
  const ADA = { email: 'ada@example.org', full_name: 'Ada Admin', password: 'labelyard', system_role: 'admin' };

  test('makes them, with an organization of their own, and a password that fits', async () => {
    const people = await add({ ...ADA, organization: 'Acme' }, '', {
      email: 'bo@example.org',
      full_name: '보',
      password: '비밀번호 12345',
    });
    expect(people.map(({ email, system_role }) => [email, system_role])).toEqual([
      ['ada@example.org', 'admin'],
      ['bo@example.org', 'standard_engineer'],
    ]);
    const ada = await databases.users.users.findByEmail('ADA@example.org');
    expect(ada?.organization?.name).toBe('Acme');
    expect(ada?.hashed_password).toMatch(/^\$argon2id\$/u);
    expect(await new PasswordCheck().verify(ada?.hashed_password ?? null, 'labelyard')).toBe(true);
  });

  test('again changes them and keeps their ids', async () => {
    const [before] = await add(ADA);
    const [after] = await add({ ...ADA, email: 'ADA@example.org', full_name: 'Ada Lovelace', password: 'another one' });
    expect(after?.id).toBe(before?.id);
    const ada = await databases.users.users.findByEmail('ada@example.org');
    expect(ada?.full_name).toBe('Ada Lovelace');
    expect(await new PasswordCheck().verify(ada?.hashed_password ?? null, 'labelyard')).toBe(false);
  });

  test.each([
    ['no JSON', ['{"email"'], 'line 1: person'],
    ['no e-mail', [{ ...ADA, email: 'ada' }], 'line 1: email'],
    ['a short password', [{ ...ADA, password: 'short' }], 'line 1: password'],
    ['an unknown role', [{ ...ADA, system_role: 'king' }], 'line 1: system_role'],
    ['an unknown field', [{ ...ADA, is_admin: true }], 'line 1: person'],
    [
      'the same person twice',
      [
        { ...ADA, email: 'new@example.org' },
        { ...ADA, email: 'NEW@example.org' },
      ],
      'line 2: email',
    ],
  ])('%s adds nobody', async (_name, people, problem) => {
    await expect(add({ ...ADA, email: 'innocent@example.org' }, ...people)).rejects.toThrow(
      problem.replace(/\d/u, (digit) => String(Number(digit) + 1)),
    );
    expect(await databases.users.users.findByEmail('innocent@example.org')).toBeNull();
  });
});

describe('bringing schemas up to date', () => {
  const env = (more: Record<string, string> = {}) =>
    readAdminEnv({ LABELER_DB_URL: databases.labelerUrl, USER_DB_URL: databases.userUrl, ...more });

  test('makes the queue, leaves a User DB of the Platform alone, and can be repeated', async () => {
    const said: string[] = [];
    for (let n = 0; n < 2; n += 1) await updateSchemas(env(), (line) => said.push(line));
    expect(said.at(-1)).toContain('belongs to the Platform');
    expect(said.at(-2)).toContain('Labeler DB: nothing to do');
    const queue = await databases.labeler.sql.one<{ there: boolean }>(
      `select to_regclass('graphile_worker.jobs') is not null as there`,
    );
    expect(queue?.there).toBe(true);
  });

  test('three at once do not disturb each other', async () => {
    await Promise.all(
      Array.from({ length: 3 }, () => updateSchemas(env({ USER_DB_MANAGED: 'true' }), () => undefined)),
    );
    expect(await pendingMigrations(databases.labeler)).toEqual([]);
    expect(await pendingMigrations(databases.users)).toEqual([]);
  });

  test('a database that is not there is said in words', async () => {
    const nowhere = databases.labelerUrl.replace(/:\d+\//u, ':1/');
    await expect(createLabelerDb({ url: nowhere, applicationName: 'x' })).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    await expect(createUserDb({ url: nowhere, applicationName: 'x' })).rejects.toMatchObject({
      code: 'database_unavailable',
    });
  });
});
