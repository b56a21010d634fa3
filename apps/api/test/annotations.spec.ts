import { randomUUID } from 'node:crypto';
import type { OperationResult } from '@labelyard/contract';
import type { Annotation } from '@labelyard/domain';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { jpeg } from './picture-factory.js';

const [WIDTH, HEIGHT] = [320, 200];

let api: TestApp;
let project_id: number;
let image_id: number;
let classes: { car: number; cat: number; dog: number; road: number };
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  const dataset = await api.newDataset();
  project_id = dataset.project_id;
  const upload = await api
    .as(api.owner)
    .post(`/api/v1/datasets/${dataset.id}/images`)
    .attach('file', await jpeg(WIDTH, HEIGHT), 'a.jpg');
  image_id = upload.body.items[0].id;
  const named = async (task_type: string, name: string) =>
    (await api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send({ task_type, name })).body
      .id as number;
  classes = {
    car: await named('detection', 'car'),
    cat: await named('classification', 'cat'),
    dog: await named('classification', 'dog'),
    road: await named('segmentation', 'road'),
  };
});

const box = (x = 10, y = 20, w = 30, h = 40) => ({ type: 'bbox', bbox: [x, y, w, h] });
const tagged = { type: 'classification' };
const nothing = { type: 'no_object' };
const path = () => `/api/v1/projects/${project_id}/images/${image_id}`;

async function operate(operations: object[], person: TestPerson = api.owner) {
  const { status, body } = await api.as(person).post(`${path()}/operations`).send({ operations });
  return { status, body, results: (body.results ?? []) as OperationResult[] };
}
const create = (geometry: object = box(), values: object = {}) => ({
  op: 'create',
  op_id: randomUUID(),
  task_type: 'detection',
  class_id: classes.car,
  geometry,
  ...values,
});
const tag = (class_id: number) => create(tagged, { task_type: 'classification', class_id });
const empty = () => create(nothing, { class_id: null });
const codes = (results: OperationResult[]) =>
  results.map(({ status, issues }) => (issues ? issues.map(({ code }) => code).join() : status));
const single = (values: object = {}, person: TestPerson = api.owner) =>
  api
    .as(person)
    .post('/api/v1/annotations')
    .send({ project_id, image_id, task_type: 'detection', class_id: classes.car, geometry: box(), ...values });
const ofImage = async () =>
  (await api.as(api.owner).get(`${path()}/annotations`)).body as { image: object; items: Annotation[] };

