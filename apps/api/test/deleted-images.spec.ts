import { createHash, randomUUID } from 'node:crypto';
import type { DeletedImage, ExportJob, ImageDeletion, ImageRestoration, ProjectImage, Version } from '@labelyard/contract'; // prettier-ignore
import { imageKey, keptPictureKey, ObjectNotFound, thumbnailKey } from '@labelyard/storage';
import type { TestApp, TestPerson } from './app.factory.js';
import { describeEachStorage } from './each-storage.js';
import { EventReader } from './event-reader.js';
import { cocoOf, ImportHands } from './import-desk.js';
import { insertImages } from './many-images.js';
import { jpeg } from './picture-factory.js';
import { storedKeys } from './stored-keys.js';
import { until } from './until.js';
import { unzipped } from './unzipped.js';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describeEachStorage('deleted images', (start) => {
  let api: TestApp;
  let dataset_id: number;
  let project_id: number;
  let class_id: number;
  beforeAll(async () => {
    api = await start();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ id: dataset_id, project_id } = await api.newDataset({ task_types: ['detection'] }));
    class_id = (await api.db.classes.create(project_id, { task_type: 'detection', name: 'car' })).id;
  });

  const of = (path: string) => `/api/v1/projects/${project_id}/${path}`;
  const get = async <T>(path: string, person: TestPerson = api.owner) => (await api.as(person).get(of(path)).expect(200)).body as T; // prettier-ignore
  const post = <T>(path: string, body: object, status = 200, person: TestPerson = api.owner) =>
    api
      .as(person)
      .post(of(path))
      .send(body)
      .then((answer) => {
        expect({ status: answer.status, text: answer.text }).toEqual({ status, text: expect.any(String) });
        return answer.body as T;
      });
  const remove = (image_ids: readonly number[], more: object = {}) => post<ImageDeletion>('images/delete', { image_ids, ...more }); // prettier-ignore
  const restore = (body: object) => post<ImageRestoration>('deleted-images/restore', body);
  const images = async () => (await get<{ items: ProjectImage[] }>('images')).items;
  const deleted = async () => (await get<{ items: DeletedImage[] }>('deleted-images')).items;
  const bytesOf = async (url: string) => {
    const answer = await fetch(url);
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null;
  };

  const keys = (folder: string) => storedKeys(api.storage.datasets, `${dataset_id}/${folder}`);

  async function upload(name: string, bytes: Buffer, on_duplicate = 'skip'): Promise<number> {
    const answer = await api
      .as(api.owner)
      .post(`/api/v1/datasets/${dataset_id}/images?on_duplicate=${on_duplicate}`)
      .attach('file', bytes, name);
    expect(answer.status).toBe(201);
    return answer.body.items[0].id as number;
  }
  const box = () => ({ op: 'create', op_id: randomUUID(), task_type: 'detection', class_id, geometry: { type: 'bbox', bbox: [1, 2, 3, 4] } }); // prettier-ignore
  const draw = (image_id: number) =>
    post<{ results: { annotation: { id: number; version: number } }[] }>(`images/${image_id}/operations`, {
      operations: [box()],
    });
  const annotations = (image_id: number) => get<{ items: object[] }>(`images/${image_id}/annotations`);
  const there = (key: string) => api.storage.datasets.head(key).then(() => true, (error: unknown) => { if (error instanceof ObjectNotFound) return false; throw error; }); // prettier-ignore

  test('go with their labels, and come back by one request as they were, their pictures too', async () => {
    const bytes = await jpeg();
    const image_id = await upload('한글.jpg', bytes);
    await draw(image_id);
    await post('comments', { image_id, body: 'here' }, 201);
    const [before] = await images();
    const labels = await annotations(image_id);

    const gone = await remove([image_id]);
    expect(gone).toMatchObject({ images: 1, annotations: 1, missing: 0, left: [], next_cursor: null });
    expect(await images()).toEqual([]);
    await api
      .as(api.owner)
      .get(of(`images/${image_id}`))
      .expect(404);
    const [bin] = await deleted();
    expect(bin).toMatchObject({
      ...{ image_id, path: '한글.jpg', annotation_count: 1, comment_count: 1, deletion_id: gone.deletion_id },
      user: { full_name: 'Olivia Owner' },
    });
    expect(Date.parse(bin?.expires_at ?? '') - Date.parse(bin?.deleted_at ?? '')).toBe(30 * 86_400_000);
    expect(await bytesOf(bin?.thumbnail_url ?? '')).not.toBeNull();
    expect(await get(`deleted-images/${image_id}`)).toEqual(bin);

    const back = await restore({ deletion_id: gone.deletion_id });
    expect(back).toEqual({ images: 1, annotations: 1, renamed: [], lost: [], more: false });
    const [after] = await images();
    expect(after).toEqual({ ...before, url: expect.any(String), thumbnail_url: expect.any(String) });
    expect(await bytesOf(after?.url ?? '')).toEqual(bytes);
    expect(await annotations(image_id)).toEqual(labels);
    expect(await deleted()).toEqual([]);

    const entries = await api.db.sql.rows(
      `select action, subject_id, details from audit_log where project_id = $1 and action in ('image.delete', 'image.restore') order by id`,
      [project_id],
    );
    const details = { count: 1, annotations: 1, path: '한글.jpg' };
    expect(entries).toEqual([
      { action: 'image.delete', subject_id: String(image_id), details },
      { action: 'image.restore', subject_id: String(image_id), details },
    ]);
    const feed = await get<{ items: { kind: string; action?: string }[] }>('history');
    expect(feed.items.flatMap(({ action }) => action ?? []).slice(0, 2)).toEqual(['image.restore', 'image.delete']);
    // What the deletion did to the labels is told once, by the image.
    expect(JSON.stringify(feed.items)).not.toContain('"counts":{"delete"');
  });

  test('a new picture of the same name takes nothing from the deleted one, nor from a version', async () => {
    const [first, second, third] = await Promise.all([jpeg(300, 200), jpeg(310, 200), jpeg(320, 200)]);
    const image_id = await upload('a.jpg', first);
    await draw(image_id);
    await post('versions', { include_drafts: true }, 202);
    const published = await until(
      async () => (await get<{ items: Version[] }>('versions')).items[0],
      (version) => version?.status === 'published',
    );
    await remove([image_id]);
    const second_id = await upload('a.jpg', second);
    expect((await deleted())[0]).toMatchObject({ image_id, thumbnail_url: null });
    // Deleted and followed by a third one, all of one name.
    await remove([second_id]);
    const third_id = await upload('a.jpg', third);
    const exported = await exportOf(published?.id ?? 0);
    expect(exported).toEqual([sha256(first)]);

    const back = await restore({ image_ids: [image_id, second_id] });
    expect(back.renamed).toEqual([
      { image_id, from: 'a.jpg', to: 'a (2).jpg' },
      { image_id: second_id, from: 'a.jpg', to: 'a (3).jpg' },
    ]);
    const found = new Map((await images()).map(({ id, url }) => [id, url]));
    expect(await bytesOf(found.get(image_id) ?? '')).toEqual(first);
    expect(await bytesOf(found.get(second_id) ?? '')).toEqual(second);
    expect(await bytesOf(found.get(third_id) ?? '')).toEqual(third);
    const made = await until(images, (all) => all.every(({ thumbnail_url }) => thumbnail_url !== null));
    expect(made).toHaveLength(3);
    // Called otherwise and overwritten by now, the version has what it had.
    await upload('a (2).jpg', await jpeg(300, 200).then((same) => Buffer.concat([same, Buffer.alloc(1)])), 'overwrite');
    expect(await exportOf(published?.id ?? 0)).toEqual([sha256(first)]);
    await purge();
    expect(await exportOf(published?.id ?? 0)).toEqual([sha256(first)]);
    expect(await there(keptPictureKey(dataset_id, second_id, sha256(second)))).toBe(false);
  });

  async function exportOf(version_id: number): Promise<string[]> {
    let job = (await api.as(api.owner).post('/api/v1/export').send({ project_id, version_id, format: 'yolo', include_images: true })).body as ExportJob; // prettier-ignore
    while (job.status === 'queued' || job.status === 'running') job = (await api.as(api.owner).get(`/api/v1/exports/${job.id}`)).body as ExportJob; // prettier-ignore
    expect(job).toMatchObject({ status: 'completed' });
    const files = unzipped((await bytesOf(job.download_url ?? '')) ?? Buffer.alloc(0));
    return [...files].flatMap(([name, content]) => (name.endsWith('.jpg') ? [sha256(content)] : []));
  }

  /** What the nightly job does. */
  async function purge(): Promise<void> {
    await api.db.sql.run(`select graphile_worker.add_job('images.purge', '{}', job_key := 'images.purge')`);
    const waiting = () => api.db.sql.rows(`select from graphile_worker.jobs where key = 'images.purge'`);
    expect(await until(waiting, (jobs) => jobs.length === 0)).toEqual([]);
  }

  test('after thirty days they are gone for good, except what a version has', async () => {
    const [held, free] = [
      await upload('held.jpg', await jpeg(200, 100)),
      await upload('free.jpg', await jpeg(210, 100)),
    ];
    await draw(held);
    await remove([free]);
    await post('versions', { include_drafts: true }, 202);
    const [version] = await until(
      async () => (await get<{ items: Version[] }>('versions')).items,
      ([one]) => one?.status === 'published',
    );
    await remove([held]);
    await purge();
    expect(await there(imageKey(dataset_id, 'free.jpg'))).toBe(true);
    await api.db.sql.run(`update deleted_images set expires_at = now() - interval '1 minute' where project_id = $1`, [
      project_id,
    ]);
    await purge();
    expect(await there(imageKey(dataset_id, 'free.jpg'))).toBe(false);
    expect(await there(thumbnailKey(dataset_id, 'free.jpg'))).toBe(false);
    expect(await there(imageKey(dataset_id, 'held.jpg'))).toBe(true);
    expect(await deleted()).toEqual([]);
    expect(await restore({ image_ids: [held, free] })).toMatchObject({ images: 0 });
    expect(await exportOf(version?.id ?? 0)).toHaveLength(1);
    await api.as(api.owner).delete(`/api/v1/versions/${version?.id}`).expect(204);
    await purge();
    expect(await there(imageKey(dataset_id, 'held.jpg'))).toBe(false);
  });

  test('an import that is taken back takes no picture from a version, nor from an image that came to the place since', async () => {
    const hands = new ImportHands(api, { id: dataset_id, project_id });
    const [held, free, later] = await Promise.all([jpeg(100, 80), jpeg(110, 80), jpeg(120, 80)]);
    const labels = cocoOf({ 'held.jpg': [100, 80], 'free.jpg': [110, 80] }, [['held.jpg', 'car', 1, 1, 5, 5]]);
    const files = [
      { path: 'instances.json', bytes: labels },
      { path: 'held.jpg', bytes: held },
      { path: 'free.jpg', bytes: free },
    ];
    const job = await hands.apply(await hands.zip(files));
    expect(job).toMatchObject({ status: 'completed', result: { images: 2 } });
    const [freed] = (await images()).filter(({ path }) => path === 'free.jpg');
    await remove([freed?.id ?? 0]);
    await post('versions', { include_drafts: true }, 202);
    const [version] = await until(
      async () => (await get<{ items: Version[] }>('versions')).items,
      ([one]) => one?.status === 'published',
    );
    await restore({ image_ids: [freed?.id] });
    expect(await hands.undo(job.id)).toMatchObject({ status: 'undone', result: { undo: { images: 2 } } });
    expect([await images(), await deleted()]).toEqual([[], []]);
    await purge();
    expect(await there(imageKey(dataset_id, 'free.jpg'))).toBe(false);
    expect(await exportOf(version?.id ?? 0)).toEqual([sha256(held)]);
    await upload('held.jpg', later);
    await purge();
    expect(await bytesOf((await images())[0]?.url ?? '')).toEqual(later);
    expect(await exportOf(version?.id ?? 0)).toEqual([sha256(held)]);
    await api.as(api.owner).delete(`/api/v1/versions/${version?.id}`).expect(204);
    await purge();
    expect(await keys('kept/')).toEqual([]);
    expect(await keys('images/')).toEqual([imageKey(dataset_id, 'held.jpg')]);
  });

  test('an expired place that a new image has taken is left to it', async () => {
    await remove([await upload('a.jpg', await jpeg(200, 100))]);
    const bytes = await jpeg(220, 100);
    await api.db.sql.run(`update deleted_images set expires_at = now() - interval '1 minute' where project_id = $1`, [
      project_id,
    ]);
    const [image] = [await upload('a.jpg', bytes)];
    await purge();
    const [now] = await images();
    expect(now?.id).toBe(image);
    expect(await bytesOf(now?.url ?? '')).toEqual(bytes);
  });

  test('whoever has the project open hears of it, and a request sent again does nothing twice', async () => {
    await insertImages(api, dataset_id, 3);
    const ids = (await images()).map(({ id }) => id);
    const viewer = await api.newMember(project_id, 'viewer');
    await using reader = await EventReader.open(api.url, viewer, project_id);
    const deletion_id = randomUUID();
    expect(await remove(ids, { deletion_id })).toMatchObject({ deletion_id, images: 3, missing: 0 });
    const told = { image_ids: ids, by: api.owner.id };
    expect(await reader.until('deletion')).toEqual({ type: 'deletion', ...told, restored: false });
    expect(await remove(ids, { deletion_id })).toMatchObject({ images: 3, annotations: 0, missing: 0 });
    expect(await remove(ids.slice(1))).toMatchObject({ images: 0, missing: 2 });
    expect(await restore({ image_ids: ids })).toMatchObject({ images: 3 });
    expect(await reader.until('deletion', ({ restored }) => restored)).toEqual({ type: 'deletion', ...told, restored: true }); // prettier-ignore
    expect(await restore({ image_ids: ids })).toMatchObject({ images: 0, more: false });
    // Who may read images may see what became of them, and no more.
    await post('images/delete', { image_ids: ids }, 403, viewer);
    await post('deleted-images/restore', { image_ids: ids }, 403, viewer);
    expect(await get('deleted-images', viewer)).toEqual({ items: [], next_cursor: null });
  });

  test('somebody at work on an image is asked for first; forced, their save says that the image is gone', async () => {
    const image_id = await upload('a.jpg', await jpeg());
    const other = await upload('b.jpg', await jpeg(100, 100));
    const kim = await api.newMember(project_id, 'annotator');
    await api.as(kim).post('/api/v1/image-locks/acquire').send({ project_id, image_id }).expect(200);
    const held = [{ image_id, path: 'a.jpg', user_id: kim.id, user_name: expect.any(String) }];
    expect(await post('images/delete/preview', { image_ids: [image_id, other] })).toMatchObject({ images: 2, held });
    const refused = await post<{ error: object }>('images/delete', { image_ids: [image_id, other] }, 423);
    expect(refused.error).toMatchObject({ code: 'locked', details: { count: 1, held } });
    expect(await images()).toHaveLength(2);
    expect(await remove([image_id, other], { held: 'leave' })).toMatchObject({ images: 1, left: held });
    expect(await remove([image_id], { held: 'delete' })).toMatchObject({ images: 1, left: [] });
    const operation = box();
    await post(`images/${image_id}/operations`, { operations: [operation] }, 404, kim);
    await restore({ image_ids: [image_id] });
    // Kept by the editor and sent again, the same edit is taken.
    const { results } = await post<{ results: object[] }>(`images/${image_id}/operations`, { operations: [operation] }, 200, kim); // prettier-ignore
    expect(results).toEqual([expect.objectContaining({ status: 'applied' })]);
  });

  test('refuses what makes no sense, and does nothing then', async () => {
    const image_id = await upload('a.jpg', await jpeg());
    const foreign = await api.newDataset({}, api.stranger);
    await insertImages(api, foreign.id, 1);
    const [theirs] = (await api.as(api.stranger).get(`/api/v1/projects/${foreign.project_id}/images`)).body.items as ProjectImage[]; // prettier-ignore
    for (const body of [
      {},
      { image_ids: [] },
      { image_ids: Array.from({ length: 501 }, (_, n) => n + 1) },
      { image_ids: [image_id], filter: {} },
      { filter: { sort: 'id' } },
      { image_ids: [image_id], held: 'maybe' },
      { filter: {}, cursor: 'x' },
    ])
      await post('images/delete', body, 422);
    for (const id of [theirs?.id ?? 0, 999_999_999]) {
      const { error } = await post<{ error: object }>('images/delete', { image_ids: [image_id, id] }, 404);
      expect(error).toMatchObject({ code: 'not_found', details: { image_ids: [id] } });
    }
    expect(await images()).toHaveLength(1);
    await post('deleted-images/restore', { image_ids: [image_id], deletion_id: randomUUID() }, 422);
  });
});
