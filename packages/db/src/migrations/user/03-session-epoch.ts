import { SqlMigration } from '../sql-migration.js';

/** Counts how often somebody's sessions were ended. A session carries the count of its beginning and ends when it is behind. */
export class SessionEpoch extends SqlMigration {
  readonly name = 'SessionEpoch1763800000003';

  protected readonly forwards = [`alter table users add column session_epoch integer not null default 0`];

  protected readonly backwards = [`alter table users drop column session_epoch`];
}
