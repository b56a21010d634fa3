import type { ColumnShape, TableShape } from '../catalog/database-catalog.js';
import { ident, qualified } from '../sql-names.js';

// Row hashes are made of Postgres' own "extended" hashes. Hash-partitioned tables rely on them, so they are the same in every version
// and must stay so. Only types whose equal values are equal bytes are hashed as they are; of the others the text or the wire form is.

/** Types hashed as they are. Enums are not among them: their hash is that of a number that differs between databases. */
const EXACT =
  /^(?:bigint|integer|smallint|boolean|text|character varying|uuid|date|bytea|timestamp(?:\(\d\))? with(?:out)? time zone)(?:\(\d+\))?$/u;
const FLOATS: Readonly<Record<string, string>> = { 'double precision': 'float8send', real: 'float4send' };

/** Groups of rows that are compared as one; small enough that looking through one is quick. */
const BUCKETS = 1_024;

/** What of a value is hashed, as SQL. 1.0 and 1.00, 0 and -0 are different bytes and must not count as equal. */
function hashable(name: string, type: string): string {
  const column = `t.${ident(name)}`;
  const float = FLOATS[type];
  // There are many NaNs, and a copy as text makes them one.
  if (float) return `case when ${column} = 'NaN' then '\\x' else ${float}(${column}) end`;
  return EXACT.test(type) ? column : `${column}::text`;
}

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
      return other ? [{ name: column.name, type: column.type === other.type ? column.type : 'different' }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const values = shared.map(({ name, type }) => hashable(name, type)).join(', ');
  return {
    columns: shared.map(({ name }) => name),
    // The hash of a record is a sum over its columns: without hashing it once more, values swapped between rows would not be noticed.
    row: `hashint8extended(hash_record_extended(row(${values}), 0), 0)`,
    bucket: bucketOf(source, target),
  };
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
