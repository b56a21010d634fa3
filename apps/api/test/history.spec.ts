import { randomUUID } from 'node:crypto';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
let mina: TestPerson;
let jon: TestPerson;
let project_id: number;
let image_ids: number[];
let car: number;
let bus: number;

beforeAll(async () => {
  api = await createTestApp();
  const dataset = await api.newDataset({ task_types: ['detection'] });
  ({ project_id } = dataset);
  mina = await api.newMember(project_id, 'annotator');
  jon = await api.newMember(project_id, 'annotator');
  const inserted = await api.db.images.insertMany(
    dataset.id,
    api.owner.id,
    'skip',
    ['a.png', 'b.png'].map((path) => ({
      path,
      content_type: 'image/png',
      width: 100,
      height: 80,
      size_bytes: 10,
      sha256: 'a'.repeat(64),
    })),
  );
  image_ids = inserted.map(({ image }) => image.id);
  const newClass = async (name: string) =>
    (await api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send({ task_type: 'detection', name })).body
      .id as number;
  [car, bus] = [await newClass('car'), await newClass('bus')];
});
afterAll(() => api.close());

async function draw(person: TestPerson, image_id: number, class_id = car) {
  const answer = await api
    .as(person)
    .post('/api/v1/annotations')
    .send({ project_id, image_id, task_type: 'detection', class_id, geometry: { type: 'bbox', bbox: [1, 2, 3, 4] } });
  expect(answer.status).toBe(201);
  return answer.body as { id: number; version: number };
}
interface FeedItem {
  readonly kind: string;
  readonly id?: number;
  readonly user_id: string;
  readonly image_id?: number;
  readonly counts?: Record<string, number>;
}

/** How often who did what, whatever the grouping. */
function tally(items: readonly FeedItem[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { kind, id, user_id, image_id, counts = { [`event ${id}`]: 1 } } of items)
    for (const [action, count] of Object.entries(counts)) {
      const key = `${kind} ${user_id} ${image_id} ${action}`;
      sums[key] = (sums[key] ?? 0) + count;
    }
  return sums;
}
const feed = (query: object = {}, person: TestPerson = jon) =>
  api.as(person).get(`/api/v1/projects/${project_id}/history`).query(query);

describe('the history of an annotation', () => {
  test('tells each version, who made it and what changed; a deleted one too', async () => {
    const { id } = await draw(mina, image_ids[0] as number);
    const put = await api
      .as(jon)
      .put(`/api/v1/annotations/${id}`)
      .send({ version: 1, class_id: bus, geometry: { type: 'bbox', bbox: [1, 2, 30, 4] } });
    expect(put.status).toBe(200);
    expect((await api.as(mina).post(`/api/v1/annotations/${id}/confirm`).send({ version: 2 })).status).toBe(200);
    expect((await api.as(jon).delete(`/api/v1/annotations/${id}`).query({ version: 3 })).status).toBe(204);

    const answer = await api.as(jon).get(`/api/v1/annotations/${id}/history`);
    expect(answer.status).toBe(200);
    const { items, next_cursor } = answer.body;
    expect(next_cursor).toBeNull();
    expect(items).toMatchObject([
      { version: 4, action: 'delete', user: { id: jon.id }, annotation: null, deleted: { version: 3, class_id: bus } },
      {
        version: 3,
        action: 'confirm',
        user: { id: mina.id },
        changes: [{ field: 'state', from: 'draft', to: 'confirmed' }],
      },
      {
        version: 2,
        action: 'update',
        user: { id: jon.id },
        changes: [{ field: 'geometry' }, { field: 'class_id', from: car, to: bus }],
        annotation: { geometry: { type: 'bbox', bbox: [1, 2, 30, 4] } },
      },
      { version: 1, action: 'create', user: { id: mina.id }, changes: [], annotation: { class_id: car, version: 1 } },
    ]);
    const first = await api.as(jon).get(`/api/v1/annotations/${id}/history?limit=2`);
    const second = await api.as(jon).get(`/api/v1/annotations/${id}/history?limit=2&cursor=${first.body.next_cursor}`);
    expect([...first.body.items, ...second.body.items]).toEqual(items);
  });

  test('is hidden from strangers, whether the annotation lives or not', async () => {
    const { id } = await draw(mina, image_ids[0] as number);
    for (const version of [1, 2]) {
      const answer = await api.as(api.stranger).get(`/api/v1/annotations/${id}/history`);
      expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status: 404, code: 'not_found' });
      if (version === 1) await api.as(mina).delete(`/api/v1/annotations/${id}`).query({ version });
    }
    expect((await api.as(api.owner).get('/api/v1/annotations/987654/history')).status).toBe(404);
    expect((await api.as(jon).get(`/api/v1/annotations/${id}/history?cursor=nonsense`)).status).toBe(422);
  });
});

