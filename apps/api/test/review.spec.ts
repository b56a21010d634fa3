import type { AnnotationTask, CommentThread, Notification, ReviewItem } from '@labelyard/contract';
import type { Annotation } from '@labelyard/domain';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
let dataset: { id: number; project_id: number };
let project_id: number;
let image_ids: number[];
let car: number;
let people: { ann: TestPerson; bob: TestPerson; rita: TestPerson; adam: TestPerson; vera: TestPerson };

beforeAll(async () => {
  api = await createTestApp({ replicas: 2 });
});
afterAll(() => api.close());
beforeEach(async () => {
  dataset = await api.newDataset({ task_types: ['detection', 'segmentation'] });
  ({ project_id } = dataset);
  const inserted = await api.db.images.insertMany(
    dataset.id,
    api.owner.id,
    'skip',
    Array.from({ length: 6 }, (_, n) => ({
      path: `${n < 3 ? 'day' : 'night'}/${n}.png`,
      content_type: 'image/png',
      width: 100,
      height: 80,
      size_bytes: 10,
      sha256: 'a'.repeat(64),
    })),
  );
  image_ids = inserted.map(({ image }) => image.id);
  car = (await post(api.owner, `/projects/${project_id}/classes`, { task_type: 'detection', name: 'car' })).body.id;
  const [ann, bob, rita, adam, vera] = await Promise.all(
    (['annotator', 'annotator', 'reviewer', 'admin', 'viewer'] as const).map((role) => api.newMember(project_id, role)),
  );
  people = { ann, bob, rita, adam, vera } as typeof people;
});

const post = (person: TestPerson, path: string, body: object = {}) => api.as(person).post(`/api/v1${path}`).send(body);
const get = (person: TestPerson, path: string) => api.as(person).get(`/api/v1${path}`);
const image = (n = 0) => image_ids[n] as number;
const split = (body: object = {}, person = people.adam) =>
  post(person, `/projects/${project_id}/tasks`, { task_type: 'detection', name: 'Batch', ...body });
const move = (person: TestPerson, task: AnnotationTask, name: string, body: object = {}) =>
  post(person, `/tasks/${task.id}/${name}`, { version: task.version, ...body });

async function box(n = 0, person = people.ann): Promise<Annotation> {
  const geometry = { type: 'bbox', bbox: [10, 20, 30, 40] };
  const values = { project_id, image_id: image(n), task_type: 'detection', class_id: car, geometry };
  return (await post(person, '/annotations', values)).body as Annotation;
}
const confirm = (n = 0, person = people.ann) =>
  post(person, `/projects/${project_id}/images/${image(n)}/confirm`, { task_type: 'detection' });
/** A box on image `n` that its annotator called done. */
async function confirmed(n = 0): Promise<Annotation> {
  const { id } = await box(n);
  await confirm(n);
  return (await get(people.ann, `/annotations/${id}`)).body as Annotation;
}
const statusOf = async (n = 0) =>
  (await get(people.ann, `/projects/${project_id}/images/${image(n)}`)).body.statuses.detection as string;
const inbox = async (person: TestPerson) =>
  (await get(person, '/notifications')).body as { items: Notification[]; unread: number };
const threads = async (person: TestPerson, query = '') =>
  (await get(person, `/projects/${project_id}/comments?${query}`)).body.items as CommentThread[];

