import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findFreePort } from '@labelyard/embedded-postgres';
import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import { createStorage } from '@labelyard/storage';
import { startLocalR2, type LocalR2 } from '@labelyard/storage/testing';
import { backupKeys, type BackupManifest, writeManifest } from '../src/database/backup/backup-store.js';
import { doctorCommand } from '../src/commands/doctor.js';
import type { CheckReport } from '../src/doctor/run-checks.js';
import { runYard } from './run-yard.js';
import { serve } from './serve.js';

const SECRET = 'k3J9vQ2mXw8Tz5Lr1Np7Yb4Hs6Df0GcA';
let folder = '';
let databases: TestDatabases;
let r2: LocalR2;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  [databases, r2] = await Promise.all([createTestDatabases(), startLocalR2({ dir: join(folder, 'r2') })]);
}, 120_000);
afterAll(async () => {
  await Promise.all([databases.close(), r2.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  LABELER_DB_URL: databases.labelerUrl,
  USER_DB_URL: databases.userUrl,
  USER_DB_MANAGED: 'true',
  JWT_SECRET: SECRET,
  STORAGE_DRIVER: 's3',
  S3_ENDPOINT: r2.endpoint,
  S3_ACCESS_KEY: r2.access_key,
  S3_SECRET_KEY: r2.secret_key,
  S3_BUCKET_DATASETS: r2.buckets.datasets,
  S3_BUCKET_ANNOTATIONS: r2.buckets.annotations,
  ...more,
});

/** What the doctor says of an environment, by check. */
async function examine(more: Record<string, string>, only: string, profile: object = {}) {
  const config = { profiles: { here: { ...profile, env: environment(more) } } };
  // A module is loaded once: another name each time.
  const file = `here-${(examined += 1)}.config.mjs`;
  writeFileSync(join(folder, file), `export default ${JSON.stringify(config)};`);
  const argv = ['doctor', '--env', 'here', '--config', file, '--json', '--only', only];
  const ran = await runYard(argv, { cwd: folder, commands: [doctorCommand] });
  const { checks } = ran.json<{ checks: CheckReport[] }>();
  for (const secret of [SECRET, r2.secret_key]) expect(ran.stdout + ran.stderr).not.toContain(secret);
  return { code: ran.code, of: (id: string) => checks.find((check) => check.id === id), checks };
}
let examined = 0;

test('a well installation: all is well but the queue, whose tables the API makes; the role of the tests owns everything', async () => {
  const { code, checks, of } = await examine({}, 'env,labeler_db,user_db,storage');
  expect(checks.filter(({ status }) => status === 'fail')).toEqual([
    expect.objectContaining({ id: 'labeler_db.queue', seen: 'the queue’s tables are missing' }),
  ]);
  expect(code).toBe(1);
  expect(of('labeler_db.schema')?.seen).toContain('up to date');
  expect(of('storage.datasets')?.seen).toContain('written, read back the same, deleted');
  expect(of('storage.annotations.links')?.seen).toContain('the same bytes');
  // The tests' role owns everything.
  expect(of('user_db.rights')).toMatchObject({ status: 'warn', seen: expect.stringContaining('users') as string });
});

test('a closed port, a missing database and a public host without encryption are told apart, and nothing stops', async () => {
  const port = await findFreePort();
  const closed = await examine(
    { LABELER_DB_URL: `postgres://me:pw-of-mine@127.0.0.1:${port}/x` },
    'labeler_db,user_db.reach',
  );
  expect(closed.of('labeler_db.reach')).toMatchObject({
    status: 'fail',
    seen: expect.stringContaining('ECONNREFUSED') as string,
  });
  expect(closed.of('labeler_db.schema')).toMatchObject({ status: 'skipped' });
  expect(closed.of('user_db.reach')).toMatchObject({ status: 'ok' });

  const missing = await examine({ LABELER_DB_URL: `${databases.labelerUrl}_none` }, 'labeler_db.reach');
  expect(missing.of('labeler_db.reach')?.seen).toContain('the database does not exist');

  const open = await examine(
    { LABELER_DB_URL: 'postgres://me:pw-of-mine@db.proxy.rlwy.net:15140/x' },
    'labeler_db.tls',
  );
  expect(open.of('labeler_db.tls')).toMatchObject({
    status: 'fail',
    seen: 'db.proxy.rlwy.net is on the internet, and DB_SSL is disable',
    next: expect.stringContaining('LABELER_DB_SSL=verify-ca') as string,
  });
  const inside = await examine(
    { LABELER_DB_URL: 'postgres://me:pw-of-mine@pg.railway.internal:5432/x' },
    'labeler_db.tls',
  );
  expect(inside.of('labeler_db.tls')?.status).toBe('ok');
});

test('an empty database is ready to be moved into: nobody is told to fill it first', async () => {
  await using empty = await createTestDatabases();
  for (const connectionString of [empty.labelerUrl, empty.userUrl]) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query('drop schema public cascade; create schema public');
    await client.end();
  }
  const urls = { LABELER_DB_URL: empty.labelerUrl, USER_DB_URL: empty.userUrl };
  const { of, checks } = await examine(urls, 'labeler_db,user_db');
  expect(checks.filter(({ status }) => status === 'fail')).toEqual([]);
  for (const id of ['labeler_db.schema', 'user_db.schema'])
    expect(of(id)).toMatchObject({ status: 'warn', seen: 'it is empty: ready to be moved into' });
  for (const id of ['labeler_db.queue', 'user_db.rights']) expect(of(id)?.status).toBe('skipped');
});

test('a night without a backup is told, with the command that makes one', async () => {
  const backups = async (id: string) => (await examine({}, 'labeler_db.backup,user_db.backup')).of(id);
  expect(await backups('user_db.backup')).toMatchObject({
    status: 'warn',
    seen: 'there is none',
    next: expect.stringContaining('yard db backup --env here --database user') as string,
  });
  const storage = createStorage({ driver: 's3', ...r2 });
  const made = async (hours: number) => {
    const made_at = new Date(Date.now() - hours * 3_600_000).toISOString();
    const { id, archive_key } = backupKeys('labeler', made_at, 'full');
    const facts = { source: 'x', server_version: 170_000, format: 'yard archive', tool: 'yard', sha256: '' } as const;
    const body = { ...facts, id, archive_key, made_at, database: 'labeler', kind: 'full', size_bytes: 0, tables: [] };
    await writeManifest(storage.annotations, body as BackupManifest);
  };
  await made(30);
  expect(await backups('labeler_db.backup')).toMatchObject({
    status: 'warn',
    seen: expect.stringContaining('30.0 hours old') as string,
  });
  await made(3);
  expect(await backups('labeler_db.backup')).toMatchObject({ status: 'ok' });
  storage.close();
});

test('a schema behind, a schema ahead, a missing extension, an invalid index, maintenance', async () => {
  await using broken = await createTestDatabases();
  const { dataSource } = broken.labeler;
  const query = (sql: string, values?: unknown[]) => dataSource.query<{ name: string }[]>(sql, values);
  const [last] = await query('select name from schema_migrations order by id desc limit 1');
  await query('delete from schema_migrations where name = $1', [last?.name]);
  await query('drop extension btree_gin cascade');
  await query(
    `update pg_index set indisvalid = false where indexrelid = (select indexrelid from pg_index where indrelid = 'datasets'::regclass limit 1)`,
  );
  await broken.labeler.maintenance.begin({ reason: 'moving', expected_end: null, started_by: 'yard' });
  const urls = { LABELER_DB_URL: broken.labelerUrl, USER_DB_URL: broken.userUrl };
  const behind = await examine(urls, 'labeler_db');
  expect(behind.of('labeler_db.schema')).toMatchObject({
    status: 'fail',
    seen: `1 migrations are pending: ${last?.name}`,
    next: expect.stringContaining('migrate.js') as string,
  });
  expect(behind.of('labeler_db.extensions')).toMatchObject({
    status: 'warn',
    seen: expect.stringContaining('btree_gin') as string,
  });
  expect(behind.of('labeler_db.indexes')).toMatchObject({
    status: 'fail',
    seen: expect.stringMatching(/^invalid: /u) as string,
  });
  expect(behind.of('labeler_db.maintenance')).toMatchObject({
    status: 'warn',
    seen: expect.stringContaining('by yard: moving') as string,
  });

  await query(
    `insert into schema_migrations (timestamp, name) values (1, $1), (9999999999999, 'Future9999999999999')`,
    [last?.name],
  );
  const ahead = await examine(urls, 'labeler_db.schema');
  expect(ahead.of('labeler_db.schema')).toMatchObject({
    status: 'warn',
    seen: expect.stringContaining('Future') as string,
  });
});

test('a role that may do too little or too much', async () => {
  const query = (sql: string) => databases.users.dataSource.query(sql);
  const role = `doctor_${process.pid}`;
  await query(`create role ${role} login password 'of-the-role'`);
  const url = new URL(databases.userUrl);
  Object.assign(url, { username: role, password: 'of-the-role' });
  const rights = async (more: Record<string, string> = {}) =>
    (await examine({ USER_DB_URL: url.href, ...more }, 'user_db.rights')).of('user_db.rights');
  try {
    await query(`grant select on users, invitations to ${role}`);
    expect(await rights()).toMatchObject({ status: 'fail', seen: 'it may not read organizations, write invitations' });
    await query(`grant select on organizations to ${role}; grant insert, update, delete on invitations to ${role}`);
    expect(await rights()).toMatchObject({ status: 'ok' });
    await query(`grant update (full_name) on users to ${role}`);
    expect(await rights()).toMatchObject({ status: 'warn', seen: 'it may also write users' });
    expect(await rights({ ENVIRONMENT: 'production' })).toMatchObject({ status: 'fail' });
  } finally {
    await query(`drop owned by ${role}; drop role ${role}`);
  }
});

test('room for connections is counted for all processes and both databases of a server', async () => {
  const many = await examine({ DB_POOL_SIZE: '900' }, 'labeler_db.connections,user_db.connections');
  expect(many.of('labeler_db.connections')).toMatchObject({
    status: 'fail',
    seen: expect.stringContaining('both databases are on it') as string,
  });
});

test('a wrong secret, an unknown key, a missing bucket and a server that is not there are told apart', async () => {
  const seen = async (more: Record<string, string>) => (await examine(more, 'storage.datasets')).of('storage.datasets');
  expect(await seen({ S3_SECRET_KEY: 'another-secret-key' })).toMatchObject({
    status: 'fail',
    next: expect.stringContaining('S3_SECRET_KEY') as string,
  });
  expect(await seen({ S3_ACCESS_KEY: 'another-access-key' })).toMatchObject({
    status: 'fail',
    next: expect.stringContaining('S3_ACCESS_KEY') as string,
  });
  expect(await seen({ S3_BUCKET_DATASETS: 'not-there' })).toMatchObject({
    status: 'fail',
    next: expect.stringContaining('bucket') as string,
  });
  expect(await seen({ S3_ENDPOINT: `http://127.0.0.1:${await findFreePort()}` })).toMatchObject({
    status: 'fail',
    next: expect.stringContaining('S3_ENDPOINT') as string,
  });
});

test('clocks that are apart are named as that, not as a wrong secret', async () => {
  await using server = await serve((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(403, { date: new Date(Date.now() - 20 * 60_000).toUTCString() });
      response.end(request.method === 'HEAD' ? undefined : '<Error><Code>RequestTimeTooSkewed</Code></Error>');
    });
  });
  const { of } = await examine({ S3_ENDPOINT: server.endpoint }, 'storage');
  expect(of('storage.datasets')?.next).toContain('clock');
  expect(of('storage.datasets.links')?.next).toContain('clock');
  expect(of('storage.clock')).toMatchObject({
    status: 'fail',
    seen: expect.stringMatching(/^1[12]\d\d s apart/u) as string,
  });
});

