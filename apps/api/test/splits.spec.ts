import type { AnnotationTask, Notification, SplitPreview, TaskSplit } from '@labelyard/contract';
import { MAX_IMAGES_SPLIT_AT_ONCE } from '@labelyard/domain';
import { JobRegistry } from '../src/jobs/job-registry.js';
import { FREE_IMAGES } from '../src/tasks/free-images-job.js';
import { RUN_SPLIT } from '../src/tasks/split-job.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { EventReader } from './event-reader.js';
import { insertImages } from './many-images.js';
import { until } from './until.js';

/** More than one statement places. */
const IMAGES = MAX_IMAGES_SPLIT_AT_ONCE + 3;

let api: TestApp;
let dataset: { id: number; project_id: number; name: string };
let project_id: number;
let ann: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  // One process that runs no job by itself: each test says when, and what happens before and meanwhile.
  api = await createTestApp({ env: { PROCESS_ROLE: 'api' }, replicas: 1 });
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.db.sql.run('delete from graphile_worker._private_jobs');
  dataset = await api.newDataset({ task_types: ['detection', 'segmentation'] });
  ({ project_id } = dataset);
  await insertImages(api, dataset.id, IMAGES);
  [ann, bob] = await Promise.all([api.newMember(project_id, 'annotator'), api.newMember(project_id, 'annotator')]);
});

const post = (path: string, body: object = {}, person = api.owner) => api.as(person).post(`/api/v1${path}`).send(body);
const get = (path: string, person = api.owner) => api.as(person).get(`/api/v1${path}`);
const split = (body: object = {}) =>
  post(`/projects/${project_id}/tasks`, { task_type: 'detection', name: 'Batch', ...body });
const handler = ({ name } = RUN_SPLIT as { name: string }) =>
  api.app
    .get(JobRegistry)
    .all()
    .find(({ task }) => task.name === name)!;
/** What a worker does about images of tasks that are gone. */
const free = () => handler(FREE_IMAGES).run({}, { signal: new AbortController().signal, attempt: 1 });
/** Somebody holds the last image: the worker goes round it, with the others in their tasks, until that is over. */
const whileHeld = (meanwhile: () => Promise<void>) =>
  api.db.transaction(async (tx) => {
    await tx.sql.run(
      `select from image_statuses where project_id = $1 and task_type = 'detection' order by image_id desc limit 1 for update`,
      [project_id],
    );
    await meanwhile();
  });
const allButOnePlaced = (row: TaskSplit) =>
  until(
    () => api.db.splits.get(row.id),
    (one) => one?.done === IMAGES - 1,
  );
/** What a worker does with the split, if it is still asked for. */
async function work({ id }: TaskSplit, signal = new AbortController().signal): Promise<TaskSplit> {
  await handler().run({ split_id: id }, { signal, attempt: 1 });
  return (await get(`/splits/${id}`)).body as TaskSplit;
}
const tasks = async () => (await get(`/projects/${project_id}/tasks?limit=500`)).body.items as AnnotationTask[];
/** How many images are in tasks, of those and in all. */
const placed = () =>
  api.db.sql.one<{ in_tasks: number; all_placed: number }>(
    `select count(*) filter (where t.id is not null) as in_tasks, count(s.task_id) as all_placed
      from image_statuses s left join annotation_tasks t on t.id = s.task_id
      where s.project_id = $1 and s.task_type = 'detection'`,
    [project_id],
  );
const waiting = () => api.db.sql.rows(`select from graphile_worker.jobs where task_identifier = $1`, [RUN_SPLIT.name]);
const began = async (body: object = {}) => {
  const answer = await split(body);
  expect([answer.status, answer.body.items]).toEqual([202, []]);
  return answer.body.split as TaskSplit;
};

