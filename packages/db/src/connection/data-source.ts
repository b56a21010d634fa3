import 'reflect-metadata';
import type pg from 'pg';
import { DataSource, type EntityTarget, type Logger, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import type { DatabaseOptions } from './database-options.js';
import { pinnedClient } from './pinned-client.js';
import { sslOption, withoutTlsParameters } from './tls.js';
import { typeParsers } from './type-parsers.js';

/** What a database holds: its tables and how they came about. Explicit arrays, no globs. */
export interface DatabaseSchema {
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

export const MIGRATIONS_TABLE = 'schema_migrations';

/** What goes wrong is thrown and logged by whoever asked; TypeORM's own console output would break JSON logs. */
const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

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

/**
 * The only place a DataSource is made. Never synchronizes; not yet connected (`initialize()`). Throws a TypeError for options that
 * cannot work.
 */
export function createDataSource(schema: DatabaseSchema, options: DatabaseOptions): DataSource {
  const { connectionString, ssl, ...client } = clientOptions(options);
  const Client = clientClass(options);
  return new DataSource({
    type: 'postgres',
    url: connectionString,
    ssl: ssl as never,
    entities: [...schema.entities] as never,
    migrations: [...schema.migrations] as never,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logger: silent,
    poolErrorHandler: (error: Error) => options.onConnectionError?.(error),
    extra: {
      ...client,
      ...(Client && { Client }),
      max: options.pool?.max ?? 15,
      idleTimeoutMillis: options.pool?.idleTimeoutMs ?? 30_000,
      maxLifetimeSeconds: options.pool?.maxLifetimeSeconds ?? 3_600,
    },
  });
}

/** The pg pool behind an initialized DataSource. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { readonly master: pg.Pool }).master;
}
