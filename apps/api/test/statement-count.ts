import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { currentRequestId } from '../src/http/current-request.js';

export interface StatementCount {
  /** In both databases. */
  statements: number;
  /** Look-ups of people. */
  people: number;
}

type Query = typeof pg.Client.prototype.query;

/** Counts the SQL statements of single requests and jobs, noted where they leave: at the driver. One process only. */
export class StatementCounter {
  private readonly counted = new Map<string, StatementCount>();
  private readonly job = new AsyncLocalStorage<StatementCount>();
  private readonly send: Query = pg.Client.prototype.query;
  private requests = 0;
  /** Name of the database that people are looked up in. */
  user_database: string | undefined;

  /** Before the API connects. */
  constructor() {
    const { send } = this;
    const note = (client: pg.Client, query: unknown) => this.note(client, query);
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
      note(this, args[0]);
      return (send as (...all: unknown[]) => unknown).apply(this, args);
    } as Query;
  }

  stop(): void {
    pg.Client.prototype.query = this.send;
  }

  /** @param work sends one request with this `x-request-id` */
  async of<Answer>(work: (request_id: string) => Promise<Answer>): Promise<{ answer: Answer } & StatementCount> {
    const id = `counted-request-${(this.requests += 1)}`;
    const counts: StatementCount = { statements: 0, people: 0 };
    this.counted.set(id, counts);
    const answer = await work(id);
    this.counted.delete(id);
    return { answer, ...counts };
  }

  /** @param work runs in this process, outside of requests */
  async during(work: () => Promise<unknown>): Promise<StatementCount> {
    const counts: StatementCount = { statements: 0, people: 0 };
    await this.job.run(counts, work);
    return counts;
  }

  private note(client: pg.Client, query: unknown): void {
    const id = currentRequestId();
    const counts = id === null ? this.job.getStore() : this.counted.get(id);
    if (!counts) return;
    counts.statements += 1;
    const text = typeof query === 'string' ? query : String((query as { text?: string }).text);
    if (client.database === this.user_database && /\busers\b/u.test(text)) counts.people += 1;
  }
}
