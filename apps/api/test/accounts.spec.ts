import { createTestApp, PASSWORD, type TestApp, type TestPerson } from './app.factory.js';
import { loseNextDeadlock } from './deadlock.js';

const PATH = '/api/v1/admin/people';
let api: TestApp;
let admin: TestPerson;

beforeAll(async () => {
  // One process knows what it has changed at once; that others hear of it is a test of its own.
  api = await createTestApp({ env: { USER_DB_MANAGED: 'true' }, replicas: 1 });
  admin = await api.newPerson({ system_role: 'admin', full_name: 'Ada Admin' });
});
afterAll(() => api.close());

const login = (email: string, password: string) => api.as(null).post('/api/v1/auth/login').send({ email, password });
const me = (person: TestPerson) => api.as(person).get('/api/v1/auth/me');

test('an added person signs in with the password that was told once', async () => {
  const made = await api
    .as(admin)
    .post(PATH)
    .send({ email: ' New.Person@Example.org', full_name: ' 새 사람 ', organization: 'Vision Lab' });
  expect(made.status).toBe(201);
  expect(made.body.account).toMatchObject({
    email: 'New.Person@Example.org',
    full_name: '새 사람',
    system_role: 'standard_engineer',
    organization: { name: 'Vision Lab' },
    is_active: true,
  });
  expect(made.body.password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/u);
  const session = await login('new.person@example.org', made.body.password as string);
  expect([session.status, session.body.user.people_managed]).toEqual([200, true]);
  const logged = await api.db.sql.rows<{ details: object }>(
    `select details from audit_log where action = 'person.add' and subject_id = $1`,
    [made.body.account.id],
  );
  expect(logged).toHaveLength(1);
  expect(JSON.stringify(logged)).not.toContain(made.body.password);
  const again = await api.as(admin).post(PATH).send({ email: 'NEW.person@example.org', full_name: 'x' });
  expect([again.status, again.body.error.code]).toEqual([409, 'duplicate']);
});

