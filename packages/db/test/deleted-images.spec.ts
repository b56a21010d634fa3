import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import type { LabelerDb, ReturningPicture } from '../src/index.js';
import { create, deletion, DEADLOCKS, newImage, newWorld, OTHER, OWNER, type World } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(async () => {
  expect(await db.sql.one(DEADLOCKS)).toEqual({ deadlocks: 0 });
  await databases.close();
});

const nothingMoves = (pictures: readonly ReturningPicture[]) => {
  expect(pictures).toEqual([]);
  return Promise.resolve();
};
const restore = (world: World, image_ids: readonly number[], place: typeof nothingMoves = nothingMoves) =>
  db.deletedImages.restore({ ...world.head, wanted: { image_ids }, limit: 500 }, place);

/** All that the database has of images, in rows of every column. */
async function everything(image_ids: readonly number[]) {
  const of = (table: string, key: string, order: string) =>
    db.sql.rows(`select * from ${table} where ${key} = any ($1) order by ${order}`, [image_ids]);
  return {
    images: await of('image_metadata', 'id', 'id'),
    statuses: await of('image_statuses', 'image_id', 'image_id, task_type'),
    annotations: await of('annotations', 'image_id', 'id'),
    history: await of('annotation_history', 'image_id', 'id'),
    comments: await of('comments', 'image_id', 'id'),
  };
}

/** Two images with labels in every state, a talk, a task, and a verdict of a reviewer. */
async function labeled(): Promise<World> {
  const world = await newWorld(db, 3);
  const { project_id } = world.dataset;
  const [first, second] = world.images as [number, number];
  await db.annotations.applyOperations(world.scope(0), [
    create(world),
    create(world, { attributes: { a: 'ü' }, confidence: 0.1 + 0.2 }),
    create(world, { task_type: 'segmentation', class_id: world.classes.segmentation ?? null }),
  ]);
  await db.annotations.applyOperations(world.scope(1), [create(world)]);
  await db.annotations.confirmImage(world.scope(0), 'detection');
  await db.annotations.confirmImage(world.scope(1), 'detection');
  await db.review.images({ project_id, user_id: OTHER, decision: 'verify' }, [{ image_id: first, task_type: 'detection' }]); // prettier-ignore
  await db.review.images({ project_id, user_id: OTHER, decision: 'reject' }, [{ image_id: second, task_type: 'detection' }]); // prettier-ignore
  const said = { project_id, image_id: first, author_id: OTHER, mentions: [OWNER] };
  const thread = await db.comments.create({ ...said, mentions: [], body: '여기요' });
  await db.comments.create({ ...said, mentions: [], body: 'yes', parent_id: thread.id });
  await db.splits.make({ project_id, task_type: 'detection', description: '', due_at: null, created_by: OWNER }, [
    { name: 'x', assignee_id: OWNER, images: await db.splits.freeImages({ ...world.head, task_type: 'detection' }) },
  ]);
  return world;
}

