import { SqlMigration } from '../sql-migration.js';

/** Who works on which image now, and who has which project open. */
export class Locks extends SqlMigration {
  readonly name = 'Locks1763800000007';

  protected readonly forwards = [
    // The holder's name is kept beside their id: a lock lives a minute, and whoever is kept out is told by whom in the same query.
    `create table image_locks (
      image_id bigint not null constraint pk_image_locks primary key
        constraint fk_image_locks_image_id references image_metadata (id) on delete cascade,
      project_id bigint not null
        constraint fk_image_locks_project_id references annotation_projects (id) on delete cascade,
      user_id text not null,
      user_name text not null,
      acquired_at timestamptz(3) not null,
      expires_at timestamptz(3) not null
    ) with (fillfactor = 70)`,
    `create index ix_image_locks_project_id on image_locks (project_id, image_id)`,
    `create index ix_image_locks_expires_at on image_locks (expires_at)`,
    // True only while the streams it tells about are open, so it need not survive a crash and is not written to the log.
    `create unlogged table project_presence (
      stream_id uuid not null constraint pk_project_presence primary key,
      project_id bigint not null,
      user_id text not null,
      image_id bigint,
      moved_at timestamptz(3) not null default now(),
      seen_at timestamptz(3) not null default now()
    ) with (fillfactor = 70)`,
    `create index ix_project_presence_project_id on project_presence (project_id)`,
    `create index ix_project_presence_seen_at on project_presence (seen_at)`,
  ];

  protected readonly backwards = [`drop table project_presence`, `drop table image_locks`];
}
