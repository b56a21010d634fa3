import { createHmac } from 'node:crypto';
import bcrypt from '@node-rs/bcrypt';
import jwt from 'jsonwebtoken';
import { secretId } from '../src/auth/token-keys.js';
import { createTestApp, JWT_SECRET, PASSWORD, WEB_ORIGIN, type TestApp } from './app.factory.js';

const PREVIOUS = 'test-only-the-secret-before-this-one-0123456789';
const ME = '/api/v1/auth/me';
const LOGIN = '/api/v1/auth/login';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({ env: { JWT_SECRET_PREVIOUS: PREVIOUS } });
});
afterAll(() => api.close());

const login = (email: string, password: string) => api.as(null).post(LOGIN).send({ email, password });
const withToken = (token: string) => api.as(null).get(ME).set('authorization', `Bearer ${token}`);

describe('signing in', () => {
  test('answers a token, the person and a session cookie that scripts cannot read', async () => {
    const answer = await login(api.owner.email, PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 86_400,
      user: {
        id: api.owner.id,
        email: 'owner@example.org',
        full_name: 'Olivia Owner',
        avatar_name: null,
        badge_color: null,
        is_active: true,
        people_managed: false,
        role: 'standard_engineer',
        organization: null,
        created_at: expect.stringMatching(/Z$/u),
      },
    });
    const [cookie] = answer.get('set-cookie') ?? [];
    expect(cookie).toBe(`labelyard_session=${answer.body.access_token}; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax`);
    expect((await withToken(answer.body.access_token)).body).toEqual(answer.body.user);
  });

  test('works with the bcrypt hashes of the Platform, and with an e-mail in any case', async () => {
    const person = await api.newPerson({
      email: 'Bea.Bcrypt@Example.org',
      hashed_password: await bcrypt.hash('geheim', { cost: 4 }),
    });
    const answer = await login('bea.bcrypt@example.ORG', 'geheim');
    expect({ status: answer.status, id: answer.body.user?.id }).toEqual({ status: 200, id: person.id });
    expect((await login('bea.bcrypt@example.org', 'Geheim')).status).toBe(401);
  });

  test('takes any unicode as a password', async () => {
    const person = await api.newPerson({ password: 'пароль 🔑 비밀번호' });
    expect((await login(person.email, 'пароль 🔑 비밀번호')).status).toBe(200);
  });

  test('says the same whatever is wrong', async () => {
    const inactive = await api.newPerson({ is_active: false });
    const unset = await api.newPerson({ hashed_password: '!' });
    const answers = await Promise.all([
      login(api.owner.email, 'wrong'),
      login('nobody@example.org', PASSWORD),
      login(inactive.email, PASSWORD),
      login(unset.email, '!'),
      login("' or 1=1 --", "' or 1=1 --"),
    ]);
    const seen = new Set(
      answers.map(({ status, body, headers }) =>
        JSON.stringify([status, body.error.code, body.error.message, headers['set-cookie']]),
      ),
    );
    expect([...seen]).toEqual([
      JSON.stringify([401, 'invalid_credentials', 'The e-mail address or the password is wrong', undefined]),
    ]);
  });

  test.each([
    [{}, ['email', 'password']],
    [{ email: 'a@b.c', password: '' }, ['password']],
    [{ email: ['a@b.c'], password: { $ne: 1 } }, ['email', 'password']],
    [{ email: 'a@b.c', password: 'x', remember: true }, ['remember']],
    [{ email: 'a@b.c', password: 'x'.repeat(2_000) }, ['password']],
  ])('%j is refused by field', async (body, fields) => {
    const answer = await api.as(null).post(LOGIN).send(body);
    expect(answer.status).toBe(422);
    expect(answer.body.error.details.map((problem: { path: string }) => problem.path)).toEqual(fields);
  });

  test('a foreign page cannot sign people in', async () => {
    const answer = await login(api.owner.email, PASSWORD).set('origin', 'https://evil.example');
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status: 403, code: 'origin_refused' });
  });

  test('signing out drops the cookie', async () => {
    const answer = await api.as(null).post('/api/v1/auth/logout').set('origin', WEB_ORIGIN);
    expect(answer.status).toBe(204);
    expect(answer.get('set-cookie')).toEqual([expect.stringMatching(/^labelyard_session=; Max-Age=0;/u)]);
  });
});