describe('one annotation', () => {
  test('is created, read, changed and deleted, each on the version that was read', async () => {
    const { status, body: made } = await single({ attributes: { occluded: true, tags: ['a', 'b'] }, confidence: 0.5 });
    expect(status).toBe(201);
    expect(made).toEqual({
      id: expect.any(Number),
      project_id,
      image_id,
      task_type: 'detection',
      annotation_type: 'bbox',
      class_id: classes.car,
      geometry: box(),
      attributes: { occluded: true, tags: ['a', 'b'] },
      confidence: 0.5,
      source: 'manual',
      state: 'draft',
      version: 1,
      created_by: api.owner.id,
      updated_by: api.owner.id,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      confirmed_by: null,
      confirmed_at: null,
    });
    const url = `/api/v1/annotations/${made.id}`;
    expect((await api.as(api.owner).get(url)).body).toEqual(made);
    expect(await ofImage()).toMatchObject({ image: { id: image_id, width: WIDTH, height: HEIGHT }, items: [made] });

    const changed = await api
      .as(api.owner)
      .put(url)
      .send({ version: 1, geometry: box(1, 2, 3, 4) });
    expect(changed.body).toMatchObject({
      version: 2,
      geometry: box(1, 2, 3, 4),
      attributes: made.attributes,
      confidence: 0.5,
    });

    const stale = await api
      .as(api.owner)
      .put(url)
      .send({ version: 1, geometry: box(5, 5, 5, 5) });
    expect([stale.status, stale.body.error.code]).toEqual([409, 'version_conflict']);
    expect(stale.body.error.details.current).toEqual(changed.body);
    const stale_deletion = await api.as(api.owner).delete(`${url}?version=1`);
    expect([stale_deletion.status, stale_deletion.body.error.details.current]).toEqual([409, changed.body]);

    expect((await api.as(api.owner).delete(`${url}?version=2`)).status).toBe(204);
    for (const gone of [
      api.as(api.owner).get(url),
      api.as(api.owner).delete(`${url}?version=2`),
      api.as(api.owner).put(url).send({ version: 2 }),
    ]) {
      expect((await gone).status).toBe(404);
    }
  });

  test.each<[string, object, string, string]>([
    ['outside the image', { geometry: box(300, 20, 30, 40) }, 'geometry.bbox', 'outside_image'],
    ['of no width', { geometry: box(10, 20, 0, 40) }, 'geometry.bbox.2', 'degenerate'],
    ['of negative height', { geometry: box(10, 20, 5, -40) }, 'geometry.bbox.3', 'degenerate'],
    [
      'with a word for a number',
      { geometry: { type: 'bbox', bbox: [1, 2, 'x', 4] } },
      'geometry.bbox.2',
      'not_a_number',
    ],
    [
      'with null for a number (NaN in JSON)',
      { geometry: { type: 'bbox', bbox: [1, 2, null, 4] } },
      'geometry.bbox.2',
      'not_a_number',
    ],
    ['with three numbers', { geometry: { type: 'bbox', bbox: [1, 2, 3] } }, 'geometry.bbox', 'wrong_length'],
    ['of an unknown kind', { geometry: { type: 'star' } }, 'geometry.type', 'unknown_type'],
    ['with more than it may say', { geometry: { ...box(), color: 'red' } }, 'geometry.color', 'unknown_key'],
    [
      'of two points',
      {
        task_type: 'segmentation',
        geometry: {
          type: 'polygon',
          polygons: [
            [
              [
                [1, 1],
                [2, 2],
              ],
              [],
            ],
          ],
        },
      },
      'geometry.polygons.0.0',
      'degenerate',
    ],
    ['of a kind its task type lacks', { task_type: 'segmentation' }, 'geometry.type', 'wrong_geometry'],
    [
      'of a task type the project lacks',
      { task_type: 'captioning', geometry: { type: 'text', label_type: 'caption', text: 'x', language: 'en' } },
      'task_type',
      'task_not_in_project',
    ],
    ['without its class', { class_id: null }, 'class_id', 'class_missing'],
    ['of a class nobody knows', { class_id: 999_999 }, 'class_id', 'unknown_class'],
  ])('a shape %s is refused with the field', async (_name, values, field, code) => {
    const { status, body } = await single(values);
    expect({ status, code: body.error.code, details: body.error.details }).toEqual({
      status: 422,
      code: 'validation_failed',
      details: [
        {
          path: field,
          code: field === 'geometry.polygons.0.0' ? expect.any(String) : code,
          message: expect.any(String),
        },
      ],
    });
    expect((await ofImage()).items).toEqual([]);
  });

  test('what is less than half a pixel outside is clipped', async () => {
    const { body } = await single({ geometry: box(-0.4, 0, 10, 200.3) });
    expect(body.geometry.bbox[0]).toBe(0);
    expect(body.geometry.bbox[1]).toBe(0);
    expect(body.geometry.bbox[2]).toBeCloseTo(9.6);
    expect(body.geometry.bbox[3]).toBe(200);
  });

  test('repeated with an Idempotency-Key it is made once', async () => {
    const send = () => single().set('idempotency-key', 'make-it-once');
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await ofImage()).items).toHaveLength(1);
  });

  test('a class is assigned to an image once', async () => {
    expect((await single({ task_type: 'classification', class_id: classes.cat, geometry: tagged })).status).toBe(201);
    const twice = await single({ task_type: 'classification', class_id: classes.cat, geometry: tagged });
    expect([twice.status, twice.body.error.code]).toEqual([409, 'duplicate']);
    const other = await single({ task_type: 'classification', class_id: classes.dog, geometry: tagged });
    expect(other.status).toBe(201);
    const changed = await api
      .as(api.owner)
      .put(`/api/v1/annotations/${other.body.id}`)
      .send({ version: 1, class_id: classes.cat });
    expect([changed.status, changed.body.error.code]).toEqual([409, 'duplicate']);
  });

  test('"no object" and objects exclude each other, per task type', async () => {
    const none = await single({ geometry: nothing, class_id: null });
    expect(none.status).toBe(201);
    const refused = await single();
    expect([refused.status, refused.body.error.details[0].code]).toEqual([422, 'no_object_present']);
    expect((await single({ task_type: 'classification', class_id: classes.cat, geometry: tagged })).status).toBe(201);
    expect((await api.as(api.owner).delete(`/api/v1/annotations/${none.body.id}?version=1`)).status).toBe(204);
    expect((await single()).status).toBe(201);
    const again = await single({ geometry: nothing, class_id: null });
    expect([again.status, again.body.error.details[0].code]).toEqual([422, 'objects_present']);
  });
});

