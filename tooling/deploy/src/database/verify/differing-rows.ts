import type { TableShape } from '../catalog/database-catalog.js';
import type { Session } from '../session.js';
import { ident, qualified } from '../sql-names.js';
import { rowsQuery, type TableHash } from './row-hash.js';

export interface RowDifference {
  /** Primary key, values as text. */
  readonly key: Readonly<Record<string, string>>;
  /** As the target has it. */
  readonly problem: 'missing' | 'extra' | 'changed';
  /** Names of the columns that differ, of a changed row. */
  readonly columns: readonly string[];
}

interface Sides {
  readonly source: Session;
  readonly target: Session;
}

type Hashes = ReadonlyMap<string, string>;

/** The first rows of the given buckets that differ, by key, with what is the matter with them. */
export async function differingRows(
  { source, target }: Sides,
  table: TableShape,
  hash: TableHash,
  buckets: readonly number[],
  most: number,
): Promise<RowDifference[]> {
  const [was, is] = await Promise.all([source, target].map((side) => hashesOf(side, table, hash, buckets)));
  if (!was || !is) return [];
  const keys = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key));
  const found: RowDifference[] = [];
  for (const key of keys.sort(byValue).slice(0, most)) {
    const values = JSON.parse(key) as string[];
    const problem = !is.has(key) ? 'missing' : !was.has(key) ? 'extra' : 'changed';
    found.push({
      key: Object.fromEntries(table.primary_key.map((name, n) => [name, values[n] ?? ''])),
      problem,
      columns: problem === 'changed' ? await differingColumns({ source, target }, table, hash, values) : [],
    });
  }
  return found;
}

async function hashesOf(
  side: Session,
  table: TableShape,
  hash: TableHash,
  buckets: readonly number[],
): Promise<Hashes> {
  const rows = await side.rows<{ key: string[]; hash: string }>(rowsQuery(table, hash), [buckets]);
  return new Map(rows.map((row) => [JSON.stringify(row.key), row.hash]));
}

/** Numbers by their size, texts by their letters. */
function byValue(a: string, b: string): number {
  const [x, y] = [JSON.parse(a) as string[], JSON.parse(b) as string[]];
  for (const [n, value] of x.entries()) {
    const order = value.localeCompare(y[n] ?? '', 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}

async function differingColumns(
  sides: Sides,
  table: TableShape,
  { columns }: TableHash,
  key: readonly string[],
): Promise<string[]> {
  const types = new Map(table.columns.map(({ name, type }) => [name, type]));
  const where = table.primary_key
    .map((name, n) => `t.${ident(name)} = $${n + 1}::text::${types.get(name)}`)
    .join(' and ');
  const values = columns.map((name) => `t.${ident(name)}::text`).join(', ');
  const sql = `select array[${values}] as values from only ${qualified(table)} t where ${where}`;
  const [was, is] = await Promise.all(
    [sides.source, sides.target].map((side) => side.rows<{ values: (string | null)[] }>(sql, key)),
  );
  return columns.filter((_, n) => was?.[0]?.values[n] !== is?.[0]?.values[n]);
}
