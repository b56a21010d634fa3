// A Postgres that is installed on this machine, of any version, as a server of its own: the embedded one has one version, and brings no
// pg_dump along.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseAccount, spawnAs } from './account.mjs';
import { databaseUrl } from './connection.mjs';
import { findFreePort } from './port-holder.mjs';

const SUPERUSER = 'postgres';

/** Where a server of a version lies. @param {number} major @returns {string | undefined} its programs' folder */
export function installedPrograms(major) {
  return [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
  ].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/**
 * Starts it on a new folder with the settings the embedded one keeps people's data with.
 *
 * @param {object} options
 * @param {string} options.programs folder of its programs
 * @param {string} options.home folder to be made; whoever stops the server removes it
 * @param {boolean} [options.fast] for tests: no fsync
 * @returns {Promise<{ url: (database: string) => string, stop: () => void }>} URLs of the superuser
 */
export async function startInstalledPostgres({ programs, home, fast = false }) {
  mkdirSync(home, { recursive: true });
  const account = chooseAccount(home);
  if (account) chownSync(home, account.uid, account.gid);
  const [data, password_file, password] = [join(home, 'data'), join(home, 'password'), randomBytes(18).toString('hex')];
  writeFileSync(password_file, password, { mode: 0o600 });
  if (account) chownSync(password_file, account.uid, account.gid);
  const port = await findFreePort();
  /** @param {string} program @param {readonly string[]} args */
  const run = (program, args) => {
    // A server that goes on must not hold our pipes open.
    const { status, error } = spawnSync(join(programs, program), args, { ...spawnAs(account), stdio: 'ignore' });
    if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? `exit code ${status}`}; see ${home}`);
  };
  run('initdb', [
    ...['-D', data, '-U', SUPERUSER, '--pwfile', password_file, '-A', 'scram-sha-256'],
    ...['-E', 'UTF8', '--locale', 'C', fast ? '--no-sync' : '--data-checksums'],
  ]);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '128MB',
    ...(fast && { fsync: 'off' }),
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value || "''"}`);
  run('pg_ctl', ['start', '-w', '-D', data, '-l', join(home, 'log'), '-o', options.join(' ')]);
  return {
    url: (database) => databaseUrl({ user: SUPERUSER, password, port, database }),
    stop: () => run('pg_ctl', ['stop', '-w', '-m', 'fast', '-D', data]),
  };
}
