import type { DatabaseOptions } from '@labelyard/db';
import { type DatabaseCatalog, storedColumns, type TableShape } from '../catalog/database-catalog.js';
import { pumpRows } from '../pump-rows.js';
import { runInPasses } from '../run-in-passes.js';
import { openSession, type Session } from '../session.js';
import { identList, literal, qualified, shortName } from '../sql-names.js';
import {
  finalStatements,
  foreignKeyStatements,
  groundStatements,
  indexStatements,
  objectStatements,
} from './schema-statements.js';
import { analyzeFilled } from './analyze-filled.js';
import { runTasks, type Task } from './task-pool.js';

export interface StreamRequest {
  readonly source: DatabaseOptions;
  readonly target: DatabaseOptions;
  readonly catalog: DatabaseCatalog;
  /** Of a session that stays open meanwhile. */
  readonly snapshot: string;
  readonly isPassing: (table: TableShape) => boolean;
  readonly jobs: number;
  readonly maintenanceMemoryMb: number;
  readonly progress: (megabytes: number, of: number) => void;
  readonly signal?: AbortSignal | undefined;
}

interface Pair {
  readonly source: Session;
  readonly target: Session;
}

/**
 * The copy without pg_dump: rows go from server to server as they are, several tables at a time from one snapshot, and each table's
 * indexes are built as soon as its rows are there.
 */
export async function streamCopy(request: StreamRequest): Promise<void> {
  const pairs: Pair[] = [];
  try {
    for (let n = 0; n < request.jobs; n += 1) pairs.push(await openPair(request));
    const [first] = pairs;
    if (!first) throw new RangeError('A copy needs at least one job');
    await makeTables(first.target, request.catalog);
    await runTasks(pairs, tableTasks(request));
    await finishSchema(pairs, request.catalog);
  } finally {
    await Promise.all(pairs.flatMap(({ source, target }) => [source.close(), target.close()]));
  }
}

async function openPair({ source, target, snapshot, signal, maintenanceMemoryMb }: StreamRequest): Promise<Pair> {
  const reading = await openSession(source, signal);
  const writing = await openSession(target, signal).catch(async (error: unknown) => {
    await reading.close();
    throw error;
  });
  await reading.run('begin isolation level repeatable read read only');
  await reading.run(`set transaction snapshot ${literal(snapshot)}`);
  await writing.run(`set synchronous_commit = off`);
  await writing.run(`set maintenance_work_mem = '${maintenanceMemoryMb}MB'`);
  return { source: reading, target: writing };
}

/** Everything but rows, indexes, constraints and triggers. */
export async function makeTables(target: Session, catalog: DatabaseCatalog): Promise<void> {
  await runAll(target, groundStatements(catalog));
  await runInPasses(target, objectStatements(catalog));
}

function tableTasks({ catalog, isPassing, progress }: StreamRequest): Task<Pair>[] {
  const total = Math.ceil(catalog.tables.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  let moved = 0;
  const onBytes = (bytes: number) => progress(Math.min(Math.round((moved += bytes) / 1e6), total), total);
  return catalog.tables.flatMap((table) => {
    const task = (name: string, after: Task<Pair>[], run: (pair: Pair) => Promise<void>): Task<Pair> => ({
      name: `${name} of ${shortName(table)}`,
      weight: table.bytes,
      after,
      run,
    });
    const { indexes, constraints } = indexStatements(table);
    const rows = task('rows', [], async (pair) => {
      if (!isPassing(table)) await copyRows(pair, table, onBytes);
    });
    const built = indexes.map((sql) => task('an index', [rows], ({ target }) => runAll(target, [sql])));
    const finished = task('constraints', [rows, ...built], async ({ target }) => {
      await runAll(target, constraints);
      await analyzeFilled(target, [table]);
    });
    return [rows, ...built, finished];
  });
}

async function runAll(session: Session, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.run(statement);
}

/** Moves one table's rows, in a transaction that also made it empty: the rows need not be frozen later. */
async function copyRows(pair: Pair, table: TableShape, onBytes: (bytes: number) => void): Promise<void> {
  const columns = identList(storedColumns(table));
  // The text form of a type of somebody's own is portable, its binary form may hold numbers of its database.
  const format = table.columns.every(({ built_in }) => built_in) ? 'binary' : 'text';
  await pair.target.transaction(async () => {
    await pair.target.run(`truncate only ${qualified(table)}`);
    await pumpRows(pair, {
      out: `copy (select ${columns} from only ${qualified(table)}) to stdout (format ${format})`,
      into: `copy ${qualified(table)} (${columns}) from stdin (format ${format}, freeze)`,
      onBytes,
    });
  });
}

/** One table's indexes and constraints, once its rows are there. */
export async function finishTable(target: Session, table: TableShape): Promise<void> {
  const { indexes, constraints } = indexStatements(table);
  await runAll(target, [...indexes, ...constraints]);
  await analyzeFilled(target, [table]);
}

/** Keys between tables, and what fires by itself. */
export async function finishSchema(pairs: readonly Pick<Pair, 'target'>[], { tables }: DatabaseCatalog): Promise<void> {
  const [first] = pairs;
  if (!first) return;
  const keys = tables.flatMap((table) => foreignKeyStatements(table).map((key) => ({ ...key, weight: table.bytes })));
  await runAll(
    first.target,
    keys.map(({ add }) => add),
  );
  await runTasks(
    pairs,
    keys.flatMap(({ validate, weight }) =>
      validate === null
        ? []
        : [
            {
              name: validate,
              weight,
              after: [],
              run: ({ target }: Pick<Pair, 'target'>) => runAll(target, [validate]),
            },
          ],
    ),
  );
  await runAll(first.target, tables.flatMap(finalStatements));
}