describe('splitting', () => {
  test('what the preview says is what is made, assigned in turn, every image once', async () => {
    const body = { rule: { by: 'count', count: 4 }, assignees: [people.ann.id, people.bob.id], shuffle_seed: 'x' };
    const preview = await post(people.adam, `/projects/${project_id}/tasks/preview`, {
      task_type: 'detection',
      name: 'Batch',
      ...body,
    });
    expect(preview.body).toMatchObject({ image_count: 6, taken: 0 });
    const made = await split(body);
    expect(made.status).toBe(201);
    const tasks = made.body.items as AnnotationTask[];
    expect(tasks.map(({ name, image_count, assignee_id }) => ({ name, image_count, assignee_id }))).toEqual(
      preview.body.tasks.map(({ first_path: _, ...rest }: { first_path: string }) => rest),
    );
    expect(tasks.map(({ assignee_id }) => assignee_id)).toEqual([
      people.ann.id,
      people.bob.id,
      people.ann.id,
      people.bob.id,
    ]);
    const lists = await Promise.all(
      tasks.map(async ({ id }) => (await get(people.vera, `/projects/${project_id}/images?task_id=${id}`)).body.items),
    );
    expect(
      lists
        .flat()
        .map(({ id }: { id: number }) => id)
        .sort((a, b) => a - b),
    ).toEqual(image_ids);
    expect((await get(people.ann, `/projects/${project_id}/images?assignee=me`)).body.items).toHaveLength(
      (tasks[0]?.image_count ?? 0) + (tasks[2]?.image_count ?? 0),
    );
    expect(
      (await get(people.ann, `/projects/${project_id}/images?assignee=me&task_type=segmentation`)).body.items,
    ).toEqual([]);
    expect((await inbox(people.ann)).items.map(({ kind }) => kind)).toEqual(['task_assigned', 'task_assigned']);
  });

  test('what is answered is what is there: progress, and where to go on', async () => {
    await box(0);
    await confirmed(1);
    await confirmed(2);
    await post(people.rita, `/projects/${project_id}/images/${image(2)}/reject`, {
      ...{ task_type: 'detection', comment: 'Again' },
    });
    for (const rule of [{ by: 'size', size: 4 }, { by: 'none' }]) {
      const { items } = (await split({ rule, shuffle_seed: 'y' })).body as { items: AnnotationTask[] };
      for (const task of items) {
        expect(task).toEqual((await get(people.ann, `/tasks/${task.id}`)).body);
        expect((await api.as(people.adam).delete(`/api/v1/tasks/${task.id}?version=1`)).status).toBe(204);
      }
      const statuses = items.map(({ progress }) => Object.values(progress).filter((count) => count > 0).length);
      expect(Math.max(...statuses)).toBeGreaterThan(1);
      expect(items.map(({ next_image_id }) => next_image_id)).toContain(image(2));
    }
  });

  test('by folder, by hand, by status; what is taken is left out, and nothing left is said', async () => {
    const byHand = await split({ image_ids: [image(0), image(5)] });
    expect(byHand.body.items).toMatchObject([{ name: 'Batch', image_count: 2, assignee: null, state: 'pending' }]);
    const byFolder = await split({ name: 'Rest', rule: { by: 'folder' } });
    expect(byFolder.body.items.map(({ name, image_count }: AnnotationTask) => [name, image_count])).toEqual([
      ['Rest · day', 2],
      ['Rest · night', 2],
    ]);
    const nothing = await split();
    expect([nothing.status, nothing.body.error.details[0].code]).toEqual([422, 'no_images']);
    expect((await split({ task_type: 'segmentation', folder: 'day' })).body.items[0].image_count).toBe(3);
    expect((await split({ task_type: 'segmentation', status: 'completed' })).status).toBe(422);
  });

  test('images are put into a task and taken out of it later; what another task has is moved only when asked', async () => {
    const [task] = (await split({ image_ids: [image(0), image(1)] })).body.items as [AnnotationTask];
    const [other] = (await split({ name: 'Other', image_ids: [image(2)] })).body.items as [AnnotationTask];
    const change = (version: number, body: object) =>
      post(people.adam, `/tasks/${task.id}/images`, { version, ...body });
    const changed = await change(1, { add: [image(3), image(0)], remove: [image(1), image(5)] });
    expect(changed.body).toMatchObject({ added: 1, removed: 1, task: { image_count: 2, version: 2 } });
    const taken = await change(2, { add: [image(2), image(4)] });
    expect([taken.status, taken.body.error.details]).toMatchObject([
      422,
      [{ path: 'add', code: 'in_other_task', count: 1, image_ids: [image(2)] }],
    ]);
    expect((await change(2, { add: [image(2), image(4)], move: true })).body).toMatchObject({
      added: 2,
      task: { image_count: 4 },
    });
    expect((await get(people.ann, `/tasks/${other.id}`)).body.image_count).toBe(0);
    const { items } = (await get(people.ann, `/projects/${project_id}/images?task_id=${task.id}`)).body;
    expect(items.map(({ id }: { id: number }) => id)).toEqual([image(0), image(2), image(3), image(4)]);
    expect((await get(people.vera, `/projects/${project_id}/tasks?q=oTHe`)).body.items).toMatchObject([
      { id: other.id },
    ]);
    const feed = (await get(people.vera, `/projects/${project_id}/history`)).body.items as { action?: string }[];
    expect(feed[0]).toMatchObject({ action: 'task.images', details: { name: 'Batch', added: 2 } });
  });

  test('a task that was handed in goes on when it gets more; foreign, stale and empty changes are refused', async () => {
    const [task] = (await split({ image_ids: [image(0)], assignees: [people.ann.id] })).body.items as [AnnotationTask];
    await confirmed(0);
    await move(people.ann, task, 'submit').expect(200);
    const foreign = await api.db.images.insertMany((await api.newDataset()).id, api.owner.id, 'skip', [
      { path: 'x.png', content_type: 'image/png', width: 9, height: 9, size_bytes: 10, sha256: 'a'.repeat(64) },
    ]);
    const foreign_id = foreign[0]?.image.id ?? 0;
    const change = (body: object, person = people.adam) => post(person, `/tasks/${task.id}/images`, body);
    for (const [body, path] of [
      [{ version: 2, add: [image(1), foreign_id] }, 'add'],
      [{ version: 2, remove: [foreign_id] }, 'remove'],
      [{ version: 2 }, 'add'],
      [{ version: 2, add: [image(1)], remove: [image(1)] }, 'remove'],
    ] as const) {
      const refused = await change(body);
      expect([refused.status, refused.body.error.details[0].path]).toEqual([422, path]);
    }
    expect((await change({ version: 1, add: [image(1)] })).status).toBe(409);
    expect((await change({ version: 2, add: [image(1)] }, people.rita)).status).toBe(403);
    expect((await get(people.ann, `/tasks/${task.id}`)).body).toMatchObject({ image_count: 1, state: 'submitted' });
    const more = await change({ version: 2, add: [image(1)] });
    expect(more.body.task).toMatchObject({ image_count: 2, state: 'in_progress', assignee_id: people.ann.id });
  });

  test('two at once: every image is given once', async () => {
    const answers = await Promise.all([split(), split()]);
    const taken = await api.db.sql.one(`select count(distinct task_id)::integer as tasks from image_statuses
      where project_id = ${project_id} and task_id is not null`);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(taken).toEqual({ tasks: 1 });
  });

  test.each([
    ['a stranger as assignee', { assignees: ['nobody'] }, 'assignees.0'],
    ['a task type the project lacks', { task_type: 'captioning' }, 'task_type'],
    ['no name', { name: ' ' }, 'name'],
    ['a count of zero', { rule: { by: 'count', count: 0 } }, 'rule.count'],
    ['a due date that is none', { due_at: 'tomorrow' }, 'due_at'],
    ['images of another project', { image_ids: [999_999] }, 'image_ids'],
  ])('%s is refused with the field', async (_name, body, path) => {
    const { status, body: answer } = await split(body);
    expect([status, answer.error.details[0].path]).toEqual([422, path]);
  });

  test('a viewer is not given work, an annotator does not give it', async () => {
    expect((await split({ assignees: [people.vera.id] })).status).toBe(422);
    expect((await split({}, people.rita)).status).toBe(403);
  });
});

