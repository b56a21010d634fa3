// The embedded Postgres of a local start: one server, two databases, two roles; started again when it falls over.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterError, ensureDatabases, startCluster } from '@labelyard/embedded-postgres';
import { rotate } from './service-log.mjs';

const SUPERUSER = 'postgres';
const OWNER = 'labelyard';
/** Reads people and writes invitations; the migrations say which tables. */
const DIRECTORY = 'labeler_directory';
const USER_DATABASE = 'labelyard_user';
const LABELER_DATABASE = 'labelyard_labeler';
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];

/**
 * @typedef {object} EmbeddedDatabase
 * @property {import('./child-environment.mjs').DatabaseUrls} urls
 * @property {boolean} created
 * @property {number} port
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ settings: import('./settings.mjs').Settings, secrets: import('./secrets.mjs').Secrets,
 *   logFile: string, say: (line: string) => void }} options
 * @returns {Promise<EmbeddedDatabase>}
 */
export async function openEmbeddedDatabase({ settings, secrets, logFile, say }) {
  rotate(logFile);
  const options = {
    dataDir: join(settings.dataDir, 'postgres'),
    superuser: SUPERUSER,
    password: secrets.database_superuser_password,
    portVariable: 'DB_PORT',
    logFile,
    log: say,
  };
  let cluster = await startOnSomePort(options, settings);
  const { port } = cluster;
  await ensureDatabases({
    url: cluster.url('postgres'),
    roles: [
      { name: OWNER, password: secrets.labelyard_password },
      { name: DIRECTORY, password: secrets.labeler_directory_password },
    ],
    databases: [
      { name: USER_DATABASE, owner: OWNER, connect: [DIRECTORY] },
      { name: LABELER_DATABASE, owner: OWNER },
    ],
  });

  let stopping = false;
  const keepRunning = async () => {
    while (!stopping) {
      await cluster.exited;
      for (let attempt = 0; !stopping; attempt += 1) {
        say('Postgres ended unexpectedly; starting it again (committed data is safe)');
        try {
          // The same port, or nobody would find it.
          cluster = await startCluster({ ...options, port });
          say('Postgres is back');
          break;
        } catch (error) {
          say(`Postgres does not start: ${/** @type {Error} */ (error).message}`);
          await delay(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
        }
      }
    }
  };
  void keepRunning();

  const owner = { user: OWNER, password: secrets.labelyard_password };
  const directory = { user: DIRECTORY, password: secrets.labeler_directory_password };
  return {
    urls: {
      labeler: cluster.url(LABELER_DATABASE, owner),
      user: cluster.url(USER_DATABASE, directory),
      userAdmin: cluster.url(USER_DATABASE, owner),
    },
    created: cluster.created,
    port,
    stop: async () => {
      stopping = true;
      await cluster.stop();
    },
  };
}

/**
 * The usual port, unless somebody else has it: nobody needs to know the database's port, so another one does as well.
 *
 * @param {Omit<import('@labelyard/embedded-postgres').ClusterOptions, 'port'>} options
 * @param {import('./settings.mjs').Settings} settings
 */
async function startOnSomePort(options, { databasePort, databasePortGiven }) {
  try {
    return await startCluster({ ...options, port: databasePort });
  } catch (error) {
    if (databasePortGiven || !(error instanceof ClusterError) || error.code !== 'port_taken') throw error;
    return startCluster({ ...options, port: 0 });
  }
}
