import { randomUUID } from 'node:crypto';
import type { Annotation } from '@labelyard/domain';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import type { AnnotationOperation, LabelerDb, OperationOutcome } from '../src/index.js';
import { box, create, DEADLOCKS, deletion, newWorld, OTHER, OWNER, stored, type World } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;
let world: World;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(async () => {
  // Nobody here is to run into one; the repositories' retry would hide it.
  expect(await db.sql.one(DEADLOCKS)).toEqual({ deadlocks: 0 });
  await databases.close();
});
beforeEach(async () => {
  world = await newWorld(db, 2);
});

interface Wire {
  op_id: string | null;
  status: string;
  annotation: Annotation | null;
  issues?: { path: string; code: string; message: string }[];
}
const wire = (outcome: OperationOutcome | undefined) => JSON.parse(outcome?.json ?? 'null') as Wire;

async function apply(operations: AnnotationOperation[], scope = world.scope()): Promise<Wire[]> {
  return (await db.annotations.applyOperations(scope, operations)).map(wire);
}
const history = (annotation_id: number) =>
  db.sql.rows<{ action: string; version: number; changed_by: string; previous: unknown }>(
    `select action, version, changed_by, previous from annotation_history where annotation_id = $1 order by id`,
    [annotation_id],
  );

describe('applyOperations', () => {
  test('creates, updates and deletes, keeps the geometry’s bytes and writes history', async () => {
    const polygon = stored({
      type: 'polygon',
      polygons: [
        [
          [
            [1.25, 2],
            [30.1, 2],
            [30.1, 1e-7],
          ],
          [],
        ],
      ],
    });
    const [boxed, drawn] = await apply([
      create(world, {
        attributes: { note: 'a "quoted"\\ \u0007 한글', tags: ['x'] },
        confidence: 0.25,
        source: 'model',
      }),
      create(world, { ...polygon, task_type: 'segmentation', class_id: world.classes.segmentation as number }),
    ]);
    expect(boxed).toMatchObject({
      status: 'applied',
      annotation: {
        project_id: world.dataset.project_id,
        image_id: world.images[0],
        task_type: 'detection',
        annotation_type: 'bbox',
        class_id: world.classes.detection,
        geometry: { type: 'bbox', bbox: [10, 20, 30, 40] },
        attributes: { note: 'a "quoted"\\ \u0007 한글', tags: ['x'] },
        confidence: 0.25,
        source: 'model',
        state: 'draft',
        version: 1,
        created_by: OWNER,
        updated_by: OWNER,
        confirmed_by: null,
        confirmed_at: null,
      },
    });
    expect(boxed?.annotation?.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
    const row = await db.sql.one<{ text: string; bbox_w: number; area: number }>(
      `select geometry::text as text, bbox_w, area from annotations where id = $1`,
      [drawn?.annotation?.id],
    );
    expect(row).toEqual({ text: polygon.geometry, bbox_w: polygon.bbox?.[2], area: polygon.area });

    const id = boxed?.annotation?.id as number;
    const [moved, gone] = await apply(
      [
        { op: 'update', op_id: randomUUID(), annotation_id: id, version: 1, shape: box(1, 2, 3, 4), confidence: null },
        { op: 'delete', op_id: randomUUID(), annotation_id: drawn?.annotation?.id as number, version: 1 },
      ],
      { ...world.scope(), user_id: OTHER },
    );
    expect(moved).toMatchObject({
      status: 'applied',
      annotation: {
        version: 2,
        geometry: { bbox: [1, 2, 3, 4] },
        confidence: null,
        attributes: { tags: ['x'] },
        class_id: world.classes.detection,
        created_by: OWNER,
        updated_by: OTHER,
      },
    });
    expect(gone).toEqual({ op_id: gone?.op_id, status: 'applied', annotation: null });
    expect(await db.annotations.get(id)).toEqual(moved?.annotation);
    expect(await db.annotations.get(drawn?.annotation?.id as number)).toBeNull();

    expect((await history(id)).map(({ action, version, changed_by }) => [action, version, changed_by])).toEqual([
      ['create', 1, OWNER],
      ['update', 2, OTHER],
    ]);
    expect((await history(id)).map(({ previous }) => previous)).toEqual([null, boxed?.annotation]);
    expect(await history(drawn?.annotation?.id as number)).toMatchObject([
      { action: 'create', version: 1, previous: null },
      { action: 'delete', version: 2, previous: drawn?.annotation },
    ]);
  });

  test('answers conflict with the current row, not_found and rejected, and applies the rest', async () => {
    const foreign = await newWorld(db);
    const [made] = await apply([create(world)]);
    const id = made?.annotation?.id as number;
    await apply([{ op: 'update', op_id: null, annotation_id: id, version: 1, shape: box(5, 5, 5, 5) }]);
    const results = await apply([
      { op: 'update', op_id: randomUUID(), annotation_id: id, version: 1, shape: box() },
      { op: 'delete', op_id: randomUUID(), annotation_id: id, version: 7 },
      { op: 'delete', op_id: randomUUID(), annotation_id: 2 ** 40, version: 1 },
      create(world, { class_id: foreign.classes.detection as number }),
      create(world, { class_id: world.classes.segmentation as number }),
      create(world, { task_type: 'keypoint', class_id: null }),
      create(world),
      {
        op: 'update',
        op_id: randomUUID(),
        annotation_id: id,
        version: 2,
        class_id: foreign.classes.detection as number,
      },
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'conflict',
      'conflict',
      'not_found',
      'rejected',
      'rejected',
      'rejected',
      'applied',
      'rejected',
    ]);
    expect(results[0]?.annotation).toEqual(await db.annotations.get(id));
    expect(results[0]?.annotation?.version).toBe(2);
    expect(results[3]?.issues).toEqual([
      { code: 'unknown_class', path: 'class_id', message: expect.stringContaining('class') as string },
    ]);
    expect(results[5]?.issues?.[0]).toMatchObject({ code: 'task_type_not_of_project', path: 'task_type' });
    expect(JSON.parse(await db.annotations.loadImage(world.scope()))).toHaveLength(2);
  });

  test('an annotation of another image is not found, and the image of another project neither', async () => {
    const [made] = await apply([create(world)]);
    const [elsewhere] = await apply(
      [{ op: 'delete', op_id: null, annotation_id: made?.annotation?.id as number, version: 1 }],
      world.scope(1),
    );
    expect(elsewhere?.status).toBe('not_found');
    const foreign = await newWorld(db);
    await expect(
      apply([create(world)], { ...world.scope(), project_id: foreign.dataset.project_id }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('an op_id sent again is answered as it was, however things have changed since', async () => {
    const operation = create(world);
    const [first] = await apply([operation]);
    const id = first?.annotation?.id as number;
    const remove: AnnotationOperation = { op: 'delete', op_id: randomUUID(), annotation_id: id, version: 1 };
    await apply([remove]);
    const again = await db.annotations.applyOperations(world.scope(), [operation, remove, create(world)]);
    expect(again.map(({ status, replayed }) => [status, replayed])).toEqual([
      ['applied', true],
      ['applied', true],
      ['applied', false],
    ]);
    expect(wire(again[0])).toEqual(first);
    expect(again[0]?.annotation_id).toBe(id);
    expect(wire(again[1])).toMatchObject({ status: 'applied', annotation: null });
    expect(JSON.parse(await db.annotations.loadImage(world.scope()))).toHaveLength(1);
  });

  test('what was refused is tried anew under the same op_id', async () => {
    const [made] = await apply([create(world)]);
    const id = made?.annotation?.id as number;
    const op_id = randomUUID();
    expect(
      (await apply([{ op: 'update', op_id, annotation_id: id, version: 2, shape: box(1, 1, 1, 1) }]))[0]?.status,
    ).toBe('conflict');
    expect(
      (await apply([{ op: 'update', op_id, annotation_id: id, version: 1, shape: box(1, 1, 1, 1) }]))[0]?.status,
    ).toBe('applied');
  });

  test('an op_id of another image is refused', async () => {
    const operation = create(world);
    await apply([operation]);
    const [result] = await apply([operation], world.scope(1));
    expect(result).toMatchObject({ status: 'rejected', issues: [{ code: 'op_id_taken', path: 'op_id' }] });
  });

  test('several operations on one annotation are applied in their order; a repeated op_id once', async () => {
    const [made] = await apply([create(world)]);
    const annotation_id = made?.annotation?.id as number;
    const same = create(world);
    const results = await apply([
      { op: 'update', op_id: randomUUID(), annotation_id, version: 1, shape: box(1, 1, 1, 1) },
      same,
      { op: 'update', op_id: randomUUID(), annotation_id, version: 2, shape: box(2, 2, 2, 2) },
      same,
      { op: 'update', op_id: randomUUID(), annotation_id, version: 2, shape: box(3, 3, 3, 3) },
      { op: 'delete', op_id: randomUUID(), annotation_id, version: 3 },
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'applied',
      'applied',
      'applied',
      'applied',
      'conflict',
      'applied',
    ]);
    expect(results[3]).toEqual(results[1]);
    expect(results[4]?.annotation?.geometry).toEqual({ type: 'bbox', bbox: [2, 2, 2, 2] });
    expect(JSON.parse(await db.annotations.loadImage(world.scope()))).toHaveLength(1);
  });

  test('a request cannot hammer one annotation, nor be endless', async () => {
    const [made] = await apply([create(world)]);
    const annotation_id = made?.annotation?.id as number;
    const results = await apply(
      Array.from({ length: 55 }, (_, n) => ({
        op: 'update',
        op_id: null,
        annotation_id,
        version: n + 1,
        confidence: 0.5,
      })),
    );
    expect(results.filter(({ status }) => status === 'applied')).toHaveLength(50);
    expect(results[54]).toMatchObject({ status: 'rejected', issues: [{ code: 'too_many_changes' }] });
    await expect(apply(Array.from({ length: 5_001 }, () => create(world)))).rejects.toMatchObject({
      code: 'payload_too_large',
    });
  });

  test('a save is planned once in a session, and by indexes though there was little to read then', async () => {
    const { plans, lookup } = await db.transaction(async (tx) => {
      for (let n = 0; n < 3; n += 1) await tx.annotations.applyOperations(world.scope(), [create(world)]);
      return {
        plans: await tx.sql.one<{ generic: number; custom: number }>(
          `select sum(generic_plans)::integer as generic, sum(custom_plans)::integer as custom
            from pg_prepared_statements where statement like '%insert into annotations%'`,
        ),
        lookup: await tx.sql.one('explain select from image_statuses where image_id = 1'),
      };
    });
    expect(plans?.generic).toBeGreaterThanOrEqual(3);
    expect(plans?.custom).toBe(0);
    expect(Object.values(lookup ?? {}).join()).toMatch(/Index|Bitmap/u);
  });

  test('5,000 operations fit into one request', async () => {
    const results = await apply(Array.from({ length: 5_000 }, (_, n) => create(world, box(n % 600, 1, 2, 3))));
    expect(results.every(({ status }) => status === 'applied')).toBe(true);
    expect(results[4_321]?.annotation?.geometry).toEqual({ type: 'bbox', bbox: [121, 1, 2, 3] });
    expect(await db.images.get(world.images[0] as number)).toMatchObject({ annotation_count: 5_000 });
  });

  test('nothing of a request is kept when its transaction is rolled back', async () => {
    await expect(
      db.transaction(async (tx) => {
        await tx.annotations.applyOperations(world.scope(), [create(world)]);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await db.annotations.loadImage(world.scope())).toBe('[]');
  });
});

describe('races', () => {
  test('the same op_id at the same moment is applied once and answered alike', async () => {
    for (let round = 0; round < 10; round += 1) {
      const operations = [create(world), create(world)];
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => db.annotations.applyOperations(world.scope(), operations)),
      );
      for (const answer of answers) expect(answer.map(wire)).toEqual(answers[0]?.map(wire));
      expect(answers.flat().filter(({ replayed }) => !replayed)).toHaveLength(2);
    }
    expect(JSON.parse(await db.annotations.loadImage(world.scope()))).toHaveLength(20);
  });

  test('of two edits of the same version one wins and the other sees the winner', async () => {
    const [made] = await apply([create(world)]);
    const annotation_id = made?.annotation?.id as number;
    for (let version = 1; version <= 10; version += 1) {
      const results = (
        await Promise.all(
          [1, 2, 3].map((x) =>
            apply([{ op: 'update', op_id: randomUUID(), annotation_id, version, shape: box(x, version, 5, 5) }]),
          ),
        )
      ).flat();
      expect(results.map(({ status }) => status).sort()).toEqual(['applied', 'conflict', 'conflict']);
      const winner = results.find(({ status }) => status === 'applied')?.annotation;
      for (const { annotation } of results) expect(annotation).toEqual(winner);
    }
    expect((await history(annotation_id)).map(({ version }) => version)).toEqual(
      Array.from({ length: 11 }, (_, n) => n + 1),
    );
  });

  test('writers of many images of one project do not deadlock and lose nothing', async () => {
    const wide = await newWorld(db, 8);
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const scope = wide.scope(n % 8);
        await db.annotations.applyOperations(scope, [create(wide), create(wide)]);
        if (n % 3 === 0) await db.annotations.confirmImage(scope, 'detection');
      }),
    );
    const rows = await db.sql.one<{ n: number }>(`select count(*) as n from annotations where project_id = $1`, [
      wide.dataset.project_id,
    ]);
    expect(rows?.n).toBe(80);
  });

  test('an image deleted while it is labeled: the writer is told, nothing is left behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      const doomed = await newWorld(db, 1);
      await Promise.allSettled([
        db.annotations.applyOperations(doomed.scope(), [create(doomed)]),
        db.deletedImages.delete(deletion(doomed), doomed.images),
      ]).then(([written, deleted]) => {
        expect(deleted.status).toBe('fulfilled');
        if (written.status === 'rejected') expect(written.reason).toMatchObject({ code: 'not_found' });
      });
      expect(await db.sql.one(`select from annotations where image_id = any ($1)`, [doomed.images])).toBeNull();
    }
  });
});

