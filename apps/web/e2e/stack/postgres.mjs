// @ts-check
import { ensureDatabases, startCluster } from '@labelyard/embedded-postgres';

const SUPERUSER = { user: 'postgres', password: 'e2e-superuser-password' };
const OWNER = { user: 'labelyard', password: 'e2e-owner-password' };
/** Reads people and writes invitations, as in a real installation. */
const DIRECTORY = { user: 'labeler_directory', password: 'e2e-directory-password' };
const [LABELER, USER] = ['e2e_labeler', 'e2e_user'];

/** The stack's database server: both databases, killed and started again on the same port. */
export class Postgres {
  /** @type {import('@labelyard/embedded-postgres').Cluster | undefined} */
  #cluster;
  #port = 0;

  /** @param {{ dataDir: string, log: (line: string) => void }} options */
  constructor({ dataDir, log }) {
    this.dataDir = dataDir;
    this.log = log;
  }

  /** Not the fast mode of unit tests: that may forget what it said was committed, and the journeys kill the server. */
  async start() {
    if (this.#cluster) return;
    const cluster = await startCluster({
      dataDir: this.dataDir,
      port: this.#port,
      superuser: SUPERUSER.user,
      password: SUPERUSER.password,
      log: this.log,
    });
    this.#cluster = cluster;
    this.#port = cluster.port;
    if (cluster.created) await makeDatabases(cluster.url('postgres'));
  }

  /** Power cut of the server process. Its children notice and end by themselves. */
  async kill() {
    const cluster = this.#cluster;
    if (!cluster) return;
    this.#cluster = undefined;
    process.kill(cluster.pid, 'SIGKILL');
    await cluster.exited;
  }

  async stop() {
    await this.#cluster?.stop();
    this.#cluster = undefined;
  }

  /** Connection URLs as the API's environment names them. */
  get urls() {
    const cluster = this.#cluster;
    if (!cluster) throw new Error('Postgres does not run');
    return {
      LABELER_DB_URL: cluster.url(LABELER, OWNER),
      USER_DB_URL: cluster.url(USER, DIRECTORY),
      USER_DB_ADMIN_URL: cluster.url(USER, OWNER),
    };
  }
}

/** @param {string} url of the superuser */
function makeDatabases(url) {
  return ensureDatabases({
    url,
    roles: [OWNER, DIRECTORY].map(({ user, password }) => ({ name: user, password })),
    databases: [
      { name: USER, owner: OWNER.user, connect: [DIRECTORY.user] },
      { name: LABELER, owner: OWNER.user },
    ],
  });
}
