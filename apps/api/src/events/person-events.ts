import type { NewsTopic } from '@labelyard/contract';
import type { Sql } from '@labelyard/db';
import { QuietTimes } from './quiet-times.js';
import type { SteadyConnection } from './steady-connection.js';

/** The notifications table tells on it by itself (migration 18). */
const CHANNEL = 'labelyard_person_events';

/** Null: the database session was lost for a while; read everything again. */
type Listener = (about: NewsTopic | null) => void;

/** Tells every process that somebody has news of their own, so that whatever they have open shows it at once. */
export class PersonEvents {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly times = new QuietTimes<string>();

  constructor(private readonly connection: SteadyConnection) {}

  async start(): Promise<void> {
    this.connection.onBack(() => {
      this.times.reset();
      for (const listeners of this.listeners.values()) for (const listener of listeners) listener(null);
    });
    await this.connection.listen(CHANNEL, (payload) => {
      const { user_id, about } = JSON.parse(payload) as { user_id: string; about: NewsTopic };
      this.times.remember(user_id);
      for (const listener of this.listeners.get(user_id) ?? []) listener(about);
    });
  }

  /** Heard when the transaction of `sql` commits, or at once outside one. */
  async publish(sql: Sql, user_ids: readonly string[], about: NewsTopic): Promise<void> {
    const payloads = [...new Set(user_ids)].map((user_id) => JSON.stringify({ user_id, about }));
    await sql.notify(CHANNEL, payloads);
  }

  quietMs(user_id: string): number | null {
    return this.times.quietMs(user_id);
  }

  /** Calls `listener` after each piece of news. Answers how to stop. */
  subscribe(user_id: string, listener: Listener): () => void {
    const listeners = this.listeners.get(user_id) ?? new Set();
    this.listeners.set(user_id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(user_id);
    };
  }
}