describe('single annotations', () => {
  test('are created, changed and removed with errors for people', async () => {
    const { op: _, op_id: __, ...values } = create(world);
    const made = await db.annotations.create(world.scope(), values);
    const changed = await db.annotations.update(world.scope(), {
      annotation_id: made.id,
      version: 1,
      attributes: { seen: true },
    });
    expect(changed).toMatchObject({ id: made.id, version: 2, attributes: { seen: true }, geometry: made.geometry });
    await expect(
      db.annotations.update(world.scope(), { annotation_id: made.id, version: 1, confidence: 1 }),
    ).rejects.toMatchObject({ code: 'version_conflict', details: { current: changed } });
    await expect(db.annotations.remove(world.scope(), { annotation_id: made.id, version: 1 })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    await db.annotations.remove(world.scope(), { annotation_id: made.id, version: 2 });
    await expect(db.annotations.remove(world.scope(), { annotation_id: made.id, version: 2 })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(db.annotations.create(world.scope(), { ...values, class_id: 2 ** 40 })).rejects.toMatchObject({
      code: 'validation_failed',
      details: [{ path: 'class_id', code: 'unknown_class' }],
    });
  });

  test('a value the database cannot keep is refused in the words of people', async () => {
    const { op: _, op_id: __, ...values } = create(world);
    await expect(
      db.annotations.create(world.scope(), { ...values, attributes: { note: 'a\u0000b' } }),
    ).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(db.annotations.create(world.scope(), { ...values, confidence: 1.5 })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('confirming', () => {
  test('one annotation: state, version, history; editing re-opens', async () => {
    const [made] = await apply([create(world)]);
    const annotation_id = made?.annotation?.id as number;
    const confirmed = await db.annotations.confirm({ ...world.scope(), user_id: OTHER }, { annotation_id, version: 1 });
    expect(confirmed).toMatchObject({ state: 'confirmed', version: 2, confirmed_by: OTHER });
    expect(confirmed.confirmed_at).toBe(confirmed.updated_at);
    expect(await db.annotations.confirm(world.scope(), { annotation_id, version: 2 })).toEqual(confirmed);
    await expect(db.annotations.confirm(world.scope(), { annotation_id, version: 1 })).rejects.toMatchObject({
      code: 'version_conflict',
      details: { current: confirmed },
    });
    await expect(db.annotations.confirm(world.scope(1), { annotation_id, version: 2 })).rejects.toMatchObject({
      code: 'not_found',
    });
    const opened = await db.annotations.unconfirm(
      world.scope(),
      { annotation_id, version: 2 },
      { may_edit_verified: false },
    );
    expect(opened).toMatchObject({ state: 'draft', version: 3, confirmed_by: null, confirmed_at: null });
    await db.annotations.confirm(world.scope(), { annotation_id, version: 3 });
    const edited = await db.annotations.update(world.scope(), { annotation_id, version: 4, shape: box(9, 9, 9, 9) });
    expect(edited).toMatchObject({ state: 'draft', version: 5, confirmed_by: null, confirmed_at: null });
    expect((await history(annotation_id)).map(({ action }) => action)).toEqual([
      'create',
      'confirm',
      'unconfirm',
      'confirm',
      'update',
    ]);
    expect((await history(annotation_id)).map(({ previous }) => previous).slice(1, 4)).toEqual([
      made?.annotation,
      confirmed,
      opened,
    ]);
  });

  test('an image, for one task type; any edit of that task type re-opens it', async () => {
    await apply([create(world), create(world)]);
    const status = async () => (await db.images.get(world.images[0] as number))?.statuses;
    expect(await status()).toEqual({ detection: 'in_progress', segmentation: 'not_started' });
    expect(await db.annotations.confirmImage(world.scope(), 'detection')).toEqual({ confirmed: 2, was_changed: true });
    expect(await db.annotations.confirmImage(world.scope(), 'detection')).toEqual({ confirmed: 0, was_changed: false });
    expect(await status()).toEqual({ detection: 'completed', segmentation: 'not_started' });
    expect((await db.images.get(world.images[0] as number))?.status).toBe('in_progress');
    // An image without anything to label can be done, too.
    expect(await db.annotations.confirmImage(world.scope(), 'segmentation')).toEqual({
      confirmed: 0,
      was_changed: true,
    });
    expect((await db.images.get(world.images[0] as number))?.status).toBe('completed');

    await apply([create(world, { task_type: 'segmentation', class_id: world.classes.segmentation as number })]);
    expect(await status()).toEqual({ detection: 'completed', segmentation: 'in_progress' });
    expect(await db.annotations.unconfirmImage(world.scope(), 'detection')).toEqual({
      confirmed: 2,
      was_changed: true,
    });
    expect(await status()).toEqual({ detection: 'in_progress', segmentation: 'in_progress' });
    await expect(db.annotations.confirmImage(world.scope(), 'keypoint')).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});

describe('reading', () => {
  test('an image’s annotations as JSON text, all or of some task types', async () => {
    expect(await db.annotations.loadImage(world.scope())).toBe('[]');
    const made = await apply([
      create(world),
      create(world, { task_type: 'segmentation', class_id: null, ...stored({ type: 'no_object' }) }),
    ]);
    expect(JSON.parse(await db.annotations.loadImage(world.scope()))).toEqual(made.map(({ annotation }) => annotation));
    expect(JSON.parse(await db.annotations.loadImage({ ...world.scope(), task_types: ['segmentation'] }))).toEqual([
      made[1]?.annotation,
    ]);
  });

  test('a project page by page, filtered', async () => {
    await apply(Array.from({ length: 7 }, () => create(world)));
    await apply([create(world), create(world, { task_type: 'segmentation', class_id: null })], world.scope(1));
    const { project_id } = world.dataset;
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await db.annotations.listByProject({ project_id, limit: 4, cursor });
      seen.push(...(JSON.parse(page.items_json) as Annotation[]).map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor);
    expect(seen).toHaveLength(9);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const count = async (filter: object) =>
      (JSON.parse((await db.annotations.listByProject({ project_id, limit: 50, ...filter })).items_json) as unknown[])
        .length;
    expect(await count({ image_id: world.images[1] })).toBe(2);
    expect(await count({ class_id: world.classes.detection })).toBe(8);
    expect(await count({ task_type: 'segmentation' })).toBe(1);
    expect(await count({ state: 'confirmed' })).toBe(0);
    await expect(db.annotations.listByProject({ project_id, limit: 4, cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });
});
