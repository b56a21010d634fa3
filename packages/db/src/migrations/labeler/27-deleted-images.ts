import { SqlMigration } from '../sql-migration.js';

/**
 * Deleted images, moved out of the way whole: no other query has to know of them, and they come back as they were. Their annotations lie
 * in the history too, as every deleted one, for the versions that hold them.
 */
export class DeletedImages extends SqlMigration {
  readonly name = 'DeletedImages1763800000027';

  protected readonly forwards = [
    // The rows themselves are json and not jsonb: geometry keeps its text. They are gone (null) once the time to bring the image back is
    // over; the rest stays as long as a version needs the picture. deletion_id: what one person deleted in one go.
    `create table deleted_images (
      image_id bigint not null constraint pk_deleted_images primary key,
      project_id bigint not null
        constraint fk_deleted_images_project_id references annotation_projects (id) on delete cascade,
      dataset_id bigint not null,
      deletion_id uuid not null,
      deleted_by text not null,
      deleted_at timestamptz(3) not null default now(),
      expires_at timestamptz(3) not null,
      path text collate "C" not null,
      width integer not null,
      height integer not null,
      size_bytes bigint not null,
      sha256 text not null,
      content_type text not null,
      thumbnail_state text not null,
      annotation_count integer not null,
      comment_count integer not null,
      class_names json not null default '{}',
      image json,
      statuses json,
      annotations json,
      comments json
    )`,
    `create index ix_deleted_images_project_id on deleted_images (project_id, deleted_at, image_id)`,
    `create index ix_deleted_images_deletion_id on deleted_images (deletion_id, image_id)`,
    `create index ix_deleted_images_path on deleted_images (dataset_id, path)`,
    `create index ix_deleted_images_expires_at on deleted_images (expires_at)`,
    // Pictures whose place in the storage went to another one while a deleted image or a version still needs them.
    `create table kept_pictures (
      image_id bigint not null,
      sha256 text not null,
      dataset_id bigint not null constraint fk_kept_pictures_dataset_id references datasets (id) on delete cascade,
      size_bytes bigint not null,
      content_type text not null,
      kept_at timestamptz(3) not null default now(),
      constraint pk_kept_pictures primary key (image_id, sha256)
    )`,
    `create index ix_kept_pictures_dataset_id on kept_pictures (dataset_id)`,
  ];

  protected readonly backwards = [`drop table kept_pictures`, `drop table deleted_images`];
}
