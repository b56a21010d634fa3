// What the caller's environment says about a local start. Pure: tested without starting anything.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const DEFAULT_PORTS = { api: 8011, web: 3010, database: 54329 };

/**
 * @typedef {object} Settings
 * @property {string} dataDir
 * @property {string} host address API and web listen on; "localhost" = loopback, IPv4 and IPv6
 * @property {number} apiPort
 * @property {number} webPort
 * @property {number} databasePort
 * @property {boolean} databasePortGiven a port the caller chose is not silently replaced
 * @property {{ labeler: string, user: string } | undefined} external databases of the caller's own; undefined = embedded
 * @property {boolean} embedded whether the embedded Postgres runs: used, or kept beside the caller's own databases
 * @property {boolean} demo whether the first start makes demo people and a demo dataset
 */

/**
 * @param {Record<string, string | undefined>} env
 * @param {string} root of the repository
 * @returns {Settings}
 * @throws {Error} naming every variable that is wrong
 */
export function readSettings(env, root) {
  /** @type {string[]} */
  const problems = [];
  const port = (/** @type {string} */ name, /** @type {number} */ fallback) => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 65_535)
      problems.push(`${name}: is "${text}"; set it to a port from 1 to 65535`);
    return value;
  };
  const apiPort = port('API_PORT', DEFAULT_PORTS.api);
  const webPort = port('WEB_PORT', DEFAULT_PORTS.web);
  const databasePort = port('DB_PORT', DEFAULT_PORTS.database);
  if (apiPort === webPort) problems.push(`WEB_PORT: is ${webPort}, which is also API_PORT; choose two different ports`);

  const labeler = given(env, ['LABELER_DB_URL', 'DATABASE_URL', 'LABELER_DB_HOST']);
  const user = given(env, ['USER_DB_URL', 'USER_DB_HOST']);
  if (labeler && !user)
    problems.push(`USER_DB_URL: is not set while ${labeler} is; set both, or neither to use the embedded Postgres`);
  if (user && !labeler)
    problems.push(`LABELER_DB_URL: is not set while ${user} is; set both, or neither to use the embedded Postgres`);

  const keep = env.LABELYARD_EMBEDDED_DATABASE?.trim().toLowerCase();
  if (keep && keep !== 'keep')
    problems.push(`LABELYARD_EMBEDDED_DATABASE: is "${keep}"; set it to keep, or leave it out`);

  if (problems.length > 0)
    throw new Error(`These settings cannot be used:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
  const external = labeler && user ? { labeler, user } : undefined;
  return {
    dataDir: resolve(root, expandHome(env.LABELYARD_DATA_DIR?.trim() || '.labelyard')),
    host: env.LABELYARD_HOST?.trim() || 'localhost',
    apiPort,
    webPort,
    databasePort,
    databasePortGiven: Boolean(env.DB_PORT?.trim()),
    external,
    embedded: !external || keep === 'keep',
    demo: !external && env.LABELYARD_DEMO?.trim().toLowerCase() !== 'false',
  };
}

/** What a running start cannot change, and the variable that says it. */
const FIXED = /** @type {const} */ ({
  dataDir: 'LABELYARD_DATA_DIR',
  host: 'LABELYARD_HOST',
  apiPort: 'API_PORT',
  webPort: 'WEB_PORT',
  databasePort: 'DB_PORT',
});

/**
 * @param {Settings} before
 * @param {Settings} now
 * @throws {Error} naming what needs a new start
 */
export function refuseFixedChanges(before, now) {
  const changed = Object.entries(FIXED).filter(
    ([name]) => before[/** @type {keyof typeof FIXED} */ (name)] !== now[/** @type {keyof typeof FIXED} */ (name)],
  );
  if (changed.length > 0)
    throw new Error(
      `${changed.map(([, variable]) => variable).join(', ')} changed: that takes effect at the next npm start, so nothing was restarted.`,
    );
}

/**
 * @param {Record<string, string | undefined>} env
 * @param {string[]} names
 * @returns {string | undefined} the first of them that has a value
 */
function given(env, names) {
  return names.find((name) => env[name]?.trim());
}

/** @param {string} path `~` reaches us unexpanded from .env files and `npm start --`. */
function expandHome(path) {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
