import { SqlMigration } from '../sql-migration.js';

/** Sessions that people ended before their time, kept for as long as their tokens would have been good. */
export class EndedSessions extends SqlMigration {
  readonly name = 'EndedSessions1763800000024';

  protected readonly forwards = [
    `create table ended_sessions (
      token_hash text constraint pk_ended_sessions primary key,
      expires_at timestamptz(3) not null
    )`,
    `create index ix_ended_sessions_expires_at on ended_sessions (expires_at)`,
  ];

  protected readonly backwards = [`drop table ended_sessions`];
}
