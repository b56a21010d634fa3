import { ENDPOINT_SCOPES, ENDPOINTS, type EndpointName, type EndpointSpec } from '@labelyard/contract';
import { TOKEN_SCOPE_NAMES, type TokenScope } from '@labelyard/domain';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
let admin: TestPerson;
let dataset: { id: number; project_id: number };
let other: { id: number; project_id: number };
let image_id: number;

beforeAll(async () => {
  api = await createTestApp();
  admin = await api.newPerson({ system_role: 'admin' });
  dataset = await api.newDataset({ task_types: ['detection'] });
  other = await api.newDataset({ visibility: 'public', task_types: ['detection'] });
  const [inserted] = await api.db.images.insertMany(dataset.id, api.owner.id, 'skip', [
    { path: 'a.png', content_type: 'image/png', width: 100, height: 80, size_bytes: 10, sha256: 'a'.repeat(64) },
  ]);
  image_id = inserted?.image.id ?? 0;
});
afterAll(() => api.close());

const tokensOf = (project_id: number) => `/api/v1/projects/${project_id}/service-tokens`;

async function newToken(scopes: readonly TokenScope[], values: object = {}) {
  const answer = await api
    .as(api.owner)
    .post(tokensOf(dataset.project_id))
    .send({ name: 'Platform', scopes, expires_in_days: 30, ...values });
  expect(answer.status).toBe(201);
  return answer.body as { id: number; secret: string; expires_at: string };
}
const asToken = (secret: string) => api.as({ id: '', email: '', token: secret });
const me = (secret: string) => asToken(secret).get(`/api/v1/datasets/${dataset.id}`);

test('the secret is told once and is nowhere afterwards', async () => {
  const { id, secret } = await newToken(['projects:read']);
  expect(secret).toMatch(/^ly_/u);
  const list = await api.as(api.owner).get(tokensOf(dataset.project_id));
  expect(list.body.items[0]).toMatchObject({
    id,
    name: 'Platform',
    status: 'active',
    secret_hint: secret.slice(-4),
    creator: { id: api.owner.id },
    last_used_at: null,
  });
  expect(list.text).not.toContain(secret);
  const rows = await api.db.sql.rows(`select t::text as text from service_tokens t`);
  expect(JSON.stringify(rows)).not.toContain(secret);
});

test('a repeated request makes one token, and keeps its secret from the database', async () => {
  const send = () =>
    api
      .as(api.owner)
      .post(tokensOf(dataset.project_id))
      .set('idempotency-key', 'make-it-once')
      .send({ name: 'Once', scopes: ['projects:read'], expires_in_days: 1 });
  const [first, second] = [await send(), await send()];
  expect(first.body.secret).toMatch(/^ly_/u);
  expect(second.body).toEqual({ ...first.body, secret: null });
  const kept = await api.db.sql.rows('select response_body from idempotency_keys');
  expect(JSON.stringify(kept)).not.toContain(first.body.secret);
});

test.each([
  [{ name: '' }, 'name'],
  [{ scopes: [] }, 'scopes'],
  [{ scopes: ['projects:read', 'projects:read'] }, 'scopes'],
  [{ scopes: ['everything'] }, 'scopes.0'],
  [{ expires_in_days: 0 }, 'expires_in_days'],
  [{ expires_in_days: 367 }, 'expires_in_days'],
  [{ expires_in_days: undefined }, 'expires_in_days'],
])('%j is refused by name', async (values, path) => {
  const answer = await api
    .as(api.owner)
    .post(tokensOf(dataset.project_id))
    .send({ name: 'x', scopes: ['projects:read'], expires_in_days: 1, ...values });
  expect({ status: answer.status, path: answer.body.error.details[0].path }).toEqual({ status: 422, path });
});

