import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { EventReader } from './event-reader.js';

let api: TestApp;
let project_id: number;

beforeAll(async () => {
  api = await createTestApp({ replicas: 2 });
  ({ project_id } = await api.newDataset());
});
afterAll(() => api.close());

const [first, second] = [0, 1].map((n) => () => api.urls[n] as string) as [() => string, () => string];
const invite = (user_id: string) =>
  api.as(api.owner).post('/api/v1/invitations').send({ project_id, user_id, role: 'annotator' }).expect(201);

/** Resolves when each of these has heard it, and says how long that took. */
async function heardBy(readers: readonly EventReader[], about: string, begun: number): Promise<number> {
  for (const reader of readers) await reader.until('news', (event) => event.about === about);
  return performance.now() - begun;
}

test('an invitation, its acceptance and the new project are heard in every tab of the person, and in nobody else’s', async () => {
  const kim = await api.newPerson();
  await using here = await EventReader.open(first(), kim, null);
  await using there = await EventReader.open(second(), kim, null);
  await using other = await EventReader.open(second(), api.stranger, null);
  const sent = await invite(kim.id);
  expect(await heardBy([here, there], 'invitations', performance.now())).toBeLessThan(1_000);
  await api.as(kim).post(`/api/v1/invitations/${sent.body.invitation.id}/accept`).send({}).expect(200);
  await heardBy([here, there], 'projects', 0);
  await heardBy([here, there], 'invitations', 0);
  await api.as(api.owner).delete(`/api/v1/projects/${project_id}/permissions/${kim.id}`).expect(204);
  await heardBy([here, there], 'projects', 0);
  expect(other.heard.map(({ type }) => type)).toEqual(['hello', 'maintenance']);
});

test('a cancelled invitation is gone at once, from the invited and in the sender’s other tabs', async () => {
  const kim = await api.newPerson();
  const { body } = await invite(kim.id);
  await using theirs = await EventReader.open(first(), kim, null);
  await using sender = await EventReader.open(second(), api.owner, null);
  await api.as(api.owner).post(`/api/v1/invitations/${body.invitation.id}/cancel`).send({}).expect(200);
  await heardBy([theirs, sender], 'invitations', 0);
});

async function newImage(): Promise<number> {
  const { dataset_id } = (await api.db.projects.get(project_id))!;
  const [made] = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', [
    { path: 'a.png', content_type: 'image/png', width: 100, height: 80, size_bytes: 10, sha256: 'a'.repeat(64) },
  ]);
  return made?.image.id ?? 0;
}

test('the inbox is told of what comes and of what was read, on project pages too, by one line', async () => {
  const kim = await api.newMember(project_id, 'annotator');
  const image_id = await newImage();
  await using own = await EventReader.open(first(), kim, null);
  await using page = await EventReader.open(second(), kim, project_id);
  await using others = await EventReader.open(second(), api.owner, project_id);
  const comment = { image_id, body: 'Look', mentions: [kim.id] };
  await api.as(api.owner).post(`/api/v1/projects/${project_id}/comments`).send(comment).expect(201);
  expect(await heardBy([own, page], 'inbox', performance.now())).toBeLessThan(1_000);
  const { items } = (await api.as(kim).get('/api/v1/notifications')).body as { items: { id: number }[] };
  const body = { ids: items.map(({ id }) => id) };
  await api.as(kim).post('/api/v1/notifications/read').send(body).expect(200);
  await heardBy([own, page], 'inbox', 0);
  await others.until('comment');
  expect(others.heard.some(({ type }) => type === 'news')).toBe(false);
});

test('a line of one’s own takes part in nothing else: no presence, no events of projects', async () => {
  const kim = await api.newMember(project_id, 'annotator');
  await using owner = await EventReader.open(first(), api.owner, project_id);
  await owner.until('presence');
  await using own = await EventReader.open(first(), kim, null);
  await api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send({ task_type: 'detection', name: 'x' });
  await owner.until('class');
  expect(own.heard.map(({ type }) => type)).toEqual(['hello', 'maintenance']);
  const present = owner.heard.flatMap((event) => (event.type === 'presence' ? event.people : []));
  expect(present.map(({ user_id }) => user_id)).not.toContain(kim.id);
});

test('it ends with the session, and nobody gets one without', async () => {
  const answer = await fetch(`${first()}/api/v1/me/events`);
  expect(answer.status).toBe(401);
  await expect(EventReader.connect(first(), { token: 'x' } as TestPerson, null)).rejects.toThrow('401');
});
