import { createTestApp, type TestApp } from './app.factory.js';
import { cocoOf, ImportHands } from './import-desk.js';
import { jpeg } from './picture-factory.js';

const SIZES = { 'a.jpg': [100, 80], 'b.jpg': [100, 80] } as const;
const FIRST = cocoOf(SIZES, [
  ['a.jpg', 'car', 1, 2, 30, 40],
  ['a.jpg', 'dog', 5, 5, 10, 10],
  ['b.jpg', 'car', 0, 0, 60, 60],
]);
const SECOND = cocoOf(SIZES, [
  ['a.jpg', 'car', 50, 50, 10, 10],
  ['b.jpg', 'dog', 3, 3, 20, 20],
]);
const THIRD = cocoOf(SIZES, [['a.jpg', 'dog', 7, 7, 7, 7]]);

let api: TestApp;
let hands: ImportHands;
let picture: Buffer;

beforeAll(async () => {
  api = await createTestApp();
  picture = await jpeg(100, 80);
});
afterAll(() => api?.close());
beforeEach(async () => {
  hands = new ImportHands(api, await api.newDataset({ name: crypto.randomUUID() }));
});

const withPictures = async (text: string) =>
  hands.apply(
    await hands.zip([
      { path: 'instances.json', bytes: text },
      { path: 'a.jpg', bytes: picture },
      { path: 'b.jpg', bytes: Buffer.concat([picture, Buffer.from('b')]) },
    ]),
  );
const replacing = async (text: string) =>
  hands.apply(await hands.upload([{ path: 'instances.json', bytes: text }]), { existing: 'replace' });
const preview = async (import_id: number) =>
  (await api.as(api.owner).get(`/api/v1/imports/${import_id}/undo`)).body as Record<string, number>;
const left = async () => ({
  boxes: (await hands.annotations()).map(({ geometry }) => (geometry as { bbox: number[] }).bbox),
  images: (await hands.images()).map(({ path }) => path),
  classes: (await hands.classes()).map(({ name }) => name),
});
const ids = async () => (await hands.annotations()).map(({ id }) => Number(id));
const NOTHING = { boxes: [], images: [], classes: [] };

test('what a later import replaced and gave back is as its own import made it', async () => {
  const first = await withPictures(FIRST);
  const second = await replacing(SECOND);
  expect(second.result?.replaced).toBe(3);
  expect((await hands.undo(second.id)).result?.undo).toMatchObject({ restored: 3 });
  expect(await preview(first.id)).toMatchObject({ unchanged: 3, changed: 0, gone: 0, images: 2, classes: 2 });
  expect((await api.as(api.owner).get(`/api/v1/imports/${first.id}/changed`)).body.items).toEqual([]);
  expect((await hands.undo(first.id)).result?.undo).toMatchObject({ unchanged: 3, changed: 0, images: 2, classes: 2 });
  expect(await left()).toEqual(NOTHING);
});

test('it stays so through several replacements, each taken back', async () => {
  const first = await withPictures(FIRST);
  for (const text of [SECOND, FIRST]) await hands.undo((await replacing(text)).id);
  expect(await preview(first.id)).toMatchObject({ unchanged: 3, changed: 0 });
  await hands.undo(first.id);
  expect(await left()).toEqual(NOTHING);
});

