import pg from 'pg';
import { createUserDb, grantRestrictedRole, type NewInvitation, type UserDb } from '../src/index.js';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { emptyDatabase, randomName } from '../src/testing/test-server.js';

let databases: TestDatabases;
let db: UserDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.users;
});
afterAll(() => databases?.close());

const person = (email: string, full_name = 'Kim Minji') => ({
  email,
  full_name,
  hashed_password: `hash of ${email}`,
  system_role: 'standard_engineer' as const,
});

let tokens = 0;
const invitation = (values: Partial<NewInvitation> = {}): NewInvitation => ({
  token_hash: `hash ${(tokens += 1)}`,
  project_id: 1,
  inviter_id: '1',
  invitee_id: null,
  invitee_email: 'invited@x.org',
  role: 'annotator',
  message: null,
  ...values,
});

describe('people of a managed User DB', () => {
  test('are found by e-mail in any case, with what login needs', async () => {
    const organization = await db.users.upsertOrganization('Vision Lab');
    expect(await db.users.upsertOrganization('VISION LAB')).toEqual(organization);
    const [made] = await db.users.upsertPeople([
      { ...person('Kim@Example.com'), organization_id: organization.id, badge_color: 'purple', company: 'Acme' },
    ]);
    const found = await db.users.findByEmail(' kim@EXAMPLE.com ');
    expect(found).toEqual({
      ...made,
      id: expect.stringMatching(/^\d+$/u) as string,
      email: 'Kim@Example.com',
      full_name: 'Kim Minji',
      company: 'Acme',
      division: null,
      department: null,
      organization_id: organization.id,
      system_role: 'standard_engineer',
      is_active: true,
      avatar_name: null,
      badge_color: 'purple',
      created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/u) as string,
      organization,
      hashed_password: 'hash of Kim@Example.com',
    });
    expect(await db.users.get(found?.id as string)).toEqual({ ...made, organization });
    expect(await db.users.findByEmail('nobody@example.com')).toBeNull();
    expect(await db.users.findByEmail(`' or true --`)).toBeNull();
  });

  test('are added or changed by their e-mail address', async () => {
    const [first, second] = await db.users.upsertPeople([person('b@x.org'), person('a@x.org')]);
    expect([first?.email, second?.email]).toEqual(['a@x.org', 'b@x.org']);
    const [changed] = await db.users.upsertPeople([
      { ...person('A@X.org', 'New Name'), system_role: 'admin', is_active: false },
      { ...person('a@x.ORG', 'Newest Name'), system_role: 'admin', is_active: false },
    ]);
    expect(changed).toMatchObject({ id: first?.id, full_name: 'Newest Name', system_role: 'admin', is_active: false });
    // They have another password now: whoever is signed in by the old one is signed out.
    expect([first?.session_epoch, changed?.session_epoch]).toEqual([0, 1]);
    await expect(
      db.users.upsertPeople([{ ...person('c@x.org'), system_role: 'emperor' as never }]),
    ).rejects.toMatchObject({ code: 'validation_failed' });
  });

  test('are looked up in one query, ids nobody has left out', async () => {
    const people = await db.users.upsertPeople(
      Array.from({ length: 30 }, (_, n) => person(`many${n}@x.org`, `N ${n}`)),
    );
    const ids = people.map(({ id }) => id);
    const found = await db.users.byIds([
      ...ids,
      ...ids,
      '999999999',
      'not-a-number',
      '',
      '1; drop table users',
      '٣',
      '99999999999999999999',
    ]);
    expect([...found.keys()].sort()).toEqual([...ids].sort());
    expect(found.get(ids[7] as string)).toEqual(people[7]);
    expect(found.get(ids[0] as string)).not.toHaveProperty('hashed_password');
    expect((await db.users.byIds([])).size).toBe(0);
    expect(await db.users.get('not-a-number')).toBeNull();
  });

  test('are searched by name or e-mail, beginnings first, wild cards as letters, the inactive left out', async () => {
    await db.users.upsertPeople([
      person('zoe@search.org', 'Zoë Ångström'),
      person('percent@search.org', '100% Human'),
      person('under_score@search.org', 'Under Score'),
      person('mid@search.org', 'The Ångström Fan'),
      { ...person('gone@search.org', 'Ångström Gone'), is_active: false },
      person('kim@search.org', '김민지'),
    ]);
    const search = async (q: string, limit = 20) => (await db.users.search(q, limit)).map(({ full_name }) => full_name);
    expect(await search('ångström')).toEqual(['The Ångström Fan', 'Zoë Ångström']);
    expect(await search('zo')).toEqual(['Zoë Ångström']);
    expect(await search('search.org')).toHaveLength(5);
    expect(await search('the')).toEqual(['The Ångström Fan']);
    expect(await search('0%')).toEqual(['100% Human']);
    expect(await search('r_s')).toEqual(['Under Score']);
    expect(await search('민지')).toEqual(['김민지']);
    expect(await search('\\')).toEqual([]);
    expect(await search('search.org', 2)).toHaveLength(2);
    const known = async (q: string) =>
      (await db.users.search(q, 20, { whole_address: true })).map(({ full_name }) => full_name);
    expect(await known('search.org')).toEqual([]);
    expect(await known('under%score@search.org')).toEqual([]);
    expect(await known(' UNDER_score@search.org ')).toEqual(['Under Score']);
    expect(await known('ångström')).toEqual(['The Ångström Fan', 'Zoë Ångström']);
    await db.users.upsertPeople(Array.from({ length: 60 }, (_, n) => person(`cap${n}@x.org`)));
    expect(await search('', 1_000)).toHaveLength(50);
    // Beginnings before the rest.
    expect((await search('un'))[0]).toBe('Under Score');
  });
});

