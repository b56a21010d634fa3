import { SqlMigration } from '../sql-migration.js';

const KINDS = [
  'mention',
  'reply',
  'rejection',
  'task_assigned',
  'task_handed_back',
  'task_submitted',
  'task_sent_back',
  'task_due_soon',
];

const kindRule = (kinds: readonly string[]) => [
  `alter table notifications drop constraint ck_notifications_kind`,
  `alter table notifications add constraint ck_notifications_kind
    check (kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`,
];

/**
 * Whoever has the product open hears of their own news at once, whatever wrote them: the table tells by itself, once per
 * statement and person, on the channel that every API process listens to.
 */
export class PersonalNews extends SqlMigration {
  readonly name = 'PersonalNews1763800000018';

  protected readonly forwards = [
    ...kindRule([...KINDS, 'tasks_released']),
    `create function tell_of_notifications() returns trigger language plpgsql as $$
      begin
        perform pg_notify('labelyard_person_events', json_build_object('user_id', c.user_id, 'about', 'inbox')::text)
          from (select distinct user_id from new_rows) c;
        return null;
      end
    $$`,
    `create trigger tell_of_new_notifications after insert on notifications
      referencing new table as new_rows for each statement execute function tell_of_notifications()`,
    `create trigger tell_of_read_notifications after update on notifications
      referencing new table as new_rows for each statement execute function tell_of_notifications()`,
  ];

  protected readonly backwards = [
    `drop trigger tell_of_read_notifications on notifications`,
    `drop trigger tell_of_new_notifications on notifications`,
    `drop function tell_of_notifications()`,
    `delete from notifications where kind = 'tasks_released'`,
    ...kindRule(KINDS),
  ];
}
