import { CLASS_COLORS, type Role } from '@labelyard/domain';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import type { AccessSubject, LabelerDb, Viewer } from '../src/index.js';
import { create, newDataset, newImage, newWorld, OTHER, OWNER } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(() => databases?.close());

const owner: Viewer = { user_id: OWNER, organization_id: null };
const stranger: Viewer = { user_id: OTHER, organization_id: 'org-1' };

describe('datasets', () => {
  test('come with their project and their owner, or not at all', async () => {
    const dataset = await newDataset(db, {
      name: 'Straßen 🚦',
      description: 'd',
      visibility: 'organization',
      organization_id: 'org-1',
    });
    expect(dataset).toEqual({
      id: expect.any(Number) as number,
      project_id: expect.any(Number) as number,
      name: 'Straßen 🚦',
      description: 'd',
      visibility: 'organization',
      owner_id: OWNER,
      organization_id: 'org-1',
      task_types: ['detection', 'segmentation'],
      role: 'owner',
      image_count: 0,
      size_bytes: 0,
      progress: { not_started: 0, in_progress: 0, completed: 0, reviewed: 0, rejected: 0 },
      covers: [],
      created_at: expect.stringMatching(/^\d{4}-.*Z$/u) as string,
      updated_at: expect.stringMatching(/Z$/u) as string,
    });
    expect(await db.datasets.get(dataset.id, owner)).toEqual(dataset);
    expect((await db.projects.members(dataset.project_id, { limit: 10 })).items).toMatchObject([
      { user_id: OWNER, role: 'owner', granted_by: OWNER },
    ]);
    const before = await db.sql.one<{ n: number }>(`select count(*) as n from datasets`);
    await expect(newDataset(db, { task_types: ['nonsense' as never] })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await expect(newDataset(db, { task_types: [] })).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await db.sql.one(`select count(*) as n from datasets`)).toEqual(before);
  });

  test('are listed newest first for members and for those who may see them, page by page', async () => {
    const me = { user_id: 'lister', organization_id: 'org-2' };
    const mine = await newDataset(db, { name: 'mine', owner_id: me.user_id });
    const closed = await newDataset(db, { name: 'closed' });
    const open = await newDataset(db, { name: 'open to all', visibility: 'public' });
    const inside = await newDataset(db, { name: 'inside', visibility: 'organization', organization_id: 'org-2' });
    await newDataset(db, { name: 'elsewhere', visibility: 'organization', organization_id: 'org-3' });
    await newDataset(db, { name: 'nowhere', visibility: 'organization', organization_id: null });
    const shared = await newDataset(db, { name: 'shared' });
    const { project_id } = shared;
    await db.projects.setMember({ project_id, user_id: me.user_id, role: 'reviewer', granted_by: OWNER });
    const deleted = await newDataset(db, { name: 'deleted', visibility: 'public' });
    await db.datasets.delete(deleted.id);

    const seen: [string, Role][] = [];
    let cursor: string | null = null;
    do {
      const page = await db.datasets.list(me, { limit: 2, cursor });
      seen.push(...page.items.map(({ name, role }): [string, Role] => [name, role]));
      cursor = page.next_cursor;
    } while (cursor);
    expect(seen).toEqual([
      ['shared', 'reviewer'],
      ['inside', 'viewer'],
      ['open to all', 'viewer'],
      ['mine', 'owner'],
    ]);
    const found = async (viewer: Viewer, q?: string) =>
      (await db.datasets.list(viewer, { limit: 9, q })).items.map(({ id }) => id);
    expect(await found(me, 'OPEN TO')).toEqual([open.id]);
    expect(await found(me, '%')).toEqual([]);
    expect(await found({ user_id: 'nobody', organization_id: null })).toEqual([open.id]);
    expect(await db.datasets.get(closed.id, me)).toBeNull();
    expect(await db.datasets.get(mine.id, me)).toMatchObject({ role: 'owner' });
    expect(await db.datasets.get(inside.id, me)).toMatchObject({ role: 'viewer' });
  });

  test('show progress and up to four covers', async () => {
    const world = await newWorld(db, 6);
    await db.annotations.applyOperations(world.scope(0), [create(world)]);
    for (const image_id of world.images.slice(1)) await db.images.setThumbnail(image_id, 1, 'ready');
    const dataset = await db.datasets.get(world.dataset.id, owner);
    expect(dataset?.progress).toEqual({ not_started: 5, in_progress: 1, completed: 0, reviewed: 0, rejected: 0 });
    expect(dataset?.covers).toEqual(
      world.images.slice(1, 5).map((id, n) => ({ id, path: `img-00000${n + 1}.jpg`, revision: 1 })),
    );
  });

  test('are changed field by field; a task type with annotations stays', async () => {
    const world = await newWorld(db, 2);
    await db.annotations.applyOperations(world.scope(), [create(world)]);
    await db.datasets.update(world.dataset.id, { name: 'New name' });
    await db.datasets.update(world.dataset.id, { visibility: 'public', task_types: ['detection', 'keypoint'] });
    expect(await db.datasets.get(world.dataset.id, stranger)).toMatchObject({
      name: 'New name',
      visibility: 'public',
      task_types: ['detection', 'keypoint'],
    });
    expect(await db.projects.get(world.dataset.project_id)).toMatchObject({ name: 'New name' });
    await expect(db.datasets.update(world.dataset.id, { task_types: ['keypoint'] })).rejects.toMatchObject({
      code: 'in_use',
    });
    await expect(db.datasets.update(2 ** 40, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('say what deleting them takes away', async () => {
    const world = await newWorld(db, 2);
    const { project_id, id } = world.dataset;
    await db.annotations.applyOperations(world.scope(), [create(world), create(world)]);
    await db.exports.create({ project_id, format: 'coco', options: {}, created_by: OWNER });
    expect(await db.datasets.deletionImpact(id)).toEqual({
      dataset_id: id,
      name: 'Street signs',
      images: 2,
      annotations: 2,
      classes: 2,
      members: 1,
      exports: 1,
      size_bytes: 2_000,
    });
    expect(await db.datasets.deletionImpact(2 ** 40)).toBeNull();
  });
});

describe('access', () => {
  test('finds the project of every kind of thing, with the image where there is one', async () => {
    const world = await newWorld(db, 1);
    const { project_id, id: dataset_id } = world.dataset;
    const [made] = await db.annotations.applyOperations(world.scope(), [create(world)]);
    const exported = await db.exports.create({ project_id, format: 'coco', options: {}, created_by: OWNER });
    const { upload } = await db.uploads.create(
      { dataset_id, created_by: OWNER, on_duplicate: 'skip', expires_at: '2099-01-01T00:00:00Z' },
      [],
    );
    const subjects: AccessSubject[] = [
      { project_id },
      { dataset_id },
      { image_id: world.images[0] as number },
      { annotation_id: made?.annotation_id as number },
      { class_id: world.classes.detection as number },
      { export_id: exported.id },
      { upload_id: upload.id },
    ];
    const image = (await db.images.byIds(dataset_id, world.images))[0];
    for (const subject of subjects) {
      const access = await db.projects.access(subject, owner);
      const hasImage = 'image_id' in subject || 'annotation_id' in subject;
      expect(access).toEqual({
        project_id,
        dataset_id,
        name: 'Street signs',
        visibility: 'private',
        task_types: ['detection', 'segmentation'],
        role: 'owner',
        is_member: true,
        image: hasImage ? image : null,
      });
      expect(await db.projects.access(subject, stranger)).toBeNull();
      const [key] = Object.keys(subject);
      expect(await db.projects.access({ [key as string]: 2 ** 40 } as unknown as AccessSubject, owner)).toBeNull();
    }
    await db.datasets.delete(dataset_id);
    for (const subject of subjects) expect(await db.projects.access(subject, owner)).toBeNull();
  });

  test('is a viewer’s by visibility, and a member’s own role otherwise', async () => {
    const { project_id } = await newDataset(db, { visibility: 'organization', organization_id: 'org-1' });
    const access = (viewer: Viewer) => db.projects.access({ project_id }, viewer);
    const setRole = (role: Role) => db.projects.setMember({ project_id, user_id: OTHER, role, granted_by: OWNER });
    expect(await access(stranger)).toMatchObject({ role: 'viewer', is_member: false });
    expect(await access({ user_id: OTHER, organization_id: 'org-9' })).toBeNull();
    expect(await access({ user_id: OTHER, organization_id: null })).toBeNull();
    await setRole('annotator');
    expect(await access(stranger)).toMatchObject({ role: 'annotator', is_member: true });
    await setRole('admin');
    expect(await access({ user_id: OTHER, organization_id: null })).toMatchObject({ role: 'admin' });
    await expect(setRole('king' as Role)).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(
      db.projects.setMember({ project_id: 2 ** 40, user_id: OTHER, role: 'admin', granted_by: OWNER }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('a project shows its progress per task type', async () => {
  const world = await newWorld(db, 3);
  const { project_id } = world.dataset;
  await db.annotations.confirmImage(world.scope(0), 'detection');
  const project = await db.projects.get(project_id);
  expect(project).toMatchObject({ dataset_id: world.dataset.id, image_count: 3, settings: {} });
  expect(project?.progress).toEqual({
    detection: { not_started: 2, in_progress: 0, completed: 1, reviewed: 0, rejected: 0 },
    segmentation: { not_started: 3, in_progress: 0, completed: 0, reviewed: 0, rejected: 0 },
  });
  expect((await db.projects.statusCounts(project_id)).overall).toMatchObject({ in_progress: 1, not_started: 2 });
  expect(await db.projects.get(2 ** 40)).toBeNull();
  expect(await db.projects.statusCounts(2 ** 40)).toEqual({});
});

test('members come strongest role first, page by page', async () => {
  const { project_id } = await newDataset(db);
  const roles: Role[] = ['viewer', 'admin', 'annotator', 'viewer', 'reviewer', 'admin'];
  for (const [n, role] of roles.entries()) {
    await db.projects.setMember({ project_id, user_id: `m${n}`, role, granted_by: OWNER });
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await db.projects.members(project_id, { limit: 3, cursor });
    seen.push(...page.items.map(({ user_id }) => user_id));
    expect(page.items[0]).not.toHaveProperty('rank');
    cursor = page.next_cursor;
  } while (cursor);
  expect(seen).toEqual([OWNER, 'm1', 'm5', 'm4', 'm2', 'm0', 'm3']);
});

describe('classes', () => {
  test('get positions and colours in their order, names unique in any case per task type', async () => {
    const { project_id } = await newDataset(db);
    const car = await db.classes.create(project_id, { task_type: 'detection', name: 'Car' });
    const bus = await db.classes.create(project_id, {
      task_type: 'detection',
      name: 'Bus',
      color: '#ABCDEF',
      attributes: { wheels: { type: 'number' } },
      keypoints: ['front', 'back'],
      skeleton: [[0, 1]],
    });
    const road = await db.classes.create(project_id, { task_type: 'segmentation', name: 'car' });
    expect(car).toMatchObject({ position: 0, color: CLASS_COLORS[0], attributes: {}, keypoints: [], skeleton: [] });
    expect(bus).toMatchObject({
      position: 1,
      color: '#abcdef',
      attributes: { wheels: { type: 'number' } },
      keypoints: ['front', 'back'],
      skeleton: [[0, 1]],
    });
    expect(road).toMatchObject({ position: 0 });
    expect(await db.classes.list(project_id)).toEqual([car, bus, road]);
    expect(await db.classes.list(project_id, 'segmentation')).toEqual([road]);
    expect(await db.classes.get(project_id, bus.id)).toEqual(bus);
    expect(await db.classes.get(2 ** 40, bus.id)).toBeNull();
    const make = (id: number, task_type: 'detection' | 'keypoint', name: string) =>
      db.classes.create(id, { task_type, name });
    await expect(make(project_id, 'detection', 'CAR')).rejects.toMatchObject({ code: 'duplicate' });
    await expect(make(project_id, 'keypoint', 'x')).rejects.toMatchObject({
      code: 'validation_failed',
      details: [{ path: 'task_type' }],
    });
    await expect(make(2 ** 40, 'detection', 'x')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('created at the same moment get positions of their own', async () => {
    const { project_id } = await newDataset(db);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => db.classes.create(project_id, { task_type: 'detection', name: `c${n}` })),
    );
    const positions = (await db.classes.list(project_id)).map(({ position }) => position);
    expect(positions).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('change, keep what is not named, and refuse taken names', async () => {
    const { project_id } = await newDataset(db);
    const car = await db.classes.create(project_id, { task_type: 'detection', name: 'car', keypoints: ['a'] });
    await db.classes.create(project_id, { task_type: 'detection', name: 'bus' });
    const changed = await db.classes.update(project_id, car.id, { name: 'Lorry', color: '#FFFFFF' });
    expect(changed).toMatchObject({ id: car.id, name: 'Lorry', color: '#ffffff', keypoints: ['a'], position: 0 });
    expect(await db.classes.update(project_id, car.id, { keypoints: [], attributes: { a: 1 } })).toMatchObject({
      name: 'Lorry',
      keypoints: [],
      attributes: { a: 1 },
    });
    await expect(db.classes.update(project_id, car.id, { name: 'BUS' })).rejects.toMatchObject({ code: 'duplicate' });
    await expect(db.classes.update(2 ** 40, car.id, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are deleted only when nothing uses them, and leave no gap', async () => {
    const world = await newWorld(db, 1);
    const { project_id } = world.dataset;
    const bus = await db.classes.create(project_id, { task_type: 'detection', name: 'bus' });
    const tram = await db.classes.create(project_id, { task_type: 'detection', name: 'tram' });
    await db.annotations.applyOperations(world.scope(), [create(world), create(world)]);
    await expect(db.classes.delete(project_id, world.classes.detection as number)).rejects.toMatchObject({
      code: 'in_use',
      details: { annotations: 2 },
    });
    await db.classes.delete(project_id, bus.id);
    expect(await db.classes.get(project_id, tram.id)).toMatchObject({ position: 1 });
    await expect(db.classes.delete(project_id, bus.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(db.classes.delete(2 ** 40, tram.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a class deleted while somebody labels with it: one of the two is told', async () => {
    for (let round = 0; round < 8; round += 1) {
      const world = await newWorld(db, 1);
      const [written, deleted] = await Promise.allSettled([
        db.annotations.applyOperations(world.scope(), [create(world)]),
        db.classes.delete(world.dataset.project_id, world.classes.detection as number),
      ]);
      const labeled = written.status === 'fulfilled' && written.value[0]?.status === 'applied';
      expect(labeled).toBe(deleted.status === 'rejected');
      if (deleted.status === 'rejected') expect(deleted.reason).toMatchObject({ code: 'in_use' });
      if (written.status === 'rejected') expect(written.reason).toMatchObject({ code: 'not_found' });
    }
  });

  test('are put into the order given, which must name each once', async () => {
    const { project_id } = await newDataset(db);
    const ids: number[] = [];
    for (const name of ['a', 'b', 'c']) {
      ids.push((await db.classes.create(project_id, { task_type: 'detection', name })).id);
    }
    const other = await db.classes.create(project_id, { task_type: 'segmentation', name: 'a' });
    const [a, b, c] = ids as [number, number, number];
    const reordered = await db.classes.reorder(project_id, 'detection', [c, a, b]);
    expect(reordered.map(({ id, position }) => [id, position])).toEqual([
      [c, 0],
      [a, 1],
      [b, 2],
    ]);
    for (const wrong of [[a, b], [a, b, c, c], [a, b, other.id], [], [a, b, c, other.id]]) {
      await expect(db.classes.reorder(project_id, 'detection', wrong)).rejects.toMatchObject({
        code: 'validation_failed',
        details: [{ path: 'class_ids' }],
      });
    }
    expect((await db.classes.list(project_id, 'detection')).map(({ id }) => id)).toEqual([c, a, b]);
  });
});

test('image lists and access of one dataset never show another’s', async () => {
  const first = await newWorld(db, 1);
  const second = await newDataset(db);
  const [inserted] = await db.images.insertMany(second.id, OWNER, 'skip', [newImage('img-000000.jpg')]);
  expect((await db.images.list(first.head, { limit: 10 })).items.map(({ id }) => id)).toEqual(first.images);
  expect(await db.projects.access({ image_id: inserted?.image.id as number }, owner)).toMatchObject({
    dataset_id: second.id,
  });
});
