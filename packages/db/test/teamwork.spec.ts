import type { Annotation } from '@labelyard/domain';
import type { LabelerDb } from '../src/index.js';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { create, newImage, newWorld, OTHER, OWNER } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(() => databases.close());

const REVIEWER = 'reviewer-1';

async function newTask(
  world: Awaited<ReturnType<typeof newWorld>>,
  images: readonly number[],
  assignee: string | null,
) {
  const { project_id } = world.dataset;
  const common = { project_id, task_type: 'detection' as const, description: '', due_at: null, created_by: OWNER };
  const taken = images.map((id, place) => ({ id, place, path: `${id}.jpg`, status: 'not_started' as const }));
  const [task] = await db.splits.make(common, [{ name: 'Batch', assignee_id: assignee, images: taken }]);
  const id = task?.id ?? 0;
  return id;
}

test('what a task takes is in no other of its type; its progress follows the images', async () => {
  const world = await newWorld(db, 6);
  const { id: dataset_id, project_id } = world.dataset;
  const source = { project_id, dataset_id, task_type: 'detection' as const };
  const task_id = await newTask(world, world.images.slice(0, 4), OWNER);
  expect(await db.splits.freeImages(source)).toMatchObject(world.images.slice(4).map((id) => ({ id })));
  expect(await db.splits.size(source)).toEqual({ free: 2, taken: 4 });
  expect(await db.splits.size({ ...source, task_type: 'segmentation' })).toEqual({ free: 6, taken: 0 });
  await expect(newTask(world, world.images.slice(3), OTHER)).rejects.toMatchObject({ code: 'version_conflict' });
  expect((await db.tasks.list({ project_id, limit: 10 })).items).toHaveLength(1);

  await db.annotations.confirmImage(world.scope(0), 'detection');
  expect(await db.tasks.get(task_id)).toMatchObject({
    progress: { completed: 1, not_started: 3 },
    next_image_id: world.images[1],
  });
  expect(await db.tasks.delete(task_id, 100)).toBe(false);
  expect(await db.splits.size(source)).toEqual({ free: 6, taken: 0 });
});

test('what a split would take: in a folder, of a status, named, and how many of it lie where', async () => {
  const world = await newWorld(db, 1);
  const { id: dataset_id, project_id } = world.dataset;
  const paths = ['a/x/1.jpg', 'a/y/2.jpg', 'a_/3.jpg', 'b/4.jpg'];
  await db.images.insertMany(
    dataset_id,
    OWNER,
    'skip',
    paths.map((path) => newImage(path)),
  );
  await db.annotations.confirmImage(world.scope(0), 'detection');
  const source = { project_id, dataset_id, task_type: 'detection' as const };
  const found = async (narrow: object) => {
    const images = await db.splits.freeImages({ ...source, ...narrow });
    expect(await db.splits.size({ ...source, ...narrow })).toEqual({ free: images.length, taken: 0 });
    return images.map(({ path }) => path);
  };
  expect(await found({})).toEqual([...paths, 'img-000000.jpg']);
  expect(await found({ folder: 'a/' })).toEqual(['a/x/1.jpg', 'a/y/2.jpg']);
  expect(await found({ folder: 'a_' })).toEqual(['a_/3.jpg']);
  expect(await found({ status: 'completed' })).toEqual(['img-000000.jpg']);
  expect(await found({ image_ids: [world.images[0], 999_999] })).toEqual(['img-000000.jpg']);
  expect(await db.splits.freeImages(source, 2)).toHaveLength(2);
  const folders = async (depth: number) =>
    Object.fromEntries((await db.splits.folders(source, { depth, at_most: 9 })).map((row) => [row.folder, row.images]));
  expect(await folders(1)).toEqual({ a: 2, a_: 1, b: 1, '': 1 });
  expect(await folders(2)).toEqual({ 'a/x': 1, 'a/y': 1, a_: 1, b: 1, '': 1 });
});

test('a task that was just made is as it is read: also where the order of paths is not that of JavaScript', async () => {
  const world = await newWorld(db, 1);
  const { id: dataset_id, project_id } = world.dataset;
  // U+1F600 comes after U+FF5E, but its first half before.
  const files = ['\u{1F600}.jpg', '\uFF5E.jpg'].map((path) => newImage(path));
  await db.images.insertMany(dataset_id, OWNER, 'skip', files);
  await db.annotations.confirmImage(world.scope(0), 'detection');
  const source = { project_id, dataset_id, task_type: 'detection' as const };
  const images = await db.splits.freeImages(source);
  expect(images.map(({ path }) => path)).toEqual(['img-000000.jpg', '\uFF5E.jpg', '\u{1F600}.jpg']);
  const common = { ...source, description: '', due_at: null, created_by: OWNER };
  const made = await db.splits.make(common, [{ name: 'Batch', assignee_id: null, images: images.reverse() }]);
  expect(made).toMatchObject([{ progress: { completed: 1, not_started: 2 }, next_image_id: images[1]?.id }]);
  expect(made).toEqual([await db.tasks.get(made[0]?.id ?? 0)]);
});

