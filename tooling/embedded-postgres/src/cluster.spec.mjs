import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDatabases, findFreePort, isRunning, startCluster, withConnection } from './index.mjs';

let folder = '';
let clusters = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster spec-'));
  chmodSync(folder, 0o755);
  clusters = [];
});
afterEach(async () => {
  for (const cluster of clusters) await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options = {}) {
  const defaults = {
    dataDir: join(folder, 'data'),
    port: 0,
    superuser: 'postgres',
    password: 'sec/ret @1',
    fast: true,
  };
  const cluster = await startCluster({ ...defaults, ...options });
  clusters.push(cluster);
  return cluster;
}

const query = (cluster, sql) =>
  withConnection(cluster.url('postgres'), async (client) => (await client.query(sql)).rows);

/** A kill -9 of the server alone, as the kernel's memory killer does it. */
async function killServer(cluster) {
  process.kill(cluster.pid, 'SIGKILL');
  await cluster.exited;
}

test('starts new, keeps data over a stop, starts again', async () => {
  const first = await start();
  expect(first).toMatchObject({ created: true, attached: false });
  await query(first, 'create table kept as select 1 as n');
  await first.stop();
  expect(isRunning(first.pid)).toBe(false);
  await first.stop();

  const second = await start();
  expect(second).toMatchObject({ created: false, attached: false });
  expect(await query(second, 'select n from kept')).toEqual([{ n: 1 }]);
});

test('sorts the same everywhere, speaks UTF-8, listens on loopback only, asks for the password', async () => {
  const cluster = await start();
  const [row] = await query(
    cluster,
    `select datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding, current_setting('listen_addresses') as listens,
            current_setting('unix_socket_directories') as sockets, current_setting('TimeZone') as zone
       from pg_database where datname = 'postgres'`,
  );
  expect(row).toEqual({
    datlocprovider: 'b',
    datlocale: 'C.UTF-8',
    encoding: 'UTF8',
    listens: '127.0.0.1',
    sockets: '',
    zone: 'UTC',
  });
  await expect(
    withConnection(cluster.url('postgres', { user: 'postgres', password: 'wrong' }), async () => {}),
  ).rejects.toThrow('password authentication failed');
});

test('a second start attaches to the running server, and can stop it', async () => {
  const first = await start();
  const second = await start({ port: await findFreePort() });
  expect(second).toMatchObject({ attached: true, port: first.port, pid: first.pid, created: false });
  await second.stop();
  await first.exited;
  await second.exited;
});

test('many starts at once end in one server', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => start()));
  expect(new Set(all.map((cluster) => cluster.pid)).size).toBe(1);
  expect(readdirSync(folder).filter((name) => name.includes('.init-'))).toEqual([]);
});

test('kill -9 loses nothing that was committed', async () => {
  const first = await start({ fast: false });
  await query(first, 'create table kept as select generate_series(1, 5000) as n');
  await killServer(first);
  const second = await start({ fast: false });
  expect(await query(second, 'select count(*)::int as rows from kept')).toEqual([{ rows: 5000 }]);
});

test('a pid file whose pid now belongs to somebody else does not block the start', async () => {
  const first = await start();
  await killServer(first);
  const pidFile = join(folder, 'data', 'postmaster.pid');
  // Same owner as the server, or its kill(pid, 0) would tell them apart.
  const { uid, gid } = statSync(pidFile);
  const other = spawn('/bin/sleep', ['1000'], process.getuid?.() === 0 ? { uid, gid } : {});
  await once(other, 'spawn');
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(other.pid)));

  const second = await start();
  expect(second).toMatchObject({ attached: false });
  expect(isRunning(other.pid)).toBe(true);
  other.kill('SIGKILL');
});

test('a zombie in the pid file does not block the start', async () => {
  const first = await start();
  await killServer(first);
  const pidFile = join(folder, 'data', 'postmaster.pid');
  const { uid, gid } = statSync(pidFile);
  // A parent that never reaps its child.
  const parent = spawn(
    '/bin/sh',
    ['-c', 'sleep 0 & echo $!; exec sleep 1000'],
    process.getuid?.() === 0 ? { uid, gid } : {},
  );
  const [zombie] = await once(parent.stdout, 'data');
  while (isRunning(Number(zombie))) await promisify(execFile)('/bin/true');
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(zombie).trim()));

  expect(await start()).toMatchObject({ attached: false });
  parent.kill('SIGKILL');
});

