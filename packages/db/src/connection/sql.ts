/**
 * One way to the database: the pool, or one transaction. Times come as ISO 8601 text, bigint as number. Errors are DomainErrors
 * where the SQLSTATE has a meaning for people (see error-table.ts).
 */
export interface Sql {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row, or null. */
  one<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row | null>;
  /** Number of rows changed. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
  /** Tells a channel each of these when the transaction commits, or at once outside one. */
  notify(channel: string, payloads: readonly string[]): Promise<void>;
  /** The same as the last statement of a transaction, see `Connection.lastly`. */
  notifyLastly(channel: string, payloads: readonly string[]): Promise<void>;
  /** To be called before a transaction ends in which a statement calls `pg_notify` itself: it must not hold up others that do. */
  notifies(): void;
}

/** What repositories hold. */
export interface Connection extends Sql {
  /** `rows` by a prepared statement, for hot statements with few spellings. */
  hot<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * `hot` for the last statement of a transaction: the commit leaves with it instead of a round trip later, so nothing may be asked
   * afterwards, and what must not be committed has to be an error of the statement itself. Elsewhere the same as `hot`.
   */
  lastly<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs `work` in a transaction: a new one (again after a deadlock), or the one this connection is in. */
  atomic<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
}