test('a verdict on the whole image: rejected it is rework for its assignee, verified it is reviewed, also when empty', async () => {
  const world = await newWorld(db, 2);
  const { project_id } = world.dataset;
  await db.projects.setMember({ project_id, user_id: OTHER, role: 'annotator', granted_by: OWNER });
  const task_id = await newTask(world, world.images, OTHER);
  await db.annotations.applyOperations(world.scope(0), [create(world), create(world)]);
  const images = world.images.map((image_id) => ({ image_id, task_type: 'detection' as const }));
  const review = (decision: 'verify' | 'reject') =>
    db.review.images({ project_id, user_id: REVIEWER, decision }, images);
  expect((await review('verify')).map(({ problem }) => problem)).toEqual(['not_waiting', 'not_waiting']);
  for (const index of [0, 1]) await db.annotations.confirmImage(world.scope(index), 'detection');
  expect((await db.review.queue({ project_id, limit: 10 })).items.map(({ id, task_id: of }) => [id, of])).toEqual(
    world.images.map((id) => [id, task_id]),
  );

  const rejected = await review('reject');
  expect(rejected.map(({ problem, changed, annotator_id }) => [problem, changed, annotator_id])).toEqual([
    [null, 2, OTHER],
    [null, 0, OTHER],
  ]);
  expect(await db.tasks.rework(OTHER, 10)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  for (const index of [0, 1]) await db.annotations.confirmImage(world.scope(index), 'detection');
  expect(await db.tasks.rework(OTHER, 10)).toEqual([]);
  expect((await review('verify')).map(({ problem, changed }) => [problem, changed])).toEqual([
    [null, 2],
    [null, 0],
  ]);
  expect((await db.tasks.get(task_id))?.progress).toEqual({ reviewed: 2 });
});

test('a verdict on what was confirmed anew is refused when it was not seen', async () => {
  const world = await newWorld(db, 1);
  const { project_id } = world.dataset;
  await db.annotations.confirmImage(world.scope(), 'detection');
  const [seen] = (await db.review.queue({ project_id, limit: 1 })).items;
  await db.sql.run(`update image_statuses set confirmed_at = confirmed_at + interval '1 second'`);
  const outcome = await db.review.images({ project_id, user_id: REVIEWER, decision: 'verify' }, [
    { image_id: world.images[0] as number, task_type: 'detection', confirmed_at: seen?.confirmed_at },
  ]);
  expect(outcome).toMatchObject([{ problem: 'version_conflict', changed: 0 }]);
});

test('a rejected annotation rejects its image until it is confirmed again or deleted', async () => {
  const world = await newWorld(db, 1);
  const scope = world.scope();
  const { project_id } = world.dataset;
  await db.annotations.applyOperations(scope, [create(world), create(world)]);
  await db.annotations.confirmImage(scope, 'detection');
  const rows = JSON.parse(await db.annotations.loadImage(scope)) as Annotation[];
  const wish = rows.map(({ id, version }) => ({ annotation_id: id, version }));
  const outcome = await db.review.annotations({ project_id, user_id: REVIEWER, decision: 'reject' }, [
    ...wish,
    { annotation_id: 999_999, version: 1 },
    { annotation_id: rows[0]?.id ?? 0, version: 1 },
  ]);
  expect(outcome.map(({ problem }) => problem)).toEqual([null, null, 'not_found', 'version_conflict']);
  expect(outcome[0]).toMatchObject({ annotator_id: OWNER, at: [10, 20] });
  const status = async () => (await db.images.get(scope.image_id))?.statuses.detection;
  expect(await status()).toBe('rejected');
  const [first, second] = outcome.map(({ annotation_json }) => JSON.parse(annotation_json ?? 'null') as Annotation);
  expect(first).toMatchObject({ state: 'draft', version: 3, confirmed_by: null });
  await db.annotations.remove(scope, { annotation_id: first?.id ?? 0, version: 3 });
  expect(await status()).toBe('rejected');
  await db.annotations.confirm(scope, { annotation_id: second?.id ?? 0, version: 3 });
  expect(await status()).toBe('in_progress');
});

test('a comment outlives its annotation', async () => {
  const world = await newWorld(db, 1);
  const scope = world.scope();
  const annotation = await db.annotations.create(scope, create(world));
  const { project_id, image_id } = scope;
  await db.comments.create({
    project_id,
    image_id,
    author_id: OWNER,
    body: 'Too wide',
    mentions: [],
    annotation_id: annotation.id,
  });
  await db.annotations.remove(scope, { annotation_id: annotation.id, version: 1 });
  const { items } = await db.comments.threads({ project_id, user_id: OWNER, filter: 'open', limit: 10 });
  expect(items).toMatchObject([{ annotation_deleted: true, x: 10, y: 20, body: 'Too wide', replies: [] }]);
});
