import type { ColumnShape, TableShape } from '../catalog/database-catalog.js';
import { ident, qualified } from '../sql-names.js';
import { bytesOf, isFloat, valueHash } from './value-hash.js';

// The hash of a row has 64 bits, and a table is told by how many rows it has and the sum of their hashes. Two tables that differ have the
// same sum by chance only: once in 2^64 comparisons. (Nobody is kept out by it who wants two tables to have the same sum.)

/** Groups of rows that are compared as one; small enough that looking through one is quick. */
const BUCKETS = 1_024;

/** How both sides of a table are hashed: alike, also where their types differ. */
export interface TableHash {
  /** Names of the columns compared, in the order that both sides share. */
  readonly columns: readonly string[];
  /** SQL over `t`: 64 bits of one row. */
  readonly row: string;
  /** SQL over `t`: which bucket a row is in. */
  readonly bucket: string;
}

/** Columns that only one side has are left to the comparison of schemas. */
export function tableHash(source: TableShape, target: TableShape): TableHash {
  const others = new Map(target.columns.map((column) => [column.name, column]));
  const shared = source.columns
    .flatMap((column) => {
      const other = others.get(column.name);
      if (!other) return [];
      const type = column.type === other.type ? column.type : 'different';
      return [{ name: column.name, type, not_null: column.not_null && other.not_null }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { columns: shared.map(({ name }) => name), row: rowHash(shared), bucket: bucketOf(source, target) };
}

type SharedColumn = Pick<ColumnShape, 'name' | 'type' | 'not_null'>;

/**
 * The hash of each value is the seed of the next, so a value in another column makes another hash. What has none of its own (null; the
 * zeros of floats) cannot be part of that: such columns are hashed side by side first, each with a number of its own that also stands
 * for null, and among them as one record whatever is hashed by its bytes. Their exclusive or is nearly a sum, which would not tell rows
 * from rows that swapped values: it is hashed once more.
 */
function rowHash(columns: readonly SharedColumn[]): string {
  const value = ({ name }: SharedColumn) => `t.${ident(name)}`;
  const hash = (column: SharedColumn, seed: string) => valueHash(column.type)(value(column), seed);
  const {
    sent = [],
    chained = [],
    beside = [],
  } = Object.groupBy(columns, ({ not_null, type }) =>
    bytesOf(type) ? 'sent' : not_null && !isFloat(type) ? 'chained' : 'beside',
  );
  const hashes = beside.map((column, n) => `coalesce(${hash(column, `${n + 1}`)}, ${n + 1})`);
  const record = sent.map((column) => bytesOf(column.type)?.(value(column))).join(', ');
  if (record) hashes.push(`hash_record_extended(row(${record}), ${hashes.length + 1})`);
  const first = hashes.length > 0 ? `(${hashes.join(' # ')})` : '0::bigint';
  return chained.length > 0
    ? chained.reduce((seed, column) => hash(column, seed), first)
    : valueHash('integer')('0', first);
}

function bucketOf(source: TableShape, target: TableShape): string {
  const types = (table: TableShape) =>
    table.primary_key.map((name) => table.columns.find((column) => column.name === name) as ColumnShape);
  if (source.primary_key.length === 0 || source.primary_key.join() !== target.primary_key.join()) return '0';
  const whole = types(source)
    .filter(({ type }, n) => /^(?:bigint|integer|smallint)$/u.test(type) && types(target)[n]?.type === type)
    .at(-1);
  if (whole) return `((t.${ident(whole.name)} >> 8) & ${BUCKETS - 1})::integer`;
  const key = source.primary_key.map((name) => `t.${ident(name)}::text`).join(', ');
  return `(hash_record_extended(row(${key}), 0) & ${BUCKETS - 1})::integer`;
}

/** SELECT of a table's number of rows and the sum of their hashes. Takes two thirds of what telling buckets apart takes. */
export function totalQuery(table: TableShape, { row }: TableHash): string {
  return `select 0 as bucket, count(*)::text as rows, sum(${row})::text as hash from only ${qualified(table)} t`;
}

/** SELECT of each bucket's number of rows and the sum of their hashes, which no order of the rows changes. */
export function bucketQuery(table: TableShape, { row, bucket }: TableHash): string {
  return `select ${bucket} as bucket, count(*)::text as rows, sum(${row})::text as hash from only ${qualified(table)} t group by 1`;
}

/** SELECT of each row's key and hash in the buckets of `$1`. */
export function rowsQuery(table: TableShape, { row, bucket }: TableHash): string {
  const key = table.primary_key.map((name) => `t.${ident(name)}::text`).join(', ');
  return `select array[${key}] as key, (${row})::text as hash from only ${qualified(table)} t where ${bucket} = any ($1::integer[])`;
}
