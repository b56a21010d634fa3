// initdb into a folder beside the wanted one, then one rename: an interrupted first start leaves nothing half-made.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
  chownSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { spawnAs } from './account.mjs';
import { ClusterError } from './cluster-error.mjs';
import { giveTo } from './data-folder.mjs';
import { explainRefusal } from './refusal.mjs';

const HALF_MADE_MS = 10 * 60_000;

/**
 * @param {import('./cluster.mjs').Launch} launch
 */
export function initialise({ dataDir, account, binaries, logFile, superuser, password, fast = false, log }) {
  log('creating the database folder');
  const parent = dirname(dataDir);
  removeHalfMade(dataDir);
  const work = mkdtempSync(join(parent, `${basename(dataDir)}.init-`));
  try {
    giveTo(work, account);
    const cluster = join(work, 'cluster');
    const passwordFile = join(work, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account) chownSync(passwordFile, account.uid, account.gid);
    const args = [
      ['-D', cluster, '-U', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      // Built into Postgres: the same sort order on every machine, whatever locales it has.
      ['-E', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      fast ? ['--no-sync'] : ['--data-checksums'],
    ].flat();
    const made = spawnSync(binaries.initdb, args, {
      ...spawnAs(account),
      encoding: 'utf8',
    });
    mkdirSync(dirname(logFile), { recursive: true });
    appendFileSync(logFile, `${made.stdout ?? ''}${made.stderr ?? ''}`, { mode: 0o600 });
    if (made.status !== 0) throw initFailure(dataDir, made, logFile);
    moveInto(cluster, dataDir);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} dataDir
 * @param {import('node:child_process').SpawnSyncReturns<string>} made
 * @param {string} logFile
 */
function initFailure(dataDir, made, logFile) {
  if (made.error) return new ClusterError('start_failed', `initdb cannot be run here: ${made.error.message}`);
  const refusal = explainRefusal({ dataDir, log: made.stderr, logFile });
  if (refusal instanceof ClusterError && refusal.code !== 'data_folder_damaged') return refusal;
  return new ClusterError('start_failed', `The database folder ${dataDir} could not be created: ${made.stderr.trim()}`);
}

/**
 * @param {string} cluster
 * @param {string} dataDir
 */
function moveInto(cluster, dataDir) {
  try {
    // Only an empty folder can be removed this way; files somebody put there meanwhile stay.
    if (existsSync(dataDir)) rmdirSync(dataDir);
    renameSync(cluster, dataDir);
  } catch (error) {
    // Another start was faster: its folder is as good as ours.
    if (!existsSync(join(dataDir, 'PG_VERSION'))) throw error;
  }
}

/** @param {string} dataDir */
function removeHalfMade(dataDir) {
  for (const name of readdirSync(dirname(dataDir))) {
    if (!name.startsWith(`${basename(dataDir)}.init-`)) continue;
    const path = join(dirname(dataDir), name);
    if (Date.now() - statSync(path).mtimeMs > HALF_MADE_MS) rmSync(path, { recursive: true, force: true });
  }
}
