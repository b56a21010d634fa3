import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ImageDiff, Restore, Version } from '@labelyard/contract';
import type { Annotation } from '@labelyard/domain';
import { checkDice, readDice } from '@labelyard/formats';
import { UploadNotFound } from '@labelyard/storage';
import { ProjectEvents } from '../src/events/project-events.js';
import { VersionJob } from '../src/versions/version-job.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

/** As a worker leaves a version that dies before it is published. */
const REOPEN = `update annotation_versions set status = 'building', sha256 = null, storage_key = null where id = $1`;

let api: TestApp;
let admin: TestPerson;
let mina: TestPerson;
let viewer: TestPerson;
let project_id: number;
let dataset_id: number;
let car: number;
let bus: number;
let images: number[];

beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
// Each test has a dataset of its own: three images, and people of every kind.
beforeEach(async () => {
  ({ id: dataset_id, project_id } = await api.newDataset({ task_types: ['detection'] }));
  [admin, mina, viewer] = await Promise.all([
    api.newMember(project_id, 'admin'),
    api.newMember(project_id, 'annotator'),
    api.newMember(project_id, 'viewer'),
  ]);
  const newClass = async (name: string) =>
    (await api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send({ task_type: 'detection', name })).body
      .id as number;
  [car, bus] = [await newClass('car'), await newClass('bus')];
  images = await newImages(3);
});

let paths = 0;
async function newImages(count: number): Promise<number[]> {
  const files = Array.from({ length: count }, () => ({
    path: `street-${(paths += 1)}.png`,
    content_type: 'image/png',
    width: 100,
    height: 80,
    size_bytes: 10,
    sha256: 'a'.repeat(64),
  }));
  const inserted = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', files);
  return inserted.map(({ image }) => image.id);
}

const imageUrl = (image_id: number, rest: string) => `/api/v1/projects/${project_id}/images/${image_id}/${rest}`;
const versionsUrl = () => `/api/v1/projects/${project_id}/versions`;

async function operate(image_id: number, operations: object[]): Promise<Annotation[]> {
  const answer = await api
    .as(mina)
    .post(imageUrl(image_id, 'operations'))
    .send({ operations: operations.map((one) => ({ op_id: randomUUID(), ...one })) });
  expect(answer.body.results?.map(({ status }: { status: string }) => status)).toEqual(operations.map(() => 'applied'));
  return answer.body.results.map(({ annotation }: { annotation: Annotation }) => annotation);
}
const box = (x: number, class_id = car) => ({
  op: 'create',
  task_type: 'detection',
  class_id,
  geometry: { type: 'bbox', bbox: [x, 2, 3, 4] },
});
const confirm = (image_id: number) => api.as(mina).post(imageUrl(image_id, 'confirm')).send({ task_type: 'detection' });
const live = async (image_id: number): Promise<Annotation[]> =>
  (await api.as(mina).get(imageUrl(image_id, 'annotations'))).body.items;

const publish = (body: object = {}, person = admin) => api.as(person).post(versionsUrl()).send(body);
const get = async (id: number): Promise<Version> => (await api.as(viewer).get(`/api/v1/versions/${id}`)).body;