describe('operations', () => {
  test('each has its own result; the bad do not hold up the good', async () => {
    const { body: old } = await single();
    const { body: doomed } = await single();
    const operations = [
      create(),
      create(box(500, 0, 5, 5)),
      { op: 'update', op_id: randomUUID(), annotation_id: old.id, version: 1, geometry: box(7, 7, 7, 7) },
      { op: 'update', op_id: randomUUID(), annotation_id: old.id, version: 1, geometry: box(8, 8, 8, 8) },
      { op: 'delete', op_id: randomUUID(), annotation_id: doomed.id, version: 1 },
      { op: 'delete', op_id: randomUUID(), annotation_id: 999_999, version: 1 },
      tag(classes.cat),
      tag(classes.cat),
      create(box(), { class_id: classes.road }),
    ];
    const { status, results } = await operate(operations);
    expect(status).toBe(200);
    expect(results.map(({ op_id }) => op_id)).toEqual(operations.map(({ op_id }) => op_id));
    expect(codes(results)).toEqual([
      'applied',
      'outside_image',
      'applied',
      'conflict',
      'applied',
      'not_found',
      'applied',
      'duplicate',
      'class_of_other_task',
    ]);
    expect(results[2]?.annotation).toMatchObject({ id: old.id, version: 2, geometry: box(7, 7, 7, 7) });
    expect(results[3]?.annotation).toEqual(results[2]?.annotation);
    expect(results[4]?.annotation).toBeNull();
    const { items } = await ofImage();
    expect(items.map(({ annotation_type }) => annotation_type)).toEqual(['bbox', 'bbox', 'classification']);
  });

  test('the same operations again give the same answer and change nothing', async () => {
    const operations = [create(), tag(classes.cat), empty(), create(box(-50, 0, 9, 9))];
    const first = await operate(operations);
    const second = await operate(operations);
    expect(codes(first.results)).toEqual(['applied', 'applied', 'objects_present', 'outside_image']);
    expect(second.body).toEqual(first.body);
    expect((await ofImage()).items).toHaveLength(2);
    const later = await operate(
      [{ ...(operations[0] as object), geometry: 'nonsense' }].map((one) => ({ ...one, geometry: box(1, 1, 1, 1) })),
    );
    expect(later.results[0]?.annotation).toEqual(first.results[0]?.annotation);
  });

  test('an update sent twice does not conflict with itself', async () => {
    const { body: old } = await single();
    const update = { op: 'update', op_id: randomUUID(), annotation_id: old.id, version: 1, geometry: box(7, 7, 7, 7) };
    const first = await operate([update]);
    const again = await operate([update]);
    expect(again.body).toEqual(first.body);
    expect((await api.as(api.owner).get(`/api/v1/annotations/${old.id}`)).body.version).toBe(2);
  });

  test('the same request five times at once is applied once', async () => {
    const operations = [create(), create(), tag(classes.dog)];
    const answers = await Promise.all([0, 1, 2, 3, 4].map(() => operate(operations)));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual(answers[0]?.body);
    }
    expect((await ofImage()).items).toHaveLength(3);
  });

  test('two sessions on one image: nothing lost, nothing overwritten unseen', async () => {
    const annotator = await api.newMember(project_id, 'annotator');
    const { body: shared } = await single();
    const change = (n: number) => ({
      op: 'update',
      op_id: randomUUID(),
      annotation_id: shared.id,
      version: 1,
      geometry: box(n, n, 9, 9),
    });
    const [mine, theirs] = await Promise.all([
      operate([change(1), create()]),
      operate([change(2), create(), tag(classes.cat)], annotator),
    ]);
    const winners = [mine, theirs].filter(({ results }) => results[0]?.status === 'applied');
    const losers = [mine, theirs].filter(({ results }) => results[0]?.status === 'conflict');
    expect([winners.length, losers.length]).toEqual([1, 1]);
    expect(losers[0]?.results[0]?.annotation).toEqual(winners[0]?.results[0]?.annotation);
    expect((await ofImage()).items).toHaveLength(4);
  });

  test('two sessions assign the same class, or state and deny objects, at once: one wins', async () => {
    const many = Array.from({ length: 6 });
    const tags = await Promise.all(many.map(() => operate([tag(classes.cat)])));
    expect(tags.flatMap(({ results }) => codes(results)).sort()).toEqual([
      'applied',
      ...Array.from({ length: 5 }, () => 'duplicate'),
    ]);
    const mixed = await Promise.all(many.map((_, n) => operate([n % 2 ? create() : empty()])));
    const states = new Set(mixed.flatMap(({ results }) => codes(results)));
    const { items } = await ofImage();
    const detection = items
      .filter(({ task_type }) => task_type === 'detection')
      .map(({ annotation_type }) => annotation_type);
    expect(new Set(detection).size).toBe(1);
    expect(states.size).toBeGreaterThan(1);
  });

  test('an edit of what was confirmed re-opens it', async () => {
    const { body: made } = await single();
    const confirm = await api.as(api.owner).post(`/api/v1/annotations/${made.id}/confirm`).send({ version: 1 });
    expect(confirm.body).toMatchObject({ state: 'confirmed', version: 2, confirmed_by: api.owner.id });
    const { results } = await operate([
      { op: 'update', op_id: randomUUID(), annotation_id: made.id, version: 2, geometry: box(1, 1, 9, 9) },
    ]);
    expect(results[0]?.annotation).toMatchObject({ state: 'draft', version: 3, confirmed_by: null });
  });

  test('limits: none, too many, two thousand', async () => {
    expect((await operate([])).status).toBe(422);
    expect((await operate(Array.from({ length: 5_001 }, () => create()))).status).toBe(422);
    const { status, results } = await operate(
      Array.from({ length: 2_000 }, (_, n) => create(box(n % 300, n % 190, 5, 5))),
    );
    expect(status).toBe(200);
    expect(results.every((result) => result.status === 'applied')).toBe(true);
    expect((await ofImage()).items).toHaveLength(2_000);
  });

  test('malformed ones are refused as a whole, with the field', async () => {
    const { status, body } = await operate([create(), { ...create(), op_id: 'not a uuid' }]);
    expect([status, body.error.code]).toEqual([422, 'validation_failed']);
    expect(body.error.details[0].path).toBe('operations.1.op_id');
    expect((await ofImage()).items).toEqual([]);
  });

  test('an image of another project is not found, whatever the path says', async () => {
    const other = await api.newDataset();
    const answer = await api
      .as(api.owner)
      .post(`/api/v1/projects/${other.project_id}/images/${image_id}/operations`)
      .send({ operations: [create()] });
    expect(answer.status).toBe(404);
    expect((await ofImage()).items).toEqual([]);
  });

  test('a class of another project does not exist here', async () => {
    const other = await api.newDataset();
    const foreign = await api
      .as(api.owner)
      .post(`/api/v1/projects/${other.project_id}/classes`)
      .send({ task_type: 'detection', name: 'x' });
    expect(codes((await operate([create(box(), { class_id: foreign.body.id })])).results)).toEqual(['unknown_class']);
  });
});

