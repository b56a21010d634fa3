// "Nothing has changed since": a fingerprint of files, kept from one run to the next.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Made by tools, never an input. */
const GENERATED = new Set([
  'node_modules',
  'dist',
  '.next',
  '.turbo',
  'reports',
  'coverage',
  'test-results',
  'playwright-report',
  '.cache',
]);

/**
 * Fingerprint of file contents, in the order given.
 *
 * @param {string[]} files
 * @param {string[]} [extra] other values that count
 */
export function contentStamp(files, extra = []) {
  const hash = createHash('sha256');
  for (const value of extra) hash.update(`${value}\0`);
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(existsSync(file) ? readFileSync(file) : '')
      .update('\0');
  return hash.digest('hex');
}

/**
 * Fingerprint of every file below some folders (or of single files) by path, size and time of change: thousands of
 * files in milliseconds. A touched file counts as changed, which costs a look by the real tool and nothing else.
 *
 * @param {string} root
 * @param {string[]} paths relative to root; missing ones count as such
 * @param {{ skip?: ReadonlySet<string>, extra?: string[] }} [options] skip: folder names
 */
export function treeStamp(root, paths, { skip = GENERATED, extra = [] } = {}) {
  const hash = createHash('sha256');
  for (const value of extra) hash.update(`${value}\0`);
  for (const path of paths) addPath(hash, root, join(root, path), skip);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} path
 * @param {ReadonlySet<string>} skip
 */
function addPath(hash, root, path, skip) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) {
    hash.update(`${relative(root, path)}\0${stats ? `${stats.size}\0${stats.mtimeMs}` : 'missing'}\0`);
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort(byName)) {
    if (entry.isDirectory() ? skip.has(entry.name) : !entry.isFile()) continue;
    addPath(hash, root, join(path, entry.name), skip);
  }
}

/** @param {{ name: string }} a @param {{ name: string }} b */
function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}

/** @param {string} file @returns {string} '' when there is none */
export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** @param {string} file @param {string} stamp */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stamp);
}
