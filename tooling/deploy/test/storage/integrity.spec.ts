import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import { createStorage, type Storage } from '@labelyard/storage';
import pg from 'pg';
import { runYard, temporaryFolder } from '../run-yard.js';
import { collect, fill } from './two-sides.js';

let databases: TestDatabases;
let client: pg.Client;
let folder: ReturnType<typeof temporaryFolder>;
let storage: Storage;

beforeAll(async () => {
  databases = await createTestDatabases();
  client = new pg.Client({ connectionString: databases.labelerUrl });
  await client.connect();
  await client.query(`insert into datasets (id, name, owner_id) values (1, 'd', 'u')`);
  await client.query(
    `insert into image_metadata (dataset_id, path, width, height, size_bytes, sha256, content_type, uploaded_by, thumbnail_state)
      select 1, p, 1, 1, 1, repeat('a', 64), 'image/png', 'u', 'ready' from unnest(array['a', 'b']) p`,
  );
}, 90_000);
afterAll(async () => {
  await client.end();
  await databases.close();
});

beforeEach(async () => {
  folder = temporaryFolder();
  environment(databases.labelerUrl);
  storage = createStorage({
    driver: 'disk',
    root: join(folder.path, 'o'),
    public_url: '',
    signing_secret: 's'.repeat(40),
  });
  const whole = ['a', 'b'].flatMap((path) => [`1/images/${path}`, `1/thumbnails/${path}.jpg`]);
  await fill(storage.datasets, Object.fromEntries(whole.map((key) => [key, 'x'])));
});
afterEach(() => folder[Symbol.dispose]());

function environment(url: string): void {
  writeFileSync(
    join(folder.path, 'it.env'),
    `STORAGE_DRIVER=disk\nDISK_ROOT=${join(folder.path, 'o')}\nJWT_SECRET=${'s'.repeat(40)}\nLABELER_DB_URL=${url}\nDB_SSL=disable\n`,
  );
  writeFileSync(join(folder.path, 'yard.config.ts'), `export default { profiles: { it: { env_file: 'it.env' } } };\n`);
}

const yard = (...argv: string[]) => runYard(['storage', ...argv, '--env', 'it'], { cwd: folder.path });
const keys = async () => (await collect(storage.datasets.list(''))).map(({ key }) => key);

test('a whole storage has neither orphans nor anything missing', async () => {
  expect(await yard('orphans', '--older-than-hours', '0')).toMatchObject({ code: 0 });
  expect(await yard('dangling')).toMatchObject({ code: 0 });
  expect(await yard('thumbnails')).toMatchObject({ code: 0 });
});

test('orphans are told per dataset, and put aside only when asked; backups are none', async () => {
  await fill(storage.datasets, { '1/images/nobody': 'n', '7/images/gone': 'g', 'backups/1/dump': 'd' });
  const told = await yard('orphans', '--older-than-hours', '0');
  expect(told.code).toBe(2);
  expect(told.stdout).toContain('dataset 7: 1 object');
  expect(told.stdout).toContain('datasets: 2 orphans, 0 moved');
  expect((await yard('orphans')).stdout).toContain('datasets: 0 orphans');
  expect(await yard('orphans', '--older-than-hours', '0', '--quarantine')).toMatchObject({ code: 0 });
  const day = new Date().toISOString().slice(0, 10);
  expect((await keys()).filter((key) => !/^1\/(images|thumbnails)\/[ab]/u.test(key))).toEqual([
    'backups/1/dump',
    `quarantine/${day}/1/images/nobody`,
    `quarantine/${day}/7/images/gone`,
  ]);
});

test('nothing is put aside when the database is away, or another one', async () => {
  const before = await keys();
  environment('postgres://nobody:nothing@127.0.0.1:1/none');
  expect(await yard('orphans', '--older-than-hours', '0', '--quarantine')).toMatchObject({ code: 4 });
  await using empty = await createTestDatabases();
  environment(empty.labelerUrl);
  const refused = await yard('orphans', '--older-than-hours', '0', '--quarantine');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('speaks of none of the 4 objects');
  expect(await keys()).toEqual(before);
});

test('missing objects are told, and missing thumbnails made again by the product', async () => {
  await storage.datasets.deleteMany(['1/images/a', '1/thumbnails/b.jpg']);
  const told = await yard('dangling');
  expect(told.code).toBe(2);
  expect(told.stdout).toContain('"1/images/a"');
  expect(await yard('thumbnails')).toMatchObject({ code: 2 });
  const repaired = await yard('thumbnails', '--repair', '--json');
  expect(repaired.code).toBe(0);
  expect(repaired.json()).toEqual({ missing: 1, marked: 1 });
  const { rows } = await client.query(`select path from image_metadata where thumbnail_state = 'pending'`);
  expect(rows).toEqual([{ path: 'b' }]);
});

test('a folder has no settings of a bucket', async () => {
  const told = await yard('cors', 'plan');
  expect(told.code).toBe(3);
  expect(told.stderr).toContain('has no cors');
});
