// Starts, finds again and stops one Postgres server on one data folder.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseAccount, spawnAs } from './account.mjs';
import { prepareBinaries } from './binaries.mjs';
import { ClusterError } from './cluster-error.mjs';
import { checkPassword, databaseUrl } from './connection.mjs';
import { giveTo, inspectDataFolder, placeDataFolder } from './data-folder.mjs';
import { initialise } from './initialise.mjs';
import { describePortHolder, findFreePort, isPortFree } from './port-holder.mjs';
import { clearStalePidFile, findPostmaster, isPostgresOn } from './postmaster.mjs';
import { explainRefusal } from './refusal.mjs';
import { serverSettings } from './settings.mjs';

/** Replaying the log after a crash may take long; somebody is told every few seconds and nothing is killed meanwhile. */
const READY_TIMEOUT_MS = 10 * 60_000;
const LINGERING_TIMEOUT_MS = 15_000;
const ENDING_TIMEOUT_MS = 10_000;

/**
 * @typedef {object} ClusterOptions
 * @property {string} dataDir made when missing; never emptied
 * @property {number} port 0 = any free one; a server already running on `dataDir` keeps its own
 * @property {string} superuser name of the first role
 * @property {string} password of the superuser; must be the one the folder was made with
 * @property {boolean} [fast] for tests: no fsync, a crash may lose the folder
 * @property {string} [logFile] the server's own log, default `<dataDir>.log`
 * @property {string} [portVariable] environment variable to name when the port is taken
 * @property {(line: string) => void} [log] progress and notices for people
 *
 * @typedef {object} Cluster
 * @property {number} port
 * @property {number} pid of the postmaster
 * @property {boolean} attached true when it was already running
 * @property {boolean} created true when the data folder was new
 * @property {string} dataDir real path (root may have had to place it elsewhere)
 * @property {(database: string, login?: { user: string, password: string }) => string} url default login: the superuser
 * @property {Promise<void>} exited settles when the server is gone, for whatever reason
 * @property {() => Promise<void>} stop clean shutdown, also of an attached server; does nothing when it is gone
 */

/**
 * @param {ClusterOptions} options
 * @returns {Promise<Cluster>}
 * @throws {ClusterError}
 */
export async function startCluster(options) {
  const log = options.log ?? (() => {});
  const account = chooseAccount(options.dataDir);
  const binaries = prepareBinaries(account);
  const dataDir = placeDataFolder(options.dataDir, account, log);
  const logFile = options.logFile ?? `${dataDir}.log`;

  const created = inspectDataFolder(dataDir, Number.parseInt(binaries.version, 10)) === 'new';
  if (created) initialise({ ...options, dataDir, account, binaries, logFile, log });
  giveTo(dataDir, account);

  const launch = { ...options, dataDir, account, binaries, logFile, log };
  const server = (await attach(dataDir, log)) ?? (await launchServer(launch));
  await checkPassword({ ...options, port: server.port, dataDir });
  return {
    ...server,
    created,
    dataDir,
    url: (database, login = { user: options.superuser, password: options.password }) =>
      databaseUrl({ ...login, port: server.port, database }),
    stop: () => stopServer(launch, server.pid),
  };
}

/**
 * Stops whatever server runs on a folder; does nothing when none does. For cleaning up after a process that was killed.
 *
 * @param {{ dataDir: string }} options
 */
export async function stopCluster({ dataDir }) {
  if (!existsSync(dataDir)) return;
  const real = realpathSync(dataDir);
  const account = chooseAccount(real);
  const server = findPostmaster(real);
  if (server)
    await stopServer(
      { dataDir: real, account, binaries: prepareBinaries(account), logFile: `${real}.log` },
      server.pid,
    );
}

/**
 * @typedef {ClusterOptions & { account: import('./account.mjs').Account | undefined,
 *   binaries: import('./binaries.mjs').Binaries, logFile: string, log: (line: string) => void }} Launch
 * @typedef {{ port: number, pid: number, attached: boolean, exited: Promise<void> }} Server
 */

/**
 * @param {string} dataDir
 * @param {(line: string) => void} log
 * @returns {Promise<Server | undefined>} undefined when no server runs on this folder
 */
async function attach(dataDir, log) {
  for await (const waited of ticks(READY_TIMEOUT_MS)) {
    const running = findPostmaster(dataDir);
    if (!running) return undefined;
    if (running.status === 'ready') {
      return { port: running.port, pid: running.pid, attached: true, exited: watchPid(running.pid, dataDir) };
    }
    if (waited) log(`waiting for the Postgres already on ${dataDir} (${running.status || 'starting'})`);
  }
  throw new ClusterError('data_folder_busy', `The Postgres on ${dataDir} is neither ready nor gone. Look at its log.`);
}

/**
 * @param {Launch} launch
 * @returns {Promise<Server>}
 */
