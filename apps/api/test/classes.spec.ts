import { CLASS_COLORS } from '@labelyard/domain';
import { createTestApp, type TestApp } from './app.factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

interface Answer {
  status: number;
  body: { id: number; error?: { code: string; details?: unknown }; items?: { name: string; position: number }[] };
}

/** A fresh project and short ways to its classes. */
async function project(task_types = ['detection', 'segmentation', 'keypoint']) {
  const { id: dataset_id, project_id } = await api.newDataset({ task_types });
  const path = `/api/v1/projects/${project_id}/classes`;
  const owner = api.as(api.owner);
  return {
    dataset_id,
    project_id,
    add: (name: string, values: object = {}): Promise<Answer> =>
      Promise.resolve(owner.post(path).send({ task_type: 'detection', name, ...values })),
    list: async (task_type = 'detection') =>
      (await owner.get(path).query({ task_type })).body.items as Record<string, unknown>[],
    change: (id: number, patch: object): Promise<Answer> => Promise.resolve(owner.patch(`${path}/${id}`).send(patch)),
    remove: (id: number): Promise<Answer> => Promise.resolve(owner.delete(`${path}/${id}`)),
    reorder: (class_ids: unknown[], task_type = 'detection'): Promise<Answer> =>
      Promise.resolve(owner.post(`${path}/reorder`).send({ task_type, class_ids })),
  };
}

