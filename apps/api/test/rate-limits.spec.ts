import { createTestApp, PASSWORD, type TestApp } from './app.factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({
    // Sign-ins and exports are counted by all replicas together.
    replicas: 2,
    env: {
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_LOGIN_ACCOUNT: '3',
      RATE_LIMIT_LOGIN_IP: '12',
      RATE_LIMIT_EXPORT: '2',
      RATE_LIMIT_INVITATION: '3',
    },
  });
});
afterAll(() => api.close());

/** A sign-in from an address: one proxy in front is believed. */
const login = (email: string, password: string, address: string) =>
  api.as(null).post('/api/v1/auth/login').set('x-forwarded-for', address).send({ email, password });

test('guessing a password is stopped, for that address and e-mail alone', async () => {
  for (const guess of ['a', 'b', 'c'])
    expect((await login('Owner@example.org', guess, '198.51.100.1')).body.error.code).toBe('invalid_credentials');
  const stopped = await login('owner@EXAMPLE.org', PASSWORD, '198.51.100.1');
  expect(stopped.status).toBe(429);
  expect(stopped.body.error).toMatchObject({ code: 'rate_limited', details: { retry_after: expect.any(Number) } });
  expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(stopped.headers['retry-after'])).toBeLessThanOrEqual(301);
  // Nobody can lock the owner out from elsewhere.
  expect((await login('owner@example.org', PASSWORD, '198.51.100.2')).status).toBe(200);
  expect((await login('stranger@example.org', PASSWORD, '198.51.100.1')).status).toBe(200);
});

test('a good sign-in forgets the bad ones before it', async () => {
  const person = await api.newPerson();
  for (let round = 0; round < 3; round += 1) {
    await login(person.email, 'wrong', '198.51.100.3');
    await login(person.email, 'wrong', '198.51.100.3');
    expect((await login(person.email, PASSWORD, '198.51.100.3')).status).toBe(200);
  }
});

test('trying many accounts from one address is stopped', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 15; n += 1) statuses.push((await login(`n${n}@example.org`, 'x', '198.51.100.4')).status);
  expect(statuses).toEqual([...Array<number>(12).fill(401), 429, 429, 429]);
});

test('an IPv6 network is one address: whoever has one of it has them all', async () => {
  const statuses: number[] = [];
  for (const host of ['1', '2', '3', 'ffff:ffff:ffff:ffff'])
    statuses.push(
      (await login('owner@example.org', 'x', `2001:db8:5:6:${host.includes(':') ? '' : ':'}${host}`)).status,
    );
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect((await login('owner@example.org', 'x', '2001:db8:5:7::1')).status).toBe(401);
});

test('only the last proxy is believed: a made-up address before it changes nothing', async () => {
  const attempt = (made_up: string) =>
    api
      .as(null)
      .post('/api/v1/auth/login')
      .set('x-forwarded-for', `${made_up}, 198.51.100.5`)
      .send({ email: 'owner@example.org', password: 'x' });
  const statuses: number[] = [];
  for (const made_up of ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4']) statuses.push((await attempt(made_up)).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
});

test('e-mail addresses do not stand in the table of counters', async () => {
  const rows = await api.db.sql.rows<{ key: string }>('select key from rate_limits');
  expect(rows.length).toBeGreaterThan(3);
  for (const { key } of rows) expect(key).toMatch(/^login_(account|ip):[\w-]{43}$/u);
});

test('exports are counted per person', async () => {
  const { project_id } = await api.newDataset();
  const reviewer = await api.newMember(project_id, 'reviewer');
  const ask = (who: typeof reviewer) =>
    api.as(who).post('/api/v1/export').set('prefer', 'wait=0').send({ project_id, format: 'coco' });
  expect((await ask(reviewer)).status).toBeLessThan(300);
  expect((await ask(reviewer)).status).toBeLessThan(300);
  expect((await ask(reviewer)).body.error.code).toBe('rate_limited');
  const { items } = (await api.as(reviewer).get('/api/v1/exports').query({ project_id })).body;
  const again = await api.as(reviewer).post(`/api/v1/exports/${items[0].id}/repeat`).set('prefer', 'wait=0');
  expect(again.body.error.code).toBe('rate_limited');
  expect((await ask(api.owner)).status).toBeLessThan(300);
});

test('invitations are counted per person, sent or renewed', async () => {
  const { project_id } = await api.newDataset();
  const admin = await api.newMember(project_id, 'admin');
  const send = (by: typeof admin, email: string) =>
    api.as(by).post('/api/v1/invitations').send({ project_id, email, role: 'viewer' });
  const { invitation } = (await send(admin, 'a@example.net').expect(201)).body;
  const renew = () => api.as(admin).post(`/api/v1/invitations/${invitation.id}/renew`).send({});
  await renew().expect(200);
  await renew().expect(200);
  expect((await renew()).body.error.code).toBe('rate_limited');
  expect((await send(admin, 'b@example.net')).body.error.code).toBe('rate_limited');
  await send(api.owner, 'b@example.net').expect(201);
});

describe('requests in general, which each process counts for itself', () => {
  let alone: TestApp;
  beforeAll(async () => {
    alone = await createTestApp({
      replicas: 1,
      env: { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_GENERAL: '40', RATE_LIMIT_GENERAL_SECONDS: '3600' },
    });
  });
  afterAll(() => alone.close());

  test('a script run wild is slowed down, others are not, and health checks never', async () => {
    const wild = await alone.newPerson();
    const statuses = await Promise.all(
      Array.from({ length: 45 }, async () => (await alone.as(wild).get('/api/v1/auth/me')).status),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect((await alone.as(alone.stranger).get('/api/v1/auth/me')).status).toBe(200);
    for (let n = 0; n < 50; n += 1) expect((await alone.as(null).get('/health')).status).toBe(200);
  });

  test('trying tokens is counted by address', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 42; n += 1) {
      const answer = await alone
        .as(null)
        .get('/api/v1/auth/me')
        .set({ 'x-forwarded-for': '198.51.100.6', authorization: `Bearer guess-${n}` });
      statuses.push(answer.status);
    }
    expect(statuses.slice(38)).toEqual([401, 401, 429, 429]);
  });
});
