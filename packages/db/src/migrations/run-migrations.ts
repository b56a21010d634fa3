import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { MIGRATIONS_TABLE } from '../connection/data-source.js';
import { mapError } from '../connection/map-error.js';

export interface MigrationReport {
  /** Names of the migrations that ran now, oldest first. */
  readonly applied: string[];
  /** The newest migration the database has. */
  readonly revision: string | null;
}

export interface MigrationOptions {
  readonly log?: (line: string) => void;
  /** Runs under the same lock after ours, e.g. the queue library's own migration. */
  readonly afterwards?: () => Promise<void>;
  /** How long a migration may wait for a table in use before it fails (default 5 s): while it waits, everybody behind it waits too. */
  readonly lockTimeoutMs?: number;
}

/** A handle whose schema has migrations: `LabelerDb`, or the `UserDb` of a standalone installation. */
export interface Migratable {
  readonly dataSource: DataSource;
}

/** "Somebody is migrating this database", the same number in every version of the program. */
const LOCK = 7_224_701_180;

/**
 * Brings the schema up to date, one process at a time (advisory lock) and each migration in a transaction of its own. Throws
 * database_unavailable when a table stays in use for too long; run it again then.
 */
export async function runMigrations(db: Migratable, options: MigrationOptions = {}): Promise<MigrationReport> {
  return withMigrationLock(db, options.lockTimeoutMs, async (runner) => {
    const executor = new MigrationExecutor(db.dataSource, runner);
    executor.transaction = 'each';
    const ran = await executor.executePendingMigrations();
    for (const { name } of ran) options.log?.(`migrated ${name}`);
    await options.afterwards?.();
    return { applied: ran.map(({ name }) => name), revision: (await applied(runner)).at(-1) ?? null };
  });
}

/** Takes back the newest migration; answers its name, null when there is none. For development and tests. */
export async function undoLastMigration(db: Migratable): Promise<string | null> {
  return withMigrationLock(db, undefined, async (runner) => {
    const last = (await applied(runner)).at(-1) ?? null;
    if (last) {
      const executor = new MigrationExecutor(db.dataSource, runner);
      executor.transaction = 'each';
      await executor.undoLastMigration();
    }
    return last;
  });
}

/** Names of migrations this build has and the database lacks; empty means ready. Throws database_unavailable. */
export async function pendingMigrations({ dataSource }: Migratable): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    const done = new Set(await applied(runner));
    return dataSource.migrations.map((migration) => migration.name ?? '').filter((name) => !done.has(name));
  } catch (error) {
    throw mapError(error);
  } finally {
    await runner.release();
  }
}

async function applied(runner: QueryRunner): Promise<string[]> {
  if (!(await runner.hasTable(MIGRATIONS_TABLE))) return [];
  const rows = (await runner.query(`select name from ${MIGRATIONS_TABLE} order by timestamp, id`)) as {
    name: string;
  }[];
  return rows.map(({ name }) => name);
}

async function withMigrationLock<T>(
  { dataSource }: Migratable,
  lockTimeoutMs = 5_000,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`set statement_timeout = 0`);
    await runner.query(`select pg_advisory_lock(${LOCK})`);
    try {
      await runner.query(`set lock_timeout = ${lockTimeoutMs}`);
      return await work(runner);
    } finally {
      await runner.query(`select pg_advisory_unlock(${LOCK})`);
      await runner.query(`reset lock_timeout`);
      await runner.query(`reset statement_timeout`);
    }
  } catch (error) {
    throw mapError(unwrapped(error));
  } finally {
    await runner.release();
  }
}

/** TypeORM hides the driver's error inside its own. */
function unwrapped(error: unknown): unknown {
  return error instanceof Error && 'driverError' in error ? error.driverError : error;
}
