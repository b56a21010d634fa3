import {
  createDataSource,
  type DatabaseOptions,
  type DatabaseSchema,
  LABELER_SCHEMA,
  pendingMigrations,
  runMigrations,
  USER_SCHEMA,
} from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import type { DatabaseName } from '../../ends/open-ends.js';
import type { StepReport } from '../../steps/step.js';
import { inspectDatabase } from '../catalog/read-catalog.js';
import { explainDatabaseError } from '../database-error.js';
import { shortName } from '../sql-names.js';
import { type UnsafeStatement, unsafeStatements } from './unsafe-statements.js';

const SCHEMAS: Readonly<Record<DatabaseName, DatabaseSchema>> = { labeler: LABELER_SCHEMA, user: USER_SCHEMA };

export interface MigrateOptions {
  readonly database: DatabaseOptions;
  readonly name: DatabaseName;
  /** Rows from which on a table counts as large. */
  readonly large: number;
  readonly allowUnsafe: boolean;
  /** Only says what would be done. */
  readonly dryRun?: boolean;
  readonly report: StepReport;
  readonly signal?: AbortSignal | undefined;
}

export interface MigrateResult {
  readonly pending: readonly string[];
  readonly unsafe: readonly UnsafeStatement[];
  readonly applied: readonly string[];
  readonly revision: string | null;
}

/**
 * Brings a database's schema up to date: one process at a time, waiting for no table longer than a few seconds. Refuses statements that
 * would stop people on large tables, and proves afterwards that every table and index is there.
 *
 * @throws YardError
 */
export async function migrateDatabase(options: MigrateOptions): Promise<MigrateResult> {
  const { database, name, large, allowUnsafe, dryRun, report, signal } = options;
  const dataSource = createDataSource(SCHEMAS[name], database);
  const { tables } = await inspectDatabase(database, signal);
  const rows = new Map(tables.map((table) => [shortName(table), table.row_estimate]));
  try {
    await dataSource.initialize();
    const pending = await pendingMigrations({ dataSource });
    const unsafe = unsafeStatements(await recorded(SCHEMAS[name], pending), rows, large);
    for (const { migration, table, why } of unsafe)
      report.say(`${migration}: ${why} (${table}, ${rows.get(table)} rows)`);
    if (dryRun) return { pending, unsafe, applied: [], revision: null };
    if (unsafe.length > 0 && !allowUnsafe)
      throw new YardError(
        'failed',
        `${unsafe.length} pending statements are unsafe on large tables; nothing was migrated.`,
        'Migrate in maintenance with --allow-unsafe, or let a release expand first and contract later.',
      );
    const { applied, revision } = await runMigrations({ dataSource }, { log: (line) => report.say(line) });
    await requireEverything(options, dataSource.entityMetadatas);
    return { pending, unsafe, applied, revision };
  } catch (error) {
    throw explainDatabaseError(error, database);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

/** What the pending migrations would say to the database. */
async function recorded(schema: DatabaseSchema, pending: readonly string[]) {
  const wanted = schema.migrations
    .map((Migration) => new Migration())
    .filter(({ name }) => name !== undefined && pending.includes(name));
  return Promise.all(
    wanted.map(async (migration) => {
      const statements: string[] = [];
      const recorder = { query: async (statement: string) => void statements.push(statement) };
      await migration.up(recorder as never);
      return { name: migration.name ?? '', statements };
    }),
  );
}

interface Expected {
  readonly tableName: string;
  readonly indices: readonly { readonly name: string }[];
}

/** Every table and index that the program counts on. @throws YardError failed */
async function requireEverything({ database, signal }: MigrateOptions, expected: readonly Expected[]): Promise<void> {
  const { tables } = await inspectDatabase(database, signal);
  const found = new Map(tables.map((table) => [shortName(table), table]));
  const missing = expected.flatMap(({ tableName, indices }) => {
    const table = found.get(tableName);
    if (!table) return [`table ${tableName}`];
    const valid = new Set(table.indexes.filter((index) => index.valid).map((index) => index.name));
    return indices.filter((index) => !valid.has(index.name)).map((index) => `index ${index.name} of ${tableName}`);
  });
  if (missing.length === 0) return;
  throw new YardError(
    'failed',
    `After the migration these are missing or invalid: ${missing.join(', ')}.`,
    'Build them by hand (create index concurrently …), then run the same command again.',
  );
}
