import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import type { StepReport } from '../../steps/step.js';
import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { sqlState } from '../database-error.js';
import { type Session, withSession } from '../session.js';
import { shortName } from '../sql-names.js';
import { makeCaptureSchema, readCaptureId } from './capture-schema.js';
import { captureStatements, removalStatements, TRIGGER_PREFIX } from './capture-triggers.js';

export interface CaptureOptions {
  readonly database: DatabaseOptions;
  /** Tables that hold only what passes: neither guarded nor captured. */
  readonly passing: ReadonlySet<string>;
  readonly report: StepReport;
  readonly signal?: AbortSignal | undefined;
  /** How long a table may be waited for at a time (default 300 ms): whoever writes it meanwhile waits as well. */
  readonly lockTimeoutMs?: number;
  /** After how many tries to give up (default 100). */
  readonly attempts?: number;
}

/**
 * Begins to log every change of the database, table by table, while it is used: nobody is kept waiting longer than `lockTimeoutMs`.
 * Also puts the guard in place by which writes can be stopped. Can be repeated; tables that came later are added.
 *
 * @returns the capture's identity and how many tables it watches
 * @throws YardError failed when a table stays in use
 */
export async function captureOn(options: CaptureOptions): Promise<{ capture_id: string; tables: number }> {
  const { database, passing, report, signal } = options;
  return withSession(database, signal, async (session) => {
    await makeCaptureSchema(session);
    const { tables } = await readCatalog(session);
    const captured = tables.filter((table) => !passing.has(shortName(table)));
    const complete = await completeTables(session);
    for (const [n, table] of captured.entries()) {
      report.progress(n, captured.length, 'tables');
      if (!complete.has(shortName(table))) await changeTable(session, table, captureStatements(table), options);
    }
    report.progress(captured.length, captured.length, 'tables');
    const capture_id = await readCaptureId(session);
    if (capture_id === null) throw new Error('The capture was removed while it was being installed');
    return { capture_id, tables: captured.length };
  });
}

/**
 * Ends it and takes the log away.
 *
 * @throws YardError failed while writes are stopped: ending would let them in
 */
export async function captureOff(options: Omit<CaptureOptions, 'passing'>): Promise<void> {
  await withSession(options.database, options.signal, async (session) => {
    const id = await readCaptureId(session);
    if (id === null) return;
    const [frozen] = await session.rows(`select from ${MOVE_SCHEMA}.freeze`);
    if (frozen)
      throw new YardError(
        'failed',
        `Writes to ${databaseIdentity(options.database)} are stopped; without the capture they would begin again unseen.`,
        'Let writes in first: yard db thaw.',
      );
    for (const table of await watchedTables(session))
      await changeTable(session, table, removalStatements(table), options);
    await session.transaction(async () => {
      const functions = await session.rows<{ name: string }>(
        `select oid::regprocedure::text as name from pg_proc where pronamespace = '${MOVE_SCHEMA}'::regnamespace`,
      );
      for (const { name } of functions) await session.run(`drop function ${name}`);
      for (const table of ['changes', 'capture', 'freeze', 'gate'])
        await session.run(`drop table if exists ${MOVE_SCHEMA}.${table}`);
      const { left } = await session.one<{ left: string }>(
        `select count(*) as left from pg_class where relnamespace = '${MOVE_SCHEMA}'::regnamespace`,
      );
      if (Number(left) === 0) await session.run(`drop schema ${MOVE_SCHEMA}`);
    });
  });
}

const WATCHED = `select n.nspname as schema, c.relname as name, count(*)::integer as triggers from pg_trigger t
  join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where t.tgname like '${TRIGGER_PREFIX.replaceAll('_', '\\_')}%' and not t.tgisinternal group by 1, 2`;

/** Tables that have triggers of a capture; all of one table's are made in one transaction. */
export function watchedTables(session: Session): Promise<{ schema: string; name: string; triggers: number }[]> {
  return session.rows(WATCHED);
}

async function completeTables(session: Session): Promise<Set<string>> {
  return new Set((await watchedTables(session)).map(shortName));
}

/** One table's triggers, all or none. Waits for the table only briefly, and again later. */
async function changeTable(
  session: Session,
  table: { readonly schema: string; readonly name: string },
  statements: readonly string[],
  { lockTimeoutMs = 300, attempts = 100, signal, database }: Omit<CaptureOptions, 'passing'>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.transaction(async () => {
        await session.run(`set local lock_timeout = ${lockTimeoutMs}`);
        for (const statement of statements) await session.run(statement);
      });
      return;
    } catch (error) {
      if (sqlState(error) !== '55P03' && sqlState(error) !== '40P01') throw error;
      if (attempt === attempts)
        throw new YardError(
          'failed',
          `The table ${shortName(table)} of ${databaseIdentity(database)} stays in use (${await whoUses(session, table)}).`,
          'Wait until that transaction has ended (or end it), then run the same command again.',
          { cause: error },
        );
      await delay(Math.min(50 * attempt, 1_000), undefined, { signal });
    }
  }
}

async function whoUses(session: Session, table: { readonly schema: string; readonly name: string }): Promise<string> {
  const [holder] = await session.rows<{ says: string }>(
    `select format('process %s, %s, transaction since %s', a.pid, a.application_name, a.xact_start) as says
      from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.relation = format('%I.%I', $1::text, $2::text)::regclass and l.granted and a.pid <> pg_backend_pid()
      order by a.xact_start limit 1`,
    [table.schema, table.name],
  );
  return holder?.says ?? 'nobody now';
}
