import { randomUUID } from 'node:crypto';
import { describeEachStorage } from './each-storage.js';
import type { TestApp } from './app.factory.js';
import { cocoOf, ImportHands } from './import-desk.js';
import { jpeg } from './picture-factory.js';
import { storedKeys } from './stored-keys.js';
import { until } from './until.js';

const SIZES = { 'a.jpg': [100, 80], 'b/c.jpg': [60, 60] } as const;
const FILE = cocoOf(SIZES, [
  ['a.jpg', 'car', 1, 2, 30, 40],
  ['a.jpg', 'Dog', 5, 5, 10, 10],
  ['b/c.jpg', 'car', 0, 0, 60, 60],
]);

describeEachStorage('imports', (start) => {
  let api: TestApp;
  let hands: ImportHands;
  beforeAll(async () => {
    api = await start();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    hands = new ImportHands(api, await api.newDataset({ name: randomUUID() }));
  });
  const keysIn = (folder: string) => storedKeys(api.storage.datasets, `${hands.dataset.id}/${folder}`);
  const both = () => hands.withImages(['a.jpg', 100, 80], ['b/c.jpg', 60, 60]);
  const file = (text = FILE) => hands.upload([{ path: 'instances.json', bytes: text }]);
  const newClass = async (name: string, task_type = 'detection') =>
    (await api.as(api.owner).post(`/api/v1/projects/${hands.dataset.project_id}/classes`).send({ name, task_type }))
      .body.id as number;

  test('a dry run tells what would happen and changes nothing', async () => {
    await both();
    const dog = await newClass('dog');
    const job = await hands.check(await file());
    expect(job).toMatchObject({
      status: 'ready',
      recognised: 'coco',
      progress: 1,
      result: null,
      report: {
        format: 'coco',
        reason: '"instances.json" looks like COCO',
        recognised_by: { by: 'file', file: 'instances.json' },
        images: { matched_by_path: 2, new: 0, missing: 0, labeled: 2, labeled_before: 0 },
        annotations: 3,
        by_type: { bbox: 3 },
        classes: [
          { name: 'car', task_type: 'detection', annotations: 2, class_id: null },
          { name: 'Dog', task_type: 'detection', annotations: 1, class_id: dog },
        ],
        issue_counts: [],
      },
    });
    expect(await hands.annotations()).toEqual([]);
    expect((await hands.classes()).map(({ name }) => name)).toEqual(['dog']);
  });

  test('an import makes classes and annotations with history, and counts them on their images', async () => {
    await both();
    const checked = await hands.check(await file());
    await hands.start(checked.id, { state: 'confirmed' });
    const job = await hands.settled(checked);
    expect(job).toMatchObject({ status: 'completed', result: { annotations: 3, classes: 2, images: 0, replaced: 0, dropped: [] } }); // prettier-ignore
    const rows = await hands.annotations();
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      geometry: { type: 'bbox', bbox: [1, 2, 30, 40] },
      source: 'import',
      state: 'confirmed',
      version: 1,
      created_by: api.owner.id,
      confirmed_by: api.owner.id,
    });
    const history = await api.as(api.owner).get(`/api/v1/annotations/${Number(rows[0]?.['id'])}/history`);
    expect(history.body.items).toMatchObject([{ action: 'create', version: 1, changed_by: api.owner.id }]);
    expect((await hands.images()).map(({ annotation_count }) => annotation_count)).toEqual([2, 1]);
    const feed = await api
      .as(api.owner)
      .get(`/api/v1/projects/${hands.dataset.project_id}/history?action=administration`);
    expect(feed.body.items[0]).toMatchObject({ action: 'import.complete', details: { annotations: 3 } });
  });

  test('classes go where they are sent: to one that exists, to a new one, or nowhere', async () => {
    await both();
    const vehicle = await newClass('vehicle');
    const checked = await hands.check(await file());
    await hands.start(checked.id, {
      classes: [
        { task_type: 'detection', name: 'car', to: { class_id: vehicle } },
        { task_type: 'detection', name: 'dog', to: { skip: true } },
      ],
    });
    expect(await hands.settled(checked)).toMatchObject({
      status: 'completed',
      result: { annotations: 2, classes: 0, dropped: [{ code: 'class_left_out', count: 1 }] },
    });
    expect((await hands.annotations()).map(({ class_id }) => class_id)).toEqual([vehicle, vehicle]);
  });

  test('a mapping to a class of another project or task is refused', async () => {
    const other = await newClass('sky', 'segmentation');
    await both();
    const checked = await hands.check(await file());
    const answer = await api
      .as(api.owner)
      .post(`/api/v1/imports/${checked.id}/start`)
      .send({ classes: [{ task_type: 'detection', name: 'car', to: { class_id: other } }] });
    expect(answer.status).toBe(422);
    expect(answer.body.error.details[0].path).toBe('classes.0.to.class_id');
  });

  test('labels that are there stay beside the new ones, make room, or keep their images as they are', async () => {
    await both();
    await hands.apply(await file());
    const again = cocoOf(SIZES, [['a.jpg', 'car', 50, 50, 10, 10]]);
    expect(await hands.apply(await file(again), { existing: 'skip' })).toMatchObject({
      result: { annotations: 0, dropped: [{ code: 'image_has_labels', count: 1 }] },
    });
    expect(await hands.apply(await file(again), { existing: 'keep' })).toMatchObject({ result: { annotations: 1 } });
    expect(await hands.annotations()).toHaveLength(4);
    expect(await hands.apply(await file(again), { existing: 'replace' })).toMatchObject({
      result: { annotations: 1, replaced: 3 },
    });
    expect((await hands.images()).map(({ annotation_count }) => annotation_count)).toEqual([1, 1]);
  });

  test('pictures of an archive become images, are found by content, or are named when they cannot be read', async () => {
    const [known, fresh] = [await jpeg(60, 60), await jpeg(100, 80)];
    const upload = await api
      .as(api.owner)
      .post(`/api/v1/datasets/${hands.dataset.id}/images`)
      .attach('file', known, 'another name.jpg');
    expect(upload.status).toBe(201);
    const archive = await hands.zip([
      { path: 'annotations/instances.json', bytes: FILE },
      { path: 'images/a.jpg', bytes: fresh },
      { path: 'images/b/c.jpg', bytes: known },
      { path: 'images/broken.jpg', bytes: 'no picture' },
      { path: '__MACOSX/._a.jpg', bytes: 'x' },
    ]);
    const checked = await hands.check(archive);
    expect(checked.report?.images).toEqual({
      matched_by_path: 0,
      matched_by_name: 0,
      matched_by_hash: 1,
      new: 1,
      missing: 0,
      rejected: 1,
      labeled: 2,
      labeled_before: 0,
      by_split: {},
    });
    expect(await hands.issues(checked.id)).toMatchObject([{ code: 'bad_picture', file: 'images/broken.jpg' }]);
    const pictures = await api.as(api.owner).get(`/api/v1/imports/${checked.id}/pictures?fate=new`);
    expect(pictures.body.items).toMatchObject([{ file: 'images/a.jpg', path: 'a.jpg', width: 100, height: 80 }]);
    expect(await hands.images()).toHaveLength(1);

    await hands.start(checked.id);
    expect(await hands.settled(checked)).toMatchObject({ status: 'completed', result: { images: 1, annotations: 3 } });
    const images = await hands.images();
    expect(images.map(({ path, annotation_count }) => [path, annotation_count])).toEqual([
      ['a.jpg', 2],
      ['another name.jpg', 1],
    ]);
    const bytes = await fetch((images[0] as unknown as { url: string }).url);
    expect(Buffer.from(await bytes.arrayBuffer()).equals(fresh)).toBe(true);
    // Swept behind what is visible.
    const left = () => keysIn('uploads/import-');
    expect(await until(left, ({ length }) => length === 0)).toEqual([]);
  });

  test('a folder of files is read as it is', async () => {
    const copied: unknown[] = [];
    // Any of them may do the job.
    const restores = api.storages.map(({ datasets }) => {
      const { copy } = datasets;
      datasets.copy = (...args) => {
        copied.push(args[2]);
        return copy(...args);
      };
      return () => (datasets.copy = copy);
    });
    const upload = await hands.upload([
      { path: 'set/data.yaml', bytes: 'train: images/train\nval: images/val\nnames: [car, dog]\n' },
      { path: 'set/labels/train/a.txt', bytes: '1 0.5 0.5 0.2 0.2\n' },
      { path: 'set/images/train/a.jpg', bytes: await jpeg(100, 80) },
    ]);
    expect(await hands.apply(upload)).toMatchObject({
      status: 'completed',
      recognised: 'yolo',
      result: { annotations: 1, images: 1 },
    });
    for (const restore of restores) restore();
    const images = await hands.images();
    expect(images.map(({ path }) => path)).toEqual(['a.jpg']);
    // It was announced as bytes of any kind, and its URL takes others until it expires.
    const shown = await fetch(images[0]?.url ?? '');
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(shown.headers.get('cache-control')).toBe('private, max-age=900');
    expect(copied).toEqual([expect.objectContaining({ if_etag: expect.any(String) })]);
  });

  test('what an import made can be taken back, and what was changed since stays', async () => {
    await both();
    await newClass('dog');
    await hands.apply(await file(cocoOf(SIZES, [['a.jpg', 'dog', 3, 3, 9, 9]])));
    const before = await hands.annotations();
    const job = await hands.apply(await file(), { existing: 'replace' });
    const [changed] = await hands.annotations();
    await api
      .as(api.owner)
      .put(`/api/v1/annotations/${Number(changed?.['id'])}`)
      .send({ version: 1, geometry: { type: 'bbox', bbox: [2, 2, 5, 5] } });
    const preview = await api.as(api.owner).get(`/api/v1/imports/${job.id}/undo`);
    expect(preview.body).toEqual({ unchanged: 2, changed: 1, gone: 0, restored: 1, images: 0, images_kept: 0, splits: 0, classes: 0, classes_kept: 1 }); // prettier-ignore
    const list = await api.as(api.owner).get(`/api/v1/imports/${job.id}/changed`);
    expect(list.body.items).toMatchObject([{ annotation_id: changed?.['id'], path: 'a.jpg', version: 2 }]);
    const undone = await hands.undo(job.id);
    expect(undone).toMatchObject({ status: 'undone', undone_by: api.owner.id, result: { undo: { unchanged: 2, changed: 1, restored: 1 } } }); // prettier-ignore
    const after = await hands.annotations();
    expect(after).toHaveLength(2);
    const { version: _a, updated_at: _b, ...back } = after[0] as Record<string, unknown>;
    const { version: _c, updated_at: _d, ...was } = before[0] as Record<string, unknown>;
    expect(back).toEqual(was);
    expect((await api.as(api.owner).post(`/api/v1/imports/${job.id}/undo`).send({})).status).toBe(410);
  });

  test('taking back removes images, their bytes and classes that nothing else uses', async () => {
    const archive = await hands.zip([
      { path: 'instances.json', bytes: cocoOf({ 'n.jpg': [100, 80] }, [['n.jpg', 'car', 1, 1, 5, 5]]) },
      { path: 'n.jpg', bytes: await jpeg(100, 80) },
    ]);
    const job = await hands.apply(archive);
    expect(await hands.images()).toHaveLength(1);
    expect(await hands.undo(job.id, { remove_changed: true })).toMatchObject({
      result: { undo: { unchanged: 1, images: 1, classes: 1 } },
    });
    expect([await hands.images(), await hands.classes(), await hands.annotations()]).toEqual([[], [], []]);
    expect(
      await until(
        () => keysIn('images/'),
        ({ length }) => length === 0,
      ),
    ).toEqual([]);
  });

  test('an import that was cancelled leaves nothing and can be started again', async () => {
    await both();
    const checked = await hands.check(await file());
    expect((await api.as(api.owner).post(`/api/v1/imports/${checked.id}/cancel`)).body.status).toBe('cancelled');
    expect((await api.as(api.owner).post(`/api/v1/imports/${checked.id}/cancel`)).status).toBe(410);
    await hands.start(checked.id);
    expect(await hands.settled(checked)).toMatchObject({ status: 'completed', result: { annotations: 3 } });
  });

  test('what the project cannot hold is left out with the reason', async () => {
    await both();
    const text = JSON.parse(FILE) as { annotations: object[]; categories: object[] };
    text.categories.push({ id: 9, name: 'pose', keypoints: ['head'], skeleton: [] });
    text.annotations.push({ id: 9, image_id: 1, category_id: 9, keypoints: [3, 3, 2], num_keypoints: 1 });
    const job = await hands.check(await file(JSON.stringify(text)));
    expect(job.report?.annotations).toBe(3);
    expect(await hands.issues(job.id)).toMatchObject([
      { severity: 'error', code: 'task_not_in_project', file: 'instances.json', line: 1 },
    ]);
  });

  test('a class is assigned once, and "no object" does not stand beside objects', async () => {
    await both();
    const cat = await newClass('cat', 'classification');
    const [image] = await hands.images();
    await api
      .as(api.owner)
      .post('/api/v1/annotations')
      .send({ project_id: hands.dataset.project_id, image_id: image?.id, task_type: 'classification', class_id: cat, geometry: { type: 'classification' } }); // prettier-ignore
    await api
      .as(api.owner)
      .post('/api/v1/annotations')
      .send({ project_id: hands.dataset.project_id, image_id: image?.id, task_type: 'detection', geometry: { type: 'no_object' } }); // prettier-ignore
    const csv = `image,task_type,class,annotation_type,geometry\na.jpg,classification,cat,classification,"{""type"":""classification""}"\na.jpg,detection,car,bbox,"{""type"":""bbox"",""bbox"":[1,1,5,5]}"\n`; // prettier-ignore
    const job = await hands.apply(await hands.upload([{ path: 'labels.csv', bytes: csv }]));
    expect({ result: job.result, issues: job.report?.issue_counts, error: job.error }).toMatchObject({
      result: {
        annotations: 0,
        dropped: [
          { code: 'class_assigned_twice', count: 1 },
          { code: 'no_object_present', count: 1 },
        ],
      },
    });
  });

  test('an export is read again by its key', async () => {
    await both();
    await hands.apply(await file());
    const { project_id } = hands.dataset;
    const exported = await api.as(api.owner).post('/api/v1/export').send({ project_id, format: 'coco' });
    const answer = await api
      .as(api.owner)
      .post('/api/v1/imports')
      .send({ project_id, key: exported.body.key, dry_run: false, existing: 'replace' });
    expect(await hands.settled(answer.body)).toMatchObject({ status: 'completed', result: { annotations: 3, replaced: 3 } }); // prettier-ignore
    const foreign = await api.as(api.owner).post('/api/v1/imports').send({ project_id, key: '1/exports/x/y.json' });
    expect(foreign.status).toBe(422);
  });

  test.each([
    ['an upload for images', { purpose: 'images' }, 'was announced for images'],
    ['an upload that did not arrive', { purpose: 'import' }, 'is not complete'],
  ])('%s is refused', async (_name, values, message) => {
    const { id, project_id } = hands.dataset;
    const upload = await api
      .as(api.owner)
      .post(`/api/v1/datasets/${id}/uploads`)
      .send({ ...values, files: [{ path: 'a.json', size: 3 }] });
    const answer = await api.as(api.owner).post('/api/v1/imports').send({ project_id, upload_id: upload.body.id });
    expect([answer.status, answer.body.error.message]).toEqual([422, expect.stringContaining(message)]);
  });

  test('the upload of another dataset is refused like one that does not exist', async () => {
    const elsewhere = new ImportHands(api, await api.newDataset());
    const upload_id = await elsewhere.upload([{ path: 'a.json', bytes: FILE }]);
    const ask = (id: number) =>
      api.as(api.owner).post('/api/v1/imports').send({ project_id: hands.dataset.project_id, upload_id: id });
    const [foreign, missing] = [await ask(upload_id), await ask(999_999)];
    expect([foreign.status, foreign.body.error.details]).toEqual([missing.status, missing.body.error.details]);
  });

  test('an Idempotency-Key makes one import of two requests', async () => {
    await both();
    const upload_id = await file();
    const key = randomUUID();
    const { project_id } = hands.dataset;
    const ask = () =>
      api.as(api.owner).post('/api/v1/imports').set('idempotency-key', key).send({ project_id, upload_id });
    const [first, second] = [await ask(), await ask()];
    expect(second.body.id).toBe(first.body.id);
    await hands.settled(first.body);
  });
});
