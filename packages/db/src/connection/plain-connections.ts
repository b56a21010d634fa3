import pg from 'pg';
import { clientClass, clientOptions } from './client-options.js';
import type { DatabaseOptions } from './database-options.js';

// For libraries and sessions that need a connection of their own (queue, LISTEN). Connected like all others, but values are
// read as node-postgres reads them by itself.

/** A client that is not yet connected. */
export function createClient(options: DatabaseOptions, own: pg.ClientConfig = {}): pg.Client {
  const Client = clientClass(options) ?? pg.Client;
  return new Client({ ...clientOptions(options), types: undefined, ...own });
}

/** A pool of at most `max` connections, which are closed when idle. */
export function createPool(options: DatabaseOptions, max: number): pg.Pool {
  const Client = clientClass(options);
  const pool = new pg.Pool({
    ...clientOptions(options),
    types: undefined,
    ...(Client && { Client }),
    max,
    idleTimeoutMillis: options.pool?.idleTimeoutMs ?? 30_000,
    maxLifetimeSeconds: options.pool?.maxLifetimeSeconds ?? 3_600,
  });
  pool.on('error', (error) => options.onConnectionError?.(error));
  // A connection that breaks while it is in use tells whoever uses it; without a listener it would also end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
