import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { sqlState } from '../database-error.js';
import { type Session, withSession } from '../session.js';
import { FREEZE_LOCK, readCaptureId } from './capture-schema.js';

/** Held by whoever stops writes or lets them in, so that one who lets in does not overtake a stop that is still being made. */
const TURN_LOCK = FREEZE_LOCK + 1;

export interface FreezeOptions {
  readonly database: DatabaseOptions;
  readonly signal?: AbortSignal | undefined;
  /** How long transactions that are writing may take to end (default 20 s); new ones wait behind them. */
  readonly waitMs?: number;
}

/**
 * Stops writes: waits until every transaction that is writing has ended, and refuses the others with SQLSTATE LY503 from then on.
 * Reading goes on. Can be repeated.
 *
 * @returns when writes began to be kept out, by the server's clock
 * @throws YardError failed when a writer does not end; nothing is stopped then
 */
export async function freeze({ database, signal, waitMs = 20_000 }: FreezeOptions): Promise<{ frozen_at: string }> {
  return withSession(database, signal, async (session) => {
    if ((await readCaptureId(session)) === null)
      throw new YardError(
        'failed',
        `Changes of ${databaseIdentity(database)} are not captured, so writes cannot be stopped.`,
        'Switch the capture on first: yard db capture on.',
      );
    try {
      return await session.transaction(async () => {
        const began = await session.one<{ at: string }>('select clock_timestamp()::text as at');
        await session.run(`select pg_advisory_xact_lock(${TURN_LOCK})`);
        await session.run(`set local lock_timeout = ${Math.round(waitMs)}`);
        await session.run(`select pg_advisory_xact_lock(${FREEZE_LOCK})`);
        await session.run(`update ${MOVE_SCHEMA}.gate set closed = closed + 1`);
        return await session.one<{ frozen_at: string }>(
          `insert into ${MOVE_SCHEMA}.freeze as f (frozen_at) values ($1) on conflict (one) do update set frozen_at = f.frozen_at
            returning frozen_at::text`,
          [began.at],
        );
      });
    } catch (error) {
      if (sqlState(error) !== '55P03') throw error;
      const [writer] = await session.rows<{ says: string }>(
        `select format('process %s, %s, since %s: %s', a.pid, a.application_name, a.xact_start, left(a.query, 80)) as says
          from pg_locks l join pg_stat_activity a on a.pid = l.pid
          where l.locktype = 'advisory' and l.granted and l.mode = 'ShareLock'
            and (l.classid::bigint << 32 | l.objid::bigint) = ${FREEZE_LOCK} order by a.xact_start limit 1`,
      );
      throw new YardError(
        'failed',
        `Somebody still writes to ${databaseIdentity(database)} (${writer?.says ?? 'gone now'}); writes were not stopped.`,
        'Wait until it has ended (or end it: select pg_terminate_backend(…)), then run the same command again.',
        { cause: error },
      );
    }
  });
}

/** Lets writes in again. Does nothing when they are. */
export async function thaw({ database, signal }: Omit<FreezeOptions, 'waitMs'>): Promise<void> {
  await withSession(database, signal, async (session) => {
    if ((await readCaptureId(session)) === null) return;
    await session.transaction(async () => {
      await session.run(`select pg_advisory_xact_lock(${TURN_LOCK})`);
      await session.run(`delete from ${MOVE_SCHEMA}.freeze`);
    });
  });
}

/** Since when writes are stopped, null when they are not. */
export async function frozenAt(database: DatabaseOptions, signal?: AbortSignal): Promise<string | null> {
  return withSession(database, signal, async (session) =>
    (await readCaptureId(session)) === null ? null : readFrozenAt(session),
  );
}

/** The same, where changes are captured. */
export async function readFrozenAt(session: Session): Promise<string | null> {
  const [row] = await session.rows<{ frozen_at: string }>(`select frozen_at::text from ${MOVE_SCHEMA}.freeze`);
  return row?.frozen_at ?? null;
}
