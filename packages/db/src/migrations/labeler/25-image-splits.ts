import { SqlMigration } from '../sql-migration.js';

export const SPLIT_RULE = `split in ('train', 'val', 'test')`;

/** The split that people or imported files put an image into; without one it follows from the path. */
export class ImageSplits extends SqlMigration {
  readonly name = 'ImageSplits1763800000025';

  protected readonly forwards = [
    `alter table image_metadata add column split text constraint ck_image_metadata_split check (${SPLIT_RULE})`,
    `create index ix_image_metadata_split on image_metadata (dataset_id, split, id) where split is not null`,
    `alter table version_images add column split text constraint ck_version_images_split check (${SPLIT_RULE})`,
    // What was there before an import chose, to be put back.
    `create table import_splits (
      import_id bigint not null constraint fk_import_splits_import_id references imports (id) on delete cascade,
      image_id bigint not null,
      split text not null constraint ck_import_splits_split check (${SPLIT_RULE}),
      previous text,
      constraint pk_import_splits primary key (import_id, image_id)
    )`,
  ];

  protected readonly backwards = [
    `drop table import_splits`,
    `alter table version_images drop column split`,
    `drop index ix_image_metadata_split`,
    `alter table image_metadata drop column split`,
  ];
}