describe('the feed of a project', () => {
  test('groups one person’s work on one image and mixes in what was done to the project', async () => {
    const image_id = image_ids[1] as number;
    const operations = Array.from({ length: 12 }, () => ({
      op: 'create',
      op_id: randomUUID(),
      task_type: 'detection',
      class_id: bus,
      geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    }));
    const saved = await api
      .as(mina)
      .post(`/api/v1/projects/${project_id}/images/${image_id}/operations`)
      .send({ operations });
    expect(saved.status).toBe(200);
    await api.as(api.owner).patch(`/api/v1/projects/${project_id}/classes/${bus}`).send({ name: 'Bus' });
    const answer = await feed({ image_id });
    expect(answer.body.items[0]).toMatchObject({
      kind: 'annotations',
      user: { id: mina.id },
      image_path: 'b.png',
      counts: { create: 12 },
      annotations: 12,
    });
    const all = (await feed()).body.items;
    expect(all[0]).toMatchObject({
      kind: 'event',
      action: 'class.update',
      user: { id: api.owner.id },
      details: { name: 'Bus', changed: ['name'] },
    });
    expect(all.at(-1)).toMatchObject({ kind: 'event', action: 'dataset.create' });
  });

  test('names the person something was done to', async () => {
    const person = await api.newPerson({ full_name: 'Nora New' });
    await api
      .as(api.owner)
      .post(`/api/v1/projects/${project_id}/permissions`)
      .send({ user_id: person.id, role: 'viewer' });
    const [newest] = (await feed({ action: 'administration' })).body.items;
    expect(newest).toMatchObject({
      action: 'member.add',
      about: { full_name: 'Nora New' },
      details: { role: 'viewer' },
    });
  });

  test.each<[string, () => object, (item: { kind: string; user_id: string; counts: object }) => boolean]>([
    ['person', () => ({ user_id: mina.id }), (item) => item.user_id === mina.id],
    ['administration', () => ({ action: 'administration' }), (item) => item.kind === 'event'],
    ['kind of change', () => ({ action: 'delete' }), (item) => Object.keys(item.counts).join() === 'delete'],
    ['class', () => ({ class_id: car }), (item) => item.kind === 'annotations'],
  ])('can be narrowed to a %s', async (_name, query, fits) => {
    const { items } = (await feed(query())).body;
    expect(items.length).toBeGreaterThan(0);
    expect(items.filter((item: never) => !fits(item))).toEqual([]);
  });

  test('can be narrowed to a class of which nothing is left, and to a time', async () => {
    const { id } = await draw(jon, image_ids[1] as number, car);
    await api.as(jon).delete(`/api/v1/annotations/${id}`).query({ version: 1 });
    const { items } = (await feed({ class_id: car, image_id: image_ids[1] })).body;
    expect(items).toMatchObject([{ user_id: jon.id, counts: { create: 1, delete: 1 }, annotations: 1 }]);
    expect((await feed({ since: new Date(Date.now() + 60_000).toISOString() })).body.items).toEqual([]);
    expect((await feed({ until: '2020-01-01T00:00:00+09:00' })).body).toEqual({ items: [], next_cursor: null });
  });

  test('page by page tells the same as at once', async () => {
    const whole = (await feed({ limit: 500 })).body.items;
    const paged: FeedItem[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await feed({ limit: 2, ...(cursor && { cursor }) });
      paged.push(...body.items);
      cursor = body.next_cursor;
    }
    // A piece of work that a page's end cuts in two is told as two.
    expect(paged.length).toBeGreaterThanOrEqual(whole.length);
    expect(tally(paged)).toEqual(tally(whole));
  });

  test.each([{ since: 'yesterday' }, { action: 'explode' }, { class_id: 'x' }, { image_id: 0 }, { cursor: 'e30' }])(
    'refuses %j and says what is wrong',
    async (query) => {
      const answer = await feed(query);
      expect({ status: answer.status, field: answer.body.error.details[0].path }).toEqual({
        status: 422,
        field: Object.keys(query)[0],
      });
    },
  );
});
