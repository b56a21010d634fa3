// A real Postgres with the settings people's data is kept with (fsync on), two databases, two roles, as `npm start` has them.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDatabases, startCluster, withConnection } from '@labelyard/embedded-postgres';
import { BENCH_FOLDER } from '../harness/lab.mjs';

const LABELER = 'bench_labeler';
const USER = 'bench_user';
const OWNER = 'bench';
const DIRECTORY = 'bench_directory';

/**
 * @typedef {object} Databases both empty
 * @property {string} labeler URL
 * @property {string} user URL of the restricted role
 * @property {string} user_admin URL
 * @property {number} pid of the server
 */

/**
 * @param {import('../harness/lab.mjs').Lab} lab
 * @returns {Promise<Databases>}
 */
export async function openDatabases(lab) {
  const password = keptPassword();
  const cluster = await startCluster({
    dataDir: join(BENCH_FOLDER, 'postgres'),
    port: 0,
    superuser: 'postgres',
    password,
    log: lab.say,
  });
  lab.later(() => cluster.stop());
  const url = cluster.url('postgres');
  const dropAll = () =>
    withConnection(url, async (client) => {
      for (const name of [LABELER, USER]) await client.query(`drop database if exists ${name} with (force)`);
    });
  // A bench that was killed has left its own.
  await dropAll();
  lab.later(dropAll);
  await ensureDatabases({
    url,
    roles: [OWNER, DIRECTORY].map((name) => ({ name, password })),
    databases: [
      { name: USER, owner: OWNER, connect: [DIRECTORY] },
      { name: LABELER, owner: OWNER },
    ],
  });
  await withConnection(url, async (client) => {
    // Benches that write begin from the same state of the write-ahead log.
    await client.query(`grant pg_checkpoint to ${OWNER}`);
    // Millions of rows are made without what triggers would look up and count for each of them.
    await client.query(`grant set on parameter session_replication_role to ${OWNER}`);
  });
  return {
    labeler: cluster.url(LABELER, { user: OWNER, password }),
    user: cluster.url(USER, { user: DIRECTORY, password }),
    user_admin: cluster.url(USER, { user: OWNER, password }),
    pid: cluster.pid,
  };
}

/** The folder's first password is its last. */
function keptPassword() {
  const file = join(BENCH_FOLDER, 'postgres.password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