describe('the life of a task', () => {
  const two = async () =>
    (await split({ image_ids: [image(0), image(1)], assignees: [people.ann.id], due_at: '2030-01-01T00:00:00Z' })).body
      .items[0] as AnnotationTask;

  test('begun, worked on, submitted once, completed by the last verdict', async () => {
    const task = await two();
    const mine = (await get(people.ann, '/me/tasks')).body.items;
    expect(mine).toMatchObject([{ id: task.id, dataset_id: dataset.id, next_image_id: image(0) }]);
    expect((await get(people.bob, '/me/tasks')).body.items).toEqual([]);
    const begun = (await move(people.ann, task, 'start')).body as AnnotationTask;
    expect(begun).toMatchObject({ state: 'in_progress', version: 2 });
    const early = await move(people.ann, begun, 'submit');
    expect([early.status, early.body.error.details[0].code]).toEqual([422, 'unfinished_images']);
    for (const n of [0, 1]) await confirmed(n);
    const [first, second] = await Promise.all([move(people.ann, begun, 'submit'), move(people.ann, begun, 'submit')]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
    expect((await inbox(people.adam)).items.map(({ kind, task_id }) => [kind, task_id])).toEqual([
      ['task_submitted', task.id],
    ]);
    const queue = (await get(people.rita, `/projects/${project_id}/review?task_id=${task.id}`)).body;
    expect(queue).toMatchObject({ waiting: { detection: 2 }, next_cursor: null });
    const decided = await post(people.rita, `/projects/${project_id}/review`, {
      decision: 'verify',
      images: queue.items.map(({ image: { id }, task_type, confirmed_at }: ReviewItem) => ({
        image_id: id,
        task_type,
        confirmed_at,
      })),
    });
    expect(decided.body).toEqual({ images: 2, annotations: 2, skipped: [] });
    expect((await get(people.ann, `/tasks/${task.id}`)).body).toMatchObject({
      state: 'completed',
      progress: { reviewed: 2 },
    });
    expect((await get(people.ann, '/me/tasks')).body.items).toEqual([]);
  });

  test('handed back with a reason, given to somebody else, dissolved', async () => {
    const task = await two();
    expect((await move(people.bob, task, 'hand_back', { reason: 'x' })).status).toBe(403);
    expect((await move(people.ann, task, 'hand_back')).body.error.details[0].path).toBe('reason');
    const back = (await move(people.ann, task, 'hand_back', { reason: 'Too dark' })).body as AnnotationTask;
    expect(back).toMatchObject({ assignee_id: null, state: 'pending', note: 'Too dark' });
    expect((await inbox(people.adam)).items[0]).toMatchObject({ kind: 'task_handed_back', excerpt: 'Too dark' });
    const url = `/api/v1/tasks/${task.id}`;
    const stale = await api.as(people.adam).patch(url).send({ version: 1, assignee_id: people.bob.id });
    expect([stale.status, stale.body.error.details.current.version]).toEqual([409, 2]);
    const given = await api.as(people.adam).patch(url).send({ version: 2, assignee_id: people.bob.id });
    expect(given.body).toMatchObject({ assignee: { id: people.bob.id }, version: 3 });
    expect((await inbox(people.bob)).unread).toBe(1);
    expect((await api.as(people.adam).delete(`${url}?version=3`)).status).toBe(204);
    expect((await get(people.adam, `/tasks/${task.id}`)).status).toBe(404);
    expect((await split({ image_ids: [image(0)] })).status).toBe(201);
    const log = await api.db.sql.rows(
      `select action from audit_log where project_id = $1 and subject_type = 'task' order by id`,
      [project_id],
    );
    expect(log).toEqual(['create', 'update', 'delete', 'create'].map((verb) => ({ action: `task.${verb}` })));
  });

  test('a person who left leaves the task to be given on, and sees it no more', async () => {
    const task = await two();
    await api.db.sql.run(`delete from project_permissions where project_id = $1 and user_id = $2`, [
      project_id,
      people.ann.id,
    ]);
    expect((await get(people.ann, '/me/tasks')).body.items).toEqual([]);
    expect(await inbox(people.ann)).toMatchObject({ items: [], unread: 0 });
    expect((await move(people.ann, task, 'start')).status).toBe(404);
    const given = await api
      .as(people.adam)
      .patch(`/api/v1/tasks/${task.id}`)
      .send({ version: 1, assignee_id: people.bob.id });
    expect(given.body.assignee_id).toBe(people.bob.id);
  });

  test('who has it is told once that it is due soon', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await split({ assignees: [people.ann.id], due_at: soon });
    await api.db.notifications.tellOfDue(24);
    await api.db.notifications.tellOfDue(24);
    expect((await inbox(people.ann)).items.map(({ kind }) => kind)).toEqual(['task_due_soon', 'task_assigned']);
  });
});

