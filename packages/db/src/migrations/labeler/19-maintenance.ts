import { SqlMigration } from '../sql-migration.js';

/**
 * Maintenance is on while its one row is there. Whoever begins or ends it, the API or the operator's tool, the table tells every
 * API process by itself.
 */
export class Maintenance extends SqlMigration {
  readonly name = 'Maintenance1763800000019';

  protected readonly forwards = [
    `create table maintenance (
      only_row boolean not null default true constraint pk_maintenance primary key
        constraint ck_maintenance_only_row check (only_row),
      started_at timestamptz(3) not null default now(),
      reason text not null constraint ck_maintenance_reason check (reason <> ''),
      expected_end timestamptz(3),
      started_by text not null
    )`,
    `create function tell_of_maintenance() returns trigger language plpgsql as $$
      begin
        perform pg_notify('labelyard_events', 'maintenance');
        return null;
      end
    $$`,
    `create trigger tell_of_maintenance after insert or update or delete on maintenance
      for each statement execute function tell_of_maintenance()`,
  ];

  protected readonly backwards = [`drop table maintenance`, `drop function tell_of_maintenance()`];
}
