// Which processes belong to a data folder, written down so that a start after a kill -9 can clear them away.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspectProcess } from '@labelyard/embedded-postgres';

const GRACE_MS = 10_000;

/**
 * @typedef {{ name: string, pid: number, born: string }} Recorded
 */

/** @param {string} dataDir */
export function createProcessRecord(dataDir) {
  const file = join(dataDir, 'processes.json');
  /** @type {Map<string, Recorded>} */
  const running = new Map();
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify([...running.values()]), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    /** @param {string} name @param {number} pid */
    add(name, pid) {
      running.set(name, { name, pid, born: inspectProcess(pid)?.born ?? '' });
      save();
    },
    /** @param {string} name */
    remove(name) {
      running.delete(name);
      save();
    },
  };
}

/** @typedef {ReturnType<typeof createProcessRecord>} ProcessRecord */

/**
 * Ends what an earlier supervisor left running. A recycled pid is told apart by its birth.
 *
 * @param {string} dataDir
 * @param {(line: string) => void} say
 */
export async function endLeftovers(dataDir, say) {
  const file = join(dataDir, 'processes.json');
  if (!existsSync(file)) return;
  const alive = readRecord(file).filter(isSame);
  if (alive.length === 0) return;
  say(`Ending what an earlier run left: ${alive.map(({ name, pid }) => `${name} (process ${pid})`).join(', ')}`);
  for (const { pid } of alive) signal(pid, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline && alive.some(isSame)) await delay(50);
  for (const { pid } of alive.filter(isSame)) signalGroup(pid, 'SIGKILL');
  while (alive.some(isSame)) await delay(50);
}

/** @param {string} file @returns {Recorded[]} none when the file was cut by a crash */
function readRecord(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

/** @param {Recorded} recorded */
function isSame({ pid, born }) {
  return born !== '' && inspectProcess(pid)?.born === born;
}

/** @param {number} pid @param {NodeJS.Signals} name */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

/** A service leads its own process group, so its children go with it. @param {number} pid @param {NodeJS.Signals} name */
export function signalGroup(pid, name) {
  signal(process.platform === 'win32' ? pid : -pid, name);
}
