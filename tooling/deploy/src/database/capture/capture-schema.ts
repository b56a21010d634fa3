import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import type { Session } from '../session.js';

/** "Writes stop": held shared by every writing transaction, and alone by whoever stops them. The same number in every version. */
export const FREEZE_LOCK = 7_224_701_182;
/** SQLSTATE of a write that comes while writes are stopped; the API answers it with 503 maintenance. */
const FROZEN_STATE = 'LY503';

/**
 * What capturing keeps in the database. `gate` changes whenever writes are stopped: a transaction that still sees an older moment finds
 * out by locking it.
 */
const TABLES = [
  `create schema if not exists ${MOVE_SCHEMA}`,
  `create table if not exists ${MOVE_SCHEMA}.capture (one boolean primary key default true check (one),
    id uuid not null default gen_random_uuid(), installed_at timestamptz not null default now())`,
  `create table if not exists ${MOVE_SCHEMA}.changes (n bigint generated always as identity primary key,
    transaction xid8 not null default pg_current_xact_id(), table_name text not null, key jsonb,
    operation "char" not null)`,
  `create index if not exists ix_changes_transaction on ${MOVE_SCHEMA}.changes (transaction)`,
  `create table if not exists ${MOVE_SCHEMA}.freeze (one boolean primary key default true check (one),
    frozen_at timestamptz not null default clock_timestamp())`,
  `create table if not exists ${MOVE_SCHEMA}.gate (one boolean primary key default true check (one), closed integer not null default 0)`,
  `insert into ${MOVE_SCHEMA}.gate default values on conflict do nothing`,
  `insert into ${MOVE_SCHEMA}.capture default values on conflict do nothing`,
];

/**
 * Runs before every statement that writes: joins the writers, and refuses when writes are stopped. Runs as its owner, so that whoever
 * may write a table needs no right here.
 */
const GUARD = `create or replace function ${MOVE_SCHEMA}.guard() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $guard$
begin
  if current_setting('${MOVE_SCHEMA}.mover', true) = 'on' then return null; end if;
  perform pg_advisory_xact_lock_shared(${FREEZE_LOCK});
  if current_setting('transaction_isolation') <> 'read committed' then
    perform from ${MOVE_SCHEMA}.gate for share;
  end if;
  if exists (select from ${MOVE_SCHEMA}.freeze) then
    raise exception 'the database is being moved: writing is stopped for a moment' using errcode = '${FROZEN_STATE}';
  end if;
  return null;
end $guard$`;

/** Makes what capturing needs, without touching a table yet. Can be repeated. */
export async function makeCaptureSchema(session: Session): Promise<void> {
  await session.transaction(async () => {
    for (const statement of [...TABLES, GUARD]) await session.run(statement);
  });
}

/** The capture's identity: another one's log says nothing about this database. Null when nothing is captured. */
export async function readCaptureId(session: Session): Promise<string | null> {
  const { there } = await session.one<{ there: boolean }>(
    `select to_regclass('${MOVE_SCHEMA}.capture') is not null as there`,
  );
  if (!there) return null;
  const [row] = await session.rows<{ id: string }>(`select id::text from ${MOVE_SCHEMA}.capture`);
  return row?.id ?? null;
}
