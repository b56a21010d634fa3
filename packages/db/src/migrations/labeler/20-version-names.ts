import { SqlMigration } from '../sql-migration.js';

/** Exports of a version say what the project was called when it was published, also when it is called otherwise today. */
export class VersionNames extends SqlMigration {
  readonly name = 'VersionNames1763800000020';

  protected readonly forwards = [
    `alter table annotation_versions add column project_name text`,
    `update annotation_versions v set project_name = p.name from annotation_projects p
      where p.id = v.project_id and v.frozen_at is not null`,
  ];

  protected readonly backwards = [`alter table annotation_versions drop column project_name`];
}