describe('people of a Platform', () => {
  /** A handle on a database whose tables somebody else made. */
  async function platform<T>(statements: string[], work: (users: UserDb['users']) => Promise<T>): Promise<T> {
    const database = await emptyDatabase();
    const other = await createUserDb({ url: database.url, applicationName: 'platform' });
    try {
      for (const statement of statements) await other.dataSource.query(statement);
      return await work(other.users);
    } finally {
      await other.close();
      await database.drop();
    }
  }

  test('with UUIDs, naive timestamps, roles of its own and few columns', async () => {
    const id = '0b0f2a7e-5c1d-4a52-9d55-2f6f7b1f3c11';
    await platform(
      [
        `create table users (id uuid primary key, email varchar(255) unique, hashed_password varchar(255), full_name varchar,
          system_role varchar(20) default 'guest', created_at timestamp default now())`,
        `insert into users values ('${id}', 'a@x.org', null, null, 'overlord', '2025-01-02 03:04:05.678901')`,
      ],
      async (users) => {
        const expected = {
          id,
          email: 'a@x.org',
          full_name: 'a',
          system_role: 'guest',
          is_active: true,
          organization: null,
          company: null,
          created_at: '2025-01-02T03:04:05.679Z',
        };
        expect(await users.get(id)).toMatchObject(expected);
        expect(await users.get(id.toUpperCase())).toMatchObject(expected);
        expect(await users.findByEmail('A@x.org')).toMatchObject({ ...expected, hashed_password: null });
        expect([...(await users.byIds([id, '7', 'x'])).keys()]).toEqual([id]);
        expect(await users.search('a@', 5)).toHaveLength(1);
      },
    );
  });

  test('with integers and organizations', async () => {
    await platform(
      [
        `create table organizations (id serial primary key, name varchar(255))`,
        `create table users (id serial primary key, email text, full_name text, organization_id integer, is_active boolean,
          system_role text, created_at timestamptz default now())`,
        `insert into organizations (name) values ('Lab')`,
        `insert into users (email, full_name, organization_id) values ('a@x.org', 'A', 1), ('b@x.org', 'B', null)`,
      ],
      async (users) => {
        expect(await users.get('1')).toMatchObject({
          id: '1',
          organization_id: '1',
          organization: { id: '1', name: 'Lab' },
        });
        expect(await users.get('2')).toMatchObject({ organization_id: null, organization: null });
        expect((await users.byIds(['1', '2', '3', '9999999999'])).size).toBe(2);
      },
    );
  });

  test('that are not there at all are told as such, and found once they are', async () => {
    await platform([], async (users) => {
      await expect(users.get('1')).rejects.toThrow(/no table "users"/u);
    });
    await platform([`create table users (id point, email text)`], async (users) => {
      await expect(users.get('1')).rejects.toThrow(/keeps user ids as point/u);
    });
  });
});

