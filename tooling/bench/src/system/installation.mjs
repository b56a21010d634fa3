// The product as it is deployed: schemas by its own pre-deploy command, people by its own command, the built API as processes.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@labelyard/contract';
import { apiFlags } from '@labelyard/dev/api-flags';
import { findFreePort } from '@labelyard/embedded-postgres';
import { API_FOLDER } from '../harness/lab.mjs';
import { openDatabases } from './databases.mjs';
import { answers, runToEnd, startServer } from './node-process.mjs';

const PERSON = { email: 'bench@labelyard.example', full_name: 'Bench', password: 'bench-password' };

/** Signs URLs as for an S3 server. Nothing is sent there: addresses are computed. */
export const SIGNING_ONLY_S3 = {
  STORAGE_DRIVER: 's3',
  S3_ENDPOINT: 'http://127.0.0.1:9',
  S3_ACCESS_KEY: 'bench-access-key',
  S3_SECRET_KEY: 'bench-secret-key-of-forty-characters-0001',
  S3_BUCKET_DATASETS: 'datasets',
  S3_BUCKET_ANNOTATIONS: 'annotations',
};

/** @typedef {import('./node-process.mjs').Environment} Environment */

export class Installation {
  /**
   * @param {import('../harness/lab.mjs').Lab} lab
   * @param {import('./databases.mjs').Databases} databases
   */
  constructor(lab, databases) {
    this.lab = lab;
    this.databases = databases;
    /** @type {Environment} */
    this.environment = {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      ENVIRONMENT: 'development',
      LOG_LEVEL: 'info',
      LABELER_DB_URL: databases.labeler,
      USER_DB_URL: databases.user,
      USER_DB_ADMIN_URL: databases.user_admin,
      USER_DB_MANAGED: 'true',
      DB_SSL: 'disable',
      DISK_ROOT: join(lab.folder, 'objects'),
      JWT_SECRET: randomBytes(48).toString('base64url'),
      // Checked at every request as always, but out of the way of a load from one person.
      RATE_LIMIT_GENERAL: '10000000',
      RATE_LIMIT_EXPORT: '100000',
      RATE_LIMIT_LOGIN_IP: '100000',
    };
  }

  /**
   * @param {import('../harness/lab.mjs').Lab} lab
   * @returns {Promise<Installation>} migrated, with one person
   */
  static async open(lab) {
    if (!existsSync(join(API_FOLDER, 'dist', 'main.js'))) throw new Error('apps/api is not built: run "npm run setup"');
    lab.say('starting Postgres and migrating');
    const installation = new Installation(lab, await openDatabases(lab));
    await installation.#command('migrate.js');
    await installation.addPeople([{ ...PERSON, system_role: 'admin' }]);
    return installation;
  }

  /**
   * @param {readonly { email: string, full_name: string, password: string, system_role?: string }[]} people
   * @returns {Promise<{ id: string, email: string }[]>}
   */
  async addPeople(people) {
    const output = await this.#command('people.js', people.map((person) => `${JSON.stringify(person)}\n`).join(''));
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** @param {string} program @param {string} [input] @returns {Promise<string>} what it said */
  async #command(program, input) {
    return runToEnd([join(API_FOLDER, 'dist', program)], { env: this.environment, input });
  }

  /**
   * Starts the built API and signs in.
   *
   * @param {{ role?: 'all' | 'api' | 'worker', env?: Environment }} [options]
   * @returns {Promise<Api>}
   */
  async startApi({ role = 'api', env = {} } = {}) {
    const port = await findFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const flags = apiFlags(API_FOLDER, role === 'worker' ? 'start:worker' : 'start');
    const server = await startServer([...flags, join(API_FOLDER, 'dist', 'main.js')], {
      env: {
        ...this.environment,
        PROCESS_ROLE: role,
        HOST: '127.0.0.1',
        PORT: String(port),
        DISK_PUBLIC_URL: origin,
        ...env,
      },
      logFile: join(this.lab.folder, `${role}-${port}.log`),
      ready: () => answers(`${origin}/health`),
    });
    this.lab.later(server.stop);
    const login = await createClient({ origin })('auth.login', {
      body: { email: PERSON.email, password: PERSON.password },
    });
    const token = login.access_token;
    return { ...server, port, origin, token, user_id: login.user.id, call: createClient({ origin, token }) };
  }
}

/**
 * @typedef {object} Api
 * @property {number} pid
 * @property {() => Promise<void>} stop
 * @property {number} port
 * @property {string} origin
 * @property {string} token
 * @property {string} user_id
 * @property {import('@labelyard/contract').Client} call
 */
