// What is in a data folder before anything is started on it. Nothing here ever deletes data.
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { canUse } from './account.mjs';
import { sharedFolder } from './binaries.mjs';
import { ClusterError } from './cluster-error.mjs';

/** Without these Postgres cannot start; their absence means the folder was cut, not that it is new. */
const ESSENTIAL = ['global/pg_control', 'base', 'pg_wal', 'pg_xact', 'postgresql.conf', 'pg_hba.conf'];

/** What file managers leave in a folder somebody made by hand. */
const LITTER = new Set(['.DS_Store', 'desktop.ini', '.gitkeep', 'lost+found']);

/**
 * @param {string} dataDir
 * @param {number} major of the installed Postgres
 * @returns {'new' | 'cluster'} 'new' = missing or empty
 * @throws {ClusterError} for anything else
 */
export function inspectDataFolder(dataDir, major) {
  if (!existsSync(dataDir)) return 'new';
  if (!statSync(dataDir).isDirectory()) {
    throw new ClusterError(
      'data_folder_foreign',
      `${dataDir} is a file, not a folder. Nothing was changed. Move it away.`,
    );
  }
  const entries = readEntries(dataDir).filter((name) => !LITTER.has(name));
  if (entries.length === 0) return 'new';
  if (!entries.includes('PG_VERSION')) {
    if (entries.includes('global') || entries.includes('base')) throw damaged(dataDir, 'PG_VERSION is missing');
    throw new ClusterError(
      'data_folder_foreign',
      `${dataDir} is not a Postgres data folder: it holds ${listSome(entries)}. Nothing was changed. ` +
        'Point LABELYARD_DATA_DIR at another folder, or move these files away.',
    );
  }
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (!/^\d+(\.\d+)?$/.test(found)) throw damaged(dataDir, 'PG_VERSION is unreadable');
  if (Number.parseInt(found, 10) !== major) {
    throw new ClusterError(
      'wrong_version',
      `${dataDir} was written by Postgres ${found}, and this version of Labelyard brings Postgres ${major}. ` +
        'Nothing was changed. Start the version of Labelyard that wrote it and copy the databases, or use another LABELYARD_DATA_DIR.',
      { found, expected: String(major) },
    );
  }
  const missing = ESSENTIAL.filter((name) => !existsSync(join(dataDir, name)));
  if (missing.length > 0) throw damaged(dataDir, `missing ${missing.join(', ')}`);
  return 'cluster';
}

/**
 * @param {string} dataDir
 * @param {string} finding
 */
export function damaged(dataDir, finding) {
  return new ClusterError(
    'data_folder_damaged',
    `The database folder ${dataDir} is damaged: ${finding}. Nothing was changed or deleted. ` +
      `Restore it from a backup, or move it aside (mv "${dataDir}" "${dataDir}.broken") and start again with an empty database.`,
    { finding },
  );
}

/** @param {string} dataDir */
function readEntries(dataDir) {
  try {
    return readdirSync(dataDir);
  } catch (error) {
    throw new ClusterError(
      'permission',
      `${dataDir} cannot be read (${/** @type {NodeJS.ErrnoException} */ (error).code}). ` +
        'It probably belongs to another user: start as that user, or use another LABELYARD_DATA_DIR.',
    );
  }
}

/** @param {string[]} names */
function listSome(names) {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/**
 * Makes the parent folder, and where `account` cannot walk into it (a checkout under /root) puts the data into the
 * shared folder behind a link, so that the path people know still leads to it.
 *
 * @param {string} dataDir
 * @param {import('./account.mjs').Account | undefined} account
 * @param {(line: string) => void} notice
 * @returns {string} the real path to use
 */
export function placeDataFolder(dataDir, account, notice) {
  try {
    mkdirSync(dirname(dataDir), { recursive: true });
  } catch (error) {
    throw new ClusterError(
      'permission',
      `${dirname(dataDir)} cannot be made (${/** @type {NodeJS.ErrnoException} */ (error).code}). ` +
        'Point LABELYARD_DATA_DIR at a folder you may write to.',
    );
  }
  if (isDanglingLink(dataDir)) throw damaged(dataDir, 'it is a link to a folder that is gone');
  if (existsSync(dataDir)) return checkReachable(realpathSync(dataDir), account);
  if (canUse(dirname(dataDir), '-x', account)) return join(realpathSync(dirname(dataDir)), baseName(dataDir));
  const elsewhere = join(sharedFolder(), `data-${randomBytes(6).toString('hex')}`);
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, dataDir);
  notice(`${dirname(dataDir)} is private to root, so the database files are kept in ${elsewhere}`);
  return elsewhere;
}

/** @param {string} path */
function baseName(path) {
  return path.slice(dirname(path).length).replace(/^[/\\]/, '');
}

/** @param {string} path */
function isDanglingLink(path) {
  return (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false) && !existsSync(path);
}

/**
 * @param {string} dataDir
 * @param {import('./account.mjs').Account | undefined} account
 */
function checkReachable(dataDir, account) {
  if (canUse(dirname(dataDir), '-x', account)) return dataDir;
  throw new ClusterError(
    'permission',
    `The database runs as "${account?.name}" (Postgres refuses root), which cannot reach ${dataDir} because a folder above it is private. ` +
      'Make the folders above it walkable (chmod o+x), or point LABELYARD_DATA_DIR elsewhere.',
  );
}

/**
 * Hands the folder to `account`; a copy restored by root is taken over with everything in it.
 *
 * @param {string} folder
 * @param {import('./account.mjs').Account | undefined} account
 */
export function giveTo(folder, account) {
  if (process.platform !== 'win32') chmodSync(folder, 0o700);
  if (!account || statSync(folder).uid === account.uid) return;
  chownTree(folder, account);
}

/**
 * @param {string} path
 * @param {import('./account.mjs').Account} account
 */
function chownTree(path, account) {
  chownSync(path, account.uid, account.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) chownTree(child, account);
    else if (entry.isFile()) chownSync(child, account.uid, account.gid);
  }
}
