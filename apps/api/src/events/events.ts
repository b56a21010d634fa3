import type { Sql } from '@labelyard/db';
import type { SteadyConnection } from './steady-connection.js';

/** Where topics are told; for statements of repositories that tell of themselves. */
export const EVENTS_CHANNEL = 'labelyard_events';

/** What an event is about, e.g. `export:12`; maintenance is told by its table (migration 19). Whoever hears of it looks at the row: an event carries no data to trust. */
export type Topic = `${string}:${number}` | 'maintenance';

/**
 * Tells every process that something changed, through Postgres' LISTEN/NOTIFY. Delivery is a hint: after a lost connection
 * every subscriber is called once, because something may have been missed.
 */
export class Events {
  private readonly subscribers = new Map<Topic, Set<() => void>>();

  constructor(private readonly connection: SteadyConnection) {}

  async start(): Promise<void> {
    this.connection.onBack(() => {
      for (const topic of this.subscribers.keys()) this.call(topic);
    });
    await this.connection.listen(EVENTS_CHANNEL, (payload) => this.call(payload as Topic));
  }

  /** Heard when the transaction of `sql` commits, or at once outside one. */
  async notify(sql: Sql, topic: Topic): Promise<void> {
    await sql.notify(EVENTS_CHANNEL, [topic]);
  }

  /** Calls `listener` after each change of the topic. Answers how to stop. */
  subscribe(topic: Topic, listener: () => void): () => void {
    const listeners = this.subscribers.get(topic) ?? new Set();
    this.subscribers.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.subscribers.delete(topic);
    };
  }

  private call(topic: Topic): void {
    for (const listener of this.subscribers.get(topic) ?? []) listener();
  }
}
