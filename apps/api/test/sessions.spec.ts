import { createLog } from '../src/http/log.js';
import { createServer } from '../src/http/server.js';
import { createTestApp, PASSWORD, type TestApp, type TestPerson, WEB_ORIGIN } from './app.factory.js';
import { EventReader } from './event-reader.js';
import { until } from './until.js';

const PATH = '/api/v1/admin/people';
let api: TestApp;
let admin: TestPerson;

beforeAll(async () => {
  api = await createTestApp({ env: { USER_DB_MANAGED: 'true' }, replicas: 2 });
  admin = await api.newPerson({ system_role: 'admin', full_name: 'Ada Admin' });
});
afterAll(() => api.close());

/** A browser of the person: its cookie, and what it is answered. */
async function browserOf(person: TestPerson) {
  const cookieOf = (answer: { headers: Record<string, unknown> }) =>
    ((answer.headers['set-cookie'] as string[] | undefined) ?? [])[0]?.split(';')[0];
  let cookie =
    cookieOf(await api.as(null).post('/api/v1/auth/login').send({ email: person.email, password: PASSWORD })) ?? '';
  const call = (method: 'get' | 'post', path: string) => api.as(null)[method](path).set({ cookie, origin: WEB_ORIGIN });
  return {
    status: async () => (await call('get', '/api/v1/auth/me')).status,
    post: async (path: string, body: object) => {
      const answer = await call('post', path).send(body);
      cookie = cookieOf(answer) ?? cookie;
      return answer;
    },
    token: () => cookie.slice(cookie.indexOf('=') + 1),
  };
}

test('a changed password ends all sessions but the one that changed it, and their event streams, at every replica', async () => {
  const kim = await api.newPerson();
  const { project_id } = await api.newDataset({}, kim);
  const [own, other] = [await browserOf(kim), await browserOf(kim)];
  await using first = await EventReader.open(api.urls[0] as string, { ...kim, token: other.token() }, project_id);
  await using second = await EventReader.open(api.urls[1] as string, { ...kim, token: other.token() }, project_id);
  const begun = performance.now();
  const changed = await own.post('/api/v1/auth/password', { old_password: PASSWORD, new_password: 'another good one' });
  expect(changed.status).toBe(204);
  for (const reader of [first, second])
    expect(await reader.until('gone')).toEqual({ type: 'gone', reason: 'signed_out' });
  expect(performance.now() - begun).toBeLessThan(2_000);
  // Each replica in turn.
  expect([await own.status(), await own.status()]).toEqual([200, 200]);
  expect([await other.status(), await other.status(), (await api.as(kim).get('/api/v1/auth/me')).status]).toEqual([
    401, 401, 401,
  ]);
  await using stream = await EventReader.open(api.urls[1] as string, { ...kim, token: own.token() }, project_id);
  expect(stream.over).toBe(false);
});

test('a reset password ends all sessions; an admin who resets their own stays signed in', async () => {
  const kim = await api.newPerson();
  const { project_id } = await api.newDataset({}, kim);
  const theirs = await browserOf(kim);
  const session = { ...kim, token: theirs.token() };
  await using first = await EventReader.open(api.urls[0] as string, session, project_id);
  await using second = await EventReader.open(api.urls[1] as string, session, project_id);
  await api.as(admin).post(`${PATH}/${kim.id}/password`).expect(200);
  for (const reader of [first, second])
    expect(await reader.until('gone')).toEqual({ type: 'gone', reason: 'signed_out' });
  expect([await theirs.status(), await theirs.status()]).toEqual([401, 401]);
  const boss = await api.newPerson({ system_role: 'admin' });
  const browser = await browserOf(boss);
  expect((await browser.post(`${PATH}/${boss.id}/password`, {})).body.password).toMatch(/-/u);
  expect(await browser.status()).toBe(200);
});

test('signing out ends the session for whoever copied its token, at every replica and for good; others go on', async () => {
  const kim = await api.newPerson();
  const { project_id } = await api.newDataset({}, kim);
  const [own, other] = [await browserOf(kim), await browserOf(kim)];
  const copied = own.token();
  await using stream = await EventReader.open(api.urls[1] as string, { ...kim, token: copied }, project_id);
  const copiedAt = (url: string) =>
    fetch(`${url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${copied}` } }).then(({ status }) => status);
  expect(await Promise.all(api.urls.map(copiedAt))).toEqual([200, 200]);
  expect((await own.post('/api/v1/auth/logout', {})).status).toBe(204);
  expect(await stream.until('gone')).toEqual({ type: 'gone', reason: 'signed_out' });
  expect(await Promise.all(api.urls.map(copiedAt))).toEqual([401, 401]);
  expect([await other.status(), await other.status()]).toEqual([200, 200]);
  // A process that starts afterwards has heard of nothing.
  const late = await createServer(api.env, createLog(api.env));
  try {
    await late.listen({ port: 0, host: '127.0.0.1' });
    expect(await copiedAt(await late.getUrl())).toBe(401);
  } finally {
    await late.close();
  }
});

test('a program signs out by its token; one that is none, or over already, is no error', async () => {
  const kim = await api.newPerson();
  const logout = (token: string) =>
    api.as(null).post('/api/v1/auth/logout').set('authorization', `Bearer ${token}`).send();
  for (const token of [kim.token, kim.token, 'nonsense']) expect((await logout(token)).status).toBe(204);
  // The other replica hears of it a moment later.
  const ask = () => Promise.resolve(api.as(kim).get('/api/v1/auth/me'));
  for (const _replica of api.urls)
    expect((await until(ask, ({ status }) => status === 401)).body.error.details).toEqual({ reason: 'ended' });
});
