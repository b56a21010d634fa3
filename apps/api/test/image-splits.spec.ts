import { randomUUID } from 'node:crypto';
import type { ExportJob, ExportPreview, Version } from '@labelyard/contract';
import type { Split } from '@labelyard/domain';
import { createTestApp, type TestApp } from './app.factory.js';
import { ImportHands } from './import-desk.js';
import { unzipped } from './unzipped.js';
import { until } from './until.js';

// By their paths all of these are for training; see split-rules.spec.ts for why that stays so.
const PATHS = ['street/img-0.jpg', 'street/img-2.jpg', 'street/img-3.jpg', 'street/img-4.jpg'] as const;
const LABEL = '0 0.5 0.5 0.2 0.2\n';

let api: TestApp;
let hands: ImportHands;
let ids: number[];
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  hands = new ImportHands(api, await api.newDataset({ name: randomUUID() }));
  await hands.withImages(...PATHS.map((path) => [path, 100, 80] as const));
  ids = (await hands.images()).map(({ id }) => id);
});

const url = (rest: string) => `/api/v1/projects/${hands.dataset.project_id}/${rest}`;
const put = (image_ids: readonly number[], split: Split | null) =>
  api.as(api.owner).put(url('images/split')).send({ image_ids, split });
const splits = async (query = '') =>
  ((await api.as(api.owner).get(url(`images?sort=path${query}`))).body.items as { path: string; split: Split | null }[])
    .map(({ split }) => split); // prettier-ignore
const ask = (path: string, body: object) =>
  api
    .as(api.owner)
    .post(`/api/v1/${path}`)
    .send({ project_id: hands.dataset.project_id, ...body });

/** Where an export of YOLO puts each label file. */
async function placed(body: object = {}): Promise<string[]> {
  const job = (await ask('export', { format: 'yolo', task_type: 'detection', images: 'annotated', ...body })).body as ExportJob; // prettier-ignore
  expect(job.status).toBe('completed');
  const files = unzipped(Buffer.from(await (await fetch(job.download_url ?? '')).arrayBuffer()));
  return [...files.keys()].filter((path) => path.startsWith('labels/') && path.endsWith('.txt')).sort();
}

/** A YOLO dataset that puts the images into these splits. */
const yolo = (placement: Readonly<Record<string, Split>>) =>
  hands.upload([
    { path: 'data.yaml', bytes: 'names: [car]\n' },
    ...Object.entries(placement).map(([path, split]) => ({ path: `labels/${split}/${path.replace('jpg', 'txt')}`, bytes: LABEL })), // prettier-ignore
  ]);

test('images are put into a split, found by it, and left to their paths again', async () => {
  expect((await put([ids[1]!, ids[2]!], 'test')).body).toEqual({ changed: 2, next_cursor: null });
  expect((await put([ids[2]!, ids[3]!], 'val')).body).toEqual({ changed: 2, next_cursor: null });
  expect(await splits()).toEqual([null, 'test', 'val', 'val']);
  expect(await splits('&split=val')).toEqual(['val', 'val']);
  expect((await put(ids, 'val')).body).toEqual({ changed: 2, next_cursor: null });
  expect((await put(ids, null)).body).toEqual({ changed: 4, next_cursor: null });
  expect(await splits('&split=val')).toEqual([]);
  const feed = await api.as(api.owner).get(url('history?action=administration'));
  expect(feed.body.items[0]).toMatchObject({ action: 'image.split', details: { count: 4, split: 'by_path' } });
});

test('all that a list shows are put into a split, in parts', async () => {
  const send = (body: object) => api.as(api.owner).put(url('images/split')).send(body);
  expect((await send({ filter: { q: 'img-' }, split: 'test' })).body).toEqual({ changed: 4, next_cursor: null });
  expect((await send({ filter: { split: 'test', q: 'img-3' }, split: 'val' })).body.changed).toBe(1);
  expect(await splits()).toEqual(['test', 'test', 'val', 'test']);
  const { project_id, id: dataset_id } = hands.dataset;
  const project = { project_id, dataset_id, task_types: ['detection'] as const };
  const walked = [];
  for (let cursor: string | null = null; ;) {
    const part = await api.db.images.next(project, { split: 'test' }, { limit: 2, cursor });
    walked.push(part.image_ids);
    if ((cursor = part.next_cursor) === null) break;
  }
  expect(walked).toEqual([[ids[0], ids[1]], [ids[3]]]);
  expect((await send({ filter: {}, image_ids: ids, split: 'val' })).status).toBe(422);
});

