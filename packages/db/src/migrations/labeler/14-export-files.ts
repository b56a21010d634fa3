import { SqlMigration } from '../sql-migration.js';

const STATUSES = `'queued', 'running', 'completed', 'failed', 'cancelled'`;

/** Exports remember what they leave in the storage, so that it can be removed whenever a process dies; files expire. */
export class ExportFiles extends SqlMigration {
  readonly name = 'ExportFiles1763800000014';

  protected readonly forwards = [
    `alter table exports
      add column multipart_upload_id text,
      add column deleted_at timestamptz(3),
      add column cleaned_at timestamptz(3),
      drop constraint ck_exports_status,
      add constraint ck_exports_status check (status in (${STATUSES}, 'expired'))`,
    `create index ix_exports_expires_at on exports (expires_at) where status = 'completed'`,
    // Few at any time: what is finished and cleaned leaves it.
    `create index ix_exports_uncleaned on exports (id)
      where cleaned_at is null and (deleted_at is not null or status in ('failed', 'cancelled', 'expired'))`,
  ];

  protected readonly backwards = [
    `drop index ix_exports_uncleaned`,
    `drop index ix_exports_expires_at`,
    `update exports set status = 'cancelled' where status = 'expired'`,
    `alter table exports
      drop constraint ck_exports_status,
      add constraint ck_exports_status check (status in (${STATUSES})),
      drop column cleaned_at,
      drop column deleted_at,
      drop column multipart_upload_id`,
  ];
}