describe('what a person changed stays', () => {
  test('before it was replaced', async () => {
    const first = await withPictures(FIRST);
    const [id] = await ids();
    const url = `/api/v1/annotations/${id}`;
    await api.as(api.owner).put(url).send({ version: 1, geometry: { type: 'bbox', bbox: [2, 2, 5, 5] } }); // prettier-ignore
    await hands.undo((await replacing(SECOND)).id);
    expect(await preview(first.id)).toMatchObject({ unchanged: 2, changed: 1, images: 1, images_kept: 1 });
    await hands.undo(first.id);
    expect(await left()).toEqual({ boxes: [[2, 2, 5, 5]], images: ['a.jpg'], classes: ['car'] });
  });

  test('after it had come back', async () => {
    const first = await withPictures(FIRST);
    await hands.undo((await replacing(SECOND)).id);
    const [id] = await ids();
    const url = `/api/v1/annotations/${id}`;
    await api.as(api.owner).put(url).send({ version: 3, geometry: { type: 'bbox', bbox: [2, 2, 5, 5] } }); // prettier-ignore
    expect(await preview(first.id)).toMatchObject({ unchanged: 2, changed: 1 });
    const { items } = (await api.as(api.owner).get(`/api/v1/imports/${first.id}/changed`)).body;
    expect(items).toMatchObject([{ annotation_id: id, version: 4 }]);
    await hands.undo(first.id, { remove_changed: true });
    expect(await left()).toEqual(NOTHING);
  });

  test('when the import that made it is taken back before the one that replaced it', async () => {
    const first = await withPictures(FIRST);
    const [id] = await ids();
    const url = `/api/v1/annotations/${id}`;
    await api.as(api.owner).put(url).send({ version: 1, geometry: { type: 'bbox', bbox: [2, 2, 5, 5] } }); // prettier-ignore
    const second = await replacing(SECOND);
    await hands.undo(first.id);
    await hands.undo(second.id);
    expect(await left()).toEqual({ boxes: [[2, 2, 5, 5]], images: ['a.jpg'], classes: ['car'] });
  });
});

test('taken back in the order they were made, imports leave nothing either', async () => {
  const first = await withPictures(FIRST);
  const second = await replacing(SECOND);
  expect(await preview(first.id)).toMatchObject({ unchanged: 0, gone: 3, images_kept: 2, classes_kept: 2 });
  await hands.undo(first.id);
  expect((await left()).boxes).toEqual([
    [50, 50, 10, 10],
    [3, 3, 20, 20],
  ]);
  expect(await preview(second.id)).toMatchObject({ unchanged: 2, restored: 0, images: 2, classes: 2 });
  await hands.undo(second.id);
  expect(await left()).toEqual(NOTHING);
});

test.each([
  ['first', 'second', 'third'],
  ['first', 'third', 'second'],
  ['second', 'first', 'third'],
  ['second', 'third', 'first'],
  ['third', 'first', 'second'],
] as const)('labels from before come back, in the order %s, %s, %s', async (...order) => {
  await hands.withImages(['a.jpg', 100, 80], ['b.jpg', 100, 80]);
  const project = `/api/v1/projects/${hands.dataset.project_id}`;
  const car = await api.as(api.owner).post(`${project}/classes`).send({ name: 'car', task_type: 'detection' });
  const [image] = await hands.images();
  const drawn = await api
    .as(api.owner)
    .post('/api/v1/annotations')
    .send({
      project_id: hands.dataset.project_id,
      image_id: image?.id,
      task_type: 'detection',
      class_id: car.body.id,
      geometry: { type: 'bbox', bbox: [9, 9, 9, 9] },
    });
  expect(drawn.status).toBe(201);
  const made = { first: await replacing(FIRST), second: await replacing(SECOND), third: await replacing(THIRD) };
  for (const name of order) {
    const { restored } = await preview(made[name].id);
    expect((await hands.undo(made[name].id)).result?.undo).toMatchObject({ restored });
  }
  expect(await left()).toEqual({ boxes: [[9, 9, 9, 9]], images: ['a.jpg', 'b.jpg'], classes: ['car'] });
});

test('who brings a replaced label back and deletes it again finds one history of it', async () => {
  const first = await withPictures(FIRST);
  const [id] = await ids();
  const second = await replacing(SECOND);
  const url = `/api/v1/annotations/${id}`;
  expect((await api.as(api.owner).post(`${url}/restore`).send({ version: 1 })).status).toBe(200);
  expect((await api.as(api.owner).delete(url).query({ version: 3 })).status).toBe(204);
  await hands.undo(second.id);
  const { items } = (await api.as(api.owner).get(`/api/v1/annotations/${id}/history`)).body;
  const versions = (items as { version: number }[]).map(({ version }) => version);
  expect(new Set(versions).size).toBe(versions.length);
  expect(await preview(first.id)).toMatchObject({ unchanged: 2, changed: 1 });
  await hands.undo(first.id, { remove_changed: true });
  expect(await left()).toEqual(NOTHING);
});
