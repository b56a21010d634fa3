import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, startTestCluster, stopIdleTestCluster, withConnection } from './index.mjs';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'test-cluster-'))));
afterAll(async () => {
  await stopIdleTestCluster({ folder });
  rmSync(folder, { recursive: true, force: true });
});

const keeper = () => JSON.parse(readFileSync(join(folder, 'keeper.json'), 'utf8'));
const serverPid = () => Number.parseInt(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);

async function gone(pid) {
  while (isRunning(pid)) await delay(20);
}

/** Another jest process: takes a lease, says so, and lives until killed. */
async function otherProcess() {
  const index = join(import.meta.dirname, 'index.mjs');
  const script = `const { startTestCluster } = await import(${JSON.stringify(index)});
    const cluster = await startTestCluster({ folder: ${JSON.stringify(folder)}, idleMs: 50 });
    console.log(cluster.port); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  return { child, port: Number(port) };
}

test('callers in several processes share one server, which ends after the last of them, however they end', async () => {
  const others = await Promise.all([otherProcess(), otherProcess(), otherProcess()]);
  const mine = await startTestCluster({ folder });
  expect(new Set([...others.map((other) => other.port), mine.port]).size).toBe(1);
  const pids = [keeper().pid, serverPid()];

  for (const { child } of others) child.kill('SIGKILL');
  expect(
    await withConnection(mine.url('postgres'), async (client) => (await client.query('select 1 as n')).rows),
  ).toEqual([{ n: 1 }]);

  mine.release();
  await Promise.all(pids.map(gone));
  expect(existsSync(join(folder, 'keeper.json'))).toBe(false);
});

test('the next run keeps templates and drops what a killed test left', async () => {
  const first = await startTestCluster({ folder, idleMs: 50 });
  await withConnection(first.url('postgres'), async (client) => {
    for (const name of ['template_abc', 'leftover']) await client.query(`create database ${name}`);
  });
  const pid = keeper().pid;
  first.release();
  await gone(pid);

  const second = await startTestCluster({ folder, idleMs: 50 });
  const names = await withConnection(
    second.url('postgres'),
    async (client) => (await client.query('select datname from pg_database')).rows,
  );
  expect(names.map((row) => row.datname).sort()).toEqual(['postgres', 'template0', 'template1', 'template_abc']);
  second.release();
});

test('stops at once on request, but not under somebody', async () => {
  const mine = await startTestCluster({ folder, idleMs: 60_000 });
  const pids = [keeper().pid, serverPid()];
  await stopIdleTestCluster({ folder });
  expect(pids.every(isRunning)).toBe(true);

  mine.release();
  while (pids.some(isRunning)) await stopIdleTestCluster({ folder });
  await stopIdleTestCluster({ folder });
});

test('a keeper that is stopping promises itself to nobody', async () => {
  const mine = await startTestCluster({ folder, idleMs: 60_000 });
  const { lease_port, token, pid } = keeper();
  const late = connect({ host: '127.0.0.1', port: lease_port });
  late.on('error', () => {});
  await once(late, 'connect');
  mine.release();
  const stopped = (async () => {
    while (isRunning(pid)) await stopIdleTestCluster({ folder });
  })();
  while (existsSync(join(folder, 'keeper.json'))) await delay(1);
  let answer = '';
  late.on('data', (chunk) => (answer += chunk));
  late.write(`${token} lease\n`);
  await once(late, 'close');
  await stopped;
  expect(answer).toBe('');
});

test('a killed keeper and a broken folder are healed by the next caller', async () => {
  const first = await startTestCluster({ folder, idleMs: 50 });
  const pid = keeper().pid;
  const server = serverPid();
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  const second = await startTestCluster({ folder, idleMs: 50 });
  expect(second.port).toBe(first.port);
  const nextPid = keeper().pid;
  second.release();
  await Promise.all([gone(nextPid), gone(server)]);

  rmSync(join(folder, 'data', 'global'), { recursive: true });
  const third = await startTestCluster({ folder, idleMs: 50 });
  expect(
    await withConnection(third.url('postgres'), async (client) => (await client.query('select 1 as n')).rows),
  ).toEqual([{ n: 1 }]);
  third.release();
});

test('a server of the caller’s own is used as it is', async () => {
  const cluster = await startTestCluster({ url: 'postgres://me:pw@db.example:6543/anything?sslmode=require' });
  expect(cluster.url('other')).toBe('postgres://me:pw@db.example:6543/other?sslmode=require');
  expect(cluster.url('other', { user: 'a b', password: 'c/d' })).toBe(
    'postgres://a%20b:c%2Fd@db.example:6543/other?sslmode=require',
  );
  expect(cluster.port).toBe(6543);
  expect(readdirSync(folder)).toContain('password');
});
