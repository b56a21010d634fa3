import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import type { StepReport } from '../../steps/step.js';
import { readCaptureId } from '../capture/capture-schema.js';
import type { DatabaseCatalog } from '../catalog/database-catalog.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import type { Position } from '../replay/position.js';
import { openSession, type Session, withSession } from '../session.js';
import { qualified, shortName } from '../sql-names.js';
import { analyzeFilled } from './analyze-filled.js';
import { chooseMethod, type ClientPrograms, type CopyMethod, findClientPrograms } from './client-programs.js';
import { refuseSameDatabase } from './same-database.js';
import { beginCopy, finishCopy, prepareTarget } from './copy-mark.js';
import { dumpAndRestore } from './dump-and-restore.js';
import { carrySequences } from './sequences.js';
import { streamCopy } from './stream-copy.js';
import { trySchema } from './try-schema.js';

export interface CopyOptions {
  readonly source: DatabaseOptions;
  readonly target: DatabaseOptions;
  /** Tables that hold only what passes (see `PASSING_TABLES`): made, but left empty. */
  readonly passing: ReadonlySet<string>;
  readonly method?: CopyMethod | 'auto';
  /** Tables copied and indexes built at a time (default 2). */
  readonly jobs?: number;
  /** For building indexes, per job (default 512 MB). */
  readonly maintenanceMemoryMb?: number;
  /** Looked up on PATH by default; null: there are none. */
  readonly programs?: ClientPrograms | null;
  readonly report: StepReport;
  readonly signal?: AbortSignal | undefined;
}

export interface CopyResult {
  readonly method: CopyMethod;
  readonly why: string;
  readonly tables: number;
  readonly seconds: number;
  /** Where the copy stands among the source's changes, when they are being captured. */
  readonly position: Position | null;
}

/**
 * Copies a database into an empty one, as of one moment, while the source is used on. The source is only read. Safe to run again after
 * it was interrupted: what it left in the target is taken away first.
 *
 * @throws YardError
 */
export async function copyDatabase(options: CopyOptions): Promise<CopyResult> {
  const { source, target, report, signal, jobs = 2, maintenanceMemoryMb = 512 } = options;
  const say = (line: string) => report.say(line);
  const began = performance.now();
  const holder = await openSession(source, signal);
  try {
    const writer = await openSession(target, signal);
    try {
      await refuseSameDatabase(holder, writer);
      await holder.run('begin isolation level repeatable read read only');
      const { snapshot, position } = await exportSnapshot(holder);
      const catalog = await readCatalog(holder);
      const found = await prepareTarget(writer, say);
      await refuseUnfit(writer, catalog, found, report);
      const programs = options.programs === undefined ? await findClientPrograms() : options.programs;
      const { method, why } = decide(options, programs, catalog, found);
      if (method === 'built-in') await trySchema(writer, catalog);
      say(`copying ${databaseIdentity(source)} to ${databaseIdentity(target)} by ${method}: ${why}`);
      await beginCopy(writer, databaseIdentity(source), catalog);
      const isPassing = (table: { schema: string; name: string }) => options.passing.has(shortName(table));
      const rest = { source, target, snapshot, jobs, maintenanceMemoryMb, signal };
      if (method === 'pg_dump' && programs)
        await dumpAndRestore({
          ...rest,
          programs,
          withoutRows: catalog.tables.filter(isPassing).map(qualified),
          say,
        });
      else
        await streamCopy({
          ...rest,
          catalog,
          isPassing,
          progress: (done, total) => report.progress(done, total, 'MB'),
        });
      await withSession(source, signal, (now) => carrySequences(now, writer, catalog.sequences));
      await finishCopy(writer, position);
      if (method === 'pg_dump') await analyzeFilled(writer, catalog.tables);
      return { method, why, tables: catalog.tables.length, seconds: (performance.now() - began) / 1_000, position };
    } finally {
      await writer.close();
    }
  } finally {
    await holder.close();
  }
}

/** A snapshot others can join, and the same as a position in the log of changes. */
async function exportSnapshot(session: Session): Promise<{ snapshot: string; position: Position | null }> {
  const row = await session.one<{ exported: string; current: string }>(
    'select pg_export_snapshot() as exported, pg_current_snapshot()::text as current',
  );
  const capture_id = await readCaptureId(session);
  return { snapshot: row.exported, position: capture_id === null ? null : { capture_id, snapshot: row.current } };
}

function decide(
  { method = 'auto', source, target }: CopyOptions,
  programs: ClientPrograms | null,
  from: DatabaseCatalog,
  to: DatabaseCatalog,
): { method: CopyMethod; why: string } {
  const fit = chooseMethod(programs, from, to, [source, target]);
  if (method === 'pg_dump' && fit.method !== 'pg_dump')
    throw new YardError(
      'bad_input',
      `pg_dump cannot be used: ${fit.why}.`,
      'Use --method built-in, or install a fitting client.',
    );
  const chosen = method === 'built-in' ? { method, why: 'as asked for' } : fit;
  if (chosen.method === 'built-in' && from.unusual.length > 0)
    throw new YardError(
      'bad_input',
      `The source has what only pg_dump carries over: ${from.unusual.join(', ')}. It cannot be used here: ${fit.why}.`,
      'Install pg_dump and pg_restore of the newer server’s major version, then run the same command again.',
    );
  return chosen;
}

async function refuseUnfit(
  target: Session,
  from: DatabaseCatalog,
  to: DatabaseCatalog,
  report: StepReport,
): Promise<void> {
  const label = databaseIdentity(target.options);
  const available = new Set(
    (await target.rows<{ name: string }>('select name from pg_available_extensions')).map(({ name }) => name),
  );
  const missing = from.extensions.filter(({ name }) => !available.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    throw new YardError(
      'bad_input',
      `${label} does not offer the extension${missing.length > 1 ? 's' : ''} ${missing.join(', ')}, which the source uses.`,
      'Use a server image that has it (Railway: one of its Postgres templates), or drop it in the source if nothing needs it.',
    );
  if (from.encoding !== to.encoding)
    throw new YardError(
      'bad_input',
      `${label} is encoded in ${to.encoding}, the source in ${from.encoding}.`,
      `Make the target anew: create database … encoding '${from.encoding}' template template0.`,
    );
  if (from.collation !== to.collation)
    report.say(`note: text is sorted by "${to.collation}" in the target and by "${from.collation}" in the source`);
}
