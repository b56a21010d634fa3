import { createPool, type DatabaseOptions } from '@labelyard/db';
import { runMigrations } from 'graphile-worker';
import { queueLogger, type LogLine } from './queue-log.js';

/** Brings the queue's own tables (schema `graphile_worker`) up to date. Safe to run from several processes at once. */
export async function migrateQueue(database: DatabaseOptions, log: LogLine): Promise<void> {
  const pool = createPool(database, 2);
  try {
    await runMigrations({ pgPool: pool, logger: queueLogger(log) });
  } finally {
    await pool.end();
  }
}
