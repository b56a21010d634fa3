import type { Sql } from '@labelyard/db';
import type { SteadyConnection } from '../events/steady-connection.js';
import type { People } from './people.js';

const CHANNEL = 'labelyard_people';

/** Tells every process that somebody's account was changed here, so that none goes on believing what it remembers. */
export class PeopleNews {
  constructor(
    private readonly connection: SteadyConnection,
    private readonly people: People,
  ) {}

  async start(): Promise<void> {
    this.connection.onNotification(({ channel, payload }) => {
      if (channel === CHANNEL && payload) this.people.forget(payload);
    });
    await this.connection.onSession(async (client) => {
      await client.query(`listen ${CHANNEL}`);
    });
  }

  /** Heard when the transaction of `sql` commits, or at once outside one. */
  async changed(sql: Sql, user_id: string): Promise<void> {
    await sql.run('select pg_notify($1, $2)', [CHANNEL, user_id]);
  }
}
