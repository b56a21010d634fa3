import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { newWorld, OWNER, type World } from './world.js';

const ROWS = 100_000;

let databases: TestDatabases;
let world: World;

beforeAll(async () => {
  databases = await createTestDatabases();
  world = await newWorld(databases.labeler, 50);
  // Each minute another of ten people makes ten changes to one image.
  await databases.labeler.sql.run(
    `insert into annotation_history (project_id, image_id, annotation_id, changed_at, version, action, changed_by)
      select $1, ($2::bigint[])[1 + (n / 10) % 50], n, timestamptz '2026-01-01' + (n / 10) * interval '1 minute', 1, 'create',
        'person-' || (n / 10) % 10
      from generate_series(0, $3 - 1) n`,
    [world.head.project_id, world.images, ROWS],
  );
  await databases.labeler.sql.run('analyze annotation_history');
}, 60_000);
afterAll(() => databases.close());

/** Pages of the feed until `pages` of them were read; how many changes they told of. */
async function walk(filter: object, pages: number): Promise<{ told: number; read: number; finished: boolean }> {
  const { history } = databases.labeler;
  let cursor: string | null | undefined;
  let [told, read] = [0, 0];
  while (read < pages && cursor !== null) {
    const page = await history.feed({ project_id: world.head.project_id, ...filter }, { limit: 500, cursor });
    for (const item of page.items)
      if (item.kind === 'annotations') told += Object.values(item.counts).reduce((sum, n) => sum + n, 0);
    cursor = page.next_cursor;
    read += 1;
  }
  return { told, read, finished: cursor === null };
}

test('a page reads so much of a long history and no more, and the pages together tell all of it', async () => {
  expect(await walk({}, 1)).toEqual({ told: 2_000, read: 1, finished: false });
  expect(await walk({}, 1_000)).toMatchObject({ told: ROWS, finished: true });
  expect(await walk({ changed_by: 'person-3' }, 1_000)).toMatchObject({ told: ROWS / 10, finished: true });
  expect(await walk({ image_id: world.images[7] }, 1_000)).toMatchObject({ told: ROWS / 50, finished: true });
  expect(await walk({ changed_by: OWNER }, 1_000)).toMatchObject({ told: 0, finished: true });
});

test.each([
  ['of a project', `project_id = $1`, 'ix_annotation_history_time'],
  ['of a person', `project_id = $1 and changed_by = 'person-3'`, 'ix_annotation_history_person'],
])('the changes %s come from an index, in order', async (_name, where, index) => {
  const plan = await databases.labeler.sql.rows<{ 'QUERY PLAN': string }>(
    `explain select id from annotation_history where ${where} and (changed_at, id) < ('2026-01-05', 50000)
      order by changed_at desc, id desc limit 2001`,
    [world.head.project_id],
  );
  const text = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(text).toContain(index);
  expect(text).not.toContain('Sort');
});