describe('confirming', () => {
  test('an image: its drafts of one task type, and back', async () => {
    await operate([create(), create(), tag(classes.cat)]);
    const confirm = await api.as(api.owner).post(`${path()}/confirm`).send({ task_type: 'detection' });
    expect([confirm.status, confirm.body]).toEqual([200, { confirmed: 2 }]);
    const image = async () => (await api.as(api.owner).get(path())).body as object;
    expect(await image()).toMatchObject({
      statuses: { detection: 'completed', classification: 'in_progress', segmentation: 'not_started' },
      annotation_count: 3,
    });
    const asked = await api.as(api.owner).get(`${path()}?task_type=classification`);
    expect(asked.body).toMatchObject({ status: 'in_progress', annotation_count: 1 });
    expect((await api.as(api.owner).get(`${path()}?task_type=sculpture`)).status).toBe(422);
    expect((await api.as(api.owner).post(`${path()}/confirm`).send({ task_type: 'detection' })).body).toEqual({
      confirmed: 0,
    });
    await operate([create()]);
    expect(await image()).toMatchObject({ statuses: { detection: 'in_progress' } });
    await api.as(api.owner).post(`${path()}/confirm`).send({ task_type: 'detection' });
    const back = await api.as(api.owner).post(`${path()}/unconfirm`).send({ task_type: 'detection' });
    expect(back.body).toEqual({ confirmed: 3 });
    expect(await image()).toMatchObject({ statuses: { detection: 'in_progress' } });
  });

  test('an image is recorded when that changed something, also one without objects', async () => {
    const move = (way: 'confirm' | 'unconfirm', task_type: string) =>
      api.as(api.owner).post(`${path()}/${way}`).send({ task_type });
    await operate([create()]);
    await move('unconfirm', 'detection');
    for (const way of ['confirm', 'unconfirm'] as const)
      for (const task_type of ['detection', 'segmentation', 'detection']) await move(way, task_type);
    const feed = await api
      .as(api.owner)
      .get(`/api/v1/projects/${project_id}/history`)
      .query({ image_id, action: 'administration' });
    const told = (feed.body.items as { action: string; details: { task_type: string; count: number } }[]).map(
      ({ action, details }) => [action, details.task_type, details.count],
    );
    expect(told.reverse()).toEqual([
      ['image.confirm', 'detection', 1],
      ['image.confirm', 'segmentation', 0],
      ['image.unconfirm', 'detection', 1],
      ['image.unconfirm', 'segmentation', 0],
    ]);
  });

  test('an image without objects is done as well', async () => {
    expect((await api.as(api.owner).post(`${path()}/confirm`).send({ task_type: 'segmentation' })).body).toEqual({
      confirmed: 0,
    });
    expect((await api.as(api.owner).get(path())).body).toMatchObject({ statuses: { segmentation: 'completed' } });
    expect((await api.as(api.owner).post(`${path()}/confirm`).send({ task_type: 'keypoint' })).status).toBe(422);
  });

  test('one annotation, on its version', async () => {
    const { body: made } = await single();
    const url = `/api/v1/annotations/${made.id}`;
    const stale = await api.as(api.owner).post(`${url}/confirm`).send({ version: 9 });
    expect([stale.status, stale.body.error.details.current]).toEqual([409, made]);
    const confirmed = (await api.as(api.owner).post(`${url}/confirm`).send({ version: 1 })).body;
    expect(confirmed).toMatchObject({ state: 'confirmed', version: 2 });
    const back = (await api.as(api.owner).post(`${url}/unconfirm`).send({ version: 2 })).body;
    expect(back).toMatchObject({ state: 'draft', version: 3, confirmed_at: null });
  });
});