test('opens what its scopes say in its project, and nothing of another one', async () => {
  const { secret } = await newToken(['projects:read']);
  expect((await me(secret)).status).toBe(200);
  const list = await asToken(secret).get('/api/v1/datasets');
  expect(list.body.items.map(({ id }: { id: number }) => id)).toEqual([dataset.id]);
  expect((await asToken(secret).get(`/api/v1/datasets/${other.id}`)).status).toBe(404);
  const refused = await asToken(secret).get(`/api/v1/projects/${dataset.project_id}/images`);
  expect(refused.status).toBe(403);
  expect(refused.body.error.details).toEqual({ needs_scope: 'images:read' });
});

test('its work carries its name, in rows, feed and audit log', async () => {
  const { id, secret } = await newToken(['annotations:write', 'annotations:read'], { name: 'Pre-labeler' });
  const made = await asToken(secret)
    .post('/api/v1/annotations')
    .send({
      project_id: dataset.project_id,
      image_id,
      task_type: 'detection',
      class_id: null,
      geometry: { type: 'no_object' },
    });
  expect(made.status === 201 ? made.body.created_by : made.text).toBe(`service:${id}`);
  const history = await api.as(api.owner).get(`/api/v1/annotations/${made.body.id}/history`);
  expect(history.body.items[0].user).toMatchObject({ id: `service:${id}`, full_name: 'Pre-labeler' });
  await asToken(secret)
    .post(`/api/v1/projects/${dataset.project_id}/images/${image_id}/confirm`)
    .send({ task_type: 'detection' });
  const audit = await api.as(api.owner).get(`/api/v1/projects/${dataset.project_id}/audit?action=image.confirm`);
  expect(audit.body.items[0]).toMatchObject({ actor_kind: 'service_token', actor: { full_name: 'Pre-labeler' } });
});

test('rotating gives another secret; the old one works for the time chosen', async () => {
  const { id, secret } = await newToken(['projects:read']);
  const rotate = (body: object) =>
    api
      .as(api.owner)
      .post(`${tokensOf(dataset.project_id)}/${id}/rotate`)
      .send(body);
  const soft = await rotate({ overlap_hours: 1 });
  expect(soft.body.secret).not.toBe(secret);
  expect([(await me(secret)).status, (await me(soft.body.secret)).status]).toEqual([200, 200]);
  const hard = await rotate({ overlap_hours: 0 });
  expect([(await me(secret)).status, (await me(soft.body.secret)).status]).toEqual([401, 401]);
  expect((await me(hard.body.secret)).status).toBe(200);
  expect((await rotate({ overlap_hours: 169 })).status).toBe(422);
});

test('revoked, expired, unknown and malformed are 401 with their reason', async () => {
  const { id, secret } = await newToken(['projects:read']);
  expect((await me(secret)).status).toBe(200);
  const revoked = await api.as(api.owner).delete(`${tokensOf(dataset.project_id)}/${id}`);
  expect(revoked.body).toMatchObject({ id, status: 'revoked' });
  const reasonOf = async (text: string) => {
    const answer = await me(text);
    return [answer.status, answer.body.error.details.reason];
  };
  expect(await reasonOf(secret)).toEqual([401, 'revoked']);
  expect((await api.as(api.owner).delete(`${tokensOf(dataset.project_id)}/${id}`)).status).toBe(404);
  expect(
    (
      await api
        .as(api.owner)
        .post(`${tokensOf(dataset.project_id)}/${id}/rotate`)
        .send({})
    ).status,
  ).toBe(404);
  const old = await newToken(['projects:read']);
  await api.db.sql.run(`update service_tokens set expires_at = now() - interval '1 second' where id = $1`, [old.id]);
  expect(await reasonOf(old.secret)).toEqual([401, 'expired']);
  const gone = await newToken(['projects:read']);
  await api.db.sql.run(`delete from service_tokens where id = $1`, [gone.id]);
  expect(await reasonOf(gone.secret)).toEqual([401, 'unknown']);
  expect(await reasonOf(`${gone.secret.slice(0, -1)}`)).toEqual([401, 'malformed']);
  await api.auditSettled();
  const denied = await api.as(admin).get(`/api/v1/admin/audit?outcome=denied&actor_id=service:${id}`);
  expect(denied.body.items).toMatchObject([{ details: { reason: 'revoked' } }]);
});