test('a repeated addition is done once, and the password is in no table', async () => {
  const send = () =>
    api.as(admin).post(PATH).set('idempotency-key', 'add-once').send({ email: 'once@x.org', full_name: 'Once' });
  const [first, second] = [await send(), await send()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual({ account: first.body.account, password: null });
  const [kept] = await api.db.sql.rows<{ response_body: string }>(
    `select response_body from idempotency_keys where key = 'add-once'`,
  );
  expect(kept?.response_body).toContain('once@x.org');
  expect(kept?.response_body).not.toContain(first.body.password);
});

test('people are listed by name, page by page, found by part of name or e-mail, active or not', async () => {
  for (const [n, full_name] of ['Zed Search', 'amy search', 'Bob Search'].entries())
    await api.newPerson({ full_name, email: `list-${n}@search.test`, is_active: n !== 2 });
  const list = async (query: object) => {
    const { body } = await api.as(admin).get(PATH).query(query);
    return body as { items: { full_name: string }[]; next_cursor: string | null };
  };
  const first = await list({ q: 'search.test', limit: 2 });
  expect(first.items.map(({ full_name }) => full_name)).toEqual(['amy search', 'Bob Search']);
  const rest = await list({ q: 'search.test', limit: 2, cursor: first.next_cursor });
  expect([rest.items.map(({ full_name }) => full_name), rest.next_cursor]).toEqual([['Zed Search'], null]);
  expect((await list({ q: 'SEARCH.test', active: 'false' })).items).toHaveLength(1);
  expect((await list({ q: '%' })).items).toHaveLength(0);
  expect((await api.as(admin).get(PATH).query({ cursor: 'x' })).status).toBe(422);
});

test('a person switched off is out with the next request, and in again when switched on', async () => {
  const kim = await api.newPerson();
  expect((await me(kim)).status).toBe(200);
  const off = await api.as(admin).patch(`${PATH}/${kim.id}`).send({ is_active: false });
  expect([off.status, off.body.is_active]).toEqual([200, false]);
  const refused = await me(kim);
  expect([refused.status, refused.body.error.code]).toEqual([401, 'unauthorized']);
  expect((await login(kim.email, PASSWORD)).status).toBe(401);
  await api.as(admin).patch(`${PATH}/${kim.id}`).send({ is_active: true }).expect(200);
  // Sessions of before stay over.
  expect((await me(kim)).body.error.details).toEqual({ reason: 'ended' });
  const { body } = await login(kim.email, PASSWORD);
  expect((await me({ ...kim, token: body.access_token })).status).toBe(200);
});

test('another process hears of it too', async () => {
  const kim = await api.newPerson();
  const { PeopleNews } = await import('../src/people/people-news.js');
  const { People } = await import('../src/people/people.js');
  const { SteadyConnection } = await import('../src/events/steady-connection.js');
  const people = new People(api.users);
  await new PeopleNews(api.app.get(SteadyConnection), people).start();
  expect(await people.get(kim.id)).toMatchObject({ is_active: true });
  await api.as(admin).patch(`${PATH}/${kim.id}`).send({ is_active: false }).expect(200);
  while (people.known(kim.id)) await new Promise((resolve) => setImmediate(resolve));
  expect(await people.get(kim.id)).toMatchObject({ is_active: false });
});

test('name, e-mail, role and organization are changed, and what changed is written down', async () => {
  const kim = await api.newPerson({ full_name: 'Before' });
  const patch = { full_name: 'After', email: 'after@x.org', system_role: 'manager', organization: 'Acme' };
  const changed = await api.as(admin).patch(`${PATH}/${kim.id}`).send(patch);
  expect(changed.body).toMatchObject({ ...patch, organization: { name: 'Acme' } });
  expect((await me(kim)).body).toMatchObject({ full_name: 'After', role: 'manager' });
  const [entry] = await api.db.sql.rows<{ details: object; actor_id: string }>(
    `select details, actor_id from audit_log where action = 'person.update' and subject_id = $1`,
    [kim.id],
  );
  expect(entry).toMatchObject({
    actor_id: admin.id,
    details: {
      before: { full_name: 'Before', organization: null },
      after: { full_name: 'After', organization: 'Acme' },
    },
  });
  expect((await api.as(admin).get('/api/v1/admin/organizations')).body.items).toContainEqual({
    id: expect.any(String),
    name: 'Acme',
  });
  const taken = await api.as(admin).patch(`${PATH}/${kim.id}`).send({ email: api.owner.email.toUpperCase() });
  expect([taken.status, taken.body.error.code]).toEqual([409, 'duplicate']);
});

test.each([{ is_active: false }, { system_role: 'guest' }])(
  'the last active admin cannot be changed to %j',
  async (patch) => {
    const refused = await api.as(admin).patch(`${PATH}/${admin.id}`).send(patch);
    expect([refused.status, refused.body.error.details]).toEqual([409, { reason: 'last_admin' }]);
    const second = await api.newPerson({ system_role: 'admin' });
    await api.as(admin).patch(`${PATH}/${second.id}`).send({ system_role: 'guest' }).expect(200);
  },
);

test('a reset password works, the old one does not', async () => {
  const kim = await api.newPerson();
  const reset = await api.as(admin).post(`${PATH}/${kim.id}/password`);
  expect(reset.status).toBe(200);
  expect((await login(kim.email, PASSWORD)).status).toBe(401);
  expect((await login(kim.email, reset.body.password as string)).status).toBe(200);
});

test('people change their own name and password', async () => {
  const kim = await api.newPerson();
  const renamed = await api.as(kim).patch('/api/v1/auth/me').send({ full_name: '김지우' });
  expect([renamed.status, renamed.body.full_name]).toEqual([200, '김지우']);
  expect((await api.as(kim).patch('/api/v1/auth/me').send({ system_role: 'admin' })).status).toBe(422);
  const change = (old_password: string, new_password: string) =>
    api.as(kim).post('/api/v1/auth/password').send({ old_password, new_password });
  const wrong = await change('wrong', 'another good one');
  expect([wrong.status, wrong.body.error.code]).toEqual([422, 'validation_failed']);
  expect((await change(PASSWORD, 'short')).status).toBe(422);
  expect((await change(PASSWORD, 'another good one')).status).toBe(204);
  expect((await login(kim.email, 'another good one')).status).toBe(200);
  expect((await login(kim.email, PASSWORD)).status).toBe(401);
});

test('nobody else than an admin sees or does any of it', async () => {
  const manager = await api.newPerson({ system_role: 'manager' });
  const kim = await api.newPerson();
  for (const request of [
    api.as(manager).get(PATH),
    api.as(manager).post(PATH).send({ email: 'x@y.org', full_name: 'x' }),
    api.as(manager).patch(`${PATH}/${kim.id}`).send({ is_active: false }),
    api.as(manager).post(`${PATH}/${kim.id}/password`),
  ])
    expect((await request).status).toBe(403);
});

test.each([
  [{ email: 'no address', full_name: 'x' }, 'email'],
  [{ email: 'a@b.org', full_name: '  ' }, 'full_name'],
  [{ email: 'a@b.org', full_name: 'x', system_role: 'emperor' }, 'system_role'],
  [{ email: 'a@b.org', full_name: 'x', password: 'mine' }, 'password'],
])('%j is refused by its field', async (body, path) => {
  const answer = await api.as(admin).post(PATH).send(body);
  expect([answer.status, answer.body.error.details[0].path]).toEqual([422, path]);
});

test('a person nobody knows is not found', async () => {
  for (const id of ['999999999', 'x', "1'"]) {
    expect(
      (
        await api
          .as(admin)
          .patch(`${PATH}/${encodeURIComponent(id)}`)
          .send({ full_name: 'x' })
      ).status,
    ).toBe(404);
    expect((await api.as(admin).post(`${PATH}/${encodeURIComponent(id)}/password`)).status).toBe(404);
  }
});

test('where the Platform keeps the people, nothing of it can be done', async () => {
  await using other = await createTestApp();
  const somebody = await other.newPerson({ system_role: 'admin' });
  expect((await other.as(somebody).get('/api/v1/auth/me')).body.people_managed).toBe(false);
  for (const request of [
    other.as(somebody).get(PATH),
    other.as(somebody).post(PATH).send({ email: 'x@y.org', full_name: 'x' }),
    other.as(somebody).patch('/api/v1/auth/me').send({ full_name: 'x' }),
    other.as(somebody).post('/api/v1/auth/password').send({ old_password: PASSWORD, new_password: 'another good one' }),
  ]) {
    const answer = await request;
    expect([answer.status, answer.body.error.details]).toEqual([403, { reason: 'people_not_managed' }]);
  }
});

test('after a deadlock nothing is done to an account twice: neither refused as its own duplicate, nor told as no change', async () => {
  const epochOf = async (id: string) => (await api.users.users.get(id))?.session_epoch;
  const logged = async (action: string, id: string) =>
    api.db.sql.rows<{ details: object }>('select details from audit_log where action = $1 and subject_id = $2', [
      action,
      id,
    ]);
  const afterDeadlock = async <T>(ask: () => PromiseLike<T>): Promise<T> => {
    await using _ = await loseNextDeadlock(api.db, 'audit_log');
    return await ask();
  };
  const made = await afterDeadlock(() =>
    api.as(admin).post(PATH).send({ email: 'unlucky@example.org', full_name: 'Unlucky' }),
  );
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  const { id } = made.body.account as { id: string };
  expect((await login('unlucky@example.org', made.body.password as string)).status).toBe(200);

  const before = (await epochOf(id)) ?? 0;
  expect((await afterDeadlock(() => api.as(admin).post(`${PATH}/${id}/password`))).status).toBe(200);
  expect(await epochOf(id)).toBe(before + 1);

  expect((await afterDeadlock(() => api.as(admin).patch(`${PATH}/${id}`).send({ is_active: false }))).status).toBe(200);
  expect(await logged('person.update', id)).toEqual([
    { details: { before: { is_active: true }, after: { is_active: false } } },
  ]);
});
