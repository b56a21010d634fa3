import type { Session } from '../session.js';
import { ident } from '../sql-names.js';

/**
 * Whether the role may write as replication does: no trigger, no foreign key. Superusers may, and roles that were granted it
 * (`grant set on parameter session_replication_role`).
 */
export async function mayReplicate(session: Session): Promise<boolean> {
  try {
    await session.client.query('set session_replication_role = replica; set session_replication_role = origin');
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs `work`, inside the transaction that is open, so that what it writes has no effects of its own: rows are another database's, and so
 * are the effects. A role that may not switch triggers and keys off for its session takes them off the tables and puts them back, keys
 * checked; nobody else ever sees the tables without.
 */
export async function withoutSideEffects<T>(
  session: Session,
  tables: readonly string[],
  replicate: boolean,
  work: () => Promise<T>,
): Promise<T> {
  await session.run(`set local labelyard_move.mover = 'on'`);
  if (replicate) {
    await session.run('set local session_replication_role = replica');
    return work();
  }
  const keys = await session.rows<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
      where contype = 'f' and (conrelid = any ($1::text[]::regclass[]) or confrelid = any ($1::text[]::regclass[]))`,
    [tables],
  );
  const triggers = await session.rows<{ table: string; name: string }>(
    `select tgrelid::regclass::text as table, tgname as name from pg_trigger
      where tgrelid = any ($1::text[]::regclass[]) and not tgisinternal and tgenabled in ('O', 'A')`,
    [tables],
  );
  for (const { table, name } of keys) await session.run(`alter table ${table} drop constraint ${ident(name)}`);
  for (const { table, name } of triggers) await session.run(`alter table ${table} disable trigger ${ident(name)}`);
  const result = await work();
  for (const { table, name } of triggers) await session.run(`alter table ${table} enable trigger ${ident(name)}`);
  for (const { table, name, definition } of keys)
    await session.run(`alter table ${table} add constraint ${ident(name)} ${definition}`);
  return result;
}
