import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '@labelyard/embedded-postgres';
import { createStorage } from '@labelyard/storage';
import type { CheckReport } from '../src/doctor/run-checks.js';
import { newDatabase } from './database/databases.js';
import { runYard, temporaryFolder } from './run-yard.js';
import { serve } from './serve.js';
import { fill } from './storage/two-sides.js';

const SECRET = 's'.repeat(40);

/** Two environments on disk, unless they say otherwise. */
function installation(there: Record<string, string> = {}, here: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const disk = (name: string) => {
    const root = join(folder.path, name);
    return { STORAGE_DRIVER: 'disk', DISK_ROOT: root, JWT_SECRET: SECRET, ENVIRONMENT: 'development' };
  };
  const profiles = { here: { env: { ...disk('here'), ...here } }, there: { env: { ...disk('there'), ...there } } };
  writeFileSync(
    join(folder.path, 'yard.config.ts'),
    `export default ${JSON.stringify({ active_env_file: '.env', profiles })};\n`,
  );
  const open = (name: string) =>
    createStorage({ driver: 'disk', root: join(folder.path, name), public_url: '', signing_secret: SECRET });
  const ends = ['--from', 'here', '--to', 'there'];
  const yard = (...argv: string[]) => runYard([...argv, ...ends], { cwd: folder.path });
  return {
    folder: folder.path,
    here: open('here'),
    there: open('there'),
    yard,
    /** What the plan says of the target, by check. */
    async plan(parts = 'images,exports') {
      const { code, stdout, stderr } = await yard('cutover', 'plan', '--json', '--only', parts);
      expect(stdout + stderr).not.toContain(SECRET);
      const { path, checks } = JSON.parse(stdout) as { path: string; checks: CheckReport[] };
      return { code, stderr, path, of: (id: string) => checks.find((check) => check.id === id) };
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test('an empty target is asked, found well and left empty', async () => {
  using it = installation();
  await fill(it.here.datasets, { '1/images/a.jpg': 'a' });
  const text = await it.yard('cutover', 'plan', '--only', 'images,exports');
  expect(text).toMatchObject({ code: 0 });
  expect(text.stdout).toContain('✓ Bucket for pictures: datasets: written, read back the same, deleted');
  expect(text.stdout).toContain('✓ Room for images and thumbnails: empty');
  expect(text.stdout).not.toContain('Signed links');
  expect(await it.there.datasets.list('')[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
});

test('what lies there already is told, unless it was copied from here', async () => {
  using it = installation();
  await fill(it.here.datasets, { '1/images/a.jpg': 'a' });
  await fill(it.there.datasets, { '9/images/theirs.jpg': 'b' });
  await fill(it.there.annotations, { 'backups/1/labeler.dump': 'kept' });
  const strange = await it.plan();
  expect(strange.code).toBe(0);
  expect(strange.of('target.images')).toMatchObject({
    status: 'warn',
    seen: expect.stringContaining('"9/images/theirs.jpg"') as string,
    next: expect.stringContaining('yard storage plan --from here --to there') as string,
  });
  expect(strange.of('target.exports')).toMatchObject({ status: 'ok', seen: 'empty' });
  expect(await it.yard('storage', 'sync')).toMatchObject({ code: 0 });
  const known = await it.plan();
  expect(known.of('target.images')?.seen).toContain('copied there before');
});

test('one folder under two names is found out', async () => {
  using it = installation();
  mkdirSync(join(it.folder, 'here'));
  symlinkSync(join(it.folder, 'here'), join(it.folder, 'there'));
  const { code, of } = await it.plan();
  expect(code).toBe(1);
  expect(of('target.images')).toMatchObject({
    status: 'fail',
    seen: expect.stringContaining('are the same bucket') as string,
  });
});

test('a storage that does not answer, or is misnamed, is told at once; the plan is written all the same', async () => {
  using it = installation({
    STORAGE_DRIVER: 's3',
    S3_ENDPOINT: `http://127.0.0.1:${await findFreePort()}`,
    S3_ACCESS_KEY: 'key',
    S3_SECRET_KEY: 'a secret of the storage',
    S3_BUCKET_DATASETS: 'images',
    S3_BUCKET_ANNOTATIONS: 'exports',
  });
  const { code, stderr, path, of } = await it.plan();
  expect(code).toBe(1);
  expect(path).toContain('cutover-');
  expect(of('storage.datasets')).toMatchObject({
    status: 'fail',
    next: expect.stringContaining('S3_ENDPOINT') as string,
  });
  expect(of('target.images')).toMatchObject({ status: 'skipped' });
  expect(stderr).toContain('Put right what failed, and look again: yard cutover plan.');
  expect(stderr).not.toContain('Next: yard cutover apply');
});

test('a bucket that keeps out the pages people use now is told before they would find out', async () => {
  await using server = await serve((_request, response) => response.writeHead(403).end());
  const { endpoint: S3_ENDPOINT } = server;
  const s3 = { STORAGE_DRIVER: 's3', S3_ENDPOINT, S3_ACCESS_KEY: 'key', S3_SECRET_KEY: SECRET };
  using it = installation(
    { ...s3, S3_BUCKET_DATASETS: 'images', S3_BUCKET_ANNOTATIONS: 'exports' },
    { CORS_ORIGINS: 'https://labels.example' },
  );
  expect((await it.plan()).of('storage.cors')).toMatchObject({
    status: 'warn',
    seen: 'images refuses https://labels.example',
    next: 'Give it the rule: yard storage cors apply --env there',
  });
});

test('a database that is not empty is refused before anything is begun, in the words of the copy', async () => {
  const [source, empty, full] = [await newDatabase(), await newDatabase(), await newDatabase()];
  try {
    await full.query('create table mine (id integer)');
    for (const [database, expected] of [
      [empty, { code: 0, seen: 'empty' }],
      [full, { code: 1, seen: expect.stringContaining('is not empty: it has table mine') as string }],
    ] as const) {
      using it = installation({ LABELER_DB_URL: database.options.url }, { LABELER_DB_URL: source.options.url });
      const { code, of } = await it.plan('labeler_db');
      expect({ code, seen: of('target.labeler_db')?.seen }).toEqual(expected);
    }
  } finally {
    await Promise.all([source, empty, full].map((database) => database.drop()));
  }
});

test('images copied ahead: nothing is switched, so nothing is said of a way back, and there is none', async () => {
  const database = await newDatabase();
  try {
    const same = { LABELER_DB_URL: database.options.url };
    using it = installation(same, same);
    await fill(it.here.datasets, { '1/images/a.jpg': 'a' });
    expect(await it.yard('phase', '3', 'plan')).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await runYard(['phase', '3', 'apply'], { cwd: it.folder });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: 'Copied ahead; nothing was switched.\n' });
    expect(stderr).toContain('\nNext: yard phase 4 plan');
    expect(stderr).not.toContain('rollback');
    expect(await it.there.datasets.head('1/images/a.jpg')).toMatchObject({ size: 1 });
    const back = await runYard(['phase', '3', 'rollback'], { cwd: it.folder });
    expect(back).toMatchObject({ code: 3, stderr: expect.stringContaining("unknown command 'rollback'") as string });
  } finally {
    await database.drop();
  }
});
