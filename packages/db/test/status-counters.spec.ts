import { IMAGE_STATUSES, imageStatus, overallStatus, type ImageStatus, type TaskType } from '@labelyard/domain';
import fc from 'fast-check';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import type { LabelerDb } from '../src/index.js';
import { box, create, DEADLOCKS, deletion, newImage, newWorld, OWNER, type World } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(async () => {
  // Nobody here is to run into one; the repositories' retry would hide it.
  expect(await db.sql.one(DEADLOCKS)).toEqual({ deadlocks: 0 });
  await databases.close();
});

const MISMATCHES = `
with counted as (
  select i.id as image_id, p.id as project_id, t.task_type, count(a.id) as annotations,
    count(a.id) filter (where a.state = 'draft') as drafts, count(a.id) filter (where a.state = 'confirmed') as confirmed,
    count(a.id) filter (where a.state = 'verified') as verified, count(a.rejected_at) as rejected
  from annotation_projects p join image_metadata i using (dataset_id) cross join unnest(p.task_types) t (task_type)
  left join annotations a on a.image_id = i.id and a.task_type = t.task_type
  group by i.id, p.id, t.task_type
)
select 'image ' || coalesce(s.image_id, c.image_id) || ' ' || coalesce(s.task_type, c.task_type) as wrong
from image_statuses s full join counted c using (image_id, task_type)
where (s.annotation_count, s.draft_count, s.confirmed_count, s.verified_count, s.rejected_count, s.project_id)
  is distinct from (c.annotations, c.drafts, c.confirmed, c.verified, c.rejected, c.project_id)
union all
select 'confirmed with drafts ' || image_id from image_statuses where confirmed_at is not null and draft_count > 0
union all
select 'count ' || coalesce(c.task_type, n.task_type) || ' ' || coalesce(c.status, n.status)
  || ' is ' || coalesce(c.image_count, -1) || ', not ' || coalesce(n.images, 0)
from (
  select project_id, task_type, status, sum(image_count) as image_count from project_status_counts group by 1, 2, 3
) c
full join (
  select project_id, task_type, status, count(*) as images from image_statuses group by 1, 2, 3
  union all
  select p.id, 'overall', i.status, count(*) from image_metadata i join annotation_projects p using (dataset_id) group by 1, 2, 3
) n using (project_id, task_type, status)
where coalesce(c.image_count, -1) <> coalesce(n.images, 0)
union all
select 'dataset ' || d.id from datasets d
where d.image_count <> (select count(*) from image_metadata i where i.dataset_id = d.id)
  or d.size_bytes <> (select coalesce(sum(i.size_bytes), 0) from image_metadata i where i.dataset_id = d.id)
union all
select 'annotation without its image''s status ' || a.id from annotations a
where not exists (select from image_statuses s where s.image_id = a.image_id and s.task_type = a.task_type and s.project_id = a.project_id)`;

/** Everything that is kept, compared with everything counted anew. */
async function expectTrueCounters(): Promise<void> {
  expect(await db.sql.rows(MISMATCHES)).toEqual([]);
  const images = await db.sql.rows<{ status: ImageStatus; statuses: ImageStatus[] }>(
    `select i.status, array_agg(s.status) as statuses from image_metadata i join image_statuses s on s.image_id = i.id
      group by i.id`,
  );
  for (const { status, statuses } of images)
    expect({ statuses, status }).toEqual({ statuses, status: overallStatus(statuses) });
}

