import type { DataSource } from 'typeorm';
import { createDataSource, type DatabaseSchema, poolOf } from './data-source.js';
import type { DatabaseOptions, PoolStats } from './database-options.js';
import { mapError } from './map-error.js';
import { PoolConnection } from './pool-connection.js';

/** What both databases' handles have. */
export interface Handle {
  readonly dataSource: DataSource;
  readonly connection: PoolConnection;
  ping(): Promise<void>;
  poolStats(): PoolStats;
  close(): Promise<void>;
}

/** Connects once, to fail now rather than at the first request; connections that break later are replaced at their next use. */
export async function connect(schema: DatabaseSchema, options: DatabaseOptions): Promise<Handle> {
  const dataSource = createDataSource(schema, options);
  await dataSource.initialize().catch((error: unknown) => {
    throw mapError(error);
  });
  const pool = poolOf(dataSource);
  const connection = new PoolConnection(pool);
  return {
    dataSource,
    connection,
    ping: async () => {
      await connection.run('select 1');
    },
    poolStats: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: pool.options.max,
    }),
    close: () => (dataSource.isInitialized ? dataSource.destroy() : Promise.resolve()),
  };
}
