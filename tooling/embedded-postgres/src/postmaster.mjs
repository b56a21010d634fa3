// What postmaster.pid says, and whether it is true.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspectProcess } from './process-identity.mjs';

/**
 * @typedef {object} Postmaster
 * @property {number} pid
 * @property {number} port 0 until the server has written it
 * @property {'starting' | 'stopping' | 'ready' | 'standby' | ''} status
 */

/**
 * @param {string} content of postmaster.pid: pid, data folder, start time, port, socket folder, address, shared memory, status
 * @returns {Postmaster}
 */
export function parsePostmasterPid(content) {
  const lines = content.split('\n').map((line) => line.trim());
  return {
    pid: Math.abs(Number.parseInt(lines[0] ?? '', 10)) || 0,
    port: Number(lines[3]) || 0,
    status: /** @type {Postmaster['status']} */ (lines[7] ?? ''),
  };
}

/**
 * @param {string} dataDir real path
 * @returns {Postmaster | undefined} the server running on this folder; undefined when none does, whatever the file says
 */
export function findPostmaster(dataDir) {
  const file = readPidFile(dataDir);
  return file && isPostgresOn(file.pid, dataDir) ? file : undefined;
}

/** @param {string} dataDir */
function readPidFile(dataDir) {
  try {
    return parsePostmasterPid(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Removes a pid file whose process is dead, a zombie, or somebody else who got the same pid. Postgres itself trusts
 * `kill(pid, 0)` and would refuse to start for ever. Called only after such a refusal.
 *
 * @param {string} dataDir
 * @returns {boolean} false when the server is really running
 */
export function clearStalePidFile(dataDir) {
  if (findPostmaster(dataDir)) return false;
  rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  return true;
}

/**
 * @param {number} pid
 * @param {string} dataDir
 */
export function isPostgresOn(pid, dataDir) {
  const found = inspectProcess(pid);
  if (!found) return false;
  // Where the system does not show command lines, a living process is taken at its word.
  if (!found.args) return true;
  return found.args.join(' ').includes('postgres') && found.args.join(' ').includes(`-D ${dataDir}`);
}
