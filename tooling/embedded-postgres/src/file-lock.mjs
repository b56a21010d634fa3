// A lock file that survives kill -9, recycled pids and shared folders: it names its holder by pid and birth, and the
// holder touches it every few seconds for readers on another machine. Runs on Node 18 (the bootstrap uses it).
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspectProcess } from './process-identity.mjs';

const HEARTBEAT_MS = 3_000;
const STALE_MS = 20_000;

/**
 * @typedef {object} LockHolder
 * @property {number} pid
 * @property {string} born
 * @property {string} host
 * @property {string} nonce
 * @property {Record<string, unknown>} note what the holder wants others to know
 *
 * @typedef {object} FileLock
 * @property {(note: Record<string, unknown>) => void} describe replaces the note
 * @property {() => void} release
 */

export class FileLockHeld extends Error {
  /** @param {string} path @param {LockHolder | undefined} holder */
  constructor(path, holder) {
    super(`${path} is held by process ${holder?.pid ?? 'unknown'}`);
    this.name = 'FileLockHeld';
    this.holder = holder;
  }
}

/**
 * Takes the lock, waiting up to `waitMs` for its holder.
 *
 * @param {string} path
 * @param {{ waitMs?: number, note?: Record<string, unknown>, onWait?: (holder: LockHolder | undefined) => void }} [options]
 * @returns {Promise<FileLock>}
 * @throws {FileLockHeld} when somebody still holds it after `waitMs`
 */
export async function acquireFileLock(path, { waitMs = 0, note = {}, onWait } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + waitMs;
  let told = false;
  for (;;) {
    const lock = tryAcquire(path, note);
    if (lock) return lock;
    const holder = readFileLock(path);
    if (Date.now() >= deadline) throw new FileLockHeld(path, holder);
    if (!told) onWait?.(holder);
    told = true;
    await delay(100);
  }
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} note
 * @returns {FileLock | undefined}
 */
function tryAcquire(path, note) {
  const mine = { pid: process.pid, born: inspectProcess(process.pid)?.born ?? '', host: hostname(), nonce: newNonce() };
  if (!create(path, { ...mine, note })) {
    if (!isStale(path)) return undefined;
    if (!removeStale(path) || !create(path, { ...mine, note })) return undefined;
  }
  const heartbeat = setInterval(() => touch(path, mine.nonce), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    describe: (newNote) => {
      if (!isMine(path, mine.nonce)) return;
      writeFileSync(`${path}.${mine.nonce}`, JSON.stringify({ ...mine, note: newNote }), { mode: 0o600 });
      renameSync(`${path}.${mine.nonce}`, path);
    },
    release: () => {
      clearInterval(heartbeat);
      if (isMine(path, mine.nonce)) rmSync(path, { force: true });
    },
  };
}

/** @param {string} path @param {LockHolder} holder */
function create(path, holder) {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {LockHolder | undefined} who is written in the lock file, dead or alive
 */
export function readFileLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @returns {LockHolder | undefined} who holds the lock, unless that process is gone
 */
export function livingHolder(path) {
  return isStale(path) ? undefined : readFileLock(path);
}

/** @param {string} path */
function isStale(path) {
  let age;
  try {
    age = Date.now() - statSync(path).mtimeMs;
  } catch {
    return false;
  }
  const holder = readFileLock(path);
  if (holder?.host === hostname()) {
    const running = inspectProcess(holder.pid);
    if (!running) return true;
    if (running.born && holder.born) return running.born !== holder.born;
  }
  return age > STALE_MS;
}

/**
 * Renaming lets exactly one of several waiting processes clear a dead holder's file.
 *
 * @param {string} path
 */
function removeStale(path) {
  const aside = `${path}.${newNonce()}`;
  const before = readFileLock(path);
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  const moved = readFileLock(aside);
  if (moved?.nonce !== before?.nonce) {
    // Somebody took the lock between reading and renaming: give it back.
    if (!create(path, /** @type {LockHolder} */ (moved))) throw new FileLockHeld(path, moved);
    rmSync(aside, { force: true });
    return false;
  }
  rmSync(aside, { force: true });
  return true;
}

/** @param {string} path @param {string} nonce */
function touch(path, nonce) {
  if (!isMine(path, nonce)) return;
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // The folder may be gone already; the holder notices on its next use of it.
  }
}

/** @param {string} path @param {string} nonce */
function isMine(path, nonce) {
  return readFileLock(path)?.nonce === nonce;
}

function newNonce() {
  return Math.random().toString(36).slice(2, 12);
}