async function launchServer(launch) {
  const { dataDir, logFile } = launch;
  const deadline = Date.now() + LINGERING_TIMEOUT_MS;
  for (;;) {
    const port = launch.port || (await findFreePort());
    if (!(await isPortFree(port, ['127.0.0.1']))) {
      // Two starts at once: the other one may have just taken it, with our data.
      const other = await attach(dataDir, launch.log);
      if (other) return other;
      throw portTaken(port, launch.portVariable);
    }
    const from = sizeOf(logFile);
    const started = await spawnServer(launch, port);
    if (started) return started;

    const refusal = explainRefusal({ dataDir, logFile, log: readFrom(logFile, from) });
    if (refusal instanceof ClusterError) throw refusal;
    if (refusal === 'locked' && !clearStalePidFile(dataDir)) {
      const other = await attach(dataDir, launch.log);
      if (other) return other;
    }
    if (Date.now() > deadline) {
      throw new ClusterError(
        'data_folder_busy',
        `Processes of an earlier Postgres still use ${dataDir}. End them, or restart the machine. Log: ${logFile}`,
      );
    }
    await delay(200);
  }
}

/**
 * @param {number} port
 * @param {string | undefined} variable
 */
export function portTaken(port, variable) {
  const advice = variable ? `Stop it, or set ${variable} to a free port.` : 'Stop it, or choose another port.';
  return new ClusterError('port_taken', `Port ${port} is taken by ${describePortHolder(port)}. ${advice}`, { port });
}

/**
 * Spawned directly rather than by pg_ctl: no shell that would read the path, and its end is an event. `detached`, so
 * that Ctrl-C in the terminal does not reach it before the programs that use it have stopped.
 *
 * @param {Launch} launch
 * @param {number} port
 * @returns {Promise<Server | undefined>} undefined when it refused (the log says why)
 */
async function spawnServer({ dataDir, account, binaries, logFile, fast = false, log }, port) {
  mkdirSync(dirname(logFile), { recursive: true });
  const output = openSync(logFile, 'a', 0o600);
  const settings = Object.entries(serverSettings({ port, fast })).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(binaries.postgres, ['-D', dataDir, ...settings], {
    ...spawnAs(account),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  child.unref();
  const { pid, exited } = await spawned(child, account);

  let gone = false;
  void exited.then(() => (gone = true));
  for await (const waited of ticks(READY_TIMEOUT_MS)) {
    if (gone) return undefined;
    const running = findPostmaster(dataDir);
    if (running?.pid === pid && running.status === 'ready')
      return { port: running.port || port, pid, attached: false, exited };
    if (waited) log('Postgres is still getting ready (after a crash it replays its log; nothing is lost)');
  }
  throw new ClusterError(
    'start_failed',
    `Postgres did not get ready within ${READY_TIMEOUT_MS / 60_000} minutes: ${logFile}`,
  );
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {import('./account.mjs').Account | undefined} account
 * @returns {Promise<{ pid: number, exited: Promise<void> }>}
 */
function spawned(child, account) {
  return new Promise((resolve, reject) => {
    /** @type {Promise<void>} */
    const exited = new Promise((settle) => child.once('exit', () => settle()));
    child.once('spawn', () => resolve({ pid: child.pid ?? 0, exited }));
    child.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const who = account ? ` as "${account.name}"` : '';
      reject(
        new ClusterError('start_failed', `Postgres cannot be run${who} here: ${error.message}`, { cause: error.code }),
      );
    });
  });
}

/**
 * @param {Pick<Launch, 'dataDir' | 'account' | 'binaries' | 'logFile'>} launch
 * @param {number} pid
 */
async function stopServer({ dataDir, account, binaries, logFile }, pid) {
  for (const mode of ['fast', 'immediate']) {
    if (!isPostgresOn(pid, dataDir)) return;
    await run(binaries.pgCtl, ['stop', '-D', dataDir, '-m', mode, '-w', '-t', '30'], account);
    if (await ends(pid, dataDir)) return;
  }
  throw new ClusterError('stop_failed', `Postgres (process ${pid}) did not stop. Its log: ${logFile}`);
}

/**
 * pg_ctl waits for the pid file to go, which the server takes away a moment before it ends.
 *
 * @param {number} pid
 * @param {string} dataDir
 */
async function ends(pid, dataDir) {
  for (const deadline = Date.now() + ENDING_TIMEOUT_MS; Date.now() < deadline; await delay(20))
    if (!isPostgresOn(pid, dataDir)) return true;
  return false;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('./account.mjs').Account | undefined} account
 * @returns {Promise<void>}
 */
function run(command, args, account) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...spawnAs(account), stdio: 'ignore', detached: true });
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/**
 * @param {number} pid
 * @param {string} dataDir
 * @returns {Promise<void>}
 */
function watchPid(pid, dataDir) {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isPostgresOn(pid, dataDir)) return;
      clearInterval(timer);
      resolve();
    }, 500);
    timer.unref();
  });
}

/**
 * Every 20 ms; yields true about every five seconds, when it is time to say that we still wait.
 *
 * @param {number} timeoutMs
 */
async function* ticks(timeoutMs) {
  const start = Date.now();
  let told = start;
  while (Date.now() - start < timeoutMs) {
    const waited = Date.now() - told > 5_000;
    if (waited) told = Date.now();
    yield waited;
    await delay(20);
  }
}

/** @param {string} file */
function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** @param {string} file @param {number} offset */
function readFrom(file, offset) {
  return readFileSync(file).subarray(offset).toString('utf8');
}