test('the generated status is the domain’s rule, over every combination', async () => {
  const world = await newWorld(db, 1, ['detection']);
  const { images } = world;
  for (const verified_count of [0, 1, 2]) {
    for (const drafts of [0, 1]) {
      for (const rejected_count of [0, 1]) {
        for (const flags of [0, 1, 2, 3, 4, 5, 6, 7]) {
          const [confirmed, image_rejected, image_reviewed] = [1, 2, 4].map((bit) => (flags & bit) > 0) as [
            boolean,
            boolean,
            boolean,
          ];
          const annotation_count = verified_count + drafts;
          if (rejected_count > annotation_count) continue;
          const row = await db.sql.one<{ status: string }>(
            `update image_statuses set annotation_count = $2, draft_count = $3, verified_count = $4, rejected_count = $5,
                confirmed_at = case when $6 then now() end, rejected_at = case when $7 then now() end,
                reviewed_at = case when $8 then now() end
              where image_id = $1 returning status`,
            [
              images[0],
              annotation_count,
              drafts,
              verified_count,
              rejected_count,
              confirmed,
              image_rejected,
              image_reviewed,
            ],
          );
          const progress = {
            annotation_count,
            verified_count,
            rejected_count,
            confirmed,
            image_rejected,
            image_reviewed,
          };
          expect({ ...progress, status: row?.status }).toEqual({ ...progress, status: imageStatus(progress) });
        }
      }
    }
  }
  await db.deletedImages.delete(deletion(world), images);
});

test('the overall status is the domain’s rule, over every pair', async () => {
  const world = await newWorld(db, 1);
  const reach: Record<ImageStatus, string> = {
    not_started: 'annotation_count = 0, draft_count = 0, verified_count = 0, rejected_count = 0, confirmed_at = null',
    in_progress: 'annotation_count = 1, draft_count = 1, verified_count = 0, rejected_count = 0, confirmed_at = null',
    completed: 'annotation_count = 0, draft_count = 0, verified_count = 0, rejected_count = 0, confirmed_at = now()',
    reviewed: 'annotation_count = 1, draft_count = 0, verified_count = 1, rejected_count = 0, confirmed_at = now()',
    rejected: 'annotation_count = 1, draft_count = 1, verified_count = 0, rejected_count = 1, confirmed_at = null',
  };
  for (const first of IMAGE_STATUSES) {
    for (const second of IMAGE_STATUSES) {
      for (const [task_type, status] of [
        ['detection', first],
        ['segmentation', second],
      ] as const) {
        await db.sql.run(`update image_statuses set ${reach[status]} where image_id = $1 and task_type = $2`, [
          world.images[0],
          task_type,
        ]);
      }
      const image = await db.images.get(world.images[0] as number);
      expect(image).toMatchObject({
        statuses: { detection: first, segmentation: second },
        status: overallStatus([first, second]),
      });
      const counts = await db.projects.statusCounts(world.dataset.project_id);
      expect(counts.overall?.[overallStatus([first, second])]).toBe(1);
      expect(counts.detection?.[first]).toBe(1);
    }
  }
  await db.deletedImages.delete(deletion(world), world.images);
});

interface Model {
  readonly world: World;
  images: number[];
  readonly deleted: number[];
  task_types: TaskType[];
}

type Step = (model: Model) => Promise<unknown>;

const pick = <T>(items: readonly T[], at: number): T | undefined => items[at % items.length];

function classOf(model: Model, task_type: TaskType): number | null {
  return model.world.classes[task_type] ?? null;
}

async function annotationsOf(image_id: number): Promise<{ id: number; version: number }[]> {
  return db.sql.rows(`select id, version from annotations where image_id = $1 order by id`, [image_id]);
}