test('images of another project stay as they are; what is no split is refused', async () => {
  const other = new ImportHands(api, await api.newDataset({ name: randomUUID() }));
  await other.withImages(['x.jpg', 10, 10]);
  const [foreign] = await other.images();
  expect((await put([foreign!.id], 'test')).body).toEqual({ changed: 0, next_cursor: null });
  expect(await other.images()).toMatchObject([{ split: null }]);
  expect((await put(ids, 'holdout' as Split)).status).toBe(422);
});

test('an import keeps the splits of its files, exports follow them, and taking it back puts back what was', async () => {
  await put([ids[0]!], 'val');
  const upload = await yolo({ [PATHS[0]]: 'train', [PATHS[1]]: 'test', [PATHS[2]]: 'val', [PATHS[3]]: 'train' });
  const job = await hands.apply(upload);
  expect(job).toMatchObject({
    status: 'completed',
    result: { annotations: 4, splits: 3 },
    report: { images: { by_split: { train: 2, test: 1, val: 1 } } },
  });
  // What people chose stays, and is told.
  expect(await splits()).toEqual(['val', 'test', 'val', 'train']);
  expect(await hands.issues(job.id)).toMatchObject([{ code: 'split_not_kept', severity: 'warning', message: expect.stringContaining('stay there: 1') }]); // prettier-ignore
  expect(await placed()).toEqual([
    'labels/test/street/img-2.txt',
    'labels/train/street/img-4.txt',
    'labels/val/street/img-0.txt',
    'labels/val/street/img-3.txt',
  ]);
  // Shares are for images that nobody put anywhere.
  expect(await placed({ split: 'val', split_shares: { train: 1, val: 0, test: 0 } })).toEqual([
    'labels/val/street/img-0.txt',
    'labels/val/street/img-3.txt',
  ]);

  await put([ids[2]!], 'test');
  expect((await hands.undo(job.id)).result?.undo).toMatchObject({ splits: 2 });
  expect(await splits()).toEqual(['val', null, 'test', null]);
});

test('the files win, or say nothing, when that is asked for', async () => {
  await put([ids[0]!], 'val');
  const placement = { [PATHS[0]]: 'train', [PATHS[1]]: 'test' } as const;
  const ignored = await hands.apply(await yolo(placement), { splits: 'ignore' });
  expect(await splits()).toEqual(['val', null, null, null]);
  expect(await hands.issues(ignored.id)).toMatchObject([{ code: 'split_not_kept', message: expect.stringContaining('(1 in train, 1 in test)') }]); // prettier-ignore
  const replaced = await hands.apply(await yolo(placement), { splits: 'replace' });
  expect(replaced.result?.splits).toBe(2);
  expect(await hands.issues(replaced.id)).toEqual([]);
  expect(await splits()).toEqual(['train', 'test', null, null]);
  await hands.undo(replaced.id);
  expect(await splits()).toEqual(['val', null, null, null]);
});

test('a version keeps the splits of its moment, and the forecast counts what was chosen', async () => {
  await hands.apply(await yolo({ [PATHS[1]]: 'test', [PATHS[2]]: 'val' }), { state: 'confirmed' });
  const { id } = (await api.as(api.owner).post(url('versions')).send({})).body as Version;
  const version = await until(
    async () => (await api.as(api.owner).get(`/api/v1/versions/${id}`)).body as Version,
    ({ status }) => status === 'published',
  );
  await put(ids, null);
  expect(version.manifest?.counts.by_split).toEqual({ train: 2, test: 1, val: 1 });
  const preview = async (body: object) =>
    (await ask('exports/preview', { format: 'dice', split: 'test', split_shares: { train: 1, val: 1, test: 0 }, ...body })).body as ExportPreview; // prettier-ignore
  expect(await preview({ version_id: id })).toMatchObject({ split_share: 1 / 4, chosen_splits: { test: 1, val: 1 } });
  expect(await preview({})).toMatchObject({ split_share: 0, chosen_splits: {} });
});
