// One fast cluster for all tests of a checkout: shared by every jest process that runs at the same moment, kept on disk
// between runs, and gone from memory seconds after the last user.
//
// A detached keeper process owns the server. Every caller holds a lease, which is nothing but an open socket to the
// keeper: it ends with the caller, however the caller ends. With no lease left the keeper waits a moment for the next
// test process and then stops the server and itself.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterError } from './cluster-error.mjs';
import { databaseUrl } from './connection.mjs';
import { acquireFileLock } from './file-lock.mjs';
import { isRunning } from './process-identity.mjs';

const START_TIMEOUT_MS = 120_000;

/**
 * @typedef {object} TestCluster
 * @property {(database: string, login?: { user: string, password: string }) => string} url default login: the superuser
 * @property {number} port
 * @property {() => void} release gives the lease back; the end of the process does so too
 *
 * @typedef {object} TestClusterOptions
 * @property {string} [url] a Postgres server of the caller's own (TEST_DB_URL): used as it is, nothing is started
 * @property {string} [folder] default: one per user and checkout in the temporary folder
 * @property {number} [idleMs] how long the server outlives its last user; only the caller that starts it decides
 */

/**
 * Databases marked `is_template` or named `template_…` stay for the next run; all others are dropped when the server
 * starts again, so tests killed half-way leave nothing behind.
 *
 * @param {TestClusterOptions} [options]
 * @returns {Promise<TestCluster>}
 */
export async function startTestCluster({ url, folder = testClusterFolder(), idleMs = 5_000 } = {}) {
  if (url) return external(url);
  makePrivateFolder(folder);
  const lock = await acquireFileLock(join(folder, 'start.lock'), { waitMs: START_TIMEOUT_MS });
  try {
    return (await joinKeeper(folder)) ?? (await startKeeper(folder, idleMs));
  } finally {
    lock.release();
  }
}

/**
 * Stops the server now when nobody uses it, for callers that must leave nothing running (`npm test`).
 *
 * @param {{ folder?: string }} [options]
 * @returns {Promise<void>} settles when it is gone, or at once when it is in use
 */
export async function stopIdleTestCluster({ folder = testClusterFolder() } = {}) {
  const keeper = readKeeper(folder);
  if (!keeper) return;
  await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: keeper.lease_port });
    socket.once('connect', () => socket.write(`${keeper.token} stop\n`));
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.once('close', resolve);
  });
}

/** @returns {string} one folder per user and checkout, in a place the server's account can reach */
export function testClusterFolder() {
  const checkout = createHash('sha256')
    .update(fileURLToPath(import.meta.url))
    .digest('hex')
    .slice(0, 10);
  return join(tmpdir(), `labelyard-test-postgres-${process.getuid?.() ?? 'user'}-${checkout}`);
}

/** @param {string} url @returns {TestCluster} */
function external(url) {
  const server = new URL(url);
  return {
    url: (database, login) => {
      const copy = new URL(server);
      copy.pathname = `/${encodeURIComponent(database)}`;
      if (login) Object.assign(copy, { username: login.user, password: login.password });
      return copy.href;
    },
    port: Number(server.port || 5432),
    release: () => {},
  };
}

/** @param {string} folder */
function makePrivateFolder(folder) {
  mkdirSync(folder, { recursive: true });
  const { uid } = lstatSync(folder);
  if (process.getuid && uid !== process.getuid()) {
    throw new ClusterError('permission', `${folder} belongs to somebody else. Remove it, or set TEST_DB_URL.`);
  }
  // Walkable for the account the server runs as when we are root; its files are 0600 or 0700 each.
  chmodSync(folder, 0o711);
}

/**
 * @typedef {{ lease_port: number, token: string, port: number, password: string, pid: number }} Keeper
 * @param {string} folder
 * @returns {Keeper | undefined}
 */
function readKeeper(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'keeper.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @returns {Promise<TestCluster | undefined>} undefined when no keeper answers
 */
function joinKeeper(folder) {
  const keeper = readKeeper(folder);
  if (!keeper) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: keeper.lease_port });
    socket.once('connect', () => socket.write(`${keeper.token} lease\n`));
    socket.once('data', () => {
      // A lease must not keep its holder alive.
      socket.unref();
      resolve({
        url: (database, login = { user: 'postgres', password: keeper.password }) =>
          databaseUrl({ ...login, port: keeper.port, database }),
        port: keeper.port,
        release: () => socket.destroy(),
      });
    });
    socket.on('error', () => resolve(undefined));
    socket.once('close', () => resolve(undefined));
  });
}

/**
 * @param {string} folder
 * @param {number} idleMs
 * @returns {Promise<TestCluster>}
 */
async function startKeeper(folder, idleMs) {
  const logFile = join(folder, 'keeper.log');
  const output = openSync(logFile, 'w', 0o600);
  const program = join(import.meta.dirname, 'test-cluster-keeper.mjs');
  const child = spawn(process.execPath, [program, folder, String(idleMs)], {
    stdio: ['ignore', output, output],
    detached: true,
    windowsHide: true,
  });
  closeSync(output);
  child.unref();
  const deadline = Date.now() + START_TIMEOUT_MS;
  let waitMs = 10;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 1.5, 200);
    const joined = await joinKeeper(folder);
    if (joined) return joined;
    if (child.exitCode !== null || !isRunning(child.pid ?? 0)) break;
  }
  throw new ClusterError(
    'start_failed',
    `The test cluster did not start. ${readFileSync(logFile, 'utf8').trim().split('\n').at(-1)} (${logFile})`,
  );
}
