import { createHash, randomUUID } from 'node:crypto';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({ replicas: 2 });
});
afterAll(() => api.close());

const BODY = { name: 'Once', task_types: ['detection'] };
const create = (key: string, body: object = BODY, person: TestPerson = api.owner) =>
  api.as(person).post('/api/v1/datasets').set('idempotency-key', key).send(body);

async function countDatasets(name: string): Promise<number> {
  const row = await api.db.sql.one<{ n: number }>('select count(*)::int as n from datasets where name = $1', [name]);
  return row?.n ?? -1;
}

test('the same request again is answered alike and done once', async () => {
  const key = randomUUID();
  const first = await create(key, { ...BODY, name: 'Repeated' });
  const again = await create(key, { ...BODY, name: 'Repeated' });
  expect(first.status).toBe(201);
  expect(first.headers).not.toHaveProperty('idempotent-replayed');
  expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body });
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(await countDatasets('Repeated')).toBe(1);
});

test('another request under the same key is refused', async () => {
  const key = randomUUID();
  await create(key);
  const other = await create(key, { ...BODY, name: 'Something else' });
  expect({ status: other.status, code: other.body.error.code }).toEqual({ status: 409, code: 'idempotency_conflict' });
  expect(await countDatasets('Something else')).toBe(0);
  const { project_id } = await api.newDataset();
  const elsewhere = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/classes`)
    .set('idempotency-key', key)
    .send({ task_type: 'detection', name: 'car' });
  expect(elsewhere.body.error.code).toBe('idempotency_conflict');
});

test('keys belong to people: another person may use the same one', async () => {
  const key = randomUUID();
  const mine = await create(key, { ...BODY, name: 'Shared key' });
  const theirs = await create(key, { ...BODY, name: 'Shared key' }, api.stranger);
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(mine.body.id);
});

test('twenty at the same moment do it once and all hear of it', async () => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => create(key, { ...BODY, name: 'Stampede' })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(await countDatasets('Stampede')).toBe(1);
});

test('what failed can be tried again under its key', async () => {
  const key = randomUUID();
  const { project_id } = await api.newDataset();
  const send = (name: string) =>
    api
      .as(api.owner)
      .post(`/api/v1/projects/${project_id}/classes`)
      .set('idempotency-key', key)
      .send({ task_type: 'detection', name });
  await api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send({ task_type: 'detection', name: 'car' });
  expect((await send('car')).body.error.code).toBe('duplicate');
  expect((await send('car')).body.error.code).toBe('duplicate');
  expect((await send('bus')).status).toBe(201);
});

test('work whose answer was lost is not repeated', async () => {
  const key = randomUUID();
  const first = await create(key, { ...BODY, name: 'Died half-way' });
  // As a process leaves it that dies after the change and before its answer was kept.
  await api.db.sql.run('update idempotency_keys set response_status = null, response_body = null where key = $1', [
    key,
  ]);
  const again = await create(key, { ...BODY, name: 'Died half-way' });
  expect({ status: again.status, code: again.body.error.code }).toEqual({ status: 409, code: 'idempotency_conflict' });
  expect(first.status).toBe(201);
  expect(await countDatasets('Died half-way')).toBe(1);
});

test('key and change are one transaction: a change that fails leaves no key', async () => {
  const key = randomUUID();
  await create(key, { name: 'x', task_types: ['detection'], visibility: 'organization' });
  expect(await api.db.idempotency.find(api.owner.id, key)).toBeNull();
});

test('what is kept of a request does not tell what it held, not even to who guesses', async () => {
  const key = randomUUID();
  const body = { ...BODY, name: 'A guess' };
  await create(key, body);
  const kept = await api.db.idempotency.find(api.owner.id, key);
  expect(kept?.request_hash).toMatch(/^[\da-f]{64}$/u);
  expect(kept?.request_hash).not.toBe(createHash('sha256').update(JSON.stringify(body)).digest('hex'));
});

test('an export answers the same job', async () => {
  const { project_id } = await api.newDataset();
  const key = randomUUID();
  const ask = () =>
    api.as(api.owner).post('/api/v1/export').set('idempotency-key', key).send({ project_id, format: 'coco' });
  const first = await ask();
  const again = await ask();
  expect(again.body.id).toBe(first.body.id);
  expect(again.headers['idempotent-replayed']).toBe('true');
});

test.each([[''], [' '], ['with space'], ['ü'.normalize('NFC')], ['x'.repeat(256)]])(
  'the key "%s" is refused',
  async (key) => {
    const response = await fetch(`${api.url}/api/v1/datasets`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.owner.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(BODY),
    });
    expect(response.status).toBe(422);
  },
);

test('a person without the right learns nothing from another’s key', async () => {
  const { project_id } = await api.newDataset();
  const key = randomUUID();
  const send = (person: TestPerson) =>
    api
      .as(person)
      .post(`/api/v1/projects/${project_id}/classes`)
      .set('idempotency-key', key)
      .send({ task_type: 'detection', name: 'car' });
  expect((await send(api.owner)).status).toBe(201);
  expect((await send(api.stranger)).status).toBe(404);
});