async function eventually<T>(read: () => Promise<T>, ready: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const value = await read();
    if (ready(value)) return value;
  }
  throw new Error('It did not come to an end');
}
async function published(body: object = {}): Promise<Version> {
  const answer = await publish(body);
  expect(answer.status).toBe(202);
  const done = await eventually(
    () => get(answer.body.id),
    ({ status }) => !['queued', 'building'].includes(status),
  );
  expect(done.error).toBeNull();
  return done;
}
async function download(version: Version): Promise<Buffer> {
  const answer = await fetch(version.download_url ?? '');
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Two confirmed images with three annotations, and a third with a draft. */
async function work(): Promise<Annotation[]> {
  const [one, two, three] = images as [number, number, number];
  const made = [...(await operate(one, [box(1), box(2, bus)])), ...(await operate(two, [box(3)]))];
  await confirm(one);
  await confirm(two);
  await operate(three, [box(4)]);
  return made;
}

describe('publishing', () => {
  test('makes an immutable file with number, note and manifest; drafts are left out and said to be', async () => {
    await work();
    const check = await api.as(admin).get(`${versionsUrl()}/check`);
    expect(check.body).toEqual({
      images: 3,
      annotations: 3,
      shares: { train: 80, val: 20, test: 0 },
      problems: [
        { code: 'drafts_left_out', severity: 'warning', count: 1 },
        { code: 'images_unfinished', severity: 'warning', count: 1 },
        { code: 'not_reviewed', severity: 'warning', count: 3 },
      ],
    });
    const version = await published({ note: 'First', shares: { train: 1, val: 1, test: 0 } });
    expect(version).toMatchObject({
      number: 1,
      status: 'published',
      is_latest: true,
      note: 'First',
      task_types: ['detection'],
      user: { id: admin.id },
      manifest: {
        format: 'dice',
        counts: {
          images: 3,
          annotations: 3,
          by_kind: { bbox: 3 },
          by_state: { confirmed: 3 },
          by_class: [
            { class_id: car, name: 'car', annotations: 2 },
            { class_id: bus, name: 'bus', annotations: 1 },
          ],
        },
      },
    });
    const { by_split } = version.manifest!.counts;
    expect((by_split.train ?? 0) + (by_split.val ?? 0)).toBe(3);
    const bytes = await download(version);
    expect([sha256(bytes), bytes.length]).toEqual([version.sha256, version.size_bytes]);
    const chunks = () => Readable.from([bytes]);
    const files = [{ path: 'dice.json', size: bytes.length, chunks }];
    expect(await checkDice(files)).toEqual([]);
    const records = [];
    for await (const batch of readDice(files).records) records.push(...[batch].flat());
    expect(records.filter(({ kind }) => kind === 'annotation')).toHaveLength(3);

    // The shares are the project's from now on, and a version with drafts holds four.
    expect((await api.as(admin).get(`${versionsUrl()}/check`)).body.shares).toEqual({ train: 1, val: 1, test: 0 });
    const second = await published({ include_drafts: true });
    expect(second).toMatchObject({ number: 2, is_latest: true, manifest: { counts: { annotations: 4 } } });
    expect(await get(version.id)).toMatchObject({ number: 1, is_latest: false, sha256: version.sha256 });
    const list = await api.as(viewer).get(versionsUrl()).query({ limit: 1 });
    expect(list.body.items.map(({ id }: Version) => id)).toEqual([second.id]);
    const rest = await api.as(viewer).get(versionsUrl()).query({ cursor: list.body.next_cursor });
    expect(rest.body.items.map(({ id }: Version) => id)).toEqual([version.id]);
  });

  test('is refused with all problems, and by role', async () => {
    const nothing = await publish();
    expect([nothing.status, nothing.body.error.code]).toEqual([422, 'validation_failed']);
    expect(nothing.body.error.details.problems).toEqual([
      { code: 'nothing_to_publish', severity: 'error', count: 3 },
      { code: 'images_unfinished', severity: 'warning', count: 3 },
    ]);
    expect((await publish({}, mina)).status).toBe(403);
    expect((await publish({}, api.stranger)).status).toBe(404);
    for (const body of [{ note: 5 }, { shares: { train: -1, val: 0, test: 0 } }, { number: 7 }])
      expect((await publish(body)).status).toBe(422);
    expect((await api.as(viewer).get(versionsUrl())).body.items).toEqual([]);
  });

  test('happens once at a time, however many ask', async () => {
    await work();
    const answers = await Promise.all(Array.from({ length: 8 }, () => publish()));
    const statuses = answers.map(({ status }) => status).sort();
    // Whoever came after a version was finished may have made the next one: numbers tell them apart, none is missing.
    const numbers = answers.flatMap(({ status, body }) => (status === 202 ? [body.number as number] : [])).sort();
    expect(statuses.every((status) => status === 202 || status === 422)).toBe(true);
    expect(numbers).toEqual(numbers.map((_, n) => n + 1));
    expect(numbers.length).toBeGreaterThan(0);
  });

  test('goes on after a worker that died, and ends the upload it began', async () => {
    await work();
    const { id, sha256: expected } = await published();
    const { annotations } = api.storage;
    const begun = await annotations.multipart(`${project_id}/exports/v1-${id}/dice_v1.json`, { content_type: 'application/json' }); // prettier-ignore
    await begun.putPart(1, Buffer.from('half of it'));
    await api.db.sql.run(REOPEN, [id]);
    expect(await api.db.versions.uploading(id, begun.upload_id)).toBe(true);
    const job = new VersionJob(api.db, annotations, api.app.get(ProjectEvents), () => undefined);
    await job.run({ version_id: id }, { signal: new AbortController().signal, attempt: 2 });
    expect(await get(id)).toMatchObject({ status: 'published', sha256: expected });
    await expect(begun.putPart(2, Buffer.from('the rest'))).rejects.toThrow(UploadNotFound);
    expect(await api.db.versions.uploading(id, 'too late')).toBe(false);
  });

  test('stopped at twenty random points leaves no half version, and the same bytes in the end', async () => {
    await work();
    images.push(...(await newImages(60)));
    for (const image_id of images.slice(3)) {
      await operate(image_id, [box(5), box(6, bus), box(7)]);
      await confirm(image_id);
    }
    const version = await published();
    const expected = version.sha256;
    // What was frozen does not change with the work that goes on.
    const [first] = await live(images[0]!);
    await operate(images[0]!, [{ op: 'delete', annotation_id: first!.id, version: first!.version }, box(70)]);
    const job = new VersionJob(api.db, api.storage.annotations, api.app.get(ProjectEvents), () => undefined);
    const size = await api.db.versions.size(version.id);
    for (let round = 0; round < 20; round += 1) {
      await api.db.sql.run(REOPEN, [version.id]);
      await api.storage.annotations.delete(`${project_id}/exports/v1-${version.id}/dice_v1.json`);
      const death = new AbortController();
      const readFrom = api.db.versions;
      let rows = 0;
      const stopAt = Math.floor(Math.random() * (size.images + size.annotations));
      const dying = Object.create(api.db, {
        versions: {
          value: Object.create(readFrom, {
            annotations: {
              value: async function* (id: number) {
                for await (const batch of readFrom.annotations(id)) {
                  rows += batch.length;
                  if (rows >= stopAt) death.abort(new Error('killed'));
                  yield batch;
                }
              },
            },
          }),
        },
      }) as typeof api.db;
      const dyingJob = new VersionJob(dying, api.storage.annotations, api.app.get(ProjectEvents), () => undefined);
      const run = dyingJob.run({ version_id: version.id }, { signal: death.signal, attempt: 1 });
      const died = await run.then(() => false, () => true); // prettier-ignore
      const now = await get(version.id);
      if (died) expect([now.status, now.download_url]).toEqual(['building', null]);
      else expect(now.sha256).toBe(expected);
      await job.run({ version_id: version.id }, { signal: new AbortController().signal, attempt: 2 });
      expect(await get(version.id)).toMatchObject({ status: 'published', sha256: expected });
    }
    expect(sha256(await download(await get(version.id)))).toBe(expected);
  });
});

test('a deleted version is gone, and its number is not given again', async () => {
  await work();
  const version = await published();
  const url = `/api/v1/versions/${version.id}`;
  expect((await api.as(mina).delete(url)).status).toBe(403);
  expect((await api.as(admin).delete(url)).status).toBe(204);
  expect((await api.as(admin).delete(url)).status).toBe(422);
  expect((await fetch(version.download_url ?? '')).status).toBe(404);
  expect(await get(version.id)).toMatchObject({ status: 'deleted', download_url: null, sha256: version.sha256 });
  expect((await api.as(admin).get(`${url}/diff/working`)).status).toBe(422);
  expect(await published()).toMatchObject({ number: 2 });
});

describe('a difference', () => {
  const diff = async (a: number, b: number | 'working', rest = '') =>
    (await api.as(viewer).get(`/api/v1/versions/${a}/diff/${b}${rest}`)).body;

  test('between two versions or with the working copy is counted per class and kind, and shown per image', async () => {
    const [one, two, three] = await work();
    const first = await published();
    const current = new Map((await Promise.all(images.map(live))).flat().map((one) => [one.id, one]));
    const now = ({ id }: Annotation) => ({ annotation_id: id, version: current.get(id)!.version });
    await operate(images[0]!, [
      { op: 'update', ...now(one!), geometry: { type: 'bbox', bbox: [9, 9, 9, 9] }, attributes: { far: true } },
      { op: 'update', ...now(two!), class_id: car },
    ]);
    await operate(images[1]!, [{ op: 'delete', ...now(three!) }, box(30, bus)]);
    for (const image_id of images) await confirm(image_id);
    const expected = {
      images: 3,
      // The third image's draft was confirmed and so came in.
      total: { added: 2, removed: 1, changed: 2, geometry: 1, class: 1, attributes: 1 },
    };
    expect(await diff(first.id, 'working')).toMatchObject(expected);
    const second = await published();
    const summary = await diff(first.id, second.id);
    expect(summary).toMatchObject(expected);
    expect(summary.by_class).toEqual([
      {
        class_id: car,
        annotation_type: 'bbox',
        added: 1,
        removed: 1,
        changed: 2,
        geometry: 1,
        class: 1,
        attributes: 1,
      },
      {
        class_id: bus,
        annotation_type: 'bbox',
        added: 1,
        removed: 0,
        changed: 0,
        geometry: 0,
        class: 0,
        attributes: 0,
      },
    ]);
    expect((await diff(second.id, first.id)).total).toMatchObject({ added: 1, removed: 2, changed: 2 });
    expect((await diff(second.id, 'working')).total).toMatchObject({ added: 0, removed: 0, changed: 0 });

    const page = await diff(first.id, second.id, '/images?limit=2');
    const rest = await diff(first.id, second.id, `/images?limit=2&cursor=${page.next_cursor}`);
    expect([...page.items, ...rest.items].map(({ image_id }) => image_id)).toEqual(images);
    const image: ImageDiff = await diff(first.id, second.id, `/images/${images[1]}`);
    expect(image.image?.id).toBe(images[1]);
    expect(image.items.map(({ before, after }) => [before?.id ?? null, after?.class_id ?? null])).toEqual([
      [three!.id, null],
      [null, bus],
    ]);
  });

  test('with a version of another project, or one that is not there, is refused', async () => {
    await work();
    const version = await published();
    expect((await api.as(viewer).get(`/api/v1/versions/${version.id}/diff/999999`)).status).toBe(404);
    expect((await api.as(viewer).get(`/api/v1/versions/${version.id}/diff/nothing`)).status).toBe(422);
    expect((await api.as(api.stranger).get(`/api/v1/versions/${version.id}/diff/working`)).status).toBe(404);
  });
});

test('a version comes back as drafts, with a preview, and that can be undone', async () => {
  const [one, , three] = await work();
  const version = await published({ include_drafts: true });
  const before = (await Promise.all(images.map(live))).flat();
  const [now] = (await live(images[0]!)).filter(({ id }) => id === one!.id);
  await operate(images[0]!, [{ op: 'update', annotation_id: now!.id, version: now!.version, class_id: bus }, box(50)]);
  const [last] = await live(images[1]!);
  await operate(images[1]!, [{ op: 'delete', annotation_id: last!.id, version: last!.version }]);
  const url = `/api/v1/versions/${version.id}`;
  const preview = await api.as(admin).get(`${url}/restore-preview`);
  const counts = Object.fromEntries(
    (preview.body.counts as { kind: string; count: number }[]).map(({ kind, count }) => [kind, count]),
  );
  expect(counts).toEqual({ create: 1, update: 1, delete: 1 });
  expect((await api.as(mina).post(`${url}/restore`)).status).toBe(403);
  const completed = ({ body }: { body: Restore }) =>
    eventually(
      async () => (await api.as(admin).get(`/api/v1/restores/${body.id}`)).body as Restore,
      ({ status }) => status === 'completed',
    );
  const damaged = (await Promise.all(images.map(live))).flat();
  const begun = await api.as(admin).post(`${url}/restore`);
  expect(begun.status).toBe(202);
  const done = await completed(begun);
  expect(done).toMatchObject({ counts: { create: 1, update: 1, delete: 1 }, undo: { kind: 'person' } });
  const content = ({ id, geometry, class_id, attributes }: Annotation) => ({ id, geometry, class_id, attributes });
  const after = (await Promise.all(images.map(live))).flat();
  expect(after.map(content)).toEqual(before.map(content));
  expect(after.find(({ id }) => id === three!.id)?.state).toBe('draft');

  const { kind: _, ...selection } = done.undo as Extract<Restore['undo'], { kind: 'person' }>;
  const undone = await completed(await api.as(admin).post(`/api/v1/projects/${project_id}/restores`).send(selection));
  // By which the browser knows what was taken back.
  expect(undone.selection).toEqual(done.undo);
  expect((await Promise.all(images.map(live))).flat().map(content)).toEqual(damaged.map(content));
});

test('the Platform reads versions with a service token of the scope, and nothing else', async () => {
  await work();
  const version = await published();
  const token = async (scopes: string[]) =>
    (
      await api
        .as(api.owner)
        .post(`/api/v1/projects/${project_id}/service-tokens`)
        .send({ name: 'Platform', scopes, expires_in_days: 1 })
    ).body.secret as string;
  const as = (secret: string) => api.as({ id: '', email: '', token: secret });
  const platform = as(await token(['versions:read']));
  const list = await platform.get(versionsUrl());
  expect(list.body.items).toMatchObject([{ id: version.id, is_latest: true, manifest: { format: 'dice' } }]);
  const one = await platform.get(`/api/v1/versions/${version.id}`);
  expect(sha256(await download(one.body as Version))).toBe(version.sha256);
  expect((await platform.post(versionsUrl()).send({})).status).toBe(403);
  expect((await platform.delete(`/api/v1/versions/${version.id}`)).status).toBe(403);
  const blind = as(await token(['images:read']));
  expect((await blind.get(versionsUrl())).status).toBe(403);
});
