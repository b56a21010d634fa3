import type pg from 'pg';
import { mapError } from '../../connection/map-error.js';
import type { CopiedRows } from './copied-rows.js';
import { CopyOut } from './copy-out.js';

/**
 * Rows of `query` as they come from the socket, each time some hundreds to be read: memory stays the same however many there are, and a
 * slow consumer slows the server down. Expects `client` to be in a transaction.
 */
export async function* copyRows(client: pg.Client, query: string): AsyncGenerator<CopiedRows> {
  try {
    // Walk the index that has the order, rather than sort everything before the first row; and alone, for helpers would take the cores
    // that people are answered by, and whoever reads the rows takes longer anyway.
    await client.query(
      'set local enable_sort = off; set local enable_bitmapscan = off; set local max_parallel_workers_per_gather = 0',
    );
    const copy = new CopyOut(query);
    client.query(copy);
    while (await copy.more()) yield copy.rows;
    if (!copy.rows.ended) throw new Error('COPY ended inside a row');
  } catch (error) {
    throw mapError(error);
  }
}
