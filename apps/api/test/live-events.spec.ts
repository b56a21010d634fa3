import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Tokens } from '../src/auth/tokens.js';
import { ProjectEvents } from '../src/events/project-events.js';
import { PeopleNews } from '../src/people/people-news.js';
import { createTestApp, JWT_SECRET, type TestApp } from './app.factory.js';
import { EventReader } from './event-reader.js';
import { jpeg } from './picture-factory.js';

let api: TestApp;
let project_id: number;
/** Of somebody whom only a look from time to time finds out about; that goes on beside the other tests. */
let switchedOff: EventReader;

beforeAll(async () => {
  // Limits and notifications of one process are looked at from inside.
  api = await createTestApp({ replicas: 1 });
  ({ project_id } = await api.newDataset());
  const { project_id: other } = await api.newDataset();
  const member = await api.newMember(other, 'viewer');
  switchedOff = await EventReader.open(api.url, member, other);
  await api.users.users.upsertPeople([
    { email: member.email, full_name: 'X', hashed_password: 'x', system_role: 'guest', is_active: false },
  ]);
});
afterAll(() => api.close());

const publish = (change: Parameters<ProjectEvents['publish']>[2], project = project_id) =>
  api.app.get(ProjectEvents).publish(api.db.sql, project, change);

test('a stream greets, then tells what is published, in order, of its project alone', async () => {
  const other = await api.newDataset();
  await using reader = await EventReader.open(api.url, api.owner, project_id);
  expect(reader.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(reader.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(reader.headers.get('x-request-id')).toBeTruthy();
  await publish({ type: 'class' }, other.project_id);
  await publish({ type: 'image', image_ids: [1, 2], by: api.owner.id });
  await publish({ type: 'task', task_id: 5 });
  await reader.until('task');
  expect(reader.heard.filter(({ type }) => type !== 'presence')).toEqual([
    { type: 'hello', stream_id: expect.any(String), quiet_ms: expect.any(Number) },
    { type: 'maintenance', maintenance: null },
    { type: 'image', image_ids: [1, 2], by: api.owner.id },
    { type: 'task', task_id: 5 },
  ]);
});

test('what a transaction publishes is heard when it commits, and not at all when it does not', async () => {
  await using reader = await EventReader.open(api.url, api.owner, project_id);
  const events = api.app.get(ProjectEvents);
  await api.db
    .transaction(async (tx) => {
      await events.publish(tx.sql, project_id, { type: 'export', export_id: 1 });
      throw new Error('changed my mind');
    })
    .catch(() => undefined);
  await api.db.transaction((tx) => events.publish(tx.sql, project_id, { type: 'export', export_id: 2 }));
  expect(await reader.until('export')).toEqual({ type: 'export', export_id: 2 });
});

test('who is removed is sent away at once; others stay', async () => {
  const member = await api.newMember(project_id, 'annotator');
  await using removed = await EventReader.open(api.url, member, project_id);
  await using staying = await EventReader.open(api.url, api.owner, project_id);
  await api.db.transaction(async (tx) => {
    await tx.sql.run('delete from project_permissions where project_id = $1 and user_id = $2', [project_id, member.id]);
    await api.app.get(ProjectEvents).publish(tx.sql, project_id, { type: 'member', user_id: member.id });
  });
  expect(await removed.until('gone')).toEqual({ type: 'gone', reason: 'no_access' });
  await removed.ended;
  await staying.until('member');
  await publish({ type: 'class' });
  await staying.until('class');
  await expect(EventReader.connect(api.url, member, project_id)).rejects.toThrow('404');
});

test('a changed role does not cut the stream', async () => {
  const member = await api.newMember(project_id, 'annotator');
  await using reader = await EventReader.open(api.url, member, project_id);
  await api.db.projects.setMember({ project_id, user_id: member.id, role: 'viewer', granted_by: api.owner.id });
  await publish({ type: 'member', user_id: member.id });
  await reader.until('member');
  await publish({ type: 'class' });
  await reader.until('class');
});

test('a stream ends when its session does', async () => {
  // Ended three seconds ago: two are left of the tolerance between clocks.
  const ending = new Tokens({ secrets: { current: JWT_SECRET }, expires_in_seconds: 60 }, () => Date.now() - 63_000);
  const { token } = ending.sign(api.owner.id);
  await using reader = await EventReader.open(api.url, { ...api.owner, token }, project_id);
  expect(await reader.until('gone')).toEqual({ type: 'gone', reason: 'signed_out' });
  await reader.ended;
}, 15_000);

test('switched off by an administrator, they are sent away at once', async () => {
  const member = await api.newMember(project_id, 'annotator');
  await using reader = await EventReader.open(api.url, member, project_id);
  await api.users.users.upsertPeople([
    { email: member.email, full_name: 'X', hashed_password: 'x', system_role: 'guest', is_active: false },
  ]);
  const begun = performance.now();
  await api.app.get(PeopleNews).changed(api.db.sql, member.id);
  expect(await reader.until('gone')).toEqual({ type: 'gone', reason: 'signed_out' });
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test('one person opens so many streams and no more', async () => {
  const member = await api.newMember(project_id, 'viewer');
  const open = await Promise.all(Array.from({ length: 30 }, () => EventReader.open(api.url, member, project_id)));
  await expect(EventReader.connect(api.url, member, project_id)).rejects.toThrow(/429.*rate_limited/u);
  await open.pop()?.[Symbol.asyncDispose]();
  // The place is free as soon as the server has heard of it.
  for (;;) {
    const again = await EventReader.connect(api.url, member, project_id).catch(() => null);
    if (!again) continue;
    open.push(again);
    break;
  }
  await Promise.all(open.map((reader) => reader[Symbol.asyncDispose]()));
});

test('a reader that takes nothing is told to read anew, and memory stays bounded', async () => {
  const slow = httpRequest(`${api.url}/api/v1/projects/${project_id}/events`, {
    headers: { authorization: `Bearer ${api.owner.token}` },
  });
  slow.end();
  const response = await new Promise<IncomingMessage>((resolve) => slow.once('response', resolve));
  response.pause();
  const image_ids = Array.from({ length: 500 }, (_, n) => 100_000_000 + n);
  const many = 2_000;
  // In batches: one NOTIFY at a time would take long; each is under the 8,000 bytes that Postgres allows.
  for (let n = 0; n < many; n += 500)
    await api.db.sql.run(
      `select pg_notify('labelyard_project_events', $1 || n || '"}}') from generate_series(1, 500) n`,
      [JSON.stringify({ project_id, change: { type: 'image', image_ids, by: '' } }).slice(0, -3)],
    );
  const all_told = new Promise<void>((resolve) => {
    api.app.get(ProjectEvents).subscribe(project_id, ({ type }) => type === 'class' && resolve());
  });
  await publish({ type: 'class' });
  await all_told;
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.resume();
  await new Promise<void>((resolve) => {
    const look = () => (text.includes('event: resync') ? resolve() : void response.once('data', look));
    look();
  });
  expect(text.split('event: image').length).toBeLessThan(many);
  slow.destroy();
}, 30_000);

test('whom the Platform has switched off, telling nobody, is sent away', async () => {
  expect(await switchedOff.until('gone')).toEqual({ type: 'gone', reason: 'signed_out' });
}, 25_000);

test('a lost database session is told to every reader', async () => {
  await using reader = await EventReader.open(api.url, api.owner, project_id);
  await api.db.sql.run(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'labelyard events' and datname = current_database()`,
  );
  await reader.until('resync');
  await publish({ type: 'class' });
  await reader.until('class');
});

test('the server stops at once although streams are open, and ends them', async () => {
  const stopping = await createTestApp({ replicas: 1 });
  const { project_id: project } = await stopping.newDataset();
  const reader = await EventReader.open(stopping.url, stopping.owner, project);
  const begun = performance.now();
  await stopping.close();
  expect(performance.now() - begun).toBeLessThan(3_000);
  await reader.ended;
});

test('HEAD answers the head alone', async () => {
  const answer = await api.as(api.owner).head(`/api/v1/projects/${project_id}/events`);
  expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({
    status: 200,
    type: 'text/event-stream; charset=utf-8',
  });
});

test('what people do is told: classes, annotations, exports, uploads with their thumbnails', async () => {
  const { id: dataset_id, project_id: project } = await api.newDataset();
  await using reader = await EventReader.open(api.url, api.owner, project);
  const owner = api.as(api.owner);
  const by = api.owner.id;
  const label = await owner
    .post(`/api/v1/projects/${project}/classes`)
    .send({ task_type: 'detection', name: 'car' })
    .expect(201);
  await reader.until('class');
  const uploads = `/api/v1/datasets/${dataset_id}/images`;
  const form = owner.post(uploads).attach('file', await jpeg(), 'a.jpg');
  const image_id = (await form.expect(201)).body.items[0].id as number;
  expect(await reader.until('image')).toEqual({ type: 'image', image_ids: null, by });
  const shown = await owner.get(`/api/v1/projects/${project}/images/${image_id}`).expect(200);
  expect(shown.body.thumbnail_url).toEqual(expect.any(String));
  await owner
    .post(`${uploads}?on_duplicate=overwrite`)
    .attach('file', await jpeg(90, 70), 'a.jpg')
    .expect(201);
  expect(await reader.until('image')).toEqual({ type: 'image', image_ids: null, by });
  expect(await reader.until('image')).toEqual({ type: 'image', image_ids: [image_id], by });
  const annotation = await owner
    .post('/api/v1/annotations')
    .send({
      project_id: project,
      image_id,
      task_type: 'detection',
      class_id: label.body.id,
      geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    })
    .expect(201);
  expect(await reader.until('image')).toEqual({ type: 'image', image_ids: [image_id], by });
  await owner.post(`/api/v1/annotations/${annotation.body.id}/confirm`).send({ version: 1 }).expect(200);
  expect(await reader.until('image')).toEqual({ type: 'image', image_ids: [image_id], by });
  const refused = reader.heard.length;
  await owner.put(`/api/v1/annotations/${annotation.body.id}`).send({ version: 1, class_id: null }).expect(409);
  const exported = await owner.post('/api/v1/export').send({ project_id: project, format: 'coco' }).expect(200);
  expect(await reader.until('export')).toEqual({ type: 'export', export_id: exported.body.id });
  expect(reader.heard.slice(refused).filter(({ type }) => type === 'image')).toEqual([]);
});
