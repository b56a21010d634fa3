import type { Connection } from '../connection/sql.js';

/** A session that was ended before its time. */
export interface EndedSession {
  /** SHA-256 of its token, which is kept nowhere. */
  readonly token_hash: string;
  /** When its token would have run out. */
  readonly expires_at: string;
}

/** Sessions that are over although their tokens are good still. */
export class EndedSessionRepository {
  constructor(private readonly connection: Connection) {}

  /** Those that matter yet. */
  list(): Promise<EndedSession[]> {
    return this.connection.rows(`select token_hash, expires_at from ended_sessions where expires_at > now()`);
  }

  /** Remembers these, and forgets some that have run out by themselves. */
  async add(sessions: readonly EndedSession[]): Promise<void> {
    await this.connection.run(
      `with over as (
          delete from ended_sessions where token_hash in (
            select token_hash from ended_sessions where expires_at < now() - interval '1 hour'
            limit 100 for update skip locked
          )
        )
        insert into ended_sessions (token_hash, expires_at) select * from unnest($1::text[], $2::timestamptz[])
          on conflict do nothing`,
      [sessions.map(({ token_hash }) => token_hash), sessions.map(({ expires_at }) => expires_at)],
    );
  }
}
