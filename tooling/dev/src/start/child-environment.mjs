// The variables API and web are started with (packages/config describes them). What the caller set wins, except for the
// addresses this start has decided.

/**
 * @typedef {Record<string, string | undefined>} Environment
 * @typedef {{ labeler: string, user: string, userAdmin: string }} DatabaseUrls
 */

/**
 * @param {object} options
 * @param {Environment} options.env of the caller
 * @param {import('./settings.mjs').Settings} options.settings
 * @param {import('./secrets.mjs').Secrets} options.secrets
 * @param {DatabaseUrls | undefined} options.databases undefined: the caller's variables say where they are
 * @param {string} options.storageRoot
 * @param {number} [options.port] default: the settings' API port
 * @returns {Environment}
 */
export function apiEnvironment({ env, settings, secrets, databases, storageRoot, port = settings.apiPort }) {
  const origins = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${settings.webPort}`);
  return {
    ENVIRONMENT: 'development',
    LOG_LEVEL: 'info',
    PROCESS_ROLE: 'all',
    DISK_ROOT: storageRoot,
    DISK_PUBLIC_URL: `http://localhost:${settings.apiPort}`,
    DISK_SIGNING_SECRET: secrets.disk_signing_secret,
    JWT_SECRET: secrets.jwt_secret,
    CORS_ORIGINS: origins.join(','),
    // Links in e-mail begin with it, where the caller names an SMTP server.
    WEB_URL: origins[0],
    // Shorter than the supervisor's patience, so that a stop is always a clean one.
    SHUTDOWN_GRACE_SECONDS: '8',
    ...withoutEmpty(env),
    ...(databases && embeddedDatabases(databases)),
    NODE_ENV: 'production',
    HOST: settings.host,
    PORT: String(port),
    // Away from the public port, links to stored files must lead here as well.
    ...(port !== settings.apiPort && { DISK_PUBLIC_URL: `http://localhost:${port}` }),
  };
}

/** @param {DatabaseUrls} databases @returns {Environment} */
function embeddedDatabases({ labeler, user, userAdmin }) {
  return {
    LABELER_DB_URL: labeler,
    USER_DB_URL: user,
    USER_DB_ADMIN_URL: userAdmin,
    USER_DB_MANAGED: 'true',
    DB_SSL: 'disable',
    // Of databases that were left.
    LABELER_DB_SSL: undefined,
    USER_DB_SSL: undefined,
    LABELER_DB_ADMIN_URL: undefined,
  };
}

/**
 * @param {object} options
 * @param {Environment} options.env of the caller
 * @param {import('./settings.mjs').Settings} options.settings
 * @param {'start' | 'dev'} options.mode
 * @returns {Environment}
 */
export function webEnvironment({ env, settings, mode }) {
  return {
    ENVIRONMENT: 'development',
    NEXT_PUBLIC_API_URL: `http://localhost:${settings.apiPort}`,
    ...withoutEmpty(env),
    NODE_ENV: mode === 'dev' ? 'development' : 'production',
    API_URL: `http://127.0.0.1:${settings.apiPort}`,
    LABELYARD_DEMO: String(settings.demo),
    PORT: String(settings.webPort),
  };
}

/**
 * `NAME=` in an env file means unset.
 *
 * @param {Environment} env
 */
function withoutEmpty(env) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
}
