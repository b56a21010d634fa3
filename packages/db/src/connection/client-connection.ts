import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
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

const NOTIFY = 'select pg_notify($1, payload) from unnest($2::text[]) payload';

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

  lastly<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return this.hot(text, values);
  }

  notifies(): void {
    // A statement by itself.
  }

  async notify(channel: string, payloads: readonly string[]): Promise<void> {
    if (payloads.length === 0) return;
    this.notifies();
    await this.hot(NOTIFY, [channel, payloads]);
  }

  async notifyLastly(channel: string, payloads: readonly string[]): Promise<void> {
    if (payloads.length === 0) return;
    this.notifies();
    await this.lastly(NOTIFY, [channel, payloads]);
  }

  async one<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row | null> {
    return (await this.rows<Row>(text, values))[0] ?? null;
  }

  async run(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.query({ text, values: values as unknown[] })).rowCount ?? 0;
  }

  protected usable(): Runner {
    return this.runner;
  }

  private async query<Row extends object>(query: pg.QueryConfig): Promise<pg.QueryResult<Row & pg.QueryResultRow>> {
    try {
      return await this.usable().query<Row & pg.QueryResultRow>(query);
    } catch (error) {
      throw mapError(error);
    }
  }
}

/** One client inside a transaction, which whoever made this begins and ends. */
export class TransactionConnection extends QueryConnection {
  private depth = 0;
  private begun: Promise<unknown> | null = null;
  private committing: Promise<void> | null = null;
  private commitNow = commit;

  async atomic<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    this.depth += 1;
    try {
      return await work(this);
    } finally {
      this.depth -= 1;
    }
  }

  override lastly<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    const rows = this.hot<Row>(text, values);
    if (this.depth === 0) {
      this.committing = this.commitNow(this.runner);
      // Awaited by `commit`, after the statement was.
      this.committing.catch(() => undefined);
    }
    return rows;
  }

  override notifies(): void {
    this.commitNow = commitNews;
  }

  /** Waits for nothing: what is asked first leaves with it, and fails when it does. */
  begin(): void {
    this.begun = this.run('begin');
    this.begun.catch(() => undefined);
  }

  /** To be called by whoever began the transaction; does not commit twice. */
  async commit(): Promise<void> {
    await this.begun;
    await (this.committing ?? this.commitNow(this.runner));
  }

  /** To be called by whoever began the transaction, after a failure. A commit that left already was answered by a rollback. */
  async rollback(): Promise<void> {
    if (this.committing) await this.committing.catch(() => undefined);
    else await this.run('rollback');
  }

  protected override usable(): Runner {
    if (this.committing) throw new Error('The transaction ended with its last statement');
    sendTogether(this.runner);
    return this.runner;
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

/** What is asked until this turn of the event loop ends leaves in one piece: the database is woken once, and not for each statement. */
function sendTogether(client: Runner): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function commit(client: Runner): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => {
    throw mapError(error);
  });
  // Postgres answers a commit after a failed statement with ROLLBACK and no error.
  if (command !== 'COMMIT') throw new Error('The work caught a failed statement and went on: nothing was committed');
}

/** Commits nothing but a line of the log, which is on disk when it answers, and with it everything before. */
const FLUSH = `select pg_logical_emit_message(true, 'labelyard', '')`;

/**
 * Transactions that notify commit one after the other in Postgres, each until its log is on disk: as many a second as the disk has
 * flushes. So the commit does not wait for the disk, and who waits is told when it is there: many share a flush. News may be
 * heard, and rows read, a moment before that; after a crash within it everybody lost the session, and reads anew.
 */
async function commitNews(client: Runner): Promise<void> {
  sendTogether(client);
  // A session that copies takes one statement at a time.
  const { pipeline } = client as pg.Client;
  // In a transaction that failed it fails as well, and the commit says so.
  const hurried = client.query('set local synchronous_commit = off').catch(() => undefined);
  if (!pipeline) await hurried;
  const committed = commit(client);
  if (!pipeline) await committed;
  const flushed = client.query({ name: statementName(FLUSH), text: FLUSH });
  flushed.catch(() => undefined);
  await committed;
  await flushed.catch((error: unknown) => {
    throw mapError(error);
  });
}
