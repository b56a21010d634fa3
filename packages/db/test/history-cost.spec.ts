import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { box, newWorld } from './world.js';

// What the log of changes may cost: less than three times the disk its annotations take. Measured with work as people do it: each annotation
// is drawn, three in four are corrected once, all are confirmed, half are verified.

const IMAGES = 20;
const PER_IMAGE = 200;

let databases: TestDatabases;
beforeAll(async () => {
  databases = await createTestDatabases();
});
afterAll(() => databases.close());

test('history takes less than three times the room of the annotations', async () => {
  const { labeler: db } = databases;
  const world = await newWorld(db, IMAGES);
  const { project_id } = world.head;
  for (let n = 0; n < IMAGES; n += 1) {
    const scope = world.scope(n);
    const created = await db.annotations.applyOperations(
      scope,
      Array.from({ length: PER_IMAGE }, (_, k) => ({
        op: 'create' as const,
        op_id: crypto.randomUUID(),
        task_type: 'detection' as const,
        class_id: world.classes.detection as number,
        ...box(10 + (k % 500) + 0.25, 20.75, 30.5, 40.25),
      })),
    );
    await db.annotations.applyOperations(
      scope,
      created
        .filter((_, k) => k % 4 !== 0)
        .map(({ annotation_id }) => ({
          op: 'update' as const,
          op_id: crypto.randomUUID(),
          annotation_id: annotation_id as number,
          version: 1,
          shape: box(11.5, 21.25, 33, 44),
        })),
    );
    await db.annotations.confirmImage(scope, 'detection');
    if (n % 2 === 0) {
      const images = [{ image_id: scope.image_id, task_type: 'detection' as const }];
      await db.review.images({ project_id, user_id: 'reviewer', decision: 'verify' }, images);
    }
  }
  const size = await db.sql.one<{ live: number; history: number; rows: number }>(
    `select pg_total_relation_size('annotations') as live, pg_total_relation_size('annotation_history') as history,
      (select count(*) from annotation_history) as rows`,
  );
  const { live = 1, history = Infinity, rows } = size ?? {};
  expect(rows).toBe(IMAGES * PER_IMAGE * (1 + 0.75 + 1 + 0.5));
  // For the reader: what the annotations would take if nothing had ever been changed in place.
  await db.sql.run('create table packed (like annotations including all)');
  await db.sql.run('insert into packed select * from annotations');
  const packed = await db.sql.one<{ bytes: number }>(`select pg_total_relation_size('packed') as bytes`);
  const kB = (bytes: number) => `${Math.round(bytes / 1024)} kB`;
  process.stdout.write(
    `history ${kB(history)}, annotations ${kB(live)} on disk (${kB(packed?.bytes ?? 0)} packed): ${(history / live).toFixed(2)} times\n`,
  );
  expect(history / live).toBeLessThan(3);
});
