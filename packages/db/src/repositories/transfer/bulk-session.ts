import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { TransactionConnection } from '../../connection/client-connection.js';
import { clientClass, clientOptions } from '../../connection/client-options.js';
import type { DatabaseOptions } from '../../connection/database-options.js';
import { mapError } from '../../connection/map-error.js';
import type { Connection, Sql } from '../../connection/sql.js';

/** One database session for work that takes minutes. What it leaves unfinished vanishes with it, however it ends. */
export interface BulkSession<Transaction = unknown> extends AsyncDisposable {
  /** Outside a transaction; temporary tables live as long as the session. */
  readonly sql: Sql;
  /** `COPY … FROM STDIN` of lines as they come; a slow server slows the producer down. */
  copyIn(statement: string, lines: AsyncIterable<string>): Promise<void>;
  /** Once: nothing is tried again by itself. */
  transaction<T>(work: (tx: Transaction, connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Statements of such work take as long as they take. A lock is waited for, but not for ever: the job is tried again. */
const UNHURRIED = { statement_timeout: 0, idle_in_transaction_session_timeout: 0, lock_timeout: 120_000 };

/** See `LabelerDb.openBulk`. */
export async function openBulkSession<Transaction>(
  options: DatabaseOptions,
  bound: (connection: TransactionConnection) => Transaction,
): Promise<BulkSession<Transaction>> {
  const Client = clientClass(options) ?? pg.Client;
  const client = new Client({ ...clientOptions(options), ...UNHURRIED });
  // A connection that breaks is told by the next query.
  client.on('error', () => undefined);
  const close = async () => {
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    // Sorting and counting a million staged rows; one session at a time does this in a process.
    await client.query(`set work_mem = '64MB'; set temp_buffers = '32MB'`);
  } catch (error) {
    await close();
    throw mapError(error);
  }
  const connection = new TransactionConnection(client);
  return {
    sql: connection,
    async copyIn(statement, lines) {
      try {
        await pipeline(Readable.from(lines, { objectMode: true, highWaterMark: 2 }), client.query(copyFrom(statement)));
      } catch (error) {
        throw mapError(error);
      }
    },
    async transaction(work) {
      const inside = new TransactionConnection(client);
      inside.begin();
      try {
        const result = await work(bound(inside), inside);
        await inside.commit();
        return result;
      } catch (error) {
        await inside.rollback().catch(() => undefined);
        throw error;
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
