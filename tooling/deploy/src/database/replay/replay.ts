import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import type { StepReport } from '../../steps/step.js';
import { readCaptureId } from '../capture/capture-schema.js';
import { readFrozenAt } from '../capture/freeze.js';
import type { DatabaseCatalog } from '../catalog/database-catalog.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { carrySequences } from '../copy/sequences.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { type Session, withSession } from '../session.js';
import { qualified } from '../sql-names.js';
import { applyTable } from './apply-table.js';
import { changedTables, type ChangedTable } from './changed-keys.js';
import { type Position, readPosition, savePosition } from './position.js';
import { mayReplicate, withoutSideEffects } from './without-side-effects.js';

export interface ReplayOptions {
  /** The side whose changes are captured. */
  readonly source: DatabaseOptions;
  /** The side that takes them over; it has a position in the source's log, by a copy or by `follow`. */
  readonly target: DatabaseOptions;
  readonly report: StepReport;
  readonly signal?: AbortSignal | undefined;
}

/** One pass over what changed since the one before. */
export interface ReplayRound {
  /** Rows that changed (each counted once), and tables taken over whole. */
  readonly keys: number;
  readonly rows_written: number;
  readonly seconds: number;
  readonly position: Position;
}

interface Ends {
  readonly source: Session;
  readonly target: Session;
  readonly catalog: DatabaseCatalog;
  readonly capture_id: string;
  readonly replicate: boolean;
}

/** Passes until one had at most `small` changes (default 500), `most` at the most (default 20). Safe to interrupt and to repeat. */
export async function catchUp(
  options: ReplayOptions & { readonly small?: number; readonly most?: number },
): Promise<ReplayRound[]> {
  const { small = 500, most = 20 } = options;
  return withEnds(options, async (ends) => {
    const rounds: ReplayRound[] = [];
    do rounds.push(await replayRound(ends, options.report));
    while (rounds.length < most && (rounds.at(-1)?.keys ?? 0) > small);
    // They leave no trace in the log; read after the rows they are at or beyond them.
    await carrySequences(ends.source, ends.target, ends.catalog.sequences);
    return rounds;
  });
}

export interface FinalReplay {
  readonly rounds: readonly ReplayRound[];
  /** Changes the target lacks, asked for after the last pass: 0, or an error was thrown. */
  readonly changes_left: 0;
  readonly sequences_moved: number;
  readonly frozen_at: string;
}

/**
 * The last passes, once writes to the source are stopped: until nothing is left, with proof, and sequences.
 *
 * @throws YardError failed when writes are not stopped, or when changes keep coming all the same
 */
export async function finishReplay(options: ReplayOptions): Promise<FinalReplay> {
  return withEnds(options, async (ends) => {
    const { source, target, catalog } = ends;
    const frozen_at = await frozenSince(source);
    const rounds = [await replayRound(ends, options.report)];
    const proof = await replayRound(ends, options.report);
    rounds.push(proof);
    if (proof.keys > 0)
      throw new YardError(
        'failed',
        `${databaseIdentity(options.source)} changed ${proof.keys} rows although writes to it are stopped.`,
        'Find who writes past the guard (session_replication_role, a disabled trigger), stop it, and run the same command again.',
      );
    const sequences_moved = await carrySequences(source, target, catalog.sequences);
    return { rounds, changes_left: 0, sequences_moved, frozen_at };
  });
}

/**
 * Lets `target` follow `source` from this moment on; where it does so already, it keeps its place. For a target that is a copy of the
 * source, or that the source is an untouched copy of: the way back is laid by it as soon as the copy is made.
 */
export async function follow({ source, target, signal }: Omit<ReplayOptions, 'report'>): Promise<Position> {
  return withSession(source, signal, (reading) =>
    withSession(target, signal, async (writing) => {
      const capture_id = await requireCapture(reading);
      const standing = await readPosition(writing, capture_id);
      if (standing) return standing;
      const { snapshot } = await reading.one<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot');
      await writing.transaction(() => savePosition(writing, { capture_id, snapshot }));
      return { capture_id, snapshot };
    }),
  );
}

