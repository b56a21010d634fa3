import { randomUUID } from 'node:crypto';
import { People } from '../src/people/people.js';
import { BoundedCache } from '../src/people/bounded-cache.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { jpeg } from './picture-factory.js';
import { StatementCounter } from './statement-count.js';

// No write may cost a statement per row: each that acts on many rows is sent for a few and for many, in projects of their
// own, and its SQL statements are counted. None looks people up more than once.

const [FEW, MANY] = [2, 40];

let api: TestApp;
let counter: StatementCounter;
let tinyPicture: Buffer;

beforeAll(async () => {
  counter = new StatementCounter();
  tinyPicture = await jpeg(8, 8);
  // One process: what it remembers of people is emptied before each request.
  api = await createTestApp({ replicas: 1 });
  counter.user_database = new URL(api.databaseUrls.user).pathname.slice(1);
});
afterAll(async () => {
  counter.stop();
  await api.close();
});

/** A project with a class, `count` images and as many annotators. */
interface World {
  readonly count: number;
  readonly dataset_id: number;
  readonly project_id: number;
  readonly class_id: number;
  readonly image_ids: readonly number[];
  readonly annotators: readonly TestPerson[];
}

async function newWorld(count: number): Promise<World> {
  const { id: dataset_id, project_id } = await api.newDataset({ task_types: ['detection'] });
  const inserted = await api.db.images.insertMany(
    dataset_id,
    api.owner.id,
    'skip',
    Array.from({ length: count }, (_, n) => ({
      path: `${n}.png`,
      content_type: 'image/png',
      width: 100,
      height: 80,
      size_bytes: 10,
      sha256: 'a'.repeat(64),
    })),
  );
  const label = await api.db.classes.create(project_id, { task_type: 'detection', name: 'car' });
  const annotators: TestPerson[] = [];
  for (let n = 0; n < count; n += 1) annotators.push(await api.newMember(project_id, 'annotator'));
  const image_ids = inserted.map(({ image }) => image.id);
  return { count, dataset_id, project_id, class_id: label.id, image_ids, annotators };
}

