import { createHash } from 'node:crypto';
import type pg from 'pg';
import { mapError } from './map-error.js';
import type { Connection } from './sql.js';

/** Anything pg can run a query on. */
type Runner = Pick<pg.ClientBase, 'query'>;

const statementNames = new Map<string, string>();

/** A name for a prepared statement that is the same wherever its text is. */
function statementName(text: string): string {
  let name = statementNames.get(text);
  if (!name) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 20);
    statementNames.set(text, name);
  }
  return name;
}

/** Queries on one pg client or pool, errors in the domain's words. */
export abstract class QueryConnection implements Connection {
  constructor(protected readonly runner: Runner) {}

  abstract atomic<T>(work: (connection: Connection) => Promise<T>): Promise<T>;

  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.query<Row>({ text, values: values as unknown[] })).rows;
  }

  async hot<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.query<Row>({ name: statementName(text), text, values: values as unknown[] })).rows;
  }

  async one<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row | null> {
    return (await this.rows<Row>(text, values))[0] ?? null;
  }

  async run(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.query({ text, values: values as unknown[] })).rowCount ?? 0;
  }

  private async query<Row extends object>(query: pg.QueryConfig): Promise<pg.QueryResult<Row & pg.QueryResultRow>> {
    try {
      return await this.runner.query<Row & pg.QueryResultRow>(query);
    } catch (error) {
      throw mapError(error);
    }
  }
}

/** One client inside a transaction somebody else begins and ends. */
export class TransactionConnection extends QueryConnection {
  private depth = 0;

  atomic<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return work(this);
  }

  /** A savepoint: what `work` did is undone when it throws, and the transaction can go on. Not to be run side by side. */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `nested_${++this.depth}`;
    try {
      await this.run(`savepoint ${name}`);
      try {
        const result = await work();
        await this.run(`release savepoint ${name}`);
        return result;
      } catch (error) {
        // On a lost connection this fails as well; what is told is why `work` failed.
        await this.run(`rollback to savepoint ${name}; release savepoint ${name}`).catch(() => undefined);
        throw error;
      }
    } finally {
      this.depth -= 1;
    }
  }
}
