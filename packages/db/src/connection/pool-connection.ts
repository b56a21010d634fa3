import type pg from 'pg';
import { QueryConnection, TransactionConnection } from './client-connection.js';
import { isConnectionLoss, isRetryable, mapError } from './map-error.js';
import type { Connection } from './sql.js';

/** How often work is run in all when Postgres ends it for a deadlock or serialization failure. */
const ATTEMPTS = 4;

/** Queries on whichever connection of the pool is free. */
export class PoolConnection extends QueryConnection {
  constructor(private readonly pool: pg.Pool) {
    super(pool);
  }

  atomic<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.transaction(work);
  }

  /** Commits when `work` resolves, rolls back when it throws, and runs it again after a deadlock or serialization failure. */
  async transaction<T>(work: (connection: TransactionConnection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
        // The other side of a deadlock needs a moment to finish; chance keeps the two from meeting again.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
      }
    }
  }

  private async once<T>(work: (connection: TransactionConnection) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw mapError(error);
    });
    const connection = new TransactionConnection(client);
    let broken: Error | undefined;
    // Without a listener a connection that breaks between two statements would end the process.
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      connection.begin();
      const result = await work(connection);
      await connection.commit();
      return result;
    } catch (error) {
      if (isConnectionLoss(error)) broken ??= error as Error;
      else if (!broken) await connection.rollback().catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}
