// Is the process behind a stored pid still the one that stored it? `kill(pid, 0)` says yes for a zombie and for a
// recycled pid, so state and birth are compared too. Runs on Node 18: the bootstrap uses it before anything is installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} ProcessIdentity
 * @property {string} born opaque; equal for the same process, different for a later one with the same pid ('' = unknown)
 * @property {string[] | undefined} args command line, undefined where the system does not tell
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined} undefined when no such process runs (a zombie does not run)
 */
export function inspectProcess(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') return inspectProc(pid);
  if (process.platform === 'win32') return respondsToSignal(pid) ? { born: '', args: undefined } : undefined;
  return inspectWithPs(pid);
}

/** @param {number} pid */
export function isRunning(pid) {
  return inspectProcess(pid) !== undefined;
}

/** @param {number} pid */
function inspectProc(pid) {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (stat.state === 'Z' || stat.state === 'X') return undefined;
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { born: stat.started, args };
  } catch {
    return undefined;
  }
}

/**
 * `pid (command) state ppid … starttime …`; the command may hold spaces and parentheses (proc(5)).
 *
 * @param {string} line
 * @returns {{ state: string, parent: number, started: string }}
 */
export function parseProcStat(line) {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), started: fields[19] ?? '' };
}

/** @param {number} pid */
function inspectWithPs(pid) {
  const found = spawnSync('ps', ['-o', 'state=,lstart=,args=', '-p', String(pid)], { encoding: 'utf8' });
  if (found.error) return respondsToSignal(pid) ? { born: '', args: undefined } : undefined;
  return parsePs(found.stdout);
}

/**
 * @param {string} output `S+   Tue Jan  2 03:04:05 2024     /path/postgres -D /data`
 * @returns {ProcessIdentity | undefined}
 */
export function parsePs(output) {
  const match = /^(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/m.exec(output.trim());
  if (!match || match[1]?.startsWith('Z')) return undefined;
  return { born: match[2] ?? '', args: match[3]?.split(' ') };
}

/** @param {number} pid */
function respondsToSignal(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