test('when it was last used is written, but not with every request', async () => {
  const { id, secret } = await newToken(['projects:read']);
  const lastUse = async () =>
    (
      await api.db.sql.one<{ last_used_at: string | null }>('select last_used_at from service_tokens where id = $1', [
        id,
      ])
    )?.last_used_at ?? null;
  await me(secret);
  const deadline = Date.now() + 5_000;
  while ((await lastUse()) === null && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
  const first = await lastUse();
  expect(first).not.toBeNull();
  for (let n = 0; n < 5; n += 1) await me(secret);
  expect(await lastUse()).toBe(first);
});

test('tokens of the installation reach every project, and are for its administrators', async () => {
  const made = await api
    .as(admin)
    .post('/api/v1/admin/service-tokens')
    .send({ name: 'Everywhere', scopes: ['projects:read'], expires_in_days: 1 });
  expect(made.status).toBe(201);
  const { secret, id } = made.body;
  expect((await me(secret)).status).toBe(200);
  expect((await asToken(secret).get(`/api/v1/datasets/${other.id}`)).status).toBe(200);
  expect((await api.as(api.owner).delete(`${tokensOf(dataset.project_id)}/${id}`)).status).toBe(404);
  const list = await api.as(admin).get('/api/v1/admin/service-tokens');
  expect(list.body.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id, project_id: null }),
      expect.objectContaining({ name: 'Once' }),
    ]),
  );
  expect((await api.as(admin).delete(`/api/v1/admin/service-tokens/${id}`)).body.status).toBe('revoked');
  expect((await me(secret)).status).toBe(401);
});

describe('every endpoint', () => {
  const guarded = Object.entries(ENDPOINTS as Record<string, EndpointSpec>).filter(
    ([, { access }]) => access !== 'public' && access !== 'signed',
  ) as [EndpointName, EndpointSpec][];
  let with_all: string;
  beforeAll(async () => {
    with_all = (await newToken(TOKEN_SCOPE_NAMES)).secret;
  });
  const call = ({ method, path, access, body_kind }: EndpointSpec, secret: string) => {
    const filled = path.replace(/\{(\w+)\}/gu, (_match, name: string) =>
      String({ project_id: dataset.project_id, dataset_id: dataset.id, image_id }[name] ?? 1),
    );
    const subject = typeof access === 'object' && 'action' in access ? access.subject : '';
    const named = { project_id: dataset.project_id, image_id };
    const request = asToken(secret)[method.toLowerCase() as 'get' | 'post'](filled);
    if (body_kind === 'multipart') return request.field('on_duplicate', 'skip');
    return subject.startsWith('query.') ? request.query(named) : method === 'GET' ? request : request.send(named);
  };

  test.each(guarded)('%s is open to the scope of the table, or closed', async (name, spec) => {
    const scope = ENDPOINT_SCOPES[name];
    const answer = await call(spec, with_all);
    if (!scope) {
      expect({ status: answer.status, reason: answer.body.error?.details?.reason }).toEqual({
        status: 403,
        reason: 'closed_to_tokens',
      });
      return;
    }
    expect([401, 403]).not.toContain(answer.status);
    const { secret } = await newToken(TOKEN_SCOPE_NAMES.filter((candidate) => candidate !== scope));
    const refused = await call(spec, secret);
    expect({ status: refused.status, needs_scope: refused.body.error?.details?.needs_scope }).toEqual({
      status: 403,
      needs_scope: scope,
    });
  });

  test('what decides who may do what is closed to tokens', () => {
    const open = Object.keys(ENDPOINT_SCOPES);
    expect(
      open.filter((name) => /token|audit|invitation|upload|delete_dataset|^members\.(?!list)/u.test(name)),
    ).toEqual([]);
  });
});