describe('review of an annotation', () => {
  test('rejected with a reason it is a draft again, pinned, in its annotator’s queue; verified it is read-only for them', async () => {
    const made = await confirmed();
    const url = `/annotations/${made.id}`;
    expect((await post(people.rita, `${url}/reject`, { version: made.version })).status).toBe(422);
    const rejected = await post(people.rita, `${url}/reject`, { version: made.version, comment: 'Too wide' });
    expect(rejected.body).toMatchObject({ state: 'draft', version: 3, confirmed_by: null });
    expect(await statusOf()).toBe('rejected');
    expect((await get(people.ann, '/me/rework')).body.items).toMatchObject([{ image_id: image(), status: 'rejected' }]);
    expect((await inbox(people.ann)).items[0]).toMatchObject({
      kind: 'rejection',
      annotation_id: made.id,
      excerpt: 'Too wide',
    });
    expect(await threads(people.ann, 'filter=open')).toMatchObject([
      { kind: 'rejection', annotation_id: made.id, point: [10, 20], body: 'Too wide', author_id: people.rita.id },
    ]);
    const again = await post(people.rita, `${url}/reject`, { version: 3, comment: 'Still' });
    expect([again.status, again.body.error.details[0].code]).toEqual([422, 'not_waiting']);

    await confirm();
    expect(await statusOf()).toBe('completed');
    expect((await get(people.ann, '/me/rework')).body.items).toEqual([]);
    const verified = await post(people.rita, `${url}/verify`, { version: 4 });
    expect(verified.body).toMatchObject({ state: 'verified', version: 5, confirmed_by: people.ann.id });
    expect(await statusOf()).toBe('reviewed');
    expect(await threads(people.ann, 'filter=open')).toEqual([]);

    const geometry = { type: 'bbox', bbox: [1, 1, 2, 2] };
    const operations = [
      { op: 'update', op_id: crypto.randomUUID(), annotation_id: made.id, version: 5, geometry },
      { op: 'delete', op_id: crypto.randomUUID(), annotation_id: made.id, version: 5 },
    ];
    const saved = await post(people.ann, `/projects/${project_id}/images/${image()}/operations`, { operations });
    expect(saved.body.results).toMatchObject([
      { status: 'rejected', issues: [{ code: 'verified' }] },
      { status: 'rejected', issues: [{ code: 'verified' }] },
    ]);
    expect((await api.as(people.ann).put(`/api/v1${url}`).send({ version: 5, geometry })).status).toBe(403);
    expect((await api.as(people.ann).delete(`/api/v1${url}?version=5`)).status).toBe(403);
    expect((await post(people.ann, `${url}/unconfirm`, { version: 5 })).status).toBe(403);
    expect((await get(people.ann, url)).body.version).toBe(5);
    const reopened = await api.as(people.rita).put(`/api/v1${url}`).send({ version: 5, geometry });
    expect(reopened.body).toMatchObject({ state: 'draft', version: 6 });
    const actions = await api.db.sql.rows<{ action: string }>(
      `select action from annotation_history where annotation_id = $1 order by version`,
      [made.id],
    );
    expect(actions.map(({ action }) => action)).toEqual(['create', 'confirm', 'reject', 'confirm', 'verify', 'update']);
  });

  test('a verdict and an edit at once: one wins, the other is told what is there now', async () => {
    for (let round = 0; round < 5; round++) {
      const made = await confirmed(round);
      const [verdict, edit] = await Promise.all([
        post(people.rita, `/annotations/${made.id}/verify`, { version: made.version }),
        api
          .as(people.ann)
          .put(`/api/v1/annotations/${made.id}`)
          .send({ version: made.version, geometry: { type: 'bbox', bbox: [1, 1, 2, 2] } }),
      ]);
      expect([verdict.status, edit.status].sort()).toEqual([200, 409]);
      const loser = verdict.status === 409 ? verdict : edit;
      expect(loser.body.error.details.current.version).toBe(made.version + 1);
    }
  });

  test('a draft is not verified', async () => {
    const made = await box();
    const answer = await post(people.rita, `/annotations/${made.id}/verify`, { version: 1 });
    expect([answer.status, answer.body.error.details[0].code]).toEqual([422, 'not_waiting']);
  });
});