describe('tokens', () => {
  const HOUR = 3_600;
  const now = () => Math.floor(Date.now() / 1_000);
  const claims = () => ({ sub: api.owner.id, iat: now(), exp: now() + HOUR });
  const sign = (payload: object, secret: string, options: jwt.SignOptions = {}) =>
    jwt.sign(payload, secret, { algorithm: 'HS256', ...options });
  const raw = (header: object, payload: object, secret: string) => {
    const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

  test.each([
    ['the present secret', () => sign(claims(), JWT_SECRET, { keyid: secretId(JWT_SECRET) })],
    ['the previous secret', () => sign(claims(), PREVIOUS, { keyid: secretId(PREVIOUS) })],
    ['the previous secret, from the Platform, without a kid', () => sign(claims(), PREVIOUS)],
    [
      'the present secret, from the Platform, with a kid of its own',
      () => sign(claims(), JWT_SECRET, { keyid: 'platform-1' }),
    ],
    ['a number as its subject', () => sign({ ...claims(), sub: undefined, user_id: Number(api.owner.id) }, JWT_SECRET)],
  ])('a token signed with %s is taken', async (_name, token) => {
    const answer = await withToken(token());
    expect({ status: answer.status, id: answer.body.id }).toEqual({ status: 200, id: api.owner.id });
  });

  test.each([
    ['another secret', () => sign(claims(), 'another-secret-another-secret-another')],
    ['another secret and our kid', () => sign(claims(), 'another-secret', { keyid: secretId(JWT_SECRET) })],
    ['our secret by HS512', () => sign(claims(), JWT_SECRET, { algorithm: 'HS512' })],
    [
      'no algorithm',
      () => `${raw({ alg: 'none', typ: 'JWT' }, claims(), JWT_SECRET).split('.').slice(0, 2).join('.')}.`,
    ],
    ['"none" in a header that our secret signed', () => raw({ alg: 'none' }, claims(), JWT_SECRET)],
    ['"RS256" in a header that our secret signed', () => raw({ alg: 'RS256' }, claims(), JWT_SECRET)],
    ['no expiry', () => sign({ sub: api.owner.id }, JWT_SECRET)],
    ['no subject', () => sign({ exp: now() + HOUR }, JWT_SECRET)],
    ['an object as its subject', () => raw({ alg: 'HS256' }, { ...claims(), sub: { id: 1 } }, JWT_SECRET)],
    ['nobody as its subject', () => sign({ ...claims(), sub: '999999' }, JWT_SECRET)],
    ['no id of this database as its subject', () => sign({ ...claims(), sub: "1' or '1'='1" }, JWT_SECRET)],
    ['a start in the future', () => sign({ ...claims(), nbf: now() + HOUR }, JWT_SECRET)],
    [
      'a changed payload',
      () => {
        const [header, , signature] = sign(claims(), JWT_SECRET).split('.');
        const payload = Buffer.from(JSON.stringify({ ...claims(), sub: api.stranger.id })).toString('base64url');
        return `${header}.${payload}.${signature}`;
      },
    ],
    ['no structure', () => 'garbage'],
    ['broken Base64', () => '%%%.%%%.%%%'],
    ['a hundred kilobytes', () => 'a'.repeat(20_000)],
    ['two expiries', () => raw({ alg: 'HS256' }, { ...claims(), exp: 'tomorrow' }, JWT_SECRET)],
  ])('a token with %s is refused', async (_name, token) => {
    const answer = await withToken(token());
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 401, code: 'unauthorized' });
  });

  test('an expired one is told apart, so that the web can ask to sign in again', async () => {
    const answer = await withToken(sign({ sub: api.owner.id, exp: now() - 60 }, JWT_SECRET));
    expect(answer.body.error).toMatchObject({ code: 'unauthorized', details: { reason: 'expired' } });
  });

  test.each([['Basic b3duZXI6cHc='], ['Bearer'], ['Bearer a b'], ['token']])(
    'the header "%s" is refused even beside a good cookie',
    async (authorization) => {
      const answer = await api
        .as(null)
        .get(ME)
        .set({ authorization, cookie: `labelyard_session=${api.owner.token}` });
      expect(answer.status).toBe(401);
    },
  );
});