describe('many images', () => {
  test.each([
    ['as they come', { rule: { by: 'size', size: 1_000 } }],
    ['shuffled', { rule: { by: 'count', count: 7 }, shuffle_seed: 'x' }],
    ['by folder', { rule: { by: 'folder' } }],
    ['of one status, in one task', { status: 'not_started', rule: { by: 'none' } }],
  ])('%s: what the preview counts is what is made, told as it goes', async (_name, body) => {
    const assignees = [ann.id, bob.id];
    const asked = { task_type: 'detection', name: 'Batch', ...body, assignees };
    const preview = (await post(`/projects/${project_id}/tasks/preview`, asked)).body as SplitPreview;
    expect(preview).toMatchObject({ image_count: IMAGES, taken: 0, in_background: true });

    await using news = await EventReader.open(api.url, bob, project_id);
    const split_row = await began(asked);
    expect(split_row).toMatchObject({ status: 'queued', images: null, tasks: null, user: { id: api.owner.id } });
    expect([await tasks(), await waiting()]).toEqual([[], [{}]]);
    expect(await work(split_row)).toMatchObject({
      ...{ status: 'completed', images: IMAGES, done: IMAGES, tasks: preview.tasks.length, error: null },
    });
    // Told within moments: what happens shortly after other news goes out with the next.
    const told = async () => news.heard.filter(({ type }) => type === 'split').length;
    expect(await until(told, (count) => count > 1)).toBeGreaterThan(1);
    await news.until('task');

    const made = (await tasks()).reverse();
    expect(made.map(({ name, image_count, assignee_id }) => ({ name, image_count, assignee_id }))).toEqual(
      preview.tasks.map(({ first_path: _, ...rest }) => rest),
    );
    expect(await placed()).toEqual({ in_tasks: IMAGES, all_placed: IMAGES });
    const inbox = (await get('/notifications', ann)).body.items as Notification[];
    expect(inbox.filter(({ kind }) => kind === 'task_assigned')).toHaveLength(Math.ceil(made.length / 2));
    const { items } = (await get(`/projects/${project_id}/audit?action=task.create`)).body;
    expect(items).toMatchObject([{ actor_id: api.owner.id, details: { tasks: made.length, images: IMAGES } }]);
    expect((await get(`/projects/${project_id}/splits`, ann)).body.items).toMatchObject([{ id: split_row.id }]);
    // Done is done, however often a worker that died too late is followed by another.
    expect(await work(split_row)).toMatchObject({ status: 'completed' });
    expect(await tasks()).toHaveLength(made.length);
  });

  test('few of them are split while one waits, whatever the project holds', async () => {
    const night = await api.db.sql.rows<{ id: number }>(
      `select id from image_metadata where dataset_id = $1 and path like 'night/%' order by path`,
      [dataset.id],
    );
    const image_ids = night.slice(0, 50).map(({ id }) => id);
    const answer = await split({ image_ids });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ items: [{ image_count: 50, next_image_id: image_ids[0] }], split: null });
    await api.db.sql.run(
      `update image_statuses set task_id = $2 where project_id = $1 and task_type = 'detection'
        and image_id not in (select i.id from image_metadata i where i.dataset_id = $3 order by i.id limit $4)`,
      [project_id, answer.body.items[0].id, dataset.id, MAX_IMAGES_SPLIT_AT_ONCE],
    );
    const rest = await split();
    expect([rest.status, rest.body.split]).toEqual([201, null]);
    expect((await post(`/projects/${project_id}/tasks/preview`, { task_type: 'detection', name: 'x' })).body).toEqual({
      ...{ tasks: [], image_count: 0, taken: IMAGES, in_background: false },
    });
  });
});