describe('review of images', () => {
  test('an image without objects can be accepted, and given back because something is missing', async () => {
    await confirm();
    const url = `/projects/${project_id}/images/${image()}`;
    const rejected = await post(people.rita, `${url}/reject`, { task_type: 'detection', comment: 'A car is missing' });
    expect(rejected.body).toEqual({ rejected: 0 });
    expect(await statusOf()).toBe('rejected');
    expect((await get(people.ann, '/me/rework')).body.items).toHaveLength(1);
    await confirmed();
    expect((await post(people.rita, `${url}/verify`, { task_type: 'detection' })).body).toEqual({ verified: 1 });
    expect(await statusOf()).toBe('reviewed');
    const twice = await post(people.rita, `${url}/verify`, { task_type: 'detection' });
    expect([twice.status, twice.body.error.code]).toEqual([409, 'version_conflict']);
    expect((await post(people.rita, `${url}/verify`, { task_type: 'captioning' })).status).toBe(422);
  });

  test('the queue: oldest first, by annotator and class, page by page', async () => {
    for (const n of [2, 0, 1]) await confirmed(n);
    const queue = async (query: string) =>
      (await get(people.rita, `/projects/${project_id}/review?${query}`)).body as {
        items: ReviewItem[];
        next_cursor: string | null;
      };
    const first = await queue('limit=2');
    const second = await queue(`limit=2&cursor=${first.next_cursor}`);
    expect([...first.items, ...second.items].map((item) => item.image.id)).toEqual([image(2), image(0), image(1)]);
    expect(first.items[0]).toMatchObject({
      annotator: { id: people.ann.id },
      task_type: 'detection',
      status: 'completed',
    });
    expect((await queue(`annotator=${people.ann.id}&class_id=${car}`)).items).toHaveLength(3);
    expect((await queue(`annotator=${people.bob.id}`)).items).toEqual([]);
    expect((await queue('class_id=999999')).items).toEqual([]);
    expect((await queue('task_type=segmentation')).items).toEqual([]);
  });

  test('many at once: what cannot be judged is named, a submitted task wakes up', async () => {
    const task = (await split({ image_ids: image_ids.slice(0, 3), assignees: [people.ann.id] })).body
      .items[0] as AnnotationTask;
    for (const n of [0, 1, 2]) await confirmed(n);
    expect((await move(people.ann, task, 'submit')).body.state).toBe('submitted');
    const other = await api.newDataset();
    const images = [image(0), image(1), image(3), 999_999].map((image_id) => ({ image_id, task_type: 'detection' }));
    const body = { decision: 'reject', comment: 'Boxes are loose', images };
    const answer = await post(people.rita, `/projects/${project_id}/review`, body);
    expect(answer.body).toEqual({
      images: 2,
      annotations: 2,
      skipped: [
        { image_id: image(3), annotation_id: null, problem: 'not_waiting' },
        { image_id: 999_999, annotation_id: null, problem: 'not_found' },
      ],
    });
    expect((await get(people.ann, `/tasks/${task.id}`)).body).toMatchObject({
      state: 'in_progress',
      progress: { rejected: 2, completed: 1 },
      next_image_id: image(0),
    });
    expect((await inbox(people.ann)).items.filter(({ kind }) => kind === 'rejection')).toHaveLength(2);
    const foreign = await post(api.owner, `/projects/${other.project_id}/review`, {
      ...body,
      images: images.slice(2, 3),
    });
    expect(foreign.body.skipped).toMatchObject([{ problem: 'not_found' }]);
    const silent = await post(people.rita, `/projects/${project_id}/review`, { ...body, comment: undefined });
    expect([silent.status, silent.body.error.details[0].path]).toEqual([422, 'comment']);
    expect((await post(people.rita, `/projects/${project_id}/review`, { decision: 'verify' })).status).toBe(422);
  });

  test.each(['ann', 'vera'] as const)('%s does not review', async (name) => {
    const made = await confirmed();
    const person = people[name];
    const url = `/projects/${project_id}/images/${image()}`;
    const wish = { task_type: 'detection', comment: 'x' };
    const body = { decision: 'verify', annotations: [{ annotation_id: made.id, version: made.version }] };
    const tries = [
      post(person, `/annotations/${made.id}/verify`, { version: made.version }),
      post(person, `/annotations/${made.id}/reject`, { version: made.version, comment: 'x' }),
      post(person, `${url}/verify`, wish),
      post(person, `${url}/reject`, wish),
      post(person, `/projects/${project_id}/review`, body),
    ];
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(await statusOf()).toBe('completed');
  });
});

