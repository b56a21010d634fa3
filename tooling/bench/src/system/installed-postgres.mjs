// The Postgres whose programs are on PATH, as a server of its own: pg_dump refuses servers newer than itself, and the embedded one
// brings no pg_dump along.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseAccount, findFreePort, spawnAs } from '@labelyard/embedded-postgres';

/** The newest pg_dump that PATH leads to. @returns {number | undefined} its major version; undefined: there is none */
export function pgDumpMajor() {
  try {
    return Number(/\) (\d+)/u.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1]);
  } catch {
    return undefined;
  }
}

/** Where a server of pg_dump's version lies. @param {number} major @returns {string | undefined} its programs' folder */
export function serverPrograms(major) {
  return [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
  ].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/**
 * Starts it on a new folder with the settings the embedded one keeps people's data with; stopped and removed with the lab.
 *
 * @param {import('../harness/lab.mjs').Lab} lab
 * @param {string} programs folder of its programs
 * @returns {Promise<(database: string) => string>} URLs of the superuser
 */
export async function startInstalledPostgres(lab, programs) {
  const home = join(lab.folder, 'installed-postgres');
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
    '-D',
    data,
    '-U',
    'postgres',
    '--pwfile',
    password_file,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale',
    'C',
    '--data-checksums',
  ]);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '128MB',
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value || "''"}`);
  run('pg_ctl', ['start', '-w', '-D', data, '-l', join(home, 'log'), '-o', options.join(' ')]);
  lab.later(() => run('pg_ctl', ['stop', '-w', '-m', 'fast', '-D', data]));
  return (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}
