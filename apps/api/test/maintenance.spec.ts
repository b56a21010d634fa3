import { isHeldInMaintenance, type EndpointSpec, projectEvent } from '@labelyard/contract';
import { PASSING_TABLES } from '@labelyard/db';
import { ROLES, type Role } from '@labelyard/domain';
import { createTestApp, PASSWORD, type TestApp, type TestPerson } from './app.factory.js';
import { createLog } from '../src/http/log.js';
import { createServer } from '../src/http/server.js';
import { stopGracefully } from '../src/http/graceful-stop.js';
import { EventReader } from './event-reader.js';
import { until } from './until.js';
import { callEndpoint, endpoints, everyKindOfRow } from './every-endpoint.js';

const held = endpoints.filter(({ spec }) => isHeldInMaintenance(spec));
const served = endpoints.filter(({ spec }) => !isHeldInMaintenance(spec));
/** The switch itself has its own tests. */
const reading = served.filter(({ name }) => !name.startsWith('maintenance.'));

const PATH = '/api/v1/maintenance';
const REASON = 'Moving to a bigger machine — 이사';

let api: TestApp;
let admin: TestPerson;
let members: Record<Role, TestPerson>;
let rows: Record<string, number>;
let dataset: { id: number; project_id: number };

beforeAll(async () => {
  api = await createTestApp({ replicas: 2, env: { RATE_LIMIT_ENABLED: 'true', USER_DB_MANAGED: 'true' } });
  admin = await api.newPerson({ system_role: 'admin', full_name: 'Ada Admin' });
  dataset = await api.newDataset({ task_types: ['detection'] });
  const made = await Promise.all(ROLES.map((role) => api.newMember(dataset.project_id, role)));
  members = Object.fromEntries(ROLES.map((role, n) => [role, made[n]])) as Record<Role, TestPerson>;
  rows = await everyKindOfRow(api, dataset, members);
});
afterAll(() => api.close());

/** Who may do it, so that nothing else than maintenance can refuse. Signing out would end the session of the tests that follow. */
function mayDo({ access }: EndpointSpec): TestPerson | null {
  if (access === 'public') return null;
  return typeof access === 'object' && 'system' in access ? admin : members.owner;
}