test('what is deleted is gone from everywhere, and comes back as it was to the last column', async () => {
  const world = await labeled();
  const before = await everything(world.images);
  expect(before.annotations).toHaveLength(4);
  expect(before.comments).toHaveLength(2);
  const counts = await db.projects.statusCounts(world.dataset.project_id);
  const scope = deletion(world);
  const gone = await db.deletedImages.delete(scope, world.images.slice(0, 2));
  expect(gone).toMatchObject({ annotations: 4, left: [] });
  expect(gone.images.map(({ id }) => id)).toEqual(world.images.slice(0, 2));
  const left = await everything(world.images.slice(0, 2));
  expect({ ...left, history: [] }).toEqual({ images: [], statuses: [], annotations: [], history: [], comments: [] });
  // Versions find what they hold there.
  expect(left.history).toHaveLength(before.history.length + 4);
  expect((await db.images.list(world.head, { limit: 9 })).items.map(({ id }) => id)).toEqual([world.images[2]]);
  expect((await db.datasets.get(world.dataset.id, { user_id: OWNER, organization_id: null }))?.image_count).toBe(1);
  const { items } = await db.deletedImages.list(world.dataset.project_id, { limit: 9 });
  expect(items).toEqual([
    expect.objectContaining({ image_id: world.images[1], annotation_count: 1, comment_count: 0, deleted_by: OWNER }),
    expect.objectContaining({ image_id: world.images[0], annotation_count: 3, comment_count: 2, deletion_id: scope.deletion_id }), // prettier-ignore
  ]);

  const back = await restore(world, world.images);
  expect(back).toMatchObject({ annotations: 4, lost: [], task_ids: [] });
  expect(await everything(world.images)).toEqual(before);
  expect(await db.projects.statusCounts(world.dataset.project_id)).toEqual(counts);
  expect((await db.deletedImages.list(world.dataset.project_id, { limit: 9 })).items).toEqual([]);
  // Edits that were not sent yet fit: the version is the one it was.
  const [annotation] = before.annotations as { id: number; version: number }[];
  const [edited] = await db.annotations.applyOperations(world.scope(0), [
    { op: 'update', op_id: crypto.randomUUID(), annotation_id: annotation?.id ?? 0, version: annotation?.version ?? 0, attributes: { b: 1 } }, // prettier-ignore
  ]);
  expect(edited).toMatchObject({ status: 'applied' });
});

test('both who delete the same, and both who bring it back, are told what they did', async () => {
  const world = await newWorld(db, 4);
  const [mine, theirs] = await Promise.all([
    db.deletedImages.delete(deletion(world), world.images),
    db.deletedImages.delete(deletion(world, { user_id: OTHER }), world.images),
  ]);
  expect([mine.images.length, theirs.images.length].sort()).toEqual([0, 4]);
  expect(await db.images.byIds(world.dataset.id, world.images)).toEqual([]);
  expect((await db.deletedImages.deletionsOf(world.dataset.project_id, [...world.images, 2 ** 40])).size).toBe(4);
  const [one, other] = await Promise.all([restore(world, world.images), restore(world, world.images)]);
  expect([one.images.length, other.images.length].sort()).toEqual([0, 4]);
});

test('images of other datasets are left alone', async () => {
  const world = await newWorld(db, 1);
  const other = await newWorld(db, 1);
  expect((await db.deletedImages.delete(deletion(world), other.images)).images).toEqual([]);
  await db.deletedImages.delete(deletion(other), other.images);
  expect((await restore(world, other.images)).images).toEqual([]);
  expect(await db.deletedImages.get(world.dataset.project_id, other.images[0] ?? 0)).toBeNull();
});

test('whoever works on an image is respected, left out, or passed over', async () => {
  const world = await newWorld(db, 3);
  const { project_id } = world.dataset;
  const claim = { project_id, image_id: world.images[1] ?? 0, user_id: OTHER, user_name: 'Kim' };
  await db.locks.acquire(claim, 'nobody');
  await expect(db.deletedImages.delete(deletion(world, { held: 'refuse' }), world.images)).rejects.toMatchObject({
    code: 'locked',
    message: 'Kim is working on one of the images',
    details: { count: 1, held: [{ image_id: world.images[1], user_name: 'Kim' }] },
  });
  expect(await db.sql.rows(`select from image_metadata where id = any ($1)`, [world.images])).toHaveLength(3);
  // One's own lock keeps nobody from it.
  await db.locks.acquire({ ...claim, image_id: world.images[0] ?? 0, user_id: OWNER }, 'nobody');
  const some = await db.deletedImages.delete(deletion(world, { held: 'leave' }), world.images);
  expect(some.images.map(({ id }) => id)).toEqual([world.images[0], world.images[2]]);
  expect(some.left).toEqual([expect.objectContaining({ image_id: world.images[1], user_name: 'Kim' })]);
  const all = await db.deletedImages.delete(deletion(world, { held: 'delete' }), world.images);
  expect(all.images.map(({ id }) => id)).toEqual([world.images[1]]);
  expect(await db.locks.held(world.images[1] ?? 0)).toBeNull();
});