test('a region that R2 does not have is told without asking it; one a server refuses, by what it answers', async () => {
  const r2Region = { S3_ENDPOINT: 'https://0123456789abcdef.r2.cloudflarestorage.com', S3_REGION: 'eu-central-1' };
  expect((await examine(r2Region, 'storage.region')).of('storage.region')).toMatchObject({
    status: 'fail',
    seen: 'S3_REGION is eu-central-1, R2 takes auto only',
  });
  await using server = await serve((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(400).end('<Error><Code>AuthorizationHeaderMalformed</Code></Error>');
    });
  });
  const refused = await examine({ S3_ENDPOINT: server.endpoint }, 'storage.datasets');
  expect(refused.of('storage.datasets')).toMatchObject({
    status: 'fail',
    next: 'Set S3_REGION to the region the server expects.',
  });
});

test.each([
  ['https://labels.example', 'ok', 'others may not'],
  ['https://other.example', 'fail', 'refuses https://labels.example'],
  ['*', 'warn', 'every site'],
  ['', 'fail', 'refuses https://labels.example'],
])('a bucket that allows %j', async (allowed, status, words) => {
  await using server = await serve((request, response) => {
    const origin = request.headers.origin ?? '';
    const fits = allowed === '*' || allowed === origin;
    response.writeHead(
      fits ? 204 : 403,
      fits ? { 'access-control-allow-origin': allowed, 'access-control-allow-methods': 'GET, PUT' } : {},
    );
    response.end();
  });
  const env = { S3_ENDPOINT: server.endpoint, CORS_ORIGINS: 'https://labels.example' };
  expect((await examine(env, 'storage.cors')).of('storage.cors')).toMatchObject({
    status,
    seen: expect.stringContaining(words) as string,
  });
});