/** As the operator's tool holds a database still. */
async function guardAll(): Promise<() => Promise<void>> {
  const { sql } = api.db;
  await sql.run(`create function hold_still() returns trigger language plpgsql as
    $$ begin raise exception 'frozen' using errcode = 'LY503'; end $$`);
  const tables = await sql.rows<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('public', 'graphile_worker') and c.relname <> all ($1::text[])`,
    [Object.keys(PASSING_TABLES)],
  );
  for (const { name } of tables)
    await sql.run(`create trigger hold_still before insert or update or delete or truncate on ${name}
      for each statement execute function hold_still()`);
  return async () => void (await sql.run('drop function hold_still() cascade'));
}

/** The other replica hears of it a moment later. */
function refusedAt(url: string, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return until(
    async () => (await fetch(`${url}/api/v1/auth/me`, { headers })).status === 401,
    (refused) => refused,
  );
}

/** Every replica knows. */
async function known(on: boolean): Promise<void> {
  for (const url of api.urls)
    for (;;) {
      const { maintenance } = (await (await fetch(url + PATH)).json()) as { maintenance: object | null };
      if ((maintenance !== null) === on) break;
    }
}

const begin = (body: object = { reason: REASON }) => api.as(admin).post(PATH).send(body);
const end = () => api.as(admin).delete(PATH);

describe('a database that stands still', () => {
  let release: () => Promise<void>;
  /** What reading answered before. */
  const before = new Map<string, number>();

  beforeAll(async () => {
    for (const { name, spec } of reading) before.set(name, (await callEndpoint(api, spec, mayDo(spec), rows)).status);
    // Looking took a lock.
    await api.db.sql.run('delete from image_locks');
    await api.db.maintenance.begin({ reason: REASON, expected_end: '2040-01-01T00:00:00.000Z', started_by: 'yard' });
    await known(true);
    release = await guardAll();
  });
  afterAll(async () => {
    await release();
    await api.db.maintenance.end();
    await known(false);
  });

  test.each(held)('$name is refused before it does anything', async ({ spec }) => {
    const answer = await callEndpoint(api, spec, mayDo(spec), rows);
    expect({ status: answer.status, error: answer.body.error, wait: answer.headers['retry-after'] }).toEqual({
      status: 503,
      error: {
        code: 'maintenance',
        message: expect.stringContaining(REASON),
        details: { reason: REASON, expected_end: '2040-01-01T00:00:00.000Z', started_at: expect.any(String) },
        request_id: expect.any(String),
      },
      wait: expect.stringMatching(/^\d+$/u),
    });
  });

  test.each(reading)('$name answers as before', async ({ name, spec }) => {
    const answer = await callEndpoint(api, spec, mayDo(spec), rows);
    expect(answer.status).toBe(before.get(name));
  });

  test('another process starts: an installation is switched over and back while its database stands still', async () => {
    const other = await createServer(api.env, createLog(api.env));
    await other.listen({ port: 0, host: '127.0.0.1' });
    const answer = await fetch(`${await other.getUrl()}/health/ready`);
    expect(answer.status).toBe(200);
    await stopGracefully(other, 2_000);
  });

  test('signing in goes on, and goes on being limited', async () => {
    const login = (password: string) =>
      api.as(null).post('/api/v1/auth/login').send({ email: members.viewer.email, password });
    const good = await login(PASSWORD);
    expect({ status: good.status, cookie: good.headers['set-cookie']?.[0]?.startsWith('labelyard_session=') }).toEqual({
      status: 200,
      cookie: true,
    });
    const me = await api.as(null).get('/api/v1/auth/me').set('authorization', `Bearer ${good.body.access_token}`);
    expect(me.status).toBe(200);
    let last = 0;
    for (let tries = 0; tries < 20 && last !== 429; tries += 1) last = (await login('wrong')).status;
    expect(last).toBe(429);
  });

  test('the switch says so to anybody; it cannot be turned from here while the database itself is held', async () => {
    expect((await api.as(null).get(PATH)).body).toEqual({
      maintenance: { reason: REASON, expected_end: '2040-01-01T00:00:00.000Z', started_at: expect.any(String) },
    });
    for (const answer of [await end(), await begin({ reason: 'other' })])
      expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 503, code: 'maintenance' });
    expect((await api.db.maintenance.state())?.reason).toBe(REASON);
  });

  test('it is ready all the same', async () => {
    const answer = await api.as(null).get('/health/ready');
    expect({ status: answer.status, said: answer.body.status, reason: answer.body.maintenance?.reason }).toEqual({
      status: 200,
      said: 'ok',
      reason: REASON,
    });
  });

  test('image locks are taken, kept and given back', async () => {
    const where = { project_id: rows.project_id, image_id: rows.image_id };
    const lock = (what: string) => api.as(members.annotator).post(`/api/v1/image-locks/${what}`).send(where);
    expect((await lock('acquire')).status).toBe(200);
    expect((await lock('heartbeat')).status).toBe(200);
    expect((await lock('release')).status).toBe(204);
  });
});

test('an administrator turns it on and off: everybody hears, every replica obeys, the log tells', async () => {
  const readers = await Promise.all([
    EventReader.open(api.urls[0] ?? '', members.viewer, rows.project_id ?? 0),
    EventReader.open(api.urls[1] ?? '', api.stranger, null),
  ]);
  for (const reader of readers) expect((await reader.until('maintenance')).maintenance).toBeNull();
  const expected_end = new Date(Date.now() + 3_600_000).toISOString();
  const begun = await begin({ reason: REASON, expected_end });
  expect(begun.body).toEqual({ maintenance: { reason: REASON, expected_end, started_at: expect.any(String) } });
  for (const reader of readers) expect((await reader.until('maintenance')).maintenance).toEqual(begun.body.maintenance);
  await known(true);
  for (const _replica of api.urls)
    expect(
      (
        await api
          .as(api.owner)
          .post('/api/v1/datasets')
          .send({ name: 'x', task_types: ['detection'] })
      ).status,
    ).toBe(503);
  // Whoever comes later is greeted with it.
  await using late = await EventReader.open(api.url, api.stranger, null);
  expect((await late.until('maintenance')).maintenance).toEqual(begun.body.maintenance);

  const longer = await begin({ reason: 'Takes longer' });
  expect(longer.body.maintenance).toEqual({ ...begun.body.maintenance, reason: 'Takes longer', expected_end: null });
  expect((await end()).status).toBe(204);
  expect((await end()).status).toBe(204);
  for (const reader of readers) await reader.until('maintenance', ({ maintenance }) => maintenance === null);
  await known(false);
  await api.newDataset();
  for (const reader of readers) {
    for (const event of reader.heard) projectEvent.parse(event);
    await reader[Symbol.asyncDispose]();
  }
  const log = await api.as(admin).get('/api/v1/admin/audit').query({ action: 'maintenance' });
  expect(log.body.items.map(({ action }: { action: string }) => action)).toEqual([
    'maintenance.end',
    'maintenance.begin',
    'maintenance.begin',
  ]);
});

test('who signed in or was refused meanwhile stands in the log afterwards', async () => {
  await begin();
  await known(true);
  const person = await api.newPerson();
  await api.as(null).post('/api/v1/auth/login').send({ email: person.email, password: PASSWORD });
  await api.as(person).get('/api/v1/admin/audit').expect(403);
  await api.auditSettled();
  const entries = async () =>
    (
      await api.db.sql.rows<{ action: string }>('select action from audit_log where actor_id = $1 order by action', [
        person.id,
      ])
    ).map(({ action }) => action);
  expect(await entries()).toEqual([]);
  await end();
  await known(false);
  await api.auditSettled();
  expect(await entries()).toEqual(['admin.audit', 'auth.login']);
});

test('people sign out at once, and it is written down when that is over', async () => {
  const person = await api.newPerson();
  const written = async () => (await api.db.endedSessions.list()).length;
  const before = await written();
  await begin();
  await known(true);
  const release = await guardAll();
  try {
    expect((await api.as(person).post('/api/v1/auth/logout')).status).toBe(204);
    for (const url of api.urls) expect(await refusedAt(url, person.token)).toBe(true);
    expect(await written()).toBe(before);
  } finally {
    await release();
    await end();
  }
  expect(await until(written, (count) => count > before)).toBe(before + 1);
});

test('others may not turn it, and nonsense is refused by name', async () => {
  for (const person of [api.owner, api.stranger]) {
    expect((await api.as(person).post(PATH).send({ reason: 'x' })).status).toBe(403);
    expect((await api.as(person).delete(PATH)).status).toBe(403);
  }
  for (const [body, path] of [
    [{}, 'reason'],
    [{ reason: '  ' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ reason: 'x', expected_end: 'tomorrow' }, 'expected_end'],
    [{ reason: 'x', expected_end: '2001-01-01T00:00:00Z' }, 'expected_end'],
  ] as const) {
    const answer = await begin(body);
    expect({ status: answer.status, path: answer.body.error.details?.[0]?.path }).toEqual({ status: 422, path });
  }
  expect(await api.db.maintenance.state()).toBeNull();
});

test('a write that slipped past the API is refused by the database, whole', async () => {
  const release = await guardAll();
  try {
    const answer = await api
      .as(api.owner)
      .post('/api/v1/datasets')
      .send({ name: 'Slipped', task_types: ['detection'] });
    expect({ status: answer.status, code: answer.body.error.code, wait: answer.headers['retry-after'] }).toEqual({
      status: 503,
      code: 'maintenance',
      wait: expect.stringMatching(/^\d+$/u),
    });
  } finally {
    await release();
  }
  expect(await api.db.sql.one(`select 1 from datasets where name = 'Slipped'`)).toBeNull();
});