const post = async (path: string, body: object) => {
  const answer = await api.as(api.owner).post(`/api/v1${path}`).send(body);
  if (answer.status > 299) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.body;
};
const times = <T>({ count }: World, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const firstImage = ({ project_id, image_ids: [image_id] }: World) => `/projects/${project_id}/images/${image_id}`;
const creates = (world: World) =>
  times(world, () => ({
    ...{ op: 'create', op_id: randomUUID(), task_type: 'detection', class_id: world.class_id },
    geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
  }));

/** `count` annotations on the first image. */
async function annotated(world: World): Promise<{ id: number; version: number }[]> {
  const { results } = await post(`${firstImage(world)}/operations`, { operations: creates(world) });
  return results.map(({ annotation }: { annotation: { id: number; version: number } }) => annotation);
}

/** Every image with an annotation of each annotator's own, done by them and waiting for a reviewer. */
async function waiting(world: World): Promise<{ annotation_id: number; version: number }[]> {
  const { project_id, image_ids, annotators } = world;
  const { sql } = api.db;
  await sql.run(
    `insert into annotations (project_id, image_id, task_type, annotation_type, state, created_by, updated_by, confirmed_by,
        confirmed_at, geometry)
      select $1, image_id, 'detection', 'bbox', 'confirmed', user_id, user_id, user_id, now(), '{"type":"bbox","bbox":[1,2,3,4]}'
      from unnest($2::bigint[], $3::text[]) as x (image_id, user_id)`,
    [project_id, image_ids, annotators.map(({ id }) => id)],
  );
  await sql.run(
    `update image_statuses s set confirmed_at = now(), confirmed_by = user_id
      from unnest($1::bigint[], $2::text[]) as x (image_id, user_id) where s.image_id = x.image_id`,
    [image_ids, annotators.map(({ id }) => id)],
  );
  return sql.rows(`select id as annotation_id, version from annotations where project_id = $1 order by id`, [
    project_id,
  ]);
}

/** An upload whose files have all arrived. */
async function sent(world: World, purpose = 'images'): Promise<number> {
  const files = times(world, (n) => ({ path: `new-${n}.jpg`, size: tinyPicture.length }));
  const upload = await post(`/datasets/${world.dataset_id}/uploads`, { files, purpose });
  for (const { put_url, content_type } of upload.files as { put_url: string; content_type: string }[]) {
    const headers = { 'content-type': content_type };
    const put = await fetch(put_url, { method: 'PUT', headers, body: tinyPicture as Uint8Array<ArrayBuffer> });
    if (!put.ok) throw new Error(`PUT: ${put.status}`);
  }
  return upload.id as number;
}

const imagesToReview = ({ image_ids }: World) =>
  image_ids.map((image_id) => ({ image_id, task_type: 'detection' as const }));
const split = (body: object = {}) => ({ task_type: 'detection', name: 'Batch', ...body });
const makeTask = async (world: World, body: object = {}) =>
  (await post(`/projects/${world.project_id}/tasks`, split(body))).items[0] as { id: number; version: number };

interface Request {
  readonly method?: 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly body?: object;
  /** Names of pictures sent as a form, instead of a body. */
  readonly files?: readonly string[];
  /** How many rows the answer says it acted on, of `count`. */
  readonly acted?: (answer: never) => number;
}
type Writes = Readonly<Record<string, (world: World) => Request | Promise<Request>>>;
type Results = { results: { status: string }[] };
const applied = ({ results }: Results) => results.filter(({ status }) => status === 'applied').length;

/** What is sent, after everything it needs was made. */
const WRITES: Writes = {
  'annotations.operations: create': (world) => ({
    path: `${firstImage(world)}/operations`,
    body: { operations: creates(world) },
    acted: applied,
  }),
  'annotations.operations: update': async (world) => ({
    path: `${firstImage(world)}/operations`,
    body: {
      operations: (await annotated(world)).map(({ id, version }) => ({
        ...{ op: 'update', op_id: randomUUID(), annotation_id: id, version },
        geometry: { type: 'bbox', bbox: [5, 6, 7, 8] },
      })),
    },
    acted: applied,
  }),
  'annotations.operations: delete': async (world) => ({
    path: `${firstImage(world)}/operations`,
    body: {
      operations: (await annotated(world)).map(({ id, version }) => ({
        ...{ op: 'delete', op_id: randomUUID(), annotation_id: id, version },
      })),
    },
    acted: applied,
  }),
  'images.confirm': async (world) => {
    await annotated(world);
    const path = `${firstImage(world)}/confirm`;
    return { path, body: { task_type: 'detection' }, acted: ({ confirmed }: { confirmed: number }) => confirmed };
  },
  'images.unconfirm': async (world) => {
    await annotated(world);
    await post(`${firstImage(world)}/confirm`, { task_type: 'detection' });
    const path = `${firstImage(world)}/unconfirm`;
    return { path, body: { task_type: 'detection' }, acted: ({ confirmed }: { confirmed: number }) => confirmed };
  },
  'images.restore': async (world) => {
    const at = new Date(Date.now() - 60_000).toISOString();
    await annotated(world);
    return { path: `${firstImage(world)}/restore`, body: { at } };
  },
  'review.decide: verify images': async (world) => {
    await waiting(world);
    return {
      path: `/projects/${world.project_id}/review`,
      body: { decision: 'verify', comment: 'Good', images: imagesToReview(world) },
      acted: ({ images }: { images: number }) => images,
    };
  },
  'review.decide: reject images': async (world) => {
    await waiting(world);
    return {
      path: `/projects/${world.project_id}/review`,
      body: { decision: 'reject', comment: 'Again', images: imagesToReview(world) },
      acted: ({ images }: { images: number }) => images,
    };
  },
  'review.decide: verify annotations': async (world) => ({
    path: `/projects/${world.project_id}/review`,
    body: { decision: 'verify', annotations: await waiting(world) },
    acted: ({ annotations }: { annotations: number }) => annotations,
  }),
  'review.decide: reject annotations, each of a task of its own': async (world) => {
    const annotations = await waiting(world);
    await makeTask(world, { rule: { by: 'size', size: 1 }, assignees: world.annotators.map(({ id }) => id) });
    return {
      path: `/projects/${world.project_id}/review`,
      body: { decision: 'reject', comment: 'Again', annotations },
      acted: (answer: { annotations: number }) => answer.annotations,
    };
  },
  'tasks.preview': (world) => ({
    path: `/projects/${world.project_id}/tasks/preview`,
    body: split({ rule: { by: 'size', size: 1 }, assignees: world.annotators.map(({ id }) => id) }),
    acted: ({ tasks }: { tasks: unknown[] }) => tasks.length,
  }),
  'tasks.create: a task per image': (world) => ({
    path: `/projects/${world.project_id}/tasks`,
    body: split({ rule: { by: 'size', size: 1 }, assignees: world.annotators.map(({ id }) => id) }),
    acted: ({ items }: { items: unknown[] }) => items.length,
  }),
  'tasks.create: a task of many images': (world) => ({
    path: `/projects/${world.project_id}/tasks`,
    body: split({ image_ids: world.image_ids }),
    acted: ({ items: [task] }: { items: { image_count: number }[] }) => task?.image_count ?? 0,
  }),
  'tasks.images: add, also from other tasks': async (world) => {
    await makeTask(world, { rule: { by: 'size', size: 1 } });
    const [empty] = await api.db.splits.make(
      {
        project_id: world.project_id,
        task_type: 'detection',
        description: '',
        due_at: null,
        created_by: api.owner.id,
      },
      [{ name: 'Empty', assignee_id: null, images: [] }],
    );
    return {
      path: `/tasks/${empty?.id}/images`,
      body: { version: 1, add: world.image_ids, move: true },
      acted: ({ added }: { added: number }) => added,
    };
  },
  'tasks.images: remove': async (world) => {
    const { id, version } = await makeTask(world);
    return {
      path: `/tasks/${id}/images`,
      body: { version, remove: world.image_ids },
      acted: ({ removed }: { removed: number }) => removed,
    };
  },
  'tasks.delete': async (world) => {
    const { id, version } = await makeTask(world);
    return { method: 'delete', path: `/tasks/${id}?version=${version}` };
  },
  'images.delete': async (world) => {
    await annotated(world);
    const path = `/projects/${world.project_id}/images/delete`;
    return { path, body: { image_ids: world.image_ids }, acted: ({ images }: { images: number }) => images };
  },
  'images.delete: what a filter lets through': (world) => ({
    path: `/projects/${world.project_id}/images/delete`,
    body: { filter: { status: 'not_started' } },
    acted: ({ images }: { images: number }) => images,
  }),
  'deleted_images.restore': async (world) => {
    await waiting(world);
    const { project_id, image_ids } = world;
    const { deletion_id } = await post(`/projects/${project_id}/images/delete`, { image_ids });
    const path = `/projects/${project_id}/deleted-images/restore`;
    return { path, body: { deletion_id }, acted: ({ annotations }: { annotations: number }) => annotations };
  },
  'classes.reorder': async (world) => {
    const path = `/projects/${world.project_id}/classes`;
    const class_ids = [world.class_id];
    for (const name of times(world, String)) class_ids.push((await post(path, { task_type: 'detection', name })).id);
    return { path: `${path}/reorder`, body: { task_type: 'detection', class_ids: class_ids.reverse() } };
  },
  'comments.create: mentions': ({ project_id, image_ids: [image_id], annotators }) => ({
    path: `/projects/${project_id}/comments`,
    body: { image_id, body: 'Look', mentions: annotators.map(({ id }) => id) },
    acted: ({ mentioned }: { mentioned: unknown[] }) => mentioned.length,
  }),
  'notifications.read': async (world) => {
    const { sql } = api.db;
    const rows = await sql.rows<{ id: number }>(
      `insert into notifications (project_id, user_id, kind) select $1, $2, 'task_assigned' from generate_series(1, $3::integer)
        returning id`,
      [world.project_id, api.owner.id, world.count],
    );
    return { path: `/notifications/read`, body: { ids: rows.map(({ id }) => id) } };
  },
  'uploads.create': (world) => ({
    path: `/datasets/${world.dataset_id}/uploads`,
    body: { files: times(world, (n) => ({ path: `new-${n}.png`, size: 12 })) },
    acted: ({ files }: { files: unknown[] }) => files.length,
  }),
  'uploads.create: in parts': (world) => ({
    path: `/datasets/${world.dataset_id}/uploads`,
    body: { files: times(world, (n) => ({ path: `new-${n}.png`, size: 20 * 1024 * 1024 })) },
    acted: ({ files }: { files: { parts?: unknown[] }[] }) => files.filter(({ parts }) => parts).length,
  }),
  'uploads.complete: what was completed before': async (world) => {
    const upload_id = await sent(world);
    await post(`/uploads/${upload_id}/complete`, {});
    return {
      path: `/uploads/${upload_id}/complete`,
      body: {},
      acted: ({ items }: { items: unknown[] }) => items.length,
    };
  },
  'uploads.complete: nothing has arrived': async (world) => {
    const files = times(world, (n) => ({ path: `new-${n}.png`, size: 12 }));
    const { id } = await post(`/datasets/${world.dataset_id}/uploads`, { files });
    return {
      path: `/uploads/${id}/complete`,
      body: {},
      acted: ({ rejected }: { rejected: unknown[] }) => rejected.length,
    };
  },
  'uploads.complete: files of an import': async (world) => ({
    path: `/uploads/${await sent(world, 'import')}/complete`,
    body: {},
    acted: ({ rejected }: { rejected: unknown[] }) => world.count - rejected.length,
  }),
  'datasets.update: another task type': ({ dataset_id }) => ({
    method: 'patch',
    path: `/datasets/${dataset_id}`,
    body: { task_types: ['detection', 'segmentation'] },
  }),
  'members.remove: somebody with locks and tasks': async (world) => {
    const [leaving] = world.annotators as [TestPerson];
    await makeTask(world, { rule: { by: 'size', size: 1 }, assignees: [leaving.id] });
    await api.db.sql.run(
      `insert into image_locks (image_id, project_id, user_id, user_name, acquired_at, expires_at)
        select image_id, $2, $3, 'Somebody', now(), now() + interval '1 hour' from unnest($1::bigint[]) image_id`,
      [world.image_ids, world.project_id, leaving.id],
    );
    return { method: 'delete', path: `/projects/${world.project_id}/permissions/${leaving.id}` };
  },
};

/**
 * Uploads, where each file is a row, an object and a thumbnail: by itself, in a transaction that also places its bytes, so that a
 * bad one does not hold up the others (docs/adr/0005).
 */
const FILES: Writes = {
  'uploads.complete': async (world) => ({
    path: `/uploads/${await sent(world)}/complete`,
    body: {},
    acted: ({ items }: { items: unknown[] }) => items.length,
  }),
  'images.upload': (world) => ({
    path: `/datasets/${world.dataset_id}/images`,
    files: times(world, (n) => `new-${n}.jpg`),
    acted: ({ items }: { items: unknown[] }) => items.length,
  }),
};
/** Of each. One looks for a picture in its place that a deleted image or a version still needs; three are the commit, which tells of it. */
const STATEMENTS_PER_FILE = 12;

async function measure(write: Writes[string], count: number): Promise<number> {
  const world = await newWorld(count);
  const { method = 'post', path, body, files = [], acted } = await write(world);
  // The caller is known, as in the middle of work; nobody else is.
  await api.as(api.owner).get('/api/v1/auth/me');
  Object.assign(api.app.get(People, { strict: false }), { badges: new BoundedCache(1_000) });
  const { answer, statements, people } = await counter.of(async (id) => {
    const request = api.as(api.owner)[method](`/api/v1${path}`).set('x-request-id', id);
    for (const name of files) request.attach('file', tinyPicture, name);
    const received = await (body ? request.send(body) : request);
    return received;
  });
  if (answer.status > 299) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  if (acted) expect(acted(answer.body as never)).toBe(count);
  expect(people).toBeLessThanOrEqual(1);
  return statements;
}

test.each(Object.entries(WRITES))('%s', async (_name, write) => {
  const few = await measure(write, FEW);
  expect(few).toBeGreaterThan(0);
  expect(await measure(write, MANY)).toBeLessThanOrEqual(few);
});

test.each(Object.entries(FILES))('%s: so much for each file, and no more', async (_name, write) => {
  const [few, many] = [await measure(write, FEW), await measure(write, MANY)];
  const per_file = (many - few) / (MANY - FEW);
  // The counter follows each of them.
  expect(per_file).toBeGreaterThan(3);
  expect(per_file).toBeLessThanOrEqual(STATEMENTS_PER_FILE);
});
