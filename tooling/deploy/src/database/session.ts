import type { DatabaseOptions } from '@labelyard/db';
import { createClient } from '@labelyard/db/plain-connections';
import type pg from 'pg';
import { explainDatabaseError } from './database-error.js';

/** One connection for work that takes minutes. Values come as node-postgres reads them (bigint and numeric as text). */
export interface Session {
  readonly client: pg.Client;
  readonly options: DatabaseOptions;
  rows<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row. @throws when there is none */
  one<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row>;
  /** Number of rows changed. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  /** Commits when `work` resolves, else rolls back. `mode` stands behind BEGIN. */
  transaction<T>(work: () => Promise<T>, mode?: string): Promise<T>;
  /** What a stream on this session failed of, in words for an operator; the signal's reason when it was interrupted. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}

/**
 * Everything that changes how a value is written, so that the same value is the same text on every server, and names are always
 * written with their schema. Rows that a policy hides are an error, not left out.
 */
const PINNED = `set extra_float_digits = 3; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601';
  set bytea_output = 'hex'; set lc_monetary = 'C'; set xmlbinary = 'base64'; set search_path = ''; set row_security = off;
  set client_min_messages = warning; set check_function_bodies = off; set lock_timeout = 0`;

/** @throws YardError, or the signal's reason */
export async function openSession(options: DatabaseOptions, signal?: AbortSignal): Promise<Session> {
  signal?.throwIfAborted();
  const client = createClient(options, { statement_timeout: 0, idle_in_transaction_session_timeout: 0 });
  // What breaks between two queries is told by the next one.
  client.on('error', () => undefined);
  const cut = () => socketOf(client).destroy();
  const explained = (error: unknown): unknown =>
    signal?.aborted ? signal.reason : explainDatabaseError(error, options);
  const query = async (sql: string, values?: readonly unknown[]) => {
    try {
      return await client.query<never>(sql, values as unknown[] | undefined);
    } catch (error) {
      throw explained(error);
    }
  };
  signal?.addEventListener('abort', cut, { once: true });
  const close = async () => {
    signal?.removeEventListener('abort', cut);
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    await client.query(PINNED);
    // So that a session whose client was killed ends soon, in the middle of a statement too; not every platform has it.
    await client.query(`set client_connection_check_interval = '1s'`).catch(() => undefined);
  } catch (error) {
    await close();
    throw explained(error);
  }
  return {
    client,
    options,
    rows: async (sql, values) => (await query(sql, values)).rows,
    one: async (sql, values) => {
      const [row] = (await query(sql, values)).rows;
      if (row === undefined) throw new Error(`No row where one was expected: ${sql}`);
      return row;
    },
    run: async (sql, values) => (await query(sql, values)).rowCount ?? 0,
    async transaction(work, mode = '') {
      await query(`begin ${mode}`);
      try {
        const result = await work();
        await query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw error;
      }
    },
    explain: explained,
    close,
  };
}

/** Opens a session for the time of `work`. */
export async function withSession<T>(
  options: DatabaseOptions,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(options, signal);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

function socketOf(client: pg.Client): { destroy(): void } {
  return (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream;
}
