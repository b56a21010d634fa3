import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import type { Session } from '../session.js';

/**
 * Up to where a database has taken over another one's changes. The order of numbers is not the order of commits: a snapshot says
 * exactly which transactions are in (those visible in it) and which are not.
 */
export interface Position {
  /** Of the capture whose log is followed; another one's log says nothing. */
  readonly capture_id: string;
  /** As `pg_current_snapshot()` writes it. */
  readonly snapshot: string;
}

const TABLE = `${MOVE_SCHEMA}.position`;

/** Kept in the database that takes changes over, in the transaction that applies them. */
export async function savePosition(session: Session, { capture_id, snapshot }: Position): Promise<void> {
  await session.run(`create schema if not exists ${MOVE_SCHEMA}`);
  await session.run(`create table if not exists ${TABLE} (capture_id uuid primary key, snapshot pg_snapshot not null,
    applied_at timestamptz not null default now())`);
  await session.run(
    `insert into ${TABLE} as p (capture_id, snapshot) values ($1, $2::pg_snapshot)
      on conflict (capture_id) do update set snapshot = excluded.snapshot, applied_at = now()`,
    [capture_id, snapshot],
  );
}

/** Null when the database never followed that capture. */
export async function readPosition(session: Session, capture_id: string): Promise<Position | null> {
  const { there } = await session.one<{ there: boolean }>(`select to_regclass('${TABLE}') is not null as there`);
  if (!there) return null;
  const [row] = await session.rows<Position>(
    `select capture_id::text, snapshot::text from ${TABLE} where capture_id = $1`,
    [capture_id],
  );
  return row ?? null;
}
