import type { Sql } from '@labelyard/db';
import type { SteadyConnection } from '../events/steady-connection.js';
import type { People } from './people.js';

const CHANNEL = 'labelyard_people';

/** Tells every process that somebody's account was changed here, so that none goes on believing what it remembers. */
export class PeopleNews {
  private readonly listeners = new Set<(user_id: string) => void>();

  constructor(
    private readonly connection: SteadyConnection,
    private readonly people: People,
  ) {}

  async start(): Promise<void> {
    await this.connection.listen(CHANNEL, (user_id) => {
      this.people.forget(user_id);
      for (const listener of this.listeners) listener(user_id);
    });
  }

  /** Calls `listener` after each change, when nothing old is remembered any more. */
  onChanged(listener: (user_id: string) => void): void {
    this.listeners.add(listener);
  }

  /** The account is changed already. Heard when the transaction of `sql` commits, or at once outside one; here it is known at once. */
  async changed(sql: Sql, user_id: string): Promise<void> {
    await sql.notify(CHANNEL, [user_id]);
    this.people.forget(user_id);
  }
}
