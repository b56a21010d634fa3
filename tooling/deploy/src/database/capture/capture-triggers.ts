import { createHash } from 'node:crypto';
import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import type { TableShape } from '../catalog/database-catalog.js';
import { ident, literal, qualified, shortName } from '../sql-names.js';

// Each table gets one trigger before and one after every kind of statement. They work per statement, from its changed rows: one insert
// into the log however many rows there were.

/** Names of all triggers of a move begin like this; dumps leave them out by it. */
export const TRIGGER_PREFIX = 'labelyard_move_';

const KINDS = [
  ['insert', 'new table as new_rows', ['new_rows']],
  ['update', 'old table as old_rows new table as new_rows', ['old_rows', 'new_rows']],
  ['delete', 'old table as old_rows', ['old_rows']],
] as const;

/** Statements that begin to capture one table's changes; to be run in one transaction. */
export function captureStatements(table: TableShape): string[] {
  const on = qualified(table);
  return [
    ...removalStatements(table),
    `create trigger ${TRIGGER_PREFIX}guard before insert or update or delete or truncate on ${on}
      for each statement execute function ${MOVE_SCHEMA}.guard()`,
    ...KINDS.flatMap(([kind, transition, rows]) => {
      const name = functionName(table, kind);
      return [
        `create or replace function ${name}() ${logging(logOf(table, kind, rows))}`,
        `create trigger ${TRIGGER_PREFIX}${kind} after ${kind} on ${on} referencing ${transition}
          for each statement execute function ${name}()`,
      ];
    }),
    `create or replace function ${functionName(table, 'truncate')}() ${logging(wholeTable(table, 'truncate'))}`,
    `create trigger ${TRIGGER_PREFIX}truncate after truncate on ${on}
      for each statement execute function ${functionName(table, 'truncate')}()`,
  ];
}

/** Statements that end it. */
export function removalStatements(table: { readonly schema: string; readonly name: string }): string[] {
  return ['guard', ...KINDS.map(([kind]) => kind), 'truncate'].map(
    (kind) => `drop trigger if exists ${TRIGGER_PREFIX}${kind} on ${qualified(table)}`,
  );
}

/** How many triggers a captured table has. */
export const TRIGGERS_PER_TABLE = KINDS.length + 2;

function functionName(table: TableShape, kind: string): string {
  const name = `log ${kind} ${shortName(table)}`;
  // Postgres cuts names at 63 bytes; two long ones must not meet.
  const fits = Buffer.byteLength(name) <= 63;
  return `${MOVE_SCHEMA}.${ident(fits ? name : createHash('sha256').update(name).digest('hex').slice(0, 60))}`;
}

function logging(statement: string): string {
  return `returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $log$
  begin
    ${statement};
    return null;
  end $log$`;
}

/** The keys of the changed rows, before and after: an update may change a key. A table without a key is marked as changed whole. */
function logOf(table: TableShape, kind: 'insert' | 'update' | 'delete', rows: readonly string[]): string {
  if (table.primary_key.length === 0)
    return `if exists (select from ${rows.at(-1)}) then ${wholeTable(table, kind)}; end if`;
  const key = `jsonb_build_object(${table.primary_key.map((column) => `${literal(column)}, ${ident(column)}`).join(', ')})`;
  const keys = rows.map((name) => `select ${key} as key from ${name}`).join(' union ');
  return `insert into ${MOVE_SCHEMA}.changes (table_name, key, operation)
      select ${literal(qualified(table))}, c.key, ${literal(kind.charAt(0))} from (${keys}) c`;
}

/** A change that concerns no single row. */
function wholeTable(table: TableShape, kind: string): string {
  return `insert into ${MOVE_SCHEMA}.changes (table_name, operation) values (${literal(qualified(table))}, ${literal(kind.charAt(0))})`;
}
