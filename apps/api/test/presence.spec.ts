import type { PresentPerson } from '@labelyard/contract';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { EventReader } from './event-reader.js';

let api: TestApp;
let project_id: number;
let ann: TestPerson;
let ben: TestPerson;
/** A process that was killed a while ago, in a project of its own: it is found by the clock, beside the other tests. */
const dead = { stream_id: '4c1f24a8-3c47-4a8f-9a37-3f0d9a3f6b03', project_id: 0, user_id: '' };
let watchingTheDead: EventReader;

beforeAll(async () => {
  api = await createTestApp({ replicas: 2 });
  dead.project_id = (await api.newDataset()).project_id;
  dead.user_id = (await api.newMember(dead.project_id, 'annotator')).id;
  await api.db.presence.keep([dead]);
  watchingTheDead = await EventReader.open(api.url, api.owner, dead.project_id);
  await untilPresent(watchingTheDead, (present) => present.has(dead.user_id) && present.size === 2);
  await api.db.sql.run(`update project_presence set seen_at = now() - interval '41 s' where stream_id = $1`, [
    dead.stream_id,
  ]);
});
afterAll(async () => {
  await watchingTheDead[Symbol.asyncDispose]();
  await api.close();
});
beforeEach(async () => {
  ({ project_id } = await api.newDataset());
  [ann, ben] = await Promise.all([api.newMember(project_id, 'annotator'), api.newMember(project_id, 'viewer')]);
});

/** Follows what a reader is told until its picture of who is there fits. */
async function untilPresent(
  reader: EventReader,
  fits: (present: Map<string, PresentPerson>) => boolean,
): Promise<void> {
  const present = (reader as { present?: Map<string, PresentPerson> }).present ?? new Map<string, PresentPerson>();
  Object.assign(reader, { present });
  while (!fits(present)) {
    const event = await reader.until('presence');
    if (event.whole) present.clear();
    for (const person of event.people) present.set(person.user_id, person);
    for (const id of event.left) present.delete(id);
  }
}

test('everybody sees who comes, which image they open and when they go, across replicas and within a second', async () => {
  const { id: dataset_id } = await api.newDataset();
  await using watching = await EventReader.open(api.urls[0] as string, ben, project_id);
  await untilPresent(watching, (present) => present.size === 1);

  let begun = performance.now();
  const coming = await EventReader.connect(api.urls[1] as string, ann, project_id);
  const { stream_id } = await coming.until('hello');
  await untilPresent(watching, (present) => present.has(ann.id));
  await untilPresent(coming, (present) => present.has(ben.id) && present.has(ann.id));
  expect(performance.now() - begun).toBeLessThan(1_000);

  const own = (await api.db.projects.get(project_id))!.dataset_id;
  const image = async (dataset: number) => {
    const [made] = await api.db.images.insertMany(dataset, api.owner.id, 'skip', [
      { path: 'a.png', content_type: 'image/png', width: 100, height: 80, size_bytes: 10, sha256: 'a'.repeat(64) },
    ]);
    return made?.image.id ?? 0;
  };
  const [image_id, foreign] = [await image(own), await image(dataset_id)];
  const look = (person: TestPerson, at: number | null) =>
    api.as(person).post(`/api/v1/projects/${project_id}/presence`).send({ stream_id, image_id: at });
  begun = performance.now();
  await look(ann, image_id).expect(204);
  await untilPresent(watching, (present) => present.get(ann.id)?.image_id === image_id);
  expect(performance.now() - begun).toBeLessThan(1_000);
  await look(ann, foreign).expect(404);
  await look(ben, image_id).expect(404);
  await look(ann, null).expect(204);
  await untilPresent(watching, (present) => present.get(ann.id)?.image_id === null);

  begun = performance.now();
  await coming[Symbol.asyncDispose]();
  await untilPresent(watching, (present) => !present.has(ann.id));
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('two tabs are one person, who is gone when both are', async () => {
  await using watching = await EventReader.open(api.url, ben, project_id);
  const first = await EventReader.open(api.url, ann, project_id);
  const second = await EventReader.open(api.url, ann, project_id);
  await untilPresent(watching, (present) => present.size === 2);
  await first[Symbol.asyncDispose]();
  const third = await EventReader.open(api.url, api.owner, project_id);
  await untilPresent(watching, (present) => present.size === 3);
  await second[Symbol.asyncDispose]();
  await untilPresent(watching, (present) => present.size === 2 && !present.has(ann.id));
  await third[Symbol.asyncDispose]();
});

test('what a killed process leaves behind is forgotten', async () => {
  // The upkeep of some process comes by within ten seconds.
  await untilPresent(watchingTheDead, (present) => !present.has(dead.user_id));
}, 20_000);
