import { randomUUID } from 'node:crypto';
import { imageKey } from '@labelyard/storage';
import { JobRegistry } from '../src/jobs/job-registry.js';
import { createTestApp, type TestApp } from './app.factory.js';
import { cocoOf, ImportHands } from './import-desk.js';
import { jpeg } from './picture-factory.js';
import { StatementCounter } from './statement-count.js';

// No job may cost a statement per row: each that acts on many rows is run for a few and for many, in projects of their own,
// and its SQL statements are counted. A new job fails here until there is work for it.

const [FEW, MANY] = [2, 40];
/** Jobs for one row each. */
const ONE_ROW = ['images.settle', 'invitations.send'];
/** Statements that tell of progress: so many a second, however many rows there are. */
const PROGRESS = 12;
const LONG_AGO = '2000-01-01T00:00:00Z';

let api: TestApp;
let counter: StatementCounter;
let picture: Buffer;

beforeAll(async () => {
  counter = new StatementCounter();
  // One process that runs no job by itself.
  api = await createTestApp({ env: { PROCESS_ROLE: 'api' }, replicas: 1 });
  picture = await jpeg(40, 30);
});
afterAll(async () => {
  counter.stop();
  await api.close();
});

interface World {
  readonly count: number;
  readonly dataset: { readonly id: number; readonly project_id: number; readonly name: string };
}

const numbers = ({ count }: World) => Array.from({ length: count }, (_, n) => n);
const path = (n: number) => `${n}.jpg`;
const sql = (text: string, values: unknown[]) => api.db.sql.rows<{ n: number }>(text, values);
/** How many rows a query finds. */
const rowsOf = async (from: string, values: unknown[]) =>
  (await sql(`select count(*)::integer as n from ${from}`, values))[0]?.n;

async function post<Answer>(url: string, body: object = {}): Promise<Answer> {
  const answer = await api.as(api.owner).post(`/api/v1${url}`).send(body);
  if (answer.status > 299) throw new Error(`${url} answered ${answer.status}: ${answer.text}`);
  return answer.body as Answer;
}

async function withImages({ count, dataset }: World): Promise<number[]> {
  const images = Array.from({ length: count }, (_, n) => ({
    path: path(n),
    content_type: 'image/jpeg',
    ...{ width: 40, height: 30, size_bytes: picture.length, sha256: 'a'.repeat(64) },
  }));
  const inserted = await api.db.images.insertMany(dataset.id, api.owner.id, 'skip', images);
  return inserted.map(({ image }) => image.id);
}

/** An annotation on each image. */
async function labeled(world: World): Promise<void> {
  const { project_id } = world.dataset;
  const label = await api.db.classes.create(project_id, { task_type: 'detection', name: 'car' });
  for (const image_id of await withImages(world))
    await post(`/projects/${project_id}/images/${image_id}/operations`, {
      operations: [
        {
          ...{ op: 'create', op_id: randomUUID(), task_type: 'detection', class_id: label.id },
          geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
        },
      ],
    });
}

/** An archive of labels with the pictures they are for, of a class each. */
async function archive(world: World, values: object = {}): Promise<{ hands: ImportHands; import_id: number }> {
  const hands = new ImportHands(api, world.dataset);
  const labels = cocoOf(
    Object.fromEntries(numbers(world).map((n) => [path(n), [40, 30]])),
    numbers(world).map((n) => [path(n), `class ${n}`, 1, 2, 3, 4]),
  );
  const upload_id = await hands.zip([
    { path: 'instances.json', bytes: labels },
    ...numbers(world).map((n) => ({ path: path(n), bytes: picture })),
  ]);
  const { id } = await hands.begin(upload_id, values);
  return { hands, import_id: id };
}

async function applied(world: World): Promise<number> {
  const { import_id } = await archive(world, { dry_run: false });
  return import_id;
}

/** Runs the one job of its kind that waits, as a worker does. */
async function work(name: string, payload?: object): Promise<number> {
  const handler = api.app
    .get(JobRegistry)
    .all()
    .find(({ task }) => task.name === name);
  if (!handler) throw new Error(`Nobody does ${name}`);
  const [waiting] = await api.db.sql.rows<{ payload: object }>(
    `delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t
      where t.id = j.task_id and t.identifier = $1 returning j.payload`,
    [name],
  );
  const given = payload ?? waiting?.payload;
  if (!given) throw new Error(`There is no ${name} to do`);
  const run = () => handler.run(given, { signal: new AbortController().signal, attempt: 1 });
  return (await counter.during(run)).statements;
}