describe('lists', () => {
  test('a project page by page, with filters', async () => {
    await operate([create(), create(), create(), tag(classes.cat), tag(classes.dog)]);
    const list = (query: string) => api.as(api.owner).get(`/api/v1/annotations/project/${project_id}?${query}`);
    const first = (await list('limit=2')).body;
    const second = (await list(`limit=2&cursor=${first.next_cursor}`)).body;
    const third = (await list(`limit=2&cursor=${second.next_cursor}`)).body;
    const ids = [...first.items, ...second.items, ...third.items].map(({ id }: { id: number }) => id);
    expect(ids).toEqual((await ofImage()).items.map(({ id }) => id));
    expect(third.next_cursor).toBeNull();
    expect((await list(`class_id=${classes.cat}`)).body.items).toHaveLength(1);
    expect((await list('task_type=classification')).body.items).toHaveLength(2);
    expect((await list('state=confirmed')).body.items).toEqual([]);
    expect((await list(`image_id=${image_id}`)).body.items).toHaveLength(5);
    expect((await list('cursor=nonsense')).status).toBe(422);
  });
});

test('roles: a viewer reads, an annotator writes, a stranger learns nothing', async () => {
  const { body: made } = await single();
  const viewer = await api.newMember(project_id, 'viewer');
  const annotator = await api.newMember(project_id, 'annotator');
  const url = `/api/v1/annotations/${made.id}`;
  for (const [person, read, write] of [
    [viewer, 200, 403],
    [annotator, 200, 200],
    [api.stranger, 404, 404],
  ] as const) {
    expect((await api.as(person).get(url)).status).toBe(read);
    expect((await api.as(person).get(`${path()}/annotations`)).status).toBe(read);
    expect((await api.as(person).get(`/api/v1/annotations/project/${project_id}`)).status).toBe(read);
    expect((await operate([create()], person)).status).toBe(write);
    expect((await api.as(person).post(`${path()}/confirm`).send({ task_type: 'detection' })).status).toBe(write);
  }
  expect((await api.as(null).get(url)).status).toBe(401);
});

test('a save that was cut off by a restart of the database is sent again and applied once', async () => {
  const operations = Array.from({ length: 200 }, (_, n) => create(box(n, 5, 5, 5)));
  const saving = operate(operations);
  // Every connection dies, as in a restart; the save in progress fails or was just through.
  await api.db.sql.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  const { status } = await saving;
  expect([200, 503]).toContain(status);
  // As the browser does: sent again while the answer is "later", here as often as there are dead connections to run into.
  let again = await operate(operations);
  for (let tries = 1; again.status === 503 && tries < 20; tries += 1) again = await operate(operations);
  expect(again.status).toBe(200);
  expect(again.results.every((result) => result.status === 'applied')).toBe(true);
  expect((await ofImage()).items).toHaveLength(200);
});