describe('accounts', () => {
  test('one that is switched off is let in no more, within seconds', async () => {
    const person = await api.newPerson();
    await api.users.dataSource.query('update users set is_active = false where id = $1', [person.id]);
    const answer = await withToken(person.token);
    expect(answer.body.error).toMatchObject({ code: 'unauthorized', details: { reason: 'inactive' } });
  });

  test('people are found by name or e-mail, without what is nobody’s business', async () => {
    await api.newPerson({ full_name: 'Žofie Nováková', email: 'zofie@example.org' });
    const search = async (q: string, by = api.owner) =>
      (await api.as(by).get('/api/v1/users/search').query({ q })).body as { items: { email: string }[] };
    const addresses = async (q: string, by = api.owner) => (await search(q, by)).items.map(({ email }) => email);
    // Whoever knows the whole address may see that it is theirs; nobody learns one letter by letter.
    expect(await addresses('Nová')).toEqual(['']);
    expect(await addresses('zofie@example')).toEqual([]);
    expect(await addresses('ZOFIE@example.org')).toEqual(['zofie@example.org']);
    expect(await addresses('Olivia')).toEqual([api.owner.email]);
    const admin = await api.newPerson({ system_role: 'admin' });
    expect(await addresses('zofie@ex', admin)).toEqual(['zofie@example.org']);
    expect(await search('Nová', admin)).toEqual({
      items: [
        {
          id: expect.any(String),
          email: 'zofie@example.org',
          full_name: 'Žofie Nováková',
          avatar_name: null,
          badge_color: null,
          is_active: true,
        },
      ],
      next_cursor: null,
    });
    expect(await addresses('100%_\\')).toEqual([]);
  });
});

describe('writes by cookie', () => {
  const create = (headers: Record<string, string>) =>
    api
      .as(null)
      .post('/api/v1/datasets')
      .set({ cookie: `other=1; labelyard_session=${api.owner.token}`, ...headers })
      .send({ name: 'By cookie', task_types: ['detection'] });

  test.each([
    ['the web app', () => ({ origin: WEB_ORIGIN })],
    ['the API’s own pages', () => ({ origin: api.url })],
    ['a page of the same origin that says so by Sec-Fetch-Site', () => ({ 'sec-fetch-site': 'same-origin' })],
  ])('are taken from %s', async (_name, headers) => {
    expect((await create(headers())).status).toBe(201);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a name that begins like ours', { origin: `${WEB_ORIGIN}.evil.example` }],
    ['ours by another scheme', { origin: WEB_ORIGIN.replace('http:', 'https:') }],
    ['a sandboxed page', { origin: 'null' }],
    ['a page of the same site', { 'sec-fetch-site': 'same-site' }],
    ['another site, without Origin', { 'sec-fetch-site': 'cross-site' }],
    ['nobody knows where', {}],
  ])('are refused from %s', async (_name, headers) => {
    const answer = await create(headers);
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 403, code: 'origin_refused' });
  });

  test('with a bearer token need no origin, and reads never do', async () => {
    const bearer = await api
      .as(api.owner)
      .post('/api/v1/datasets')
      .send({ name: 'By bearer', task_types: ['detection'] });
    expect(bearer.status).toBe(201);
    const read = await api.as(null).get(ME).set('cookie', `labelyard_session=${api.owner.token}`);
    expect(read.body.id).toBe(api.owner.id);
  });

  test('an expired cookie is 401, not 403', async () => {
    const token = jwt.sign({ sub: api.owner.id, exp: 1 }, JWT_SECRET);
    expect((await create({ cookie: `labelyard_session=${token}` })).status).toBe(401);
  });
});