test('says what cannot come back: labels of a class or a task type that is gone', async () => {
  const world = await newWorld(db, 1, ['detection', 'segmentation']);
  await db.annotations.applyOperations(world.scope(0), [
    create(world),
    create(world),
    create(world, { task_type: 'segmentation', class_id: world.classes.segmentation ?? null }),
  ]);
  await db.deletedImages.delete(deletion(world), world.images);
  await db.classes.delete(world.dataset.project_id, world.classes.detection ?? 0);
  await db.datasets.update(world.dataset.id, { task_types: ['detection'] });
  const back = await restore(world, world.images);
  expect(back).toMatchObject({ images: [{ id: world.images[0] }], annotations: 0 });
  expect(back.lost).toEqual([
    { reason: 'class_gone', class_name: 'car', task_type: 'detection', count: 2 },
    { reason: 'task_type_gone', class_name: null, task_type: 'segmentation', count: 1 },
  ]);
  // They stay in the history, for versions that hold them.
  const history = await db.sql.rows(`select from annotation_history where image_id = $1 and action = 'delete'`, world.images); // prettier-ignore
  expect(history).toHaveLength(3);
});

test('a path that is taken meanwhile is kept, the image gets a number, and its picture comes from where it was kept', async () => {
  const world = await newWorld(db, 2);
  const [first, second] = world.images as [number, number];
  const path = 'img-000000.jpg';
  await db.deletedImages.delete(deletion(world), [first]);
  // What an upload of the same name does before it takes the place.
  const [needed] = await db.deletedImages.neededAt(world.dataset.id, [path, 'img-000001.jpg']);
  expect(needed).toMatchObject({ image_id: first, path, sha256: 'a'.repeat(64) });
  await db.deletedImages.rememberKept([needed!]);
  await db.deletedImages.rememberKept([needed!]);
  expect(await db.deletedImages.neededAt(world.dataset.id, [path])).toEqual([]);
  const names = [path, 'img-000000 (2).jpg'];
  await db.images.insertMany(world.dataset.id, OWNER, 'skip', names.map((name) => newImage(name, { sha256: 'b'.repeat(64) }))); // prettier-ignore
  const placed: ReturningPicture[] = [];
  const back = await restore(world, [first, second], (pictures) => {
    placed.push(...pictures);
    return Promise.resolve();
  });
  expect(back.images).toEqual([{ id: first, path: 'img-000000 (3).jpg', from_path: path }]);
  expect(placed).toEqual([{ image_id: first, sha256: 'a'.repeat(64), path: 'img-000000 (3).jpg' }]);
  expect(await db.images.get(first)).toMatchObject({ path: 'img-000000 (3).jpg', thumbnail_state: 'pending' });
});

test('two deleted images of one name come back side by side, the name for the one whose picture lies there', async () => {
  const world = await newWorld(db, 1);
  const [first] = world.images as [number];
  await db.deletedImages.delete(deletion(world), [first]);
  await db.deletedImages.rememberKept(await db.deletedImages.neededAt(world.dataset.id, ['img-000000.jpg']));
  const [later] = await db.images.insertMany(world.dataset.id, OWNER, 'skip', [newImage('img-000000.jpg', { sha256: 'b'.repeat(64) })]); // prettier-ignore
  const second = later?.image.id ?? 0;
  await db.deletedImages.delete(deletion(world), [second]);
  const back = await restore(world, [first, second], () => Promise.resolve());
  expect(back.images).toEqual([
    { id: first, path: 'img-000000 (2).jpg', from_path: 'img-000000.jpg' },
    { id: second, path: 'img-000000.jpg', from_path: 'img-000000.jpg' },
  ]);
});