/** What people do, told by a few numbers each. */
const step: fc.Arbitrary<Step> = fc
  .tuple(fc.integer({ min: 0, max: 11 }), fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 4 }))
  .map(([kind, a, b, count]) => async (model: Model) => {
    const image_id = pick(model.images, a);
    const task_type = pick(model.task_types, b) as TaskType;
    const scope = { project_id: model.world.dataset.project_id, image_id: image_id ?? 0, user_id: OWNER };
    if (kind === 0 || image_id === undefined) {
      const inserted = await db.images.insertMany(
        model.world.dataset.id,
        OWNER,
        a % 2 ? 'overwrite' : 'rename',
        Array.from({ length: count }, (_, n) => newImage(`p${(a + n) % 5}.png`, { size_bytes: b * 10 + n })),
      );
      model.images = [...new Set([...model.images, ...inserted.map(({ image }) => image.id)])];
    } else if (kind <= 3) {
      const made = Array.from({ length: count }, () =>
        create(model.world, {
          task_type,
          class_id: classOf(model, task_type),
          state: b % 7 === 0 ? 'confirmed' : 'draft',
        }),
      );
      const edited = (await annotationsOf(image_id))
        .slice(0, count)
        .map(({ id, version }, n) =>
          (a + n) % 3 === 0
            ? { op: 'delete' as const, op_id: null, annotation_id: id, version }
            : { op: 'update' as const, op_id: null, annotation_id: id, version, shape: box(1, 1, n + 1, 1) },
        );
      await db.annotations.applyOperations(scope, kind === 3 ? edited : [...made, ...edited.slice(0, 1)]);
    } else if (kind <= 5) {
      await db.annotations.confirmImage(scope, task_type);
    } else if (kind === 6) {
      await db.annotations.unconfirmImage(scope, task_type);
    } else if (kind === 7) {
      const one = pick(await annotationsOf(image_id), b);
      if (one) {
        const target = { annotation_id: one.id, version: one.version };
        await (b % 2
          ? db.annotations.confirm(scope, target)
          : db.annotations.unconfirm(scope, target, { may_edit_verified: true }));
      }
    } else if (kind >= 10) {
      const review = {
        project_id: model.world.dataset.project_id,
        user_id: OWNER,
        decision: a % 2 ? ('verify' as const) : ('reject' as const),
      };
      if (kind === 10) {
        await db.review.images(
          review,
          model.images.slice(0, count).map((id) => ({ image_id: id, task_type })),
        );
      } else {
        const some = (await annotationsOf(image_id)).slice(0, count);
        await db.review.annotations(
          review,
          some.map(({ id, version }) => ({ annotation_id: id, version })),
        );
      }
    } else if (kind === 8) {
      const gone = model.images.splice(a % model.images.length, count);
      await db.deletedImages.delete(deletion(model.world), gone);
      // What their labels were for may be gone when they come back.
      const { images } = await db.deletedImages.restore(
        { ...model.world.head, wanted: { image_ids: model.deleted.splice(0, b % 3) }, limit: 9 },
        () => Promise.resolve(),
      );
      model.images.push(...images.map(({ id }) => id));
      model.deleted.push(...gone);
    } else {
      const wanted: TaskType[] = b % 2 ? ['detection', 'segmentation', 'geometry'] : ['detection'];
      await db.datasets.update(model.world.dataset.id, { task_types: wanted }).then(
        () => (model.task_types = wanted),
        (error: { code: string }) => expect(error.code).toBe('in_use'),
      );
    }
  });

test('counters equal a recount after whatever people do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const world = await newWorld(db, 2);
      const model: Model = { world, images: [...world.images], deleted: [], task_types: ['detection', 'segmentation'] };
      for (const run of steps) await run(model);
      await expectTrueCounters();
    }),
    { numRuns: 25 },
  );
}, 120_000);

test('counters equal a recount after many writers at once', async () => {
  const world = await newWorld(db, 6);
  await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const scope = world.scope(n % 6);
      if (n % 4 === 0) await db.annotations.confirmImage(scope, 'detection');
      else if (n % 10 === 9) {
        await db.images.insertMany(world.dataset.id, OWNER, 'rename', [newImage('same.jpg'), newImage(`n${n}.jpg`)]);
      } else {
        await db.annotations.applyOperations(scope, [
          create(world),
          create(world, { task_type: 'segmentation', class_id: null }),
        ]);
      }
    }),
  );
  await expectTrueCounters();
});

test('writers of one project do not wait for each other’s counters', async () => {
  const world = await newWorld(db, 4);
  const confirm = (n: number) => db.annotations.confirmImage(world.scope(n), 'detection');
  await db.transaction(async (tx) => {
    await tx.annotations.confirmImage(world.scope(0), 'detection');
    // On other sessions, while the first holds what it counts with.
    await db.transaction(async (other) => {
      await other.annotations.confirmImage(world.scope(1), 'detection');
      await confirm(2);
    });
    expect((await db.projects.statusCounts(world.dataset.project_id)).detection?.completed).toBe(2);
  });
  const parts = () =>
    db.sql.one(
      `select count(*) as parts, sum(image_count)::integer as images from project_status_counts
        where project_id = $1 and task_type = 'detection' and status = 'completed'`,
      [world.dataset.project_id],
    );
  expect(await parts()).toEqual({ parts: 3, images: 3 });
  // One after the other they share one.
  await confirm(3);
  expect(await parts()).toEqual({ parts: 3, images: 4 });
  await expectTrueCounters();
});

