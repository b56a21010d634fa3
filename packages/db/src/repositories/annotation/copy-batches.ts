import type pg from 'pg';
import { mapError } from '../../connection/map-error.js';
import { BinaryRows } from './binary-rows.js';
import { CopyOut } from './copy-out.js';

/**
 * Rows of `query` in batches, as they come from the socket: memory stays the same however many there are, and a slow consumer slows the
 * server down. `readRow` reads every column, in their order. Expects `client` to be in a transaction.
 */
export async function* copyBatches<Row>(
  client: pg.Client,
  query: string,
  readRow: (rows: BinaryRows) => Row,
): AsyncGenerator<Row[]> {
  try {
    // Walk the index that has the order, rather than sort everything before the first row.
    await client.query('set local enable_sort = off; set local enable_bitmapscan = off');
    const rows = new BinaryRows();
    const copy = new CopyOut(`copy (${query}) to stdout (format binary)`, (bytes) => rows.push(bytes));
    client.query(copy);
    while (await copy.more()) {
      const batch: Row[] = [];
      while (rows.next()) batch.push(readRow(rows));
      if (batch.length > 0) yield batch;
    }
    if (!rows.ended) throw new Error('COPY ended inside a row');
  } catch (error) {
    throw mapError(error);
  }
}