test('a weak secret fails where it would guard people, and is a warning on one’s own machine', async () => {
  const secret = { JWT_SECRET: 'changeme' };
  expect((await examine(secret, 'env.secrets')).of('env.secrets')).toMatchObject({ status: 'warn' });
  const strict = await examine({ ...secret, ENVIRONMENT: 'production' }, 'env');
  expect(strict.of('env.secrets')).toMatchObject({ status: 'fail', seen: 'JWT_SECRET is a default or sample value' });
  expect(strict.of('env.schema')).toMatchObject({ status: 'fail', seen: expect.stringContaining('API_URL') as string });
  expect(strict.of('env.cors')).toMatchObject({ status: 'warn' });
});

test('files on disk: kept, and their links left to the API', async () => {
  const disk = {
    STORAGE_DRIVER: 'disk',
    DISK_ROOT: join(folder, 'disk'),
    DISK_PUBLIC_URL: `http://127.0.0.1:${await findFreePort()}`,
  };
  const { of } = await examine(disk, 'storage');
  expect(of('storage.datasets')).toMatchObject({ status: 'ok' });
  expect(of('storage.datasets.links')).toMatchObject({ status: 'skipped' });
  expect(of('storage.cors')).toMatchObject({ status: 'skipped' });
});

test('an API that is not there, and somebody else on its port', async () => {
  await using other = await serve((_request, response) => void response.end('hello'));
  const taken = await examine({}, 'service.api', { urls: { api: other.endpoint } });
  expect(taken.of('service.api')).toMatchObject({
    status: 'fail',
    seen: expect.stringContaining('something else answers') as string,
  });
  const free = await examine({}, 'service.api', { urls: { api: `http://127.0.0.1:${await findFreePort()}` } });
  expect(free.of('service.api')).toMatchObject({
    status: 'skipped',
    seen: expect.stringContaining('the port is free') as string,
  });
});

test('a check nobody knows', async () => {
  const ran = await runYard(['doctor', '--only', 'strorage'], { cwd: folder, commands: [doctorCommand] });
  expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('There is no check "strorage"') as string });
});