test('a taken port is named with its holder and the variable to change', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await expect(start({ port, portVariable: 'DB_PORT' })).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringMatching(
      new RegExp(`^Port ${port} is taken by process ${process.pid} \\(.*set DB_PORT to a free port`),
    ),
  });
  server.close();
});

test.each([
  ['a lost control file', (data) => rmSync(join(data, 'global', 'pg_control')), /damaged: missing global\/pg_control/],
  [
    'a cut control file',
    (data) => truncateSync(join(data, 'global', 'pg_control'), 100),
    /damaged: .*(checksum|read|control)/,
  ],
  [
    'lost logs',
    (data) =>
      readdirSync(join(data, 'pg_wal')).forEach((name) => rmSync(join(data, 'pg_wal', name), { recursive: true })),
    /damaged: .*checkpoint/,
  ],
  ['a lost PG_VERSION', (data) => rmSync(join(data, 'PG_VERSION')), /damaged: PG_VERSION is missing/],
])('a damaged folder (%s) is reported and left as it is', async (_name, damage, message) => {
  const data = join(folder, 'data');
  await (await start()).stop();
  damage(data);
  // A server that gives up while starting leaves its pid file.
  const entries = () => readdirSync(data).filter((name) => name !== 'postmaster.pid');
  const before = entries();
  await expect(start()).rejects.toMatchObject({ code: 'data_folder_damaged', message: expect.stringMatching(message) });
  await expect(start()).rejects.toThrow('Nothing was changed or deleted');
  expect(entries()).toEqual(before);
});

test('a folder of somebody else’s files is refused and left as it is', async () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'holiday.jpg'), '');
  await expect(start()).rejects.toMatchObject({
    code: 'data_folder_foreign',
    message: expect.stringContaining('holiday.jpg'),
  });
  expect(readdirSync(join(folder, 'data'))).toEqual(['holiday.jpg']);
});

test('an empty folder is as good as none; another major version is refused', async () => {
  mkdirSync(join(folder, 'data'));
  await (await start()).stop();
  writeFileSync(join(folder, 'data', 'PG_VERSION'), '16\n');
  await expect(start()).rejects.toMatchObject({
    code: 'wrong_version',
    message: expect.stringContaining('Postgres 16'),
  });
});

test('passwords of another installation are explained', async () => {
  await (await start()).stop();
  await expect(start({ password: 'another' })).rejects.toMatchObject({ code: 'password_mismatch' });
  clusters.push(await start());
});

test('a file where the folder should be', async () => {
  writeFileSync(join(folder, 'data'), 'x');
  await expect(start()).rejects.toMatchObject({ code: 'data_folder_foreign' });
  expect(existsSync(join(folder, 'data'))).toBe(true);
});

test('roles and databases are made once, owned by their role, closed to others', async () => {
  const cluster = await start();
  const wish = {
    url: cluster.url('postgres'),
    roles: [
      { name: 'owner', password: "o'1" },
      { name: 'reader', password: 'r' },
    ],
    databases: [
      { name: 'first', owner: 'owner', connect: ['reader'] },
      { name: 'second', owner: 'owner' },
    ],
  };
  await Promise.all([ensureDatabases(wish), ensureDatabases(wish)]);
  await ensureDatabases({ ...wish, roles: [{ name: 'owner', password: 'new' }] });

  const owner = { user: 'owner', password: 'new' };
  const reader = { user: 'reader', password: 'r' };
  await withConnection(cluster.url('second', owner), (client) => client.query('create table t ()'));
  await withConnection(cluster.url('first', reader), (client) => client.query('select 1'));
  await expect(withConnection(cluster.url('second', reader), async () => {})).rejects.toThrow(
    'permission denied for database',
  );
});