test('a restore that cannot place a picture leaves the image deleted', async () => {
  const world = await newWorld(db, 1);
  await db.deletedImages.delete(deletion(world), world.images);
  await db.deletedImages.rememberKept(await db.deletedImages.neededAt(world.dataset.id, ['img-000000.jpg']));
  await expect(restore(world, world.images, () => Promise.reject(new Error('no storage')))).rejects.toThrow('no storage'); // prettier-ignore
  expect(await db.images.get(world.images[0] ?? 0)).toBeNull();
  expect((await restore(world, world.images, () => Promise.resolve())).images).toHaveLength(1);
});

test('an unfinished image that comes back wakes its task; one of a task that is gone belongs to none', async () => {
  const world = await labeled();
  const [task] = (await db.tasks.list({ project_id: world.dataset.project_id, limit: 9 })).items;
  const task_id = task?.id ?? 0;
  await db.deletedImages.delete(deletion(world), world.images.slice(1));
  await db.sql.run(`update annotation_tasks set state = 'completed', completed_at = now() where id = $1`, [task_id]);
  expect((await restore(world, world.images.slice(1, 2))).task_ids).toEqual([task_id]);
  expect(await db.tasks.get(task_id)).toMatchObject({ state: 'in_progress' });
  await db.sql.run(`delete from annotation_tasks where id = $1`, [task_id]);
  await db.sql.run(`update image_statuses set task_id = null where task_id = $1`, [task_id]);
  await restore(world, world.images.slice(2));
  const rows = await db.sql.rows(`select from image_statuses where project_id = $1 and task_id is not null`, [world.dataset.project_id]); // prettier-ignore
  expect(rows).toEqual([]);
});

test('imports and splits at work keep images where they are', async () => {
  const world = await newWorld(db, 1);
  const { project_id } = world.dataset;
  await db.sql.run(
    `insert into imports (project_id, source, format, status, created_by) values ($1, '{}', 'coco', 'applying', $2)`,
    [project_id, OWNER],
  );
  await expect(db.deletedImages.delete(deletion(world), world.images)).rejects.toMatchObject({ code: 'in_use' });
  await db.sql.run(`update imports set status = 'completed' where project_id = $1`, [project_id]);
  const split = await db.splits.create({ project_id, task_type: 'detection', request: {}, created_by: OWNER });
  await db.splits.start(split.id);
  await expect(db.deletedImages.delete(deletion(world), world.images)).rejects.toMatchObject({
    code: 'in_use',
    details: { split_id: split.id },
  });
  await db.splits.cancel(split.id);
  expect((await db.deletedImages.delete(deletion(world), world.images)).images).toHaveLength(1);
});

