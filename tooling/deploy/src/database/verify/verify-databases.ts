import type { DatabaseOptions } from '@labelyard/db';
import type { StepReport } from '../../steps/step.js';
import { compareCatalogs, type SchemaDifference } from '../catalog/compare-catalogs.js';
import type { TableShape } from '../catalog/database-catalog.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { runTasks } from '../copy/task-pool.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { openSession, type Session } from '../session.js';
import { literal, qualified, shortName } from '../sql-names.js';
import { compareTable, type TableComparison } from './compare-table.js';
import { invalidIndexes, type SequenceBehind, sequencesBehind, unvalidatedConstraints } from './structure-checks.js';

export interface VerifyOptions {
  readonly source: DatabaseOptions;
  readonly target: DatabaseOptions;
  /** Tables whose rows are not compared. */
  readonly passing: ReadonlySet<string>;
  /** Tables compared at a time (default 2), each by one session per side. */
  readonly jobs?: number;
  /** How many differing rows of a table are named (default 10). */
  readonly most?: number;
  readonly report: StepReport;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyReport {
  readonly equal: boolean;
  readonly source: string;
  readonly target: string;
  readonly at: string;
  readonly seconds: number;
  readonly rows: number;
  readonly schema: readonly SchemaDifference[];
  /** Of the target. */
  readonly invalid_indexes: readonly string[];
  readonly unvalidated_constraints: readonly string[];
  readonly sequences_behind: readonly SequenceBehind[];
  readonly tables: readonly TableComparison[];
}

interface Pair {
  readonly source: Session;
  readonly target: Session;
}

/**
 * Compares two databases: what they are made of, and every byte of every row, each side as of one moment. Changes nothing on either.
 * Writes that go on meanwhile are differences.
 */
export async function verifyDatabases(options: VerifyOptions): Promise<VerifyReport> {
  const { passing, jobs = 2, most = 10, report, signal } = options;
  const began = performance.now();
  const pairs: Pair[] = [];
  try {
    const first = await joinPair(options, undefined, signal);
    pairs.push(first);
    const others = Array.from({ length: jobs - 1 }, async () => {
      pairs.push(await joinPair(options, first, signal));
    });
    const [source, target] = await untilAllEnd([readCatalog(first.source), readCatalog(first.target), ...others]);
    const schema = compareCatalogs(source, target);
    const behind = await sequencesBehind(first.target, target);
    const named = new Map(target.tables.map((table) => [qualified(table), table]));
    const both = source.tables.flatMap((table) => {
      const other = named.get(qualified(table));
      return other && !passing.has(shortName(table)) ? [[table, other] as const] : [];
    });
    const tables = await compareAll(pairs, both, most, report);
    const [invalid_indexes, unvalidated_constraints] = [invalidIndexes(target), unvalidatedConstraints(target)];
    return {
      equal: [schema, behind, invalid_indexes, unvalidated_constraints, tables.filter(({ equal }) => !equal)].every(
        (found) => found.length === 0,
      ),
      source: databaseIdentity(options.source),
      target: databaseIdentity(options.target),
      at: new Date().toISOString(),
      seconds: (performance.now() - began) / 1_000,
      rows: tables.reduce((sum, { target_rows }) => sum + target_rows, 0),
      schema,
      invalid_indexes,
      unvalidated_constraints,
      sequences_behind: behind,
      tables,
    };
  } finally {
    await Promise.all(pairs.flatMap(({ source, target }) => [source.close(), target.close()]));
  }
}

async function compareAll(
  pairs: readonly Pair[],
  both: readonly (readonly [TableShape, TableShape])[],
  most: number,
  report: StepReport,
): Promise<TableComparison[]> {
  const total = Math.ceil(both.reduce((sum, [{ bytes }]) => sum + bytes, 0) / 1e6);
  const found: TableComparison[] = [];
  let done = 0;
  const tasks = both.map(([source, target]) => ({
    name: shortName(source),
    weight: source.bytes,
    after: [],
    run: async (pair: Pair) => {
      found.push(await compareTable(pair, source, target, most));
      done += source.bytes;
      report.progress(Math.round(done / 1e6), total, 'MB');
    },
  }));
  await runTasks(pairs, tasks);
  return found.sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** A session on each side; the later ones see the same moment as the first. */
async function joinPair(
  { source, target }: Pick<VerifyOptions, 'source' | 'target'>,
  first: Pair | undefined,
  signal: AbortSignal | undefined,
): Promise<Pair> {
  const opened: Session[] = [];
  const join = async (options: DatabaseOptions, other: Session | undefined) => {
    const session = await joinSide(options, other, signal);
    opened.push(session);
    return session;
  };
  try {
    const sides = await untilAllEnd([join(source, first?.source), join(target, first?.target)]);
    return { source: sides[0], target: sides[1] };
  } catch (error) {
    await Promise.all(opened.map((session) => session.close()));
    throw error;
  }
}

/** `Promise.all` that throws when all have ended: what they opened is known then. */
async function untilAllEnd<const T extends readonly Promise<unknown>[]>(
  work: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function joinSide(
  options: DatabaseOptions,
  first: Session | undefined,
  signal: AbortSignal | undefined,
): Promise<Session> {
  const session = await openSession(options, signal);
  try {
    await session.run('set max_parallel_workers_per_gather = 2');
    await session.run('begin isolation level repeatable read read only');
    if (first) {
      const { snapshot } = await first.one<{ snapshot: string }>('select pg_export_snapshot() as snapshot');
      await session.run(`set transaction snapshot ${literal(snapshot)}`);
    } else await session.run('select 1');
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}
