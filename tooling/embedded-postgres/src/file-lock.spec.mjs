import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireFileLock, FileLockHeld, readFileLock } from './file-lock.mjs';
import { inspectProcess } from './process-identity.mjs';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a lock file as another process would have. */
function writeHolder(holder) {
  writeFileSync(path, JSON.stringify({ host: hostname(), nonce: 'theirs', born: '', note: {}, ...holder }));
}

test('is held by one, and free again after release', async () => {
  const lock = await acquireFileLock(path, { note: { url: 'a' } });
  await expect(acquireFileLock(path)).rejects.toThrow(FileLockHeld);
  expect(readFileLock(path)).toMatchObject({ pid: process.pid, note: { url: 'a' } });
  lock.describe({ url: 'b' });
  expect(readFileLock(path)?.note).toEqual({ url: 'b' });
  lock.release();
  expect(existsSync(path)).toBe(false);
  (await acquireFileLock(path)).release();
});

test('waits for its holder', async () => {
  const first = await acquireFileLock(path);
  const told = [];
  const second = acquireFileLock(path, { waitMs: 10_000, onWait: (holder) => told.push(holder?.pid) });
  first.release();
  (await second).release();
  expect(told).toEqual([process.pid]);
});

test('only one of many waiting processes gets a dead holder’s lock', async () => {
  writeHolder({ pid: 2 ** 22 + 1 });
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => acquireFileLock(path)));
  expect(tries.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('takes over from a process that was killed', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  writeHolder({ pid: child.pid, born: inspectProcess(child.pid)?.born });
  await expect(acquireFileLock(path)).rejects.toThrow(FileLockHeld);
  child.kill('SIGKILL');
  await once(child, 'exit');
  (await acquireFileLock(path)).release();
});

test('a recycled pid does not hold it: same number, other birth', async () => {
  writeHolder({ pid: process.pid, born: 'long ago' });
  (await acquireFileLock(path)).release();
});

test('a holder on another machine counts until it stops touching the file', async () => {
  writeHolder({ pid: 1, host: 'elsewhere' });
  await expect(acquireFileLock(path)).rejects.toThrow(FileLockHeld);
  const past = new Date(Date.now() - 60_000);
  utimesSync(path, past, past);
  (await acquireFileLock(path)).release();
});

test('an unreadable lock file is not taken while it is fresh', async () => {
  writeFileSync(path, '');
  await expect(acquireFileLock(path)).rejects.toThrow(FileLockHeld);
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('releasing late does not take the lock from its next holder', async () => {
  const first = await acquireFileLock(path);
  rmSync(path);
  const second = await acquireFileLock(path);
  first.release();
  expect(existsSync(path)).toBe(true);
  second.release();
});