test('a class gets the next place and colour of its task type', async () => {
  const { add, list, project_id } = await project();
  const first = await add('  Traffic   light ');
  expect(first.status).toBe(201);
  expect(first.body).toEqual({
    id: expect.any(Number),
    project_id,
    task_type: 'detection',
    name: 'Traffic light',
    color: CLASS_COLORS[0],
    position: 0,
    attributes: {},
    keypoints: [],
    skeleton: [],
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  await add('자동차', { color: '#ABCDEF' });
  await add('road', { task_type: 'segmentation' });
  expect((await list()).map(({ name, position, color }) => [name, position, color])).toEqual([
    ['Traffic light', 0, CLASS_COLORS[0]],
    ['자동차', 1, '#abcdef'],
  ]);
  expect((await list('segmentation')).map(({ name, position }) => [name, position])).toEqual([['road', 0]]);
});

test.each([['Car'], ['CAR'], [' car '], ['c\u0061r']])('"%s" is there already', async (name) => {
  const { add } = await project();
  await add('car');
  const again = await add(name);
  expect({ status: again.status, code: again.body.error?.code }).toEqual({ status: 409, code: 'duplicate' });
});

test('names are the same in both unicode forms, and different in different task types', async () => {
  const { add } = await project();
  await add('Fußgänger');
  expect((await add('Fußga\u0308nger')).body.error?.code).toBe('duplicate');
  expect((await add('Fußgänger', { task_type: 'segmentation' })).status).toBe(201);
});

test('twenty people adding one class get one, and twenty classes get twenty places', async () => {
  const { add, list } = await project();
  const same = await Promise.all(Array.from({ length: 20 }, () => add('car')));
  expect(same.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  await Promise.all(Array.from({ length: 20 }, (_, n) => add(`class ${n}`)));
  expect((await list()).map(({ position }) => position)).toEqual(Array.from({ length: 21 }, (_, n) => n));
});

test.each([
  ['no name', { name: '' }, 'name'],
  ['blanks', { name: ' \t ' }, 'name'],
  ['a colour in words', { name: 'a', color: 'red' }, 'color'],
  ['a task type the project is not for', { name: 'a', task_type: 'captioning' }, 'task_type'],
  ['keypoints in a box', { name: 'a', keypoints: ['nose'] }, 'keypoints'],
  ['a keypoint twice', { name: 'a', task_type: 'keypoint', keypoints: ['nose', 'nose'] }, 'keypoints'],
  [
    'a bone to nowhere',
    { name: 'a', task_type: 'keypoint', keypoints: ['nose', 'ear'], skeleton: [[0, 2]] },
    'skeleton.0',
  ],
  [
    'a bone to itself',
    {
      name: 'a',
      task_type: 'keypoint',
      keypoints: ['nose', 'ear'],
      skeleton: [
        [0, 1],
        [1, 1],
      ],
    },
    'skeleton.1',
  ],
])('%s is refused', async (_name, values, path) => {
  const { add } = await project();
  const answer = await add('', values);
  expect(answer.status).toBe(422);
  expect(answer.body.error?.details).toEqual([expect.objectContaining({ path })]);
});

test('a skeleton that no longer fits its keypoints is refused and nothing changes', async () => {
  const { add, change, list } = await project();
  const pose = { task_type: 'keypoint', keypoints: ['nose', 'left', 'right'], skeleton: [[0, 2]] };
  const { id } = (await add('pose', pose)).body;
  expect((await change(id, { keypoints: ['nose'], name: 'renamed' })).status).toBe(422);
  expect(await list('keypoint')).toEqual([expect.objectContaining({ name: 'pose', keypoints: pose.keypoints })]);
  expect((await change(id, { keypoints: ['nose'], skeleton: [] })).status).toBe(200);
});

test('a class can be renamed, also to its own name in capitals, but not to another’s', async () => {
  const { add, change } = await project();
  const { id } = (await add('car')).body;
  await add('bus');
  expect((await change(id, { name: 'CAR' })).body).toMatchObject({ name: 'CAR' });
  expect((await change(id, { name: 'Bus' })).body.error?.code).toBe('duplicate');
  expect((await change(id, { task_type: 'segmentation' })).status).toBe(422);
  expect((await change(id, {})).body).toMatchObject({ name: 'CAR' });
});

test('a class that labels something cannot be deleted, and one that does not leaves no gap', async () => {
  const { add, remove, list, dataset_id, project_id } = await project();
  const used = (await add('used')).body.id;
  const unused = (await add('unused')).body.id;
  await add('last');
  const [image] = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', [
    { path: 'a.png', content_type: 'image/png', width: 50, height: 50, size_bytes: 1, sha256: 'a'.repeat(64) },
  ]);
  await api
    .as(api.owner)
    .post('/api/v1/annotations')
    .send({
      project_id,
      image_id: image?.image.id,
      task_type: 'detection',
      class_id: used,
      geometry: { type: 'bbox', bbox: [1, 1, 5, 5] },
    })
    .expect(201);
  const refused = await remove(used);
  expect({ status: refused.status, code: refused.body.error?.code, details: refused.body.error?.details }).toEqual({
    status: 409,
    code: 'in_use',
    details: expect.objectContaining({ annotations: 1 }),
  });
  expect((await remove(unused)).status).toBe(204);
  expect((await remove(unused)).status).toBe(404);
  expect((await list()).map(({ name, position }) => [name, position])).toEqual([
    ['used', 0],
    ['last', 1],
  ]);
});

test('the order is set whole or not at all', async () => {
  const { add, reorder, list } = await project();
  const ids: number[] = [];
  for (const name of ['a', 'b', 'c']) ids.push((await add(name)).body.id);
  const other = (await add('x', { task_type: 'segmentation' })).body.id;
  const [a, b, c] = ids;
  expect((await reorder([c, a, b])).body.items?.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  for (const wrong of [[a, b], [a, b, c, c], [a, b, other], [a, b, c, 999_999], [], [a, b, 'c']])
    expect((await reorder(wrong)).status).toBe(422);
  expect((await list()).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
});

test('a class of another project is not there, even for its owner', async () => {
  const [mine, other] = [await project(), await project()];
  const { id } = (await other.add('theirs')).body;
  for (const answer of [await mine.change(id, { name: 'mine' }), await mine.remove(id)])
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 404, code: 'not_found' });
});
