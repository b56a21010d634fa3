import 'reflect-metadata';
import type pg from 'pg';
import { DataSource, type EntityTarget, type Logger, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import { clientClass, clientOptions } from './client-options.js';
import type { DatabaseOptions } from './database-options.js';

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
      // Statements that need not wait for each other's answers leave together.
      pipeline: true,
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
