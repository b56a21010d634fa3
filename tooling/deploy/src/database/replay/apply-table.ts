import { storedColumns, type TableShape } from '../catalog/database-catalog.js';
import { pumpRows } from '../pump-rows.js';
import type { Session } from '../session.js';
import { ident, identList, qualified } from '../sql-names.js';
import { changedKeys, changedRows, type ChangedTable, lookUpOneByOne } from './changed-keys.js';
import type { Position } from './position.js';

export interface Sides {
  /** In a transaction that sees one moment. */
  readonly source: Session;
  /** In a transaction without side effects. */
  readonly target: Session;
}

/**
 * Makes the target's rows under the changed keys what the source's are: all of them are taken away, and those that exist are put in
 * again, so that values which moved from one row to another are never in two. Running it again changes nothing more.
 *
 * @returns rows written
 */
export async function applyTable(
  sides: Sides,
  table: TableShape,
  changed: ChangedTable,
  position: Position,
): Promise<number> {
  const { source, target } = sides;
  const columns = storedColumns(table);
  if (changed.whole) {
    await target.run(`delete from ${qualified(table)}`);
    return stream(sides, `select ${identList(columns)} from only ${qualified(table)}`, into(qualified(table), columns));
  }
  await source.run(lookUpOneByOne(changed, table));
  for (const [name, names] of [
    ['changed_keys', table.primary_key],
    ['changed_rows', columns],
  ] as const)
    await target.run(
      `create temporary table ${name} on commit drop as select ${identList(names)} from ${qualified(table)} with no data`,
    );
  await stream(sides, changedKeys(table, position), into('pg_temp.changed_keys', table.primary_key));
  const rows = await stream(sides, changedRows(table, position), into('pg_temp.changed_rows', columns));
  await target.run('analyze pg_temp.changed_keys');
  const same = table.primary_key.map((column) => `t.${ident(column)} = k.${ident(column)}`).join(' and ');
  await target.run(`delete from ${qualified(table)} t using pg_temp.changed_keys k where ${same}`);
  await target.run(`insert into ${qualified(table)} (${identList(columns)}) overriding system value
    select ${identList(columns)} from pg_temp.changed_rows`);
  await target.run('drop table pg_temp.changed_keys, pg_temp.changed_rows');
  return rows;
}

function into(table: string, columns: readonly string[]): string {
  return `${table} (${identList(columns)})`;
}

/** Rows of a query from one side into a table of the other; as text, which any two versions of a type share. */
function stream(sides: Sides, query: string, table: string): Promise<number> {
  return pumpRows(sides, { out: `copy (${query}) to stdout`, into: `copy ${table} from stdin` });
}
