import type { AnnotationTask, Notification } from '@labelyard/contract';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { EventReader } from './event-reader.js';

let api: TestApp;
let admin: TestPerson;

beforeAll(async () => {
  api = await createTestApp({ env: { USER_DB_MANAGED: 'true' } });
  admin = await api.newPerson({ system_role: 'admin' });
});
afterAll(() => api.close());

const post = (person: TestPerson, path: string, body: object = {}) => api.as(person).post(`/api/v1${path}`).send(body);

/** A project of three images with an annotator who holds the first and has a task of them, and an admin who gave it. */
async function busy(kim?: TestPerson) {
  const { id: dataset_id, project_id } = await api.newDataset({ task_types: ['detection'] });
  const images = await api.db.images.insertMany(
    dataset_id,
    api.owner.id,
    'skip',
    ['a.png', 'b.png', 'c.png'].map((path) => ({
      path,
      content_type: 'image/png',
      width: 100,
      height: 80,
      size_bytes: 10,
      sha256: 'a'.repeat(64),
    })),
  );
  const image_ids = images.map(({ image }) => image.id);
  const [ann, adam] = [kim ?? (await api.newPerson()), await api.newMember(project_id, 'admin')];
  await post(api.owner, `/projects/${project_id}/permissions`, { user_id: ann.id, role: 'annotator' }).expect(201);
  await post(ann, '/image-locks/acquire', { project_id, image_id: image_ids[0] }).expect(200);
  const split = { task_type: 'detection', name: 'Batch', assignees: [ann.id] };
  const made = await post(adam, `/projects/${project_id}/tasks`, split).expect(201);
  const [task] = made.body.items as [AnnotationTask];
  await post(ann, `/tasks/${task.id}/start`, { version: task.version }).expect(200);
  const read = async () => (await api.as(adam).get(`/api/v1/tasks/${task.id}`)).body as AnnotationTask;
  const feed = async () =>
    (await api.as(adam).get(`/api/v1/projects/${project_id}/history`)).body.items as { action?: string }[];
  return { project_id, image_ids, ann, adam, task, read, feed };
}

const inbox = async (person: TestPerson) =>
  (await api.as(person).get('/api/v1/notifications')).body.items as Notification[];

test('a removed member holds no image and no task any more; the others hear of it at once', async () => {
  const { project_id, image_ids, ann, adam, read, feed } = await busy();
  await using reader = await EventReader.open(api.url, adam, project_id);
  await api.as(api.owner).delete(`/api/v1/projects/${project_id}/permissions/${ann.id}`).expect(204);
  expect(await reader.until('lock')).toEqual({ type: 'lock', image_id: image_ids[0], lock: null });
  await reader.until('task');
  await post(adam, '/image-locks/acquire', { project_id, image_id: image_ids[0] }).expect(200);
  expect(await read()).toMatchObject({ assignee_id: null, state: 'pending', version: 3 });
  expect((await inbox(adam))[0]).toMatchObject({ kind: 'tasks_released', actor_id: ann.id, excerpt: 'Batch' });
  // Who did it knows.
  expect((await inbox(api.owner)).filter((news) => news.project_id === project_id)).toEqual([]);
  expect((await feed()).find(({ action }) => action === 'task.release')).toMatchObject({
    user_id: api.owner.id,
    about: { id: ann.id },
    details: { count: 1, name: 'Batch' },
  });
});

test('whoever leaves hands over too, and so does who may only look from now on', async () => {
  const { project_id, ann, read } = await busy();
  await api.as(ann).delete(`/api/v1/projects/${project_id}/permissions/${ann.id}`).expect(204);
  expect(await read()).toMatchObject({ assignee_id: null, state: 'pending' });
  const second = await busy();
  const path = `/api/v1/projects/${second.project_id}/permissions/${second.ann.id}`;
  await api.as(api.owner).patch(path).send({ role: 'reviewer' }).expect(200);
  expect(await second.read()).toMatchObject({ assignee_id: second.ann.id });
  await api.as(api.owner).patch(path).send({ role: 'viewer' }).expect(200);
  expect(await second.read()).toMatchObject({ assignee_id: null });
  const locks = await api.as(api.owner).get(`/api/v1/image-locks/project/${second.project_id}`);
  expect(locks.body.items).toEqual([]);
});

test('somebody switched off hands over in every project, and gets no new task', async () => {
  const kim = await api.newPerson();
  const [first, second] = [await busy(kim), await busy(kim)];
  await api.as(admin).patch(`/api/v1/admin/people/${kim.id}`).send({ is_active: false }).expect(200);
  for (const { project_id, read, feed, adam } of [first, second]) {
    expect(await read()).toMatchObject({ assignee_id: null, state: 'pending' });
    expect((await feed()).some(({ action }) => action === 'task.release')).toBe(true);
    expect((await api.as(adam).get(`/api/v1/image-locks/project/${project_id}`)).body.items).toEqual([]);
  }
  const { version } = await first.read();
  const given = await api.as(first.adam).patch(`/api/v1/tasks/${first.task.id}`).send({ version, assignee_id: kim.id });
  expect([given.status, given.body.error.details[0]]).toMatchObject([
    422,
    { path: 'assignee_id', code: 'not_a_worker' },
  ]);
});

test('other people’s work, and work in other projects, stays where it is', async () => {
  const kim = await api.newPerson();
  const [here, elsewhere] = [await busy(kim), await busy(kim)];
  const other = await busy();
  await api.as(api.owner).delete(`/api/v1/projects/${here.project_id}/permissions/${kim.id}`).expect(204);
  expect(await elsewhere.read()).toMatchObject({ assignee_id: kim.id, state: 'in_progress' });
  expect(await other.read()).toMatchObject({ assignee_id: other.ann.id });
  const locks = await api.as(api.owner).get(`/api/v1/image-locks/project/${elsewhere.project_id}`);
  expect(locks.body.items).toHaveLength(1);
});

test('what was handed in stays with the reviewers, what came back from review is nobody’s', async () => {
  const { project_id, image_ids, ann, adam, read } = await busy();
  for (const image_id of image_ids)
    await post(ann, `/projects/${project_id}/images/${image_id}/confirm`, { task_type: 'detection' }).expect(200);
  await post(ann, `/tasks/${(await read()).id}/submit`, { version: (await read()).version }).expect(200);
  await post(adam, `/projects/${project_id}/images/${image_ids[1]}/reject`, {
    task_type: 'detection',
    comment: 'Look again',
  }).expect(200);
  expect((await api.as(ann).get('/api/v1/me/rework')).body.items).toHaveLength(1);
  await api.as(api.owner).delete(`/api/v1/projects/${project_id}/permissions/${ann.id}`).expect(204);
  expect(await read()).toMatchObject({ assignee_id: null });
  await post(api.owner, `/projects/${project_id}/permissions`, { user_id: ann.id, role: 'annotator' }).expect(201);
  expect((await api.as(ann).get('/api/v1/me/rework')).body.items).toEqual([]);
});
