import { SqlMigration } from '../sql-migration.js';

/** Invitations are looked for by whom they are for, who sent them and where they lead; people are listed by name. */
export class Invitations extends SqlMigration {
  readonly name = 'Invitations1763800000002';

  protected readonly forwards = [
    `create unique index uq_invitations_pending on invitations (project_id, lower(invitee_email)) where status = 'pending'`,
    `create index ix_invitations_invitee_email on invitations (lower(invitee_email), id)`,
    `create index ix_invitations_invitee_id on invitations (invitee_id, id)`,
    `create index ix_invitations_inviter_id on invitations (inviter_id, id)`,
    `create index ix_invitations_project_id on invitations (project_id, id)`,
    `create index ix_users_full_name on users (lower(full_name), id)`,
  ];

  protected readonly backwards = [
    `drop index ix_users_full_name`,
    `drop index ix_invitations_project_id`,
    `drop index ix_invitations_inviter_id`,
    `drop index ix_invitations_invitee_id`,
    `drop index ix_invitations_invitee_email`,
    `drop index uq_invitations_pending`,
  ];
}
