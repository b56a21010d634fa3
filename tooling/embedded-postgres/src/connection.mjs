import pg from 'pg';
import { ClusterError } from './cluster-error.mjs';

/**
 * @param {{ user: string, password: string, port: number, database: string }} parts
 */
export function databaseUrl({ user, password, port, database }) {
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/**
 * Runs `work` with one connection and closes it.
 *
 * @template T
 * @param {string} url
 * @param {(client: import('pg').Client) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withConnection(url, work) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that is stopped under an idle connection reports here; the query in flight reports by itself.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Proves that the server on the port is the one on our folder and knows our password.
 *
 * @param {{ superuser: string, password: string, port: number, dataDir: string }} options
 */
export async function checkPassword({ superuser, password, port, dataDir }) {
  const url = databaseUrl({ user: superuser, password, port, database: 'postgres' });
  try {
    await withConnection(url, (client) => client.query('select 1'));
  } catch (error) {
    // 28P01 invalid_password, 28000 invalid_authorization_specification
    if (!['28P01', '28000'].includes(/** @type {{ code?: string }} */ (error).code ?? '')) throw error;
    throw new ClusterError(
      'password_mismatch',
      `The database in ${dataDir} does not accept the stored password of "${superuser}". ` +
        'The password file and the database folder are from different installations: restore both from the same backup. Nothing was changed.',
    );
  }
}