export interface Pending {
  /** The target has a place in the source's log. */
  readonly follows: boolean;
  /** Changed rows it lacks. */
  readonly keys: number;
}

/** How far `target` is behind `source`. Changes nothing. */
export async function pendingChanges({ source, target, signal }: Omit<ReplayOptions, 'report'>): Promise<Pending> {
  return withSession(source, signal, (reading) =>
    withSession(target, signal, async (writing) => {
      const capture_id = await readCaptureId(reading);
      const position = capture_id === null ? null : await readPosition(writing, capture_id);
      return position
        ? { follows: true, keys: keysIn(await changedTables(reading, position)) }
        : { follows: false, keys: 0 };
    }),
  );
}

function keysIn(changed: readonly ChangedTable[]): number {
  return changed.reduce((sum, { keys, whole }) => sum + Math.max(keys, whole ? 1 : 0), 0);
}

async function withEnds<T>({ source, target, signal }: ReplayOptions, work: (ends: Ends) => Promise<T>): Promise<T> {
  return withSession(source, signal, (reading) =>
    withSession(target, signal, async (writing) =>
      work({
        source: reading,
        target: writing,
        catalog: await readCatalog(reading),
        capture_id: await requireCapture(reading),
        replicate: await mayReplicate(writing),
      }),
    ),
  );
}

/** Everything the source's log has beyond the target's position, in one transaction of the target, the new position with it. */
async function replayRound(ends: Ends, report: StepReport): Promise<ReplayRound> {
  const { source, target, capture_id, replicate } = ends;
  const began = performance.now();
  const round = await source.transaction(async () => {
    const position = await requirePosition(ends);
    const { snapshot } = await source.one<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot');
    const changed = await changedTables(source, position);
    const next = { capture_id, snapshot };
    const rows_written = await target.transaction(async () => {
      const names = changed.map(({ table_name }) => table_name);
      const written =
        changed.length === 0
          ? 0
          : await withoutSideEffects(target, names, replicate, () => applyAll(ends, changed, position));
      await savePosition(target, next);
      return written;
    });
    return { keys: keysIn(changed), rows_written, position: next };
  }, 'isolation level repeatable read read only');
  const result = { ...round, seconds: (performance.now() - began) / 1_000 };
  const rows = `${result.keys.toLocaleString('en')} changed row${result.keys === 1 ? '' : 's'}`;
  report.say(`${databaseIdentity(source.options)}: ${rows} taken over in ${result.seconds.toFixed(2)} s`);
  return result;
}

async function applyAll(ends: Ends, changed: readonly ChangedTable[], position: Position): Promise<number> {
  const tables = new Map(ends.catalog.tables.map((table) => [qualified(table), table]));
  let written = 0;
  for (const change of changed) {
    const table = tables.get(change.table_name);
    if (!table)
      throw new YardError(
        'failed',
        `The table ${change.table_name} was dropped or renamed in ${databaseIdentity(ends.source.options)} during the move.`,
        'Leave the schema alone while a move runs: switch the capture off (yard db capture off) and begin again.',
      );
    written += await applyTable(ends, table, change, position);
  }
  return written;
}

async function requireCapture(source: Session): Promise<string> {
  const id = await readCaptureId(source);
  if (id !== null) return id;
  throw new YardError(
    'failed',
    `Changes of ${databaseIdentity(source.options)} are not captured.`,
    'Switch the capture on before the copy: yard db capture on.',
  );
}

async function requirePosition({ source, target, capture_id }: Ends): Promise<Position> {
  const position = await readPosition(target, capture_id);
  if (position) return position;
  throw new YardError(
    'failed',
    `${databaseIdentity(target.options)} is no copy of ${databaseIdentity(source.options)} made while its changes were captured.`,
    'Copy it into a fresh database: yard db copy.',
  );
}

async function frozenSince(source: Session): Promise<string> {
  const since = await readFrozenAt(source);
  if (since !== null) return since;
  throw new YardError(
    'failed',
    `Writes to ${databaseIdentity(source.options)} are not stopped.`,
    'Stop them first: yard db freeze.',
  );
}