describe('after their time', () => {
  // Well over: each of the server's processes has a clock of its own.
  const expire = (world: World) =>
    db.sql.run(`update deleted_images set expires_at = now() - interval '1 minute' where project_id = $1`, [
      world.dataset.project_id,
    ]);
  const purge = async (world: World) => {
    await db.deletedImages.forgetExpired(100);
    const removed: { paths: string[]; kept: number } = { paths: [], kept: 0 };
    if (!(await db.deletedImages.datasetsToPurge()).includes(world.dataset.id)) return removed;
    await db.deletedImages.purge(world.dataset.id, ({ paths, kept }) => {
      removed.paths.push(...paths);
      removed.kept += kept.length;
      return Promise.resolve();
    });
    return removed;
  };

  test('images cannot come back, and their pictures go', async () => {
    const world = await newWorld(db, 2);
    await db.deletedImages.delete(deletion(world), world.images.slice(0, 1));
    expect(await purge(world)).toEqual({ paths: [], kept: 0 });
    await expire(world);
    expect((await restore(world, world.images)).images).toEqual([]);
    expect((await db.deletedImages.list(world.dataset.project_id, { limit: 9 })).items).toEqual([]);
    expect(await purge(world)).toEqual({ paths: ['img-000000.jpg'], kept: 0 });
    expect(await purge(world)).toEqual({ paths: [], kept: 0 });
  });

  test('pictures stay as long as a version has them, and a place that went to another image is not emptied', async () => {
    const world = await newWorld(db, 2);
    const { project_id } = world.dataset;
    const options = { include_drafts: true, shares: { train: 1, val: 0, test: 0 } };
    const version = await db.versions.create({ project_id, note: '', options, created_by: OWNER });
    await db.versions.freeze(version.id);
    await db.deletedImages.delete(deletion(world), world.images);
    await db.deletedImages.rememberKept(await db.deletedImages.neededAt(world.dataset.id, ['img-000000.jpg']));
    await db.images.insertMany(world.dataset.id, OWNER, 'skip', [newImage('img-000000.jpg')]);
    await expire(world);
    expect(await purge(world)).toEqual({ paths: [], kept: 0 });
    const rows = await db.sql.rows(`select from deleted_images where project_id = $1 and image is null`, [project_id]);
    expect(rows).toHaveLength(2);
    await db.versions.fail(version.id, { code: 'internal', message: '' });
    expect(await purge(world)).toEqual({ paths: ['img-000001.jpg'], kept: 1 });
  });

  test('a picture that was replaced is kept for the version that has it', async () => {
    const world = await newWorld(db, 1);
    const { project_id } = world.dataset;
    expect(await db.deletedImages.neededAt(world.dataset.id, ['img-000000.jpg'])).toEqual([]);
    const options = { include_drafts: true, shares: { train: 1, val: 0, test: 0 } };
    const version = await db.versions.create({ project_id, note: '', options, created_by: OWNER });
    await db.versions.freeze(version.id);
    expect(await db.deletedImages.neededAt(world.dataset.id, ['img-000000.jpg'])).toHaveLength(1);
  });
});

test('choosing by a filter goes on where it stopped', async () => {
  const world = await newWorld(db, 5);
  await db.annotations.confirmImage(world.scope(2), 'detection');
  const filter = { task_type: 'detection', status: 'not_started' } as const;
  const first = await db.images.next(world.head, filter, { limit: 3, cursor: null });
  expect(first.image_ids).toEqual([0, 1, 3].map((n) => world.images[n]));
  const { image_ids, next_cursor } = await db.images.next(world.head, filter, { limit: 3, cursor: first.next_cursor }); // prettier-ignore
  expect({ image_ids, next_cursor }).toEqual({ image_ids: [world.images[4]], next_cursor: null });
});

test('says beforehand what would go', async () => {
  const world = await labeled();
  const { project_id } = world.dataset;
  const options = { include_drafts: true, shares: { train: 1, val: 0, test: 0 } };
  const version = await db.versions.create({ project_id, note: '', options, created_by: OWNER });
  await db.sql.run(`update annotation_versions set status = 'published' where id = $1`, [version.id]);
  await db.sql.run(
    `insert into version_images select $1, id, path, width, height, size_bytes, sha256, content_type, '{}', '{}'
      from image_metadata where id = $2`,
    [version.id, world.images[0]],
  );
  const claim = { project_id, image_id: world.images[1] ?? 0, user_id: OTHER, user_name: 'Kim' };
  await db.locks.acquire(claim, 'nobody');
  const impact = { images: 2, annotations: 4, comments: 2, in_tasks: 2, versions: [1] };
  const held = [expect.objectContaining({ image_id: world.images[1], user_name: 'Kim' })];
  const image_ids = world.images.slice(0, 2);
  expect(await db.deletedImages.impact(world.head, { image_ids }, OWNER)).toEqual({ ...impact, held });
  expect(await db.deletedImages.impact(world.head, { filter: { q: 'img' } }, OTHER)).toEqual({ ...impact, images: 3, in_tasks: 3, held: [] }); // prettier-ignore
});
