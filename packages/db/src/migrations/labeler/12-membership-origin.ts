import { SqlMigration } from '../sql-migration.js';

/**
 * Which invitation a membership came from. Accepting one writes here first and into the User DB second: after a crash in
 * between, the repetition recognises its own work by this.
 */
export class MembershipOrigin extends SqlMigration {
  readonly name = 'MembershipOrigin1763800000012';

  protected readonly forwards = [`alter table project_permissions add column invitation_id bigint`];

  protected readonly backwards = [`alter table project_permissions drop column invitation_id`];
}
