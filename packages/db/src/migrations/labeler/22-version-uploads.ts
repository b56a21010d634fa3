import { SqlMigration } from '../sql-migration.js';

/** Versions remember the upload under way, so that a worker that goes on after a crash ends it. */
export class VersionUploads extends SqlMigration {
  readonly name = 'VersionUploads1763800000022';

  protected readonly forwards = [`alter table annotation_versions add column multipart_upload_id text`];

  protected readonly backwards = [`alter table annotation_versions drop column multipart_upload_id`];
}
