import type pg from 'pg';
import type { DatabaseOptions } from './database-options.js';
import { pinnedClient } from './pinned-client.js';
import { sslOption, withoutTlsParameters } from './tls.js';
import { typeParsers } from './type-parsers.js';

/**
 * Our queries are short: compiling them or starting parallel workers takes longer than they do. Their rows are cached or on an SSD, where
 * an index costs hardly more than reading along. Times are read fastest in UTC.
 */
const SESSION_OPTIONS = '-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 -c timezone=UTC';

/** Options of one pg connection: the pool's and the exports' own are made alike. */
export function clientOptions(options: DatabaseOptions): pg.ClientConfig {
  return {
    connectionString: withoutTlsParameters(options.url),
    ssl: sslOption(options.tls),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.pool?.acquireTimeoutMs ?? 30_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 60_000,
    options: SESSION_OPTIONS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: typeParsers,
  };
}

/** The class to connect with: the pinning one in TLS mode `pin`. */
export function clientClass(options: DatabaseOptions): typeof pg.Client | undefined {
  const { mode, fingerprint } = options.tls ?? {};
  return mode === 'pin' && fingerprint ? pinnedClient(fingerprint) : undefined;
}