describe('the restricted role', () => {
  const role = randomName('labelyard_api');
  let client: pg.Client;

  beforeAll(async () => {
    await db.dataSource.query(`create role ${role} login password 'restricted'`);
    await grantRestrictedRole(db, role);
    await grantRestrictedRole(db, role);
    await db.users.upsertPeople([person('reader@x.org')]);
    const url = new URL(databases.userUrl);
    url.username = role;
    url.password = 'restricted';
    client = new pg.Client(url.href);
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await db.dataSource.query(`drop owned by ${role}`);
    await db.dataSource.query(`drop role ${role}`);
  });

  test('reads people and organizations, and writes invitations', async () => {
    expect((await client.query(`select hashed_password from users where email = 'reader@x.org'`)).rowCount).toBe(1);
    await client.query(`select * from organizations`);
    await client.query(
      `insert into invitations (token, project_id, inviter_id, invitee_email, role, expires_at)
        values ('t', 1, '1', 'x@y.z', 'viewer', now())`,
    );
    await client.query(`update invitations set status = 'cancelled' where token = 't'`);
    await client.query(`delete from invitations where token = 't'`);
  });

  test.each([
    `insert into users (email, full_name) values ('x', 'x')`,
    `update users set system_role = 'admin'`,
    `update users set hashed_password = 'x' where email = 'reader@x.org'`,
    `delete from users`,
    `truncate users cascade`,
    `insert into organizations (name) values ('x')`,
    `update organizations set name = 'x'`,
    `delete from organizations`,
    `delete from schema_migrations`,
    `create table mine (id int)`,
    `alter table users add column x int`,
    `drop table invitations`,
  ])('cannot %s', async (statement) => {
    await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('is enough for a User DB handle', async () => {
    const url = new URL(databases.userUrl);
    url.username = role;
    url.password = 'restricted';
    const restricted = await createUserDb({ url: url.href, applicationName: 'restricted' });
    try {
      expect(await restricted.users.findByEmail('reader@x.org')).toMatchObject({ full_name: 'Kim Minji' });
      expect(await restricted.users.search('reader', 5)).toHaveLength(1);
      await expect(restricted.users.upsertPeople([person('w@x.org')])).rejects.toMatchObject({ code: '42501' });
      await expect(restricted.accounts.setPassword('1', 'x')).rejects.toMatchObject({ code: '42501' });
      const made = await restricted.invitations.create(invitation({ invitee_email: 'restricted@x.org' }));
      const settled = await restricted.invitations.settle(made.id, () => Promise.resolve('cancelled'));
      expect(settled).toMatchObject({ status: 'cancelled', cancelled_at: expect.any(String) as string });
    } finally {
      await restricted.close();
    }
  });
});

describe('invitations', () => {
  test('are one per person and project, however many invite at once, and again after one ran out', async () => {
    const values = { project_id: 50, invitee_email: 'Race@x.org' };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        db.invitations.create(invitation(n % 2 ? values : { ...values, invitee_email: 'race@X.org' })),
      ),
    );
    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(made).toHaveLength(1);
    const [first] = made;
    await expect(db.invitations.create(invitation(values))).rejects.toMatchObject({
      code: 'duplicate',
      details: { reason: 'already_invited', current: { id: first?.id, status: 'pending' } },
    });
    await db.dataSource.query(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [
      first?.id,
    ]);
    expect(await db.invitations.get(first?.id ?? 0)).toMatchObject({ status: 'expired' });
    const again = await db.invitations.create(invitation(values));
    expect(again.id).not.toBe(first?.id);
    await expect(db.invitations.renew(first?.id ?? 0, 'other')).rejects.toMatchObject({ code: 'duplicate' });
  });

  test('are listed by box, page by page, and counted', async () => {
    const invitee = { id: '777', email: 'Box@x.org' };
    for (let project_id = 100; project_id < 105; project_id += 1)
      await db.invitations.create(
        invitation({
          project_id,
          inviter_id: '888',
          ...(project_id % 2 ? { invitee_id: '777', invitee_email: 'old@x.org' } : { invitee_email: 'box@x.org' }),
        }),
      );
    const first = await db.invitations.list({ invitee }, undefined, { limit: 3 });
    const second = await db.invitations.list({ invitee }, undefined, { limit: 3, cursor: first.next_cursor });
    expect([...first.items, ...second.items].map(({ project_id }) => project_id)).toEqual([104, 103, 102, 101, 100]);
    expect(second.next_cursor).toBeNull();
    expect((await db.invitations.list({ inviter_id: '888' }, 'pending', { limit: 50 })).items).toHaveLength(5);
    expect((await db.invitations.list({ project_id: 102 }, 'accepted', { limit: 50 })).items).toEqual([]);
    expect(await db.invitations.countPending(invitee)).toBe(5);
    await db.invitations.settle(first.items[0]?.id ?? 0, () => Promise.resolve('declined'));
    await db.dataSource.query(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [
      first.items[1]?.id,
    ]);
    expect(await db.invitations.countPending(invitee)).toBe(3);
    expect((await db.invitations.list({ invitee }, 'expired', { limit: 50 })).items).toHaveLength(1);
  });

  test('are settled one at a time, and not at all when the decision fails', async () => {
    const { id } = await db.invitations.create(invitation({ invitee_email: 'settle@x.org' }));
    await expect(db.invitations.settle(id, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const seen: string[] = [];
    await Promise.all(
      (['accepted', 'cancelled', 'declined'] as const).map((status) =>
        db.invitations.settle(id, (row) => {
          seen.push(row.status);
          return Promise.resolve(row.status === 'pending' ? status : (row.status as typeof status));
        }),
      ),
    );
    expect(seen[0]).toBe('pending');
    expect(seen[1]).not.toBe('pending');
    expect(new Set(seen.slice(1))).toEqual(new Set([(await db.invitations.get(id))?.status]));
    expect(await db.invitations.settle(999_999, () => Promise.resolve('accepted'))).toBeNull();
  });
});

describe('accounts', () => {
  const account = (email: string, values: object = {}) => ({
    email,
    full_name: `Account ${email}`,
    hashed_password: 'hash',
    system_role: 'standard_engineer' as const,
    organization: null,
    ...values,
  });

  test('are made, changed and listed by name', async () => {
    const made = await db.accounts.create(account('list-b@acc.org', { organization: 'Acme' }));
    await db.accounts.create(account('list-a@acc.org', { organization: 'ACME' }));
    await expect(db.accounts.create(account('LIST-A@acc.org'))).rejects.toMatchObject({ code: 'duplicate' });
    const page = await db.accounts.list({ q: 'acc.org' }, { limit: 1 });
    const rest = await db.accounts.list({ q: 'acc.org' }, { limit: 5, cursor: page.next_cursor });
    expect([...page.items, ...rest.items].map(({ email }) => email)).toEqual(['list-a@acc.org', 'list-b@acc.org']);
    const { before, after } = await db.accounts.update(made.id, { is_active: false, organization: null });
    expect([before.organization?.name, after.organization, after.is_active]).toEqual(['Acme', null, false]);
    expect((await db.accounts.list({ q: 'acc.org', is_active: false }, { limit: 5 })).items).toHaveLength(1);
    await expect(db.accounts.update(made.id, { email: 'list-a@acc.org' })).rejects.toMatchObject({ code: 'duplicate' });
    for (const id of ['999999999', 'x', '1; drop table users'])
      await expect(db.accounts.update(id, {})).rejects.toMatchObject({ code: 'not_found' });
    expect((await db.accounts.organizations({ limit: 500 })).items.map(({ name }) => name)).toContain('Acme');
  });

  test('two last admins who switch each other off leave one', async () => {
    await db.dataSource.query(`update users set system_role = 'guest'`);
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => db.accounts.create(account(`${name}@admins.org`, { system_role: 'admin' }))),
    );
    const outcomes = await Promise.allSettled([
      db.accounts.update(a?.id ?? '', { is_active: false }),
      db.accounts.update(b?.id ?? '', { system_role: 'guest' }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'in_use', details: { reason: 'last_admin' } },
    });
  });
});
