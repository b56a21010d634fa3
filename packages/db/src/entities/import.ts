import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { SPLIT_RULE } from '../migrations/labeler/25-image-splits.js';
import { AnnotationProject } from './dataset.js';
import { JobColumns } from './job-columns.js';

@Entity('imports')
@Check(
  'ck_imports_status',
  `status in ('checking', 'ready', 'applying', 'completed', 'failed', 'cancelled', 'undoing', 'undone')`,
)
@Check('ck_imports_progress', `progress between 0 and 1`)
@Index('ix_imports_project_id', ['project_id', 'id'])
export class Import extends JobColumns {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_imports',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_imports_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('jsonb')
  source: Record<string, unknown>;

  @Column('text')
  format: string;

  @Column({ type: 'text', nullable: true })
  recognised: string | null;

  @Column({ type: 'jsonb', default: {} })
  choices: Record<string, unknown>;

  @Column({ type: 'text', default: 'checking' })
  status: string;

  @Column({ type: 'real', default: 0 })
  progress: number;

  @Column({ type: 'text', nullable: true })
  sha256: string | null;

  @Column({ type: 'jsonb', nullable: true })
  report: unknown;

  @Column({ type: 'jsonb', nullable: true })
  result: unknown;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  started_at: string | null;

  @Column({ type: 'text', nullable: true })
  undone_by: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  undone_at: string | null;
}

@Entity('import_issues')
@Check('ck_import_issues_severity', `severity in ('error', 'warning')`)
export class ImportIssueRow {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_issues' })
  @ForeignKey(() => Import, { name: 'fk_import_issues_import_id', onDelete: 'CASCADE' })
  import_id: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_import_issues' })
  n: number;

  @Column('text')
  severity: string;

  @Column('text')
  code: string;

  @Column('text')
  file: string;

  @Column({ type: 'integer', nullable: true })
  line: number | null;

  @Column({ type: 'text', nullable: true })
  path: string | null;

  @Column('text')
  message: string;
}

@Entity('import_pictures')
@Check('ck_import_pictures_fate', `fate in ('new', 'matched_by_name', 'matched_by_hash', 'rejected')`)
export class ImportPictureRow {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_pictures' })
  @ForeignKey(() => Import, { name: 'fk_import_pictures_import_id', onDelete: 'CASCADE' })
  import_id: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_import_pictures' })
  n: number;

  @Column('text')
  file: string;

  @Column('text')
  path: string;

  @Column('text')
  fate: string;

  @Column({ type: 'bigint', nullable: true })
  image_id: number | null;

  @Column({ type: 'integer', nullable: true })
  width: number | null;

  @Column({ type: 'integer', nullable: true })
  height: number | null;

  @Column({ type: 'bigint', nullable: true })
  size_bytes: number | null;

  @Column({ type: 'text', nullable: true })
  sha256: string | null;

  @Column({ type: 'text', nullable: true })
  content_type: string | null;

  @Column({ type: 'boolean', default: false })
  staged: boolean;

  @Column({ type: 'text', nullable: true })
  code: string | null;

  @Column({ type: 'text', nullable: true })
  message: string | null;
}

@Entity('import_ranges')
@Check('ck_import_ranges_kind', `kind in ('annotation', 'image', 'class')`)
export class ImportRange {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_ranges' })
  @ForeignKey(() => Import, { name: 'fk_import_ranges_import_id', onDelete: 'CASCADE' })
  import_id: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_import_ranges' })
  kind: string;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_ranges' })
  first_id: number;

  @Column('bigint')
  last_id: number;
}

@Entity('import_replaced')
export class ImportReplaced {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_replaced' })
  @ForeignKey(() => Import, { name: 'fk_import_replaced_import_id', onDelete: 'CASCADE' })
  import_id: number;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_replaced' })
  annotation_id: number;

  @Column('json')
  row: unknown;
}

/** An image that an import put into a split, and what it was in before. */
@Entity('import_splits')
@Check('ck_import_splits_split', SPLIT_RULE)
export class ImportSplit {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_splits' })
  @ForeignKey(() => Import, { name: 'fk_import_splits_import_id', onDelete: 'CASCADE' })
  import_id: number;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_import_splits' })
  image_id: number;

  @Column('text')
  split: string;

  @Column({ type: 'text', nullable: true })
  previous: string | null;
}