describe('meanwhile', () => {
  test('two at once: one is done, the other is told of it; another task type is another matter', async () => {
    const answers = await Promise.all([split(), split(), split({ task_type: 'segmentation' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 409]);
    const few = await split({ folder: 'day', status: 'completed' });
    expect([few.status, few.body.error]).toEqual([
      409,
      expect.objectContaining({ code: 'in_use', details: { split_id: expect.any(Number) } }),
    ]);
    for (const { body } of answers) if (body.split) await work(body.split as TaskSplit);
    expect(await placed()).toEqual({ in_tasks: IMAGES, all_placed: IMAGES });
    expect((await tasks()).map(({ task_type }) => task_type).sort()).toEqual(['detection', 'segmentation']);
    expect((await split()).body.error).toMatchObject({ code: 'validation_failed', details: [{ code: 'no_images' }] });
  });

  test('the same request twice, by its key, is one split', async () => {
    const send = () =>
      post(`/projects/${project_id}/tasks`, { task_type: 'detection', name: 'Batch' }).set('idempotency-key', 'once');
    const [first, again] = [await send(), await send()];
    expect([first.status, again.status, again.body]).toEqual([202, 202, first.body]);
  });

  test('who is removed before it is done gets nothing: their tasks wait for somebody', async () => {
    const row = await began({ rule: { by: 'count', count: 4 }, assignees: [ann.id, bob.id] });
    expect((await api.as(api.owner).delete(`/api/v1/projects/${project_id}/permissions/${ann.id}`)).status).toBe(204);
    expect(await work(row)).toMatchObject({ status: 'completed', tasks: 4 });
    expect((await tasks()).map(({ assignee_id }) => assignee_id)).toEqual([bob.id, null, bob.id, null]);
    expect(await api.db.sql.rows(`select from notifications where user_id = $1`, [ann.id])).toEqual([]);
  });

  test('what went into tasks since it was asked for is left out; when nothing is left it says so', async () => {
    const row = await began();
    const [byHand] = (await split({ task_type: 'segmentation', image_ids: [await anyImage()] })).body.items;
    await api.db.sql.run(`update image_statuses set task_id = $2 where project_id = $1 and task_type = 'detection'`, [
      project_id,
      byHand.id,
    ]);
    expect(await work(row)).toMatchObject({ status: 'failed', error: { code: 'validation_failed' }, tasks: null });
    expect(await tasks()).toHaveLength(1);
  });

  test('an image that is put into a task by hand while it works stays there: the worker goes round it', async () => {
    const [byHand] = (await split({ image_ids: [await anyImage()] })).body.items as AnnotationTask[];
    const row = await began({ rule: { by: 'none' } });
    let working: Promise<unknown> = Promise.resolve();
    await api.db.transaction(async (tx) => {
      await tx.sql.run(
        `update image_statuses set task_id = $2 where (image_id, task_type) = (
          select image_id, task_type from image_statuses where project_id = $1 and task_type = 'detection'
          order by image_id desc limit 1)`,
        [project_id, byHand?.id],
      );
      working = work(row);
      await until(
        () => api.db.splits.get(row.id),
        (one) => (one?.done ?? 0) > 0,
      );
    });
    await working;
    expect(await api.db.splits.get(row.id)).toMatchObject({ status: 'completed', images: IMAGES - 2 });
    expect((await tasks()).map(({ image_count }) => image_count)).toEqual([IMAGES - 2, 2]);
  });

  test('a rule that makes too many tasks fails in words, and another split can be asked for', async () => {
    const rule = { by: 'size', size: 1 };
    const preview = await post(`/projects/${project_id}/tasks/preview`, { task_type: 'detection', name: 'x', rule });
    expect([preview.status, preview.body.error.details]).toMatchObject([422, [{ code: 'too_many_tasks' }]]);
    const failed = await work(await began({ rule }));
    expect(failed).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('500 tasks') } });
    expect(await tasks()).toEqual([]);
    expect((await split()).status).toBe(202);
  });

  test('a dataset that is deleted, and a worker that never gets through', async () => {
    const row = await began();
    await api.db.transaction((tx) => handler().gaveUp!(tx, { split_id: row.id }, 'out of memory'));
    expect((await get(`/splits/${row.id}`)).body).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    const next = await began();
    await api.as(api.owner).delete(`/api/v1/datasets/${dataset.id}`).send({ confirm_name: dataset.name });
    await handler().run({ split_id: next.id }, { signal: new AbortController().signal, attempt: 1 });
    expect(await api.db.splits.get(next.id)).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
  });
});

describe('stopped', () => {
  test('before it began: it never does', async () => {
    const row = await began();
    expect((await post(`/splits/${row.id}/cancel`, {}, ann)).status).toBe(403);
    expect((await post(`/splits/${row.id}/cancel`)).body).toMatchObject({ id: row.id, status: 'cancelled' });
    expect(await waiting()).toEqual([]);
    expect(await work(row)).toMatchObject({ status: 'cancelled' });
    expect(await tasks()).toEqual([]);
    expect((await post(`/splits/${row.id}/cancel`)).status).toBe(410);
  });

  test.each([
    ['by a person', (row: TaskSplit) => post(`/splits/${row.id}/cancel`).expect(200), 'cancelled'],
    ['by a worker that shuts down', (_row: TaskSplit, worker: AbortController) => worker.abort(), 'running'],
  ] as const)(
    'in the middle, %s: no task of it is seen, and all images go into tasks by the next',
    async (_name, stop, status) => {
      const row = await began({ rule: { by: 'count', count: 3 } });
      const worker = new AbortController();
      let working: Promise<unknown> = Promise.resolve();
      await whileHeld(async () => {
        working = work(row, worker.signal).catch(() => null);
        expect(await allButOnePlaced(row)).toMatchObject({ status: 'running', images: IMAGES });
        expect(await tasks()).toEqual([]);
        await stop(row, worker);
        await working;
      });
      expect(await api.db.splits.get(row.id)).toMatchObject({ status });
      expect([await tasks(), await placed()]).toEqual([[], { in_tasks: 0, all_placed: IMAGES - 1 }]);
      if (status === 'cancelled') {
        expect(await split().then(({ body }) => body.error)).toMatchObject({ code: 'in_use' });
        await free();
        expect(await placed()).toEqual({ in_tasks: 0, all_placed: 0 });
      }
      expect(await work(status === 'cancelled' ? await began() : row)).toMatchObject({
        status: 'completed',
        images: IMAGES,
      });
      expect(await placed()).toEqual({ in_tasks: IMAGES, all_placed: IMAGES });
    },
  );

  test('a worker that was given up and goes on places nothing more', async () => {
    const row = await began();
    const [late, next] = [await api.db.splits.start(row.id), await api.db.splits.start(row.id)];
    const image_id = await anyImage();
    expect(await api.db.splits.place(late!, [[image_id, 1]])).toBeNull();
    expect(await api.db.splits.reserve(late!, { images: 1, tasks: 1 })).toBeNull();
    expect(await api.db.splits.complete(late!, { description: '', due_at: null }, [])).toBeNull();
    expect(await placed()).toEqual({ in_tasks: 0, all_placed: 0 });
    expect(await api.db.splits.place(next!, [[image_id, 1]])).toEqual({ placed: 1, held: [] });
  });
});

