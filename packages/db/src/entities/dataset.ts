import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

// Entities say what the tables are; migrations say how they came about; a test compares the two. Repositories are SQL.

@Entity('datasets')
@Check('ck_datasets_visibility', `visibility in ('private', 'organization', 'public')`)
@Check('ck_datasets_image_count', `image_count >= 0`)
@Check('ck_datasets_size_bytes', `size_bytes >= 0`)
export class Dataset {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_datasets',
  })
  id: number;

  @Column('text')
  name: string;

  @Column({ type: 'text', default: '' })
  description: string;

  @Column({ type: 'text', default: 'private' })
  visibility: string;

  @Column('text')
  owner_id: string;

  @Column({ type: 'text', nullable: true })
  organization_id: string | null;

  @Column({ type: 'bigint', default: 0 })
  image_count: number;

  @Column({ type: 'bigint', default: 0 })
  size_bytes: number;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updated_at: string;

  /** Hidden from everybody; its rows go away in the background. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deleted_at: string | null;
}

@Entity('annotation_projects')
@Unique('uq_annotation_projects_dataset_id', ['dataset_id'])
@Check('ck_annotation_projects_task_types', `cardinality(task_types) > 0`)
export class AnnotationProject {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_annotation_projects',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => Dataset, { name: 'fk_annotation_projects_dataset_id', onDelete: 'CASCADE' })
  dataset_id: number;

  @Column('text')
  name: string;

  @Column({ type: 'text', array: true })
  task_types: string[];

  @Column({ type: 'jsonb', default: {} })
  settings: Record<string, unknown>;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updated_at: string;
}

@Entity('project_permissions')
@Check('ck_project_permissions_role', `role in ('viewer', 'annotator', 'reviewer', 'admin', 'owner')`)
@Index('ix_project_permissions_user_id', ['user_id', 'project_id'])
export class ProjectPermission {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_project_permissions' })
  @ForeignKey(() => AnnotationProject, { name: 'fk_project_permissions_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_project_permissions' })
  user_id: string;

  @Column('text')
  role: string;

  @Column({ type: 'text', nullable: true })
  granted_by: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  granted_at: string;

  @Column({ type: 'bigint', nullable: true })
  invitation_id: number | null;
}
