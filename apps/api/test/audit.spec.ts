import type { AuditEntry } from '@labelyard/contract';
import { PruneAuditJob } from '../src/audit/prune-audit-job.js';
import { createTestApp, PASSWORD, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
let admin: TestPerson;
let dataset: { id: number; project_id: number; name: string };

beforeAll(async () => {
  // One process: each remembers for itself which links it has written down.
  api = await createTestApp({ env: { AUDIT_RETENTION_DAYS: '30' }, replicas: 1 });
  admin = await api.newPerson({ system_role: 'admin' });
  dataset = await api.newDataset({ task_types: ['detection'] });
});
afterAll(() => api.close());

async function log(query: object = {}): Promise<AuditEntry[]> {
  await api.auditSettled();
  const answer = await api.as(api.owner).get(`/api/v1/projects/${dataset.project_id}/audit`).query(query);
  expect(answer.status).toBe(200);
  return answer.body.items;
}
async function wholeLog(query: object = {}): Promise<AuditEntry[]> {
  await api.auditSettled();
  const answer = await api.as(admin).get('/api/v1/admin/audit').query(query);
  expect(answer.status).toBe(200);
  return answer.body.items;
}

test('each administrative change leaves an entry with who, what and the request', async () => {
  const classes = `/api/v1/projects/${dataset.project_id}/classes`;
  const owner = api.as(api.owner);
  const made = await owner
    .post(classes)
    .set('x-request-id', 'request-of-the-test')
    .send({ task_type: 'detection', name: 'car' });
  await owner.patch(`${classes}/${made.body.id}`).send({ name: 'Car' });
  await owner.post(`${classes}/reorder`).send({ task_type: 'detection', class_ids: [made.body.id] });
  await owner.delete(`${classes}/${made.body.id}`);
  await owner.patch(`/api/v1/datasets/${dataset.id}`).send({ description: 'new' });
  await owner.post(`/api/v1/datasets/${dataset.id}/uploads`).send({ files: [{ path: 'b.png', size: 12 }] });
  const exported = await owner.post('/api/v1/export').send({ project_id: dataset.project_id, format: 'coco' });
  await owner.get(`/api/v1/exports/${exported.body.id}`);
  await owner.get(`/api/v1/exports/${exported.body.id}`);
  const entries = await log();
  expect(entries.map(({ action }) => action)).toEqual([
    'export.link',
    'export.create',
    'upload.create',
    'dataset.update',
    'class.delete',
    'class.reorder',
    'class.update',
    'class.create',
    'dataset.create',
  ]);
  expect(entries.every(({ actor, outcome }) => actor?.id === api.owner.id && outcome === 'done')).toBe(true);
  expect(entries.find(({ action }) => action === 'class.create')).toMatchObject({
    request_id: 'request-of-the-test',
    subject_type: 'class',
    subject_id: String(made.body.id),
    details: { name: 'car' },
  });
  expect(entries.find(({ action }) => action === 'dataset.update')?.details).toEqual({
    changed: ['description'],
    from: { description: '' },
    to: { description: 'new' },
  });
});

test('a change that fails leaves none', async () => {
  const before = (await log({ limit: 500 })).length;
  const answer = await api
    .as(api.owner)
    .delete(`/api/v1/datasets/${dataset.id}`)
    .send({ confirm_name: 'another name' });
  expect(answer.status).toBe(422);
  expect((await log({ limit: 500 })).length).toBe(before);
});

test('refusals are there: by role, and what was hidden; nothing of what does not exist', async () => {
  const viewer = await api.newMember(dataset.project_id, 'viewer');
  await api.as(viewer).patch(`/api/v1/datasets/${dataset.id}`).send({ name: 'mine' });
  await api.as(api.stranger).get(`/api/v1/datasets/${dataset.id}`);
  await api.as(api.stranger).get('/api/v1/datasets/987654');
  const denied = await log({ outcome: 'denied' });
  expect(denied).toMatchObject([
    {
      action: 'datasets.get',
      actor: { id: api.stranger.id },
      subject_type: 'dataset',
      subject_id: String(dataset.id),
      details: { code: 'not_found' },
    },
    {
      action: 'datasets.update',
      actor: { id: viewer.id },
      details: { code: 'forbidden', role: 'viewer', needs: 'admin' },
    },
  ]);
  expect(await wholeLog({ outcome: 'denied', actor_id: api.stranger.id })).toHaveLength(1);
});

test('sign-ins are in the log of the installation, good and bad, without the password', async () => {
  const person = await api.newPerson();
  const login = (email: string, password: string) => api.as(null).post('/api/v1/auth/login').send({ email, password });
  await login(person.email, PASSWORD);
  await login(person.email, 'wrong-secret-1');
  await login('my-password-in-the-wrong-field', 'x');
  const [, bad, good] = await wholeLog({ action: 'auth.login' });
  expect(good).toMatchObject({ outcome: 'done', actor: { id: person.id }, project_id: null });
  expect(bad).toMatchObject({ outcome: 'denied', actor_id: null, details: { email: person.email } });
  const text = JSON.stringify(await wholeLog({ limit: 500 }));
  expect(text).not.toContain('wrong-secret-1');
  expect(text).not.toContain('my-password-in-the-wrong-field');
});

test('is for admins of the project, and whole for administrators of the installation', async () => {
  const reviewer = await api.newMember(dataset.project_id, 'reviewer');
  expect((await api.as(reviewer).get(`/api/v1/projects/${dataset.project_id}/audit`)).status).toBe(403);
  expect((await api.as(api.owner).get('/api/v1/admin/audit')).status).toBe(403);
  const other = await api.newDataset();
  expect((await log({ limit: 500 })).some(({ project_id }) => project_id === other.project_id)).toBe(false);
  expect((await wholeLog({ limit: 500 })).some(({ project_id }) => project_id === other.project_id)).toBe(true);
});

test('filters and pages', async () => {
  const whole = await log({ limit: 500 });
  const paged: AuditEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { body } = await api
      .as(api.owner)
      .get(`/api/v1/projects/${dataset.project_id}/audit`)
      .query({ limit: 3, ...(cursor && { cursor }) });
    paged.push(...body.items);
    cursor = body.next_cursor;
  }
  expect(paged).toEqual(whole);
  const classes = await log({ action: 'class', outcome: 'done', actor_id: api.owner.id });
  expect(classes.map(({ action }) => action)).toEqual([
    'class.delete',
    'class.reorder',
    'class.update',
    'class.create',
  ]);
  expect(await log({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
});

test('leaves as CSV and as JSON lines, and taking it away is in it', async () => {
  const path = `/api/v1/projects/${dataset.project_id}/audit/export`;
  await api.as(api.owner).patch(`/api/v1/datasets/${dataset.id}`).send({ name: '=cmd()' });
  const csv = await api.as(api.owner).get(path).query({ action: 'dataset' });
  expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="audit-project-\d+-[\d-]+\.csv"$/u);
  const lines = csv.text.trimEnd().split('\r\n');
  expect(lines[0]).toContain('happened_at');
  expect(lines.every((line) => !/^[=+@-]|,[=+@-]/u.test(line))).toBe(true);
  expect(lines.length).toBeGreaterThan(3);
  const json = await api.as(api.owner).get(path).query({ format: 'jsonl' }).buffer(true);
  const first = JSON.parse(json.text.split('\n')[0] as string) as AuditEntry;
  expect(first).toMatchObject({ action: 'audit.export', actor: { id: api.owner.id }, details: { format: 'jsonl' } });
});

test('nobody changes the log; only the retention job takes old entries, and says so', async () => {
  const { sql } = api.db;
  await expect(sql.run(`update audit_log set action = 'x'`)).rejects.toThrow();
  await expect(sql.run('delete from audit_log')).rejects.toThrow();
  await expect(sql.run('truncate audit_log')).rejects.toThrow();
  await sql.run(
    `insert into audit_log (happened_at, action) select now() - interval '31 days', 'old.entry' from generate_series(1, 7)`,
  );
  const before = (await wholeLog({ limit: 500 })).length;
  await api.app.get(PruneAuditJob, { strict: false }).run({}, { signal: new AbortController().signal });
  const after = await wholeLog({ limit: 500 });
  expect(after.length).toBe(before - 7 + 1);
  expect(after[0]).toMatchObject({ action: 'audit.prune', actor_kind: 'system', details: { count: 7 } });
});
