// What a start is told: the caller's variables, below them those of the `.env` in the root; and what it tells others.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envFileLine, parseEnvFile, VARIABLES } from '@labelyard/config';
import { apiEnvironment } from './child-environment.mjs';

/** @typedef {import('./child-environment.mjs').Environment} Environment */

/** Groups of variables that say where data are. */
const WHERE_DATA_ARE = ['labeler_db', 'user_db', 'connections', 'storage'];

/**
 * A variable the caller leaves unset or empty is taken from the file.
 *
 * @param {Environment} caller
 * @param {string} root of the repository
 * @returns {Environment}
 * @throws {Error} naming the lines that cannot be understood
 */
export function readStartEnvironment(caller, root) {
  const file = join(root, '.env');
  if (!existsSync(file)) return caller;
  try {
    const given = Object.entries(caller).filter(([, value]) => value?.trim());
    return { ...caller, ...parseEnvFile(readFileSync(file, 'utf8')), ...Object.fromEntries(given) };
  } catch (error) {
    throw new Error(`${file} cannot be used: ${/** @type {Error} */ (error).message}`, { cause: error });
  }
}

/**
 * The installation of this machine, for programs that look after it (`yard`, whose profile "local" it is): the environment the API runs
 * with. While the embedded Postgres is kept beside other databases, it is the installation one would go back to; that it is kept is said
 * as well, so that a move, which takes this environment along, leaves it running.
 *
 * @param {object} options
 * @param {Environment} options.env of the start
 * @param {import('./settings.mjs').Settings} options.settings
 * @param {import('./secrets.mjs').Secrets} options.secrets
 * @param {import('./child-environment.mjs').DatabaseUrls | undefined} options.embedded undefined: it does not run
 * @returns {Environment}
 */
export function localEnvironment({ env, settings, secrets, embedded }) {
  const kept = Boolean(settings.external && embedded);
  const elsewhere = VARIABLES.filter(({ group }) => WHERE_DATA_ARE.includes(group)).map(({ name }) => name);
  const own = kept ? Object.fromEntries(Object.entries(env).filter(([name]) => !elsewhere.includes(name))) : env;
  const storageRoot = join(settings.dataDir, 'storage');
  const all = apiEnvironment({ env: own, settings, secrets, databases: embedded, storageRoot });
  const local = Object.fromEntries(
    VARIABLES.filter(({ group, name }) => group !== 'start' && all[name] !== undefined).map(({ name }) => [
      name,
      all[name],
    ]),
  );
  return embedded ? { ...local, LABELYARD_EMBEDDED_DATABASE: 'keep' } : local;
}

/**
 * Writes it whole or not at all, readable by its owner only.
 *
 * @param {string} file
 * @param {Environment} environment
 */
export function writeLocalEnvironment(file, environment) {
  const lines = [
    '# The environment of the installation that npm start runs here, for yard (its profile "local"). Written at every start:',
    '# changes belong into .env in the root of the repository.',
    ...Object.entries(environment).map(([name, value]) => envFileLine(name, value ?? '')),
  ];
  writeFileSync(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
