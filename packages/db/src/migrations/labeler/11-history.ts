import { SqlMigration } from '../sql-migration.js';

/** The setting a transaction must make to take old entries out of the audit log; only the retention job does. */
export const RETENTION_SETTING = 'labelyard.audit_retention';

/** Reading history and the audit log by time, and an audit log that nobody changes. */
export class History extends SqlMigration {
  readonly name = 'History1763800000011';

  protected readonly forwards = [
    `create index ix_annotation_history_time on annotation_history (project_id, changed_at, id)`,
    `create index ix_annotation_history_person on annotation_history (project_id, changed_by, changed_at, id)`,
    `create index ix_annotation_history_image on annotation_history (image_id, changed_at, id)`,
    `drop index ix_audit_log_project_id`,
    `drop index ix_audit_log_actor_id`,
    `create index ix_audit_log_time on audit_log (happened_at, id)`,
    `create index ix_audit_log_project_id on audit_log (project_id, happened_at, id)`,
    `create index ix_audit_log_actor_id on audit_log (actor_id, happened_at, id)`,
    `create index ix_audit_log_action on audit_log (action text_pattern_ops, happened_at, id)`,
    // Also against our own code: whoever comes to write as the application cannot remove the traces.
    `create function keep_audit_log() returns trigger language plpgsql as $body$
    begin
      if tg_op = 'DELETE' and current_setting('${RETENTION_SETTING}', true) = 'on' then return old; end if;
      raise exception 'the audit log cannot be changed' using errcode = 'insufficient_privilege';
    end $body$`,
    `create trigger keep_audit_log before update or delete on audit_log
      for each row execute function keep_audit_log()`,
    `create trigger keep_whole_audit_log before truncate on audit_log
      for each statement execute function keep_audit_log()`,
  ];

  protected readonly backwards = [
    `drop trigger keep_whole_audit_log on audit_log`,
    `drop trigger keep_audit_log on audit_log`,
    `drop function keep_audit_log`,
    `drop index ix_audit_log_action`,
    `drop index ix_audit_log_actor_id`,
    `drop index ix_audit_log_project_id`,
    `drop index ix_audit_log_time`,
    `create index ix_audit_log_project_id on audit_log (project_id, id)`,
    `create index ix_audit_log_actor_id on audit_log (actor_id, id)`,
    `drop index ix_annotation_history_image`,
    `drop index ix_annotation_history_person`,
    `drop index ix_annotation_history_time`,
  ];
}