describe('comments', () => {
  const say = (person: TestPerson, body: object) =>
    post(person, `/projects/${project_id}/comments`, { image_id: image(), ...body });

  test('a thread: pinned to a point, answered, mentioned, resolved, opened again', async () => {
    const root = await say(people.ann, { body: 'Is this a car?', point: [5.25, 6.5], mentions: [people.rita.id] });
    expect([root.status, root.body]).toMatchObject([201, { point: [5.25, 6.5], mentioned: [{ id: people.rita.id }] }]);
    const reply = await say(people.rita, { body: 'It is', parent_id: root.body.id });
    expect(reply.body.parent_id).toBe(root.body.id);
    expect((await inbox(people.rita)).items.map(({ kind }) => kind)).toEqual(['mention']);
    expect((await inbox(people.ann)).items.map(({ kind }) => kind)).toEqual(['reply']);
    expect(await threads(people.rita, 'filter=mentions_me')).toMatchObject([{ replies: [{ body: 'It is' }] }]);
    expect(await threads(people.rita, 'filter=mine')).toHaveLength(1);
    expect(await threads(people.bob, 'filter=mine')).toEqual([]);
    expect((await post(people.bob, `/comments/${root.body.id}/resolve`)).body.resolved_by).toBe(people.bob.id);
    expect(await threads(people.ann, `filter=open&image_id=${image()}`)).toEqual([]);
    expect((await post(people.bob, `/comments/${reply.body.id}/resolve`)).status).toBe(422);
    expect((await post(people.ann, `/comments/${root.body.id}/reopen`)).body.resolved_at).toBeNull();
  });

  test('edited and deleted by their authors; an admin may delete, and the log says so', async () => {
    const root = (await say(people.ann, { body: 'First' })).body;
    await say(people.bob, { body: 'Second', parent_id: root.id });
    const url = `/api/v1/comments/${root.id}`;
    expect((await api.as(people.bob).patch(url).send({ body: 'Mine now' })).status).toBe(403);
    expect((await api.as(people.adam).patch(url).send({ body: 'Mine now' })).status).toBe(403);
    const edited = await api
      .as(people.ann)
      .patch(url)
      .send({ body: 'Better', mentions: [people.rita.id] });
    expect(edited.body).toMatchObject({ body: 'Better', edited_at: expect.any(String) });
    expect((await inbox(people.rita)).unread).toBe(1);
    expect((await api.as(people.bob).delete(url)).status).toBe(403);
    expect((await api.as(people.adam).delete(url)).status).toBe(204);
    expect(await threads(people.ann)).toMatchObject([{ body: '', deleted_at: expect.any(String), replies: [{}] }]);
    const log = await api.db.sql.rows(
      `select actor_id from audit_log where action = 'comment.delete' and project_id = $1`,
      [project_id],
    );
    expect(log).toEqual([{ actor_id: people.adam.id }]);
  });

  test('an edited one goes on mentioning somebody who has left, and nobody else who is no member', async () => {
    const guest = await api.newPerson();
    await api.db.projects.setMember({ project_id, user_id: guest.id, role: 'viewer', granted_by: people.adam.id });
    const { id } = (await say(people.ann, { body: 'Look', mentions: [guest.id] })).body;
    await api.db.sql.run('delete from project_permissions where project_id = $1 and user_id = $2', [
      project_id,
      guest.id,
    ]);
    const edit = (mentions: string[]) =>
      api.as(people.ann).patch(`/api/v1/comments/${id}`).send({ body: 'Look again', mentions });
    expect((await edit([guest.id])).body).toMatchObject({ body: 'Look again', mentions: [guest.id] });
    const stranger = await edit([guest.id, 'nobody']);
    expect([stranger.status, stranger.body.error.details]).toMatchObject([422, [{ path: 'mentions.1' }]]);
  });

  test('of an annotation they outlive it', async () => {
    const made = await box();
    await say(people.rita, { body: 'Hm', annotation_id: made.id });
    await api.as(people.ann).delete(`/api/v1/annotations/${made.id}?version=1`);
    expect(await threads(people.ann)).toMatchObject([{ annotation_deleted: true, point: [10, 20] }]);
  });

  test.each([
    ['somebody who is no member', () => ({ body: 'x', mentions: ['nobody'] }), 422, 'mentions.0'],
    ['a point outside', () => ({ body: 'x', point: [500, 5] }), 422, 'point'],
    [
      'an annotation of another image',
      async () => ({ body: 'x', annotation_id: (await box(1)).id }),
      422,
      'annotation_id',
    ],
    ['a thread that is not there', () => ({ body: 'x', parent_id: 999_999 }), 422, 'parent_id'],
    ['no words', () => ({ body: '  ' }), 422, 'body'],
  ])('%s is refused with the field', async (_name, make, status, path) => {
    const answer = await say(people.ann, await make());
    expect([answer.status, answer.body.error.details[0].path]).toEqual([status, path]);
  });

  test('an image of another project, a viewer, a stranger', async () => {
    const other = await api.newDataset();
    const foreign = await post(api.owner, `/projects/${other.project_id}/comments`, { image_id: image(), body: 'x' });
    expect(foreign.status).toBe(404);
    expect((await say(people.vera, { body: 'x' })).status).toBe(403);
    expect((await get(people.vera, `/projects/${project_id}/comments`)).status).toBe(200);
    expect((await say(api.stranger, { body: 'x' })).status).toBe(404);
  });
});

test('the inbox: read one by one, or all that was seen; other people’s stay', async () => {
  await split({ rule: { by: 'size', size: 2 }, assignees: [people.ann.id] });
  const { items, unread } = await inbox(people.ann);
  expect([items.length, unread]).toEqual([3, 3]);
  const [newest, , oldest] = items as [Notification, Notification, Notification];
  expect((await post(people.bob, '/notifications/read', { ids: [newest.id] })).body).toEqual({ unread: 0 });
  expect((await get(people.ann, '/notifications/count')).body).toEqual({ unread: 3 });
  expect((await post(people.ann, '/notifications/read', { ids: [newest.id] })).body).toEqual({ unread: 2 });
  expect((await post(people.ann, '/notifications/read', { until: oldest.id })).body).toEqual({ unread: 1 });
  expect((await get(people.ann, '/notifications?unread=true')).body.items).toHaveLength(1);
  expect((await post(people.ann, '/notifications/read', {})).status).toBe(422);
});
