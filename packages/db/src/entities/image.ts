import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { STATUS_RULE } from '../migrations/labeler/08-tasks.js';
import { SPLIT_RULE } from '../migrations/labeler/25-image-splits.js';
import { AnnotationProject, Dataset } from './dataset.js';
import { PictureColumns } from './picture-columns.js';

const STATUS_CHECK = `status in ('not_started', 'in_progress', 'completed', 'reviewed', 'rejected')`;

@Entity('image_metadata')
@Unique('uq_image_metadata_path', ['dataset_id', 'path'])
@Check('ck_image_metadata_path', `path <> ''`)
@Check('ck_image_metadata_width', `width > 0`)
@Check('ck_image_metadata_height', `height > 0`)
@Check('ck_image_metadata_size_bytes', `size_bytes >= 0`)
@Check('ck_image_metadata_sha256', `length(sha256) = 64`)
@Check('ck_image_metadata_status', STATUS_CHECK)
@Check('ck_image_metadata_split', SPLIT_RULE)
@Check('ck_image_metadata_thumbnail_state', `thumbnail_state in ('pending', 'ready', 'failed')`)
@Index('ix_image_metadata_id', ['dataset_id', 'id'])
@Index('ix_image_metadata_status_id', ['dataset_id', 'status', 'id'])
@Index('ix_image_metadata_status_path', ['dataset_id', 'status', 'path'])
@Index('ix_image_metadata_uploaded_at', ['dataset_id', 'uploaded_at', 'id'])
@Index('ix_image_metadata_size', ['dataset_id', 'size_bytes', 'id'])
@Index('ix_image_metadata_split', ['dataset_id', 'split', 'id'], { where: 'split is not null' })
@Index('ix_image_metadata_thumbnail_missing', ['id'], { where: `thumbnail_state <> 'ready'` })
// Over an expression, which TypeORM cannot describe.
@Index('ix_image_metadata_search', { synchronize: false })
export class ImageMetadata extends PictureColumns {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_image_metadata',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => Dataset, { name: 'fk_image_metadata_dataset_id', onDelete: 'CASCADE' })
  dataset_id: number;

  /** Over all task types; kept by the database. */
  @Column({ type: 'text', default: 'not_started' })
  status: string;

  @Column({ type: 'text', default: 'pending' })
  thumbnail_state: string;

  @Column({ type: 'integer', default: 0 })
  thumbnail_attempts: number;

  @Column({ type: 'integer', default: 1 })
  revision: number;

  /** As people or imported files chose; null where it follows from the path. */
  @Column({ type: 'text', nullable: true })
  split: string | null;

  @Column('text')
  uploaded_by: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  uploaded_at: string;
}

@Entity('image_statuses')
@Index('ix_image_statuses_status', ['project_id', 'task_type', 'status', 'image_id'])
@Index('ix_image_statuses_task_id', ['task_id', 'status', 'image_id'], { where: 'task_id is not null' })
@Index('ix_image_statuses_free', ['project_id', 'task_type', 'status', 'image_id'], { where: 'task_id is null' })
@Index('ix_image_statuses_review', ['project_id', 'confirmed_at', 'image_id', 'task_type'], {
  where: `status = 'completed'`,
})
@Index('ix_image_statuses_rework_by', ['rework_by', 'rejected_at', 'image_id'], { where: 'rework_by is not null' })
@Check('ck_image_statuses_counts', `annotation_count = draft_count + confirmed_count + verified_count`)
export class ImageStatusRow {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_image_statuses' })
  @ForeignKey(() => ImageMetadata, { name: 'fk_image_statuses_image_id', onDelete: 'CASCADE' })
  image_id: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_image_statuses' })
  task_type: string;

  @Column('bigint')
  project_id: number;

  @Column({ type: 'integer', default: 0 })
  annotation_count: number;

  @Column({ type: 'integer', default: 0 })
  draft_count: number;

  @Column({ type: 'integer', default: 0 })
  confirmed_count: number;

  @Column({ type: 'integer', default: 0 })
  verified_count: number;

  @Column({ type: 'integer', default: 0 })
  rejected_count: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  confirmed_at: string | null;

  @Column({ type: 'text', nullable: true })
  confirmed_by: string | null;

  /** The annotation task the image belongs to for this task type. */
  @Column({ type: 'bigint', nullable: true })
  task_id: number | null;

  /** When the image as a whole was rejected, until it is confirmed again. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  rejected_at: string | null;

  /** When the image as a whole was accepted, until it is edited. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  reviewed_at: string | null;

  /** Who has to do it again after a rejection. */
  @Column({ type: 'text', nullable: true })
  rework_by: string | null;

  @Column({ type: 'text', generatedType: 'STORED', asExpression: STATUS_RULE })
  status: string;
}

@Entity('project_status_counts')
@Check('ck_project_status_counts_status', STATUS_CHECK)
export class ProjectStatusCount {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_project_status_counts' })
  @ForeignKey(() => AnnotationProject, { name: 'fk_project_status_counts_project_id', onDelete: 'CASCADE' })
  project_id: number;

  /** A task type, or `overall`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_project_status_counts' })
  task_type: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_project_status_counts' })
  status: string;

  /** Writers at the same time take different ones; the counter is their sum. */
  @PrimaryColumn({ type: 'integer', default: 0, primaryKeyConstraintName: 'pk_project_status_counts' })
  slot: number;

  @Column({ type: 'bigint', default: 0 })
  image_count: number;
}
