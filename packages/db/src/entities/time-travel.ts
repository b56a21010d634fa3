import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { SPLIT_RULE } from '../migrations/labeler/25-image-splits.js';
import { AnnotationProject } from './dataset.js';
import { QueuedJobColumns } from './job-columns.js';
import { PictureColumns } from './picture-columns.js';

@Entity('restores')
@Check('ck_restores_status', `status in ('queued', 'running', 'completed', 'failed')`)
@Index('ix_restores_project_id', ['project_id', 'id'])
export class Restore extends QueuedJobColumns {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_restores',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_restores_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('jsonb')
  selection: Record<string, unknown>;

  @Column({ type: 'boolean', default: false })
  overwrite: boolean;

  @Column({ type: 'boolean', default: false })
  may_edit_verified: boolean;

  @Column({ type: 'bigint', array: true, nullable: true })
  image_ids: number[] | null;

  @Column({ type: 'integer', default: 0 })
  done: number;

  @Column({ type: 'jsonb', default: {} })
  counts: Record<string, unknown>;
}

@Entity('annotation_versions')
@Check('ck_annotation_versions_number', `number > 0`)
@Check('ck_annotation_versions_status', `status in ('queued', 'building', 'published', 'failed', 'deleted')`)
@Index('uq_annotation_versions_number', ['project_id', 'number'], { unique: true, where: `status <> 'failed'` })
@Index('uq_annotation_versions_under_way', ['project_id'], {
  unique: true,
  where: `status in ('queued', 'building')`,
})
@Index('ix_annotation_versions_project_id', ['project_id', 'id'])
export class AnnotationVersion {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_annotation_versions',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_annotation_versions_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('integer')
  number: number;

  @Column({ type: 'text', default: 'queued' })
  status: string;

  @Column({ type: 'text', default: '' })
  note: string;

  @Column('jsonb')
  options: Record<string, unknown>;

  @Column({ type: 'text', nullable: true })
  project_name: string | null;

  @Column({ type: 'text', array: true, nullable: true })
  task_types: string[] | null;

  @Column({ type: 'jsonb', nullable: true })
  classes: unknown;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  frozen_at: string | null;

  @Column({ type: 'real', default: 0 })
  progress: number;

  @Column({ type: 'jsonb', nullable: true })
  manifest: unknown;

  @Column({ type: 'text', nullable: true })
  storage_key: string | null;

  @Column({ type: 'text', nullable: true })
  multipart_upload_id: string | null;

  @Column({ type: 'bigint', nullable: true })
  size_bytes: number | null;

  @Column({ type: 'text', nullable: true })
  sha256: string | null;

  @Column({ type: 'jsonb', nullable: true })
  error: unknown;

  @Column('text')
  created_by: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  published_at: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deleted_at: string | null;

  @Column({ type: 'text', nullable: true })
  deleted_by: string | null;
}

/** An image of a version as it was, and which version of which annotations lay on it. */
@Entity('version_images')
@Check('ck_version_images_split', SPLIT_RULE)
export class VersionImage extends PictureColumns {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_version_images' })
  @ForeignKey(() => AnnotationVersion, { name: 'fk_version_images_version_id', onDelete: 'CASCADE' })
  version_id: number;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_version_images' })
  image_id: number;

  @Column({ type: 'bigint', array: true })
  annotation_ids: number[];

  @Column({ type: 'integer', array: true })
  annotation_versions: number[];

  @Column({ type: 'text', nullable: true })
  split: string | null;
}