interface Job {
  /** Of those that are scheduled. */
  readonly payload?: object;
  /** How many rows it did. */
  done(): Promise<number | undefined>;
  /** Rows of one transaction: each may cost the same again. */
  readonly batch?: number;
}

/** What there is to do, after everything it needs was made. */
const JOBS: Readonly<Record<string, (world: World) => Promise<Job>>> = {
  'images.thumbnails': async (world) => {
    const { id } = world.dataset;
    await withImages(world);
    for (const n of numbers(world))
      await api.storage.datasets.put(imageKey(id, path(n)), picture, {
        content_type: 'image/jpeg',
        size: picture.length,
      });
    const done = () => rowsOf(`image_metadata where dataset_id = $1 and thumbnail_state = 'ready'`, [id]);
    return { payload: {}, done };
  },
  'images.purge': async (world) => {
    const { project_id, id } = world.dataset;
    await sql(
      `insert into deleted_images (image_id, project_id, dataset_id, deletion_id, deleted_by, expires_at, path, width, height,
          size_bytes, sha256, content_type, thumbnail_state, annotation_count, comment_count, image)
        select $2 * 1000 + n, $2, $3, gen_random_uuid(), $4, $5, n || '.jpg', 1, 1, 1, repeat('a', 64), 'image/jpeg', 'ready', 0, 0, '{}'
        from generate_series(1, $1::integer) n`,
      [world.count, project_id, id, api.owner.id, LONG_AGO],
    );
    return { payload: {}, done: async () => world.count - ((await rowsOf(`deleted_images where project_id = $1`, [project_id])) ?? 0) }; // prettier-ignore
  },
  'uploads.clean': async (world) => {
    const { id } = world.dataset;
    const files = numbers(world).map((n) => ({ path: path(n), size: 12 }));
    for (const file of files) await post(`/datasets/${id}/uploads`, { files: [file] });
    await post(`/datasets/${id}/uploads`, { files });
    await sql(`update uploads set expires_at = $2 where dataset_id = $1`, [id, LONG_AGO]);
    return {
      done: async () => (await rowsOf(`uploads where dataset_id = $1 and status = 'expired'`, [id]))! - 1,
    };
  },
  'exports.run': async (world) => {
    await labeled(world);
    const answer = await api
      .as(api.owner)
      .post('/api/v1/export')
      .set('prefer', 'wait=0')
      .send({ project_id: world.dataset.project_id, format: 'coco' });
    const { id } = answer.body as { id: number };
    const done = async () => {
      const row = await api.db.exports.get(id);
      return (row?.report as { counts?: { images: number } } | null)?.counts?.images;
    };
    return { done };
  },
  'exports.clean': async (world) => {
    const { project_id } = world.dataset;
    await sql(
      `insert into exports (project_id, format, status, storage_key, size_bytes, sha256, expires_at, created_by)
        select $1::bigint, 'coco', 'completed', $1::bigint || '/exports/budget/' || n, 1, repeat('a', 64), $3, $4 from generate_series(1, $2::integer) n`,
      [project_id, world.count, LONG_AGO, api.owner.id],
    );
    const done = () => rowsOf(`exports where project_id = $1 and cleaned_at is not null`, [project_id]);
    return { payload: {}, done };
  },
  'imports.check': async (world) => {
    const { import_id, hands } = await archive(world);
    return { done: async () => (await hands.get(import_id)).report?.images.new };
  },
  'imports.apply': async (world) => {
    await applied(world);
    return { done: () => rowsOf(`annotations where project_id = $1`, [world.dataset.project_id]) };
  },
  'imports.undo': async (world) => {
    const import_id = await applied(world);
    await work('imports.apply');
    await post(`/imports/${import_id}/undo`, { remove_changed: false });
    const { id } = world.dataset;
    return { done: async () => world.count - ((await rowsOf(`image_metadata where dataset_id = $1`, [id])) ?? 0) };
  },
  'restores.run': async (world) => {
    await labeled(world);
    const { project_id } = world.dataset;
    await post(`/projects/${project_id}/restores`, { user_id: api.owner.id, since: LONG_AGO });
    const done = async () => world.count - ((await rowsOf(`annotations where project_id = $1`, [project_id])) ?? 0);
    return { batch: 10, done };
  },
  'versions.publish': async (world) => {
    await labeled(world);
    const { project_id } = world.dataset;
    await sql(
      `update annotations set state = 'confirmed', confirmed_by = $2, confirmed_at = now() where project_id = $1`,
      [project_id, api.owner.id],
    );
    const { id } = await post<{ id: number }>(`/projects/${project_id}/versions`);
    return { done: async () => (await api.db.versions.get(id))?.manifest?.counts.annotations };
  },
  'datasets.purge': async (world) => {
    await labeled(world);
    const { id, name } = world.dataset;
    const answer = await api.as(api.owner).delete(`/api/v1/datasets/${id}`).send({ confirm_name: name });
    if (answer.status > 299) throw new Error(answer.text);
    return { done: async () => world.count - ((await rowsOf(`image_metadata where dataset_id = $1`, [id])) ?? 0) };
  },
  'splits.run': async (world) => {
    await withImages(world);
    const { project_id } = world.dataset;
    // As if they were more than are split at once: one task each.
    const request = { task_type: 'detection', name: 'Batch', rule: { by: 'size', size: 1 }, assignees: [api.owner.id] };
    const { id } = await api.db.splits.create({
      project_id,
      task_type: 'detection',
      request,
      created_by: api.owner.id,
    });
    const done = () => rowsOf(`annotation_tasks where project_id = $1`, [project_id]);
    return { payload: { split_id: id }, done };
  },
  'tasks.free_images': async (world) => {
    await withImages(world);
    const { project_id } = world.dataset;
    // One task that is gone, with all images in it still.
    const task_id = 1_000_000_000 + project_id;
    await sql(`update image_statuses set task_id = $2 where project_id = $1`, [project_id, task_id]);
    await sql(`insert into dissolved_tasks (task_id, project_id, task_type) values ($2, $1, 'detection')`, [
      project_id,
      task_id,
    ]);
    const done = async () =>
      world.count -
      ((await rowsOf(`image_statuses where project_id = $1 and task_id = ${task_id}`, [project_id])) ?? 0);
    return { payload: {}, done };
  },
  'tasks.due': async (world) => {
    const { project_id } = world.dataset;
    await sql(
      `insert into annotation_tasks (project_id, task_type, name, assignee_id, created_by, due_at)
        select $1, 'detection', 'task ' || n, $3, $3, now() + interval '1 hour' from generate_series(1, $2::integer) n`,
      [project_id, world.count, api.owner.id],
    );
    return { payload: {}, done: () => rowsOf(`notifications where project_id = $1`, [project_id]) };
  },
  'audit.prune': async (world) => {
    const { project_id } = world.dataset;
    await sql(
      `insert into audit_log (project_id, actor_id, action, happened_at)
        select $1, $3, 'class.create', $4 from generate_series(1, $2::integer)`,
      [project_id, world.count, api.owner.id, LONG_AGO],
    );
    const left = () => rowsOf(`audit_log where project_id = $1 and action = 'class.create'`, [project_id]);
    return { payload: {}, done: async () => world.count - ((await left()) ?? 0) };
  },
  'requests.prune': async (world) => {
    await sql(
      `insert into idempotency_keys (user_id, key, method_path, request_hash, created_at)
        select $1, n, 'POST /', 'x', $3::timestamptz from generate_series(1, $2::integer) n`,
      [api.owner.id, world.count, LONG_AGO],
    );
    return { payload: {}, done: async () => world.count - ((await rowsOf('idempotency_keys', [])) ?? 0) };
  },
};

async function measure(name: string, count: number): Promise<{ statements: number; batch: number }> {
  // What others left to be done later.
  await sql('delete from graphile_worker._private_jobs', []);
  const world = { count, dataset: await api.newDataset({ task_types: ['detection'] }) };
  const { payload, done, batch = MANY } = await (JOBS[name] as (typeof JOBS)[string])(world);
  const statements = await work(name, payload);
  expect(await done()).toBe(count);
  return { statements, batch };
}

test('every job is counted', () => {
  const names = api.app.get(JobRegistry).all().map(({ task }) => task.name); // prettier-ignore
  expect(names.sort()).toEqual([...Object.keys(JOBS), ...ONE_ROW].sort());
});

test.each(Object.keys(JOBS))('%s', async (name) => {
  const few = await measure(name, FEW);
  expect(few.statements).toBeGreaterThan(0);
  const many = await measure(name, MANY);
  expect(many.statements).toBeLessThanOrEqual(few.statements * (MANY / many.batch) + PROGRESS);
});
