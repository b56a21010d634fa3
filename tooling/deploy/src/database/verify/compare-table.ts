import type { TableShape } from '../catalog/database-catalog.js';
import type { Session } from '../session.js';
import { shortName } from '../sql-names.js';
import { differingRows, type RowDifference } from './differing-rows.js';
import { bucketQuery, tableHash, totalQuery } from './row-hash.js';

export interface TableComparison {
  readonly table: string;
  readonly source_rows: number;
  readonly target_rows: number;
  readonly equal: boolean;
  /** The first differing rows; empty where the table has no primary key to name them by. */
  readonly differences: readonly RowDifference[];
  /** There are rows beyond those named that differ too. */
  readonly more: boolean;
}

/** A few groups of rows are enough to name the first that differ. */
const BUCKETS_LOOKED_THROUGH = 4;

interface Bucket {
  readonly bucket: number;
  readonly rows: string;
  readonly hash: string | null;
}

/** Compares every byte of one table's rows, both sides at the same time. */
export async function compareTable(
  sides: { readonly source: Session; readonly target: Session },
  source: TableShape,
  target: TableShape,
  most: number,
): Promise<TableComparison> {
  const hash = tableHash(source, target);
  const ask = (query: typeof totalQuery) =>
    Promise.all([sides.source.rows<Bucket>(query(source, hash)), sides.target.rows<Bucket>(query(target, hash))]);
  let [was, is] = await ask(totalQuery);
  // Only tables that differ are read once more, to say where.
  if (differingBuckets(was, is).length > 0) [was, is] = await ask(bucketQuery);
  const differing = differingBuckets(was, is);
  const looked = differing.slice(0, BUCKETS_LOOKED_THROUGH);
  const named =
    differing.length > 0 && source.primary_key.length > 0 && source.primary_key.join() === target.primary_key.join();
  const differences = named ? await differingRows(sides, source, hash, looked, most + 1) : [];
  return {
    table: shortName(source),
    source_rows: rowsIn(was),
    target_rows: rowsIn(is),
    equal: differing.length === 0,
    differences: differences.slice(0, most),
    more: differences.length > most || differing.length > looked.length,
  };
}

function differingBuckets(was: readonly Bucket[], is: readonly Bucket[]): number[] {
  const text = ({ rows, hash }: Bucket) => `${rows} ${hash}`;
  const [a, b] = [was, is].map((buckets) => new Map(buckets.map((bucket) => [bucket.bucket, text(bucket)])));
  return [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])]
    .filter((bucket) => a?.get(bucket) !== b?.get(bucket))
    .sort((x, y) => x - y);
}

function rowsIn(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { rows }) => sum + Number(rows), 0);
}