describe('whoever works on an image meanwhile', () => {
  /** On the first image, which is placed, or freed, before the others. */
  const save = async () => {
    const image_id = await anyImage();
    const of = { project_id, task_type: 'detection' };
    const car = (await post(`/projects/${project_id}/classes`, { task_type: 'detection', name: 'car' })).body;
    const label = { ...of, image_id, class_id: car.id, geometry: { type: 'bbox', bbox: [1, 1, 10, 10] } };
    return (await post('/annotations', label, ann)).status;
  };

  test('saves without waiting for the end of the split', async () => {
    const row = await began();
    let working: Promise<unknown> = Promise.resolve();
    await whileHeld(async () => {
      working = work(row);
      await allButOnePlaced(row);
      expect(await save()).toBe(201);
      expect(await api.db.splits.get(row.id)).toMatchObject({ status: 'running', done: IMAGES - 1 });
      // Done and waiting for review, it is in no task that anybody could look at.
      const image_id = await anyImage();
      await post(`/projects/${project_id}/images/${image_id}/confirm`, { task_type: 'detection' }, ann).expect(200);
      expect((await get(`/projects/${project_id}/review`)).body.items).toMatchObject([{ task_id: null }]);
    });
    await working;
    expect(await tasks()).toMatchObject([{ image_count: IMAGES, progress: { completed: 1 } }]);
  });

  test('nor for the images of a dissolved task, which is gone at once', async () => {
    await work(await began());
    const [task] = await tasks();
    let freeing: Promise<unknown> = Promise.resolve();
    await whileHeld(async () => {
      const gone = await api.as(api.owner).delete(`/api/v1/tasks/${task?.id}`).query({ version: task?.version });
      expect(gone.status).toBe(204);
      expect(await tasks()).toEqual([]);
      expect((await split()).body.error).toMatchObject({ code: 'in_use', details: { reason: 'dissolving' } });
      freeing = free();
      await until(placed, (found) => found?.all_placed === 1);
      expect(await save()).toBe(201);
    });
    await freeing;
    expect(await placed()).toEqual({ in_tasks: 0, all_placed: 0 });
    expect((await split()).status).toBe(202);
  });

  test('may put an image of a dissolved task into another one before it is free: it stays there', async () => {
    await work(await began());
    const [task] = await tasks();
    const image_id = await anyImage();
    await api.as(api.owner).delete(`/api/v1/tasks/${task?.id}`).query({ version: task?.version }).expect(204);
    const other = (await post(`/projects/${project_id}/tasks`, { task_type: 'segmentation', name: 'x', image_ids: [image_id] })).body.items[0]; // prettier-ignore
    expect(other).toMatchObject({ image_count: 1 });
    const [hand] = await api.db.splits.make(
      { project_id, task_type: 'detection', description: '', due_at: null, created_by: api.owner.id },
      [{ name: 'By hand', assignee_id: null, images: [] }],
    );
    const moved = await post(`/tasks/${hand?.id}/images`, { version: hand?.version, add: [image_id] });
    expect([moved.status, moved.body.added]).toEqual([200, 1]);
    await free();
    expect(await placed()).toEqual({ in_tasks: 1, all_placed: 1 });
  });
});

async function anyImage(): Promise<number> {
  const row = await api.db.sql.one<{ id: number }>(
    `select id from image_metadata where dataset_id = $1 order by id limit 1`,
    [dataset.id],
  );
  return row?.id ?? 0;
}