test('a task type added while images are uploaded misses none of them', async () => {
  const world = await newWorld(db, 3);
  await Promise.all([
    ...Array.from({ length: 8 }, (_, n) =>
      db.images.insertMany(world.dataset.id, OWNER, 'skip', [newImage(`a${n}.jpg`), newImage(`b${n}.jpg`)]),
    ),
    db.datasets.update(world.dataset.id, { task_types: ['detection', 'segmentation', 'captioning'] }),
  ]);
  await expectTrueCounters();
  const counts = await db.projects.statusCounts(world.dataset.project_id);
  expect(counts.captioning?.not_started).toBe(19);
});

test('a writer that goes around the repositories cannot break them', async () => {
  const world = await newWorld(db, 2);
  const other = await newWorld(db, 1);
  const insert = (project_id: number, image_id: number | undefined, task_type: string) =>
    db.sql.run(
      `insert into annotations (project_id, image_id, task_type, annotation_type, created_by, updated_by, geometry)
        select $1, $2, $3, 'no_object', 'x', 'x', '{}' from generate_series(1, 3)`,
      [project_id, image_id, task_type],
    );
  await insert(world.dataset.project_id, world.images[0], 'detection');
  await expect(insert(world.dataset.project_id, world.images[0], 'keypoint')).rejects.toMatchObject({
    code: 'validation_failed',
  });
  await expect(insert(world.dataset.project_id, other.images[0], 'detection')).rejects.toMatchObject({
    code: 'validation_failed',
  });
  await db.sql.run(`update annotations set state = 'verified' where image_id = $1`, [world.images[0]]);
  await db.sql.run(`delete from image_metadata where id = $1`, [world.images[1]]);
  await expectTrueCounters();
  await db.sql.run(`delete from image_metadata where id = $1`, [world.images[0]]);
  await expectTrueCounters();
});

test('a whole dataset is purged in batches and leaves nothing', async () => {
  const world = await newWorld(db, 7);
  for (const index of [0, 3, 6])
    await db.annotations.applyOperations(world.scope(index), [create(world), create(world)]);
  await db.exports.create({ project_id: world.dataset.project_id, format: 'coco', options: {}, created_by: OWNER });
  expect(await db.datasets.purge(world.dataset.id)).toBe(true);
  expect(await db.datasets.get(world.dataset.id, { user_id: OWNER, organization_id: null })).not.toBeNull();

  expect(await db.datasets.delete(world.dataset.id)).toBe(true);
  expect(await db.datasets.delete(world.dataset.id)).toBe(false);
  expect(await db.datasets.get(world.dataset.id, { user_id: OWNER, organization_id: null })).toBeNull();
  expect(
    await db.projects.access({ image_id: world.images[0] as number }, { user_id: OWNER, organization_id: null }),
  ).toBeNull();
  expect(await db.datasets.deleted()).toContainEqual({ id: world.dataset.id, project_id: world.dataset.project_id });
  let calls = 1;
  while (!(await db.datasets.purge(world.dataset.id, 3))) {
    calls += 1;
    await expectTrueCounters();
  }
  expect(calls).toBe(5);
  expect(
    await db.sql.rows(
      `select 1 from annotation_history where project_id = $1 union all select 1 from classes where project_id = $1
        union all select 1 from exports where project_id = $1 union all select 1 from image_statuses where project_id = $1
        union all select 1 from annotation_projects where id = $1`,
      [world.dataset.project_id],
    ),
  ).toEqual([]);
  expect(await db.datasets.purge(world.dataset.id)).toBe(true);
});
