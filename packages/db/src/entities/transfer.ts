import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { AnnotationProject, Dataset } from './dataset.js';
import { QueuedJobColumns } from './job-columns.js';

@Entity('uploads')
@Check('ck_uploads_on_duplicate', `on_duplicate in ('skip', 'overwrite', 'rename')`)
@Check('ck_uploads_purpose', `purpose in ('images', 'import')`)
@Check('ck_uploads_status', `status in ('open', 'completed', 'expired')`)
@Index('ix_uploads_dataset_id', ['dataset_id'])
@Index('ix_uploads_expires_at', ['expires_at'], { where: `status = 'open'` })
export class Upload {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_uploads',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => Dataset, { name: 'fk_uploads_dataset_id', onDelete: 'CASCADE' })
  dataset_id: number;

  @Column('text')
  created_by: string;

  @Column('text')
  on_duplicate: string;

  @Column({ type: 'text', default: 'images' })
  purpose: string;

  @Column({ type: 'text', default: 'open' })
  status: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3 })
  expires_at: string;
}

@Entity('upload_files')
@Check('ck_upload_files_status', `status in ('pending', 'completed', 'skipped', 'rejected')`)
export class UploadFile {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_upload_files' })
  @ForeignKey(() => Upload, { name: 'fk_upload_files_upload_id', onDelete: 'CASCADE' })
  upload_id: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_upload_files' })
  n: number;

  @Column('text')
  path: string;

  @Column('bigint')
  size_bytes: number;

  @Column('text')
  content_type: string;

  @Column({ type: 'text', nullable: true })
  sha256: string | null;

  @Column({ type: 'text', default: 'pending' })
  status: string;

  @Column({ type: 'text', nullable: true })
  storage_key: string | null;

  @Column({ type: 'text', nullable: true })
  multipart_upload_id: string | null;

  @Column({ type: 'bigint', nullable: true })
  part_size: number | null;

  @Column({ type: 'bigint', nullable: true })
  image_id: number | null;

  @Column({ type: 'text', nullable: true })
  code: string | null;

  @Column({ type: 'text', nullable: true })
  message: string | null;
}

@Entity('exports')
@Check('ck_exports_status', `status in ('queued', 'running', 'completed', 'failed', 'cancelled', 'expired')`)
@Check('ck_exports_progress', `progress between 0 and 1`)
@Index('ix_exports_project_id', ['project_id', 'id'])
@Index('ix_exports_expires_at', ['expires_at'], { where: `status = 'completed'` })
@Index('ix_exports_uncleaned', ['id'], {
  where: `cleaned_at is null and (deleted_at is not null or status in ('failed', 'cancelled', 'expired'))`,
})
export class Export extends QueuedJobColumns {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_exports',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_exports_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('text')
  format: string;

  @Column({ type: 'jsonb', default: {} })
  options: Record<string, unknown>;

  @Column({ type: 'real', default: 0 })
  progress: number;

  @Column({ type: 'text', nullable: true })
  storage_key: string | null;

  @Column({ type: 'bigint', nullable: true })
  size_bytes: number | null;

  @Column({ type: 'text', nullable: true })
  sha256: string | null;

  @Column({ type: 'jsonb', nullable: true })
  report: unknown;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  started_at: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expires_at: string | null;
  @Column({ type: 'text', nullable: true })
  multipart_upload_id: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deleted_at: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  cleaned_at: string | null;
}
