// Postgres refuses to run as root. Started by root (containers, CI) it runs as `postgres` or `nobody`, whichever exists.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { ClusterError } from './cluster-error.mjs';

/**
 * @typedef {object} Account
 * @property {number} uid
 * @property {number} gid
 * @property {string} name
 */

/**
 * @param {string} dataDir existing data keeps its owner, so a folder first used by a person stays theirs under root
 * @returns {Account | undefined} undefined = run as the current user
 */
export function chooseAccount(dataDir) {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: `user ${owner.uid}` };
  const accounts = parsePasswd(readFileSync('/etc/passwd', 'utf8'));
  const account = accounts.get('postgres') ?? accounts.get('nobody');
  if (!account) {
    throw new ClusterError(
      'permission',
      'Postgres does not run as root, and this machine has neither a "postgres" nor a "nobody" account to run it as. ' +
        'Start as an ordinary user, or set LABELER_DB_URL and USER_DB_URL to a Postgres of your own.',
    );
  }
  return account;
}

/**
 * @param {string} content of /etc/passwd
 * @returns {Map<string, Account>} without root
 */
export function parsePasswd(content) {
  const accounts = new Map();
  for (const line of content.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (!name || name.startsWith('#') || !uid || Number(uid) === 0) continue;
    // macOS writes nobody as -2; the kernel reads it unsigned.
    accounts.set(name, { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  return accounts;
}

/**
 * Can `account` use `path`? Asked by trying, so ACLs and every parent folder count.
 *
 * @param {string} path
 * @param {'-x' | '-r' | '-w'} right
 * @param {Account | undefined} account
 */
export function canUse(path, right, account) {
  if (!account) return true;
  const tried = spawnSync('/bin/sh', ['-c', 'test "$1" "$2"', 'sh', right, path], spawnAs(account));
  return tried.status === 0;
}

/**
 * How to spawn a Postgres program. Nothing of ours leads it astray: PGDATA, PGPORT, LD_LIBRARY_PATH and translated
 * messages are left out, and it does not start in a folder its account may not read.
 *
 * @param {Account | undefined} account
 */
export function spawnAs(account) {
  const { PATH = '', SystemRoot, TEMP } = process.env;
  return {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: process.platform === 'win32' ? undefined : '/',
    env: { PATH, LC_ALL: 'C', ...(SystemRoot && { SystemRoot }), ...(TEMP && { TEMP }) },
    windowsHide: true,
  };
}
