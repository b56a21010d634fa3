// The process behind test-cluster.mjs: `node test-cluster-keeper.mjs <folder> <idle ms>`.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { startCluster } from './cluster.mjs';
import { ClusterError } from './cluster-error.mjs';
import { withConnection } from './connection.mjs';
import { acquireFileLock } from './file-lock.mjs';

/** Each is a migrated schema, about ten megabytes; the oldest belong to migrations nobody has any more. */
const KEPT_TEMPLATES = 8;

/** Refusals that a new folder cures. */
const REMAKE = new Set(['data_folder_damaged', 'data_folder_foreign', 'wrong_version', 'password_mismatch']);

/** The process that started us has this long to take its lease. */
const FIRST_LEASE_MS = 30_000;

const [folder = '', idle = '5000'] = process.argv.slice(2);
const stateFile = join(folder, 'keeper.json');

// Held to the end: a successor must not touch the data while we are still stopping.
const lock = await acquireFileLock(join(folder, 'keeper.lock'), { waitMs: 60_000 });
rmSync(stateFile, { force: true });
const password = readOrMakePassword(join(folder, 'password'));
const cluster = await startFresh();
await dropLeftovers();

const token = randomBytes(16).toString('hex');
/** @type {Set<import('node:net').Socket>} */
const leases = new Set();
/** @type {NodeJS.Timeout | undefined} */
let idleTimer = setTimeout(stop, FIRST_LEASE_MS);

const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (message) => {
    if (message.toString() === `${token} lease\n` && !stopping) return addLease(socket);
    // The asker's socket closes when this process ends: that is the answer.
    if (message.toString() === `${token} stop\n` && leases.size === 0) return void stop();
    socket.destroy();
  });
});
server.listen(0, '127.0.0.1', publish);
void cluster.exited.then(stop);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => void stop());

/** @param {import('node:net').Socket} socket */
function addLease(socket) {
  clearTimeout(idleTimer);
  leases.add(socket);
  socket.once('close', () => {
    leases.delete(socket);
    if (leases.size === 0) idleTimer = setTimeout(stop, Number(idle));
  });
  socket.write('ok\n');
}

function publish() {
  const address = server.address();
  const leasePort = typeof address === 'object' ? address?.port : undefined;
  const state = { lease_port: leasePort, token, port: cluster.port, password, pid: process.pid };
  writeFileSync(`${stateFile}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${stateFile}.new`, stateFile);
}

let stopping = false;

async function stop() {
  if (stopping) return;
  stopping = true;
  rmSync(stateFile, { force: true });
  server.close();
  await cluster.stop();
  lock.release();
  process.exit(0);
}

/** A machine that crashed with fsync off may leave a broken folder; test data is made again, not repaired. */
async function startFresh() {
  const dataDir = join(folder, 'data');
  const logFile = join(folder, 'postgres.log');
  const options = { dataDir, logFile, port: 0, fast: true, superuser: 'postgres', password };
  try {
    return await startCluster(options);
  } catch (error) {
    if (!(error instanceof ClusterError) || !REMAKE.has(error.code)) throw error;
    rmSync(dataDir, { recursive: true, force: true });
    return startCluster(options);
  }
}

/** @param {string} file */
function readOrMakePassword(file) {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const made = randomBytes(18).toString('base64url');
  writeFileSync(file, made, { mode: 0o600, flush: true });
  return made;
}

/** Runs before anybody has a lease, so every database of the last run is nobody's. */
async function dropLeftovers() {
  await withConnection(cluster.url('postgres'), async (client) => {
    const { rows } = await client.query(
      `select datname, datistemplate or datname like 'template%' as template from pg_database
        where datname not in ('postgres', 'template0', 'template1') order by oid desc`,
    );
    const templates = rows.filter((row) => row.template);
    const leftovers = [...rows.filter((row) => !row.template), ...templates.slice(KEPT_TEMPLATES)];
    for (const { datname, template } of leftovers) {
      const name = pg.escapeIdentifier(datname);
      if (template) await client.query(`alter database ${name} is_template false`);
      await client.query(`drop database ${name} with (force)`);
    }
  });
}
