import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import type { TableShape } from '../catalog/database-catalog.js';
import type { Session } from '../session.js';
import { ident, identList, literal, qualified } from '../sql-names.js';
import { storedColumns } from '../catalog/database-catalog.js';
import type { Position } from './position.js';

export interface ChangedTable {
  /** Qualified and quoted. */
  readonly table_name: string;
  readonly keys: number;
  /** Something changed that concerns no single row: the table is taken over whole. */
  readonly whole: boolean;
}

/**
 * Condition on the log: the change is not in `position`. Transactions that were running when the position was taken are among them,
 * however low their numbers are.
 */
function since({ snapshot }: Position): string {
  const position = `${literal(snapshot)}::pg_snapshot`;
  return `c.transaction >= pg_snapshot_xmin(${position}) and not pg_visible_in_snapshot(c.transaction, ${position})`;
}

/** Tables with changes that the source's current snapshot sees and `position` does not. */
export async function changedTables(source: Session, position: Position): Promise<ChangedTable[]> {
  const rows = await source.rows<{ table_name: string; keys: string; whole: boolean }>(
    `select c.table_name, count(distinct c.key) as keys, bool_or(c.key is null) as whole
      from ${MOVE_SCHEMA}.changes c where ${since(position)} group by c.table_name order by c.table_name`,
  );
  return rows.map((row) => ({ ...row, keys: Number(row.keys) }));
}

/** Each changed key once, as columns of the primary key. */
function keysOf(table: TableShape, position: Position): string {
  const columns = table.primary_key.map((column) => `p.${ident(column)}`).join(', ');
  return `select distinct ${columns} from ${MOVE_SCHEMA}.changes c
    cross join lateral jsonb_populate_record(null::${qualified(table)}, c.key) p
    where c.table_name = ${literal(qualified(table))} and ${since(position)}`;
}

/** SELECT of the changed keys. */
export function changedKeys(table: TableShape, position: Position): string {
  return keysOf(table, position);
}

/** SELECT of what stands under the changed keys now. */
export function changedRows(table: TableShape, position: Position): string {
  const columns = storedColumns(table).map((column) => `t.${ident(column)}`);
  return `select ${columns.join(', ')} from (${keysOf(table, position)}) k
    join ${qualified(table)} t using (${identList(table.primary_key)})`;
}

/** Few keys are looked up one by one; Postgres cannot know how few they are. */
export function lookUpOneByOne({ keys }: ChangedTable, { row_estimate }: TableShape): string {
  const few = keys * 20 < Math.max(row_estimate, 1_000);
  return ['hashjoin', 'mergejoin'].map((join) => `set local enable_${join} = ${few ? 'off' : 'on'}`).join('; ');
}
