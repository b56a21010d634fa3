import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { AnnotationProject } from './dataset.js';
import { ImageMetadata } from './image.js';
import { QueuedJobColumns } from './job-columns.js';

const TIME = { type: 'timestamptz', precision: 3 } as const;

@Entity('annotation_tasks')
@Check('ck_annotation_tasks_name', `name <> ''`)
@Check('ck_annotation_tasks_state', `state in ('pending', 'in_progress', 'submitted', 'completed')`)
@Index('ix_annotation_tasks_project_id', ['project_id', 'id'])
@Index('ix_annotation_tasks_assignee_id', ['assignee_id', 'id'], { where: `state <> 'completed'` })
@Index('ix_annotation_tasks_due_at', ['due_at'], {
  where: `due_told_at is null and state in ('pending', 'in_progress')`,
})
export class AnnotationTaskRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_annotation_tasks',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_annotation_tasks_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('text')
  task_type: string;

  @Column('text')
  name: string;

  @Column({ type: 'text', default: '' })
  description: string;

  @Column({ type: 'text', nullable: true })
  assignee_id: string | null;

  @Column({ type: 'text', default: 'pending' })
  state: string;

  @Column({ ...TIME, nullable: true })
  due_at: string | null;

  /** When the assignee was told that it is due soon. */
  @Column({ ...TIME, nullable: true })
  due_told_at: string | null;

  /** Why it was handed or sent back last. */
  @Column({ type: 'text', default: '' })
  note: string;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column('text')
  created_by: string;

  @Column({ ...TIME, default: () => 'now()' })
  created_at: string;

  @Column({ ...TIME, default: () => 'now()' })
  updated_at: string;

  @Column({ ...TIME, nullable: true })
  submitted_at: string | null;

  @Column({ ...TIME, nullable: true })
  completed_at: string | null;
}

/** A split of many images, done in the background. */
@Entity('task_splits')
@Check('ck_task_splits_status', `status in ('queued', 'running', 'completed', 'failed', 'cancelled')`)
@Index('ix_task_splits_project_id', ['project_id', 'id'])
@Index('uq_task_splits_under_way', ['project_id', 'task_type'], {
  unique: true,
  where: `status in ('queued', 'running')`,
})
export class TaskSplit extends QueuedJobColumns {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_task_splits',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_task_splits_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('text')
  task_type: string;

  /** As it was asked for. */
  @Column('jsonb')
  request: Record<string, unknown>;

  /** How many it puts into tasks, once that is known. */
  @Column({ type: 'integer', nullable: true })
  images: number | null;

  @Column({ type: 'integer', default: 0 })
  done: number;

  /** How many it made. */
  @Column({ type: 'integer', nullable: true })
  tasks: number | null;

  /** Under which its images are put until their tasks are there. */
  @Column({ type: 'bigint', array: true, nullable: true })
  task_ids: number[] | null;

  @Column({ type: 'integer', default: 0 })
  run: number;
}

/** A task that is gone, whose images are not all out of it. */
@Entity('dissolved_tasks')
@Index('ix_dissolved_tasks_project_id', ['project_id', 'task_type'])
export class DissolvedTask {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_dissolved_tasks' })
  task_id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_dissolved_tasks_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('text')
  task_type: string;
}

@Entity('comments')
@Check('ck_comments_kind', `kind in ('comment', 'rejection')`)
@Check('ck_comments_point', `(x is null) = (y is null)`)
@Index('ix_comments_image_id', ['image_id', 'id'])
@Index('ix_comments_parent_id', ['parent_id', 'id'], { where: 'parent_id is not null' })
@Index('ix_comments_author_id', ['project_id', 'author_id'])
// Descending or gin, which TypeORM cannot describe.
@Index('ix_comments_project_id', { synchronize: false })
@Index('ix_comments_open', { synchronize: false })
@Index('ix_comments_mentions', { synchronize: false })
export class CommentRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_comments',
  })
  id: number;

  @Column('bigint')
  project_id: number;

  @Column('bigint')
  @ForeignKey(() => ImageMetadata, { name: 'fk_comments_image_id', onDelete: 'CASCADE' })
  image_id: number;

  @Column({ type: 'bigint', nullable: true })
  annotation_id: number | null;

  @Column({ type: 'bigint', nullable: true })
  @ForeignKey(() => CommentRow, { name: 'fk_comments_parent_id', onDelete: 'CASCADE' })
  parent_id: number | null;

  @Column({ type: 'text', nullable: true })
  task_type: string | null;

  @Column({ type: 'text', default: 'comment' })
  kind: string;

  @Column({ type: 'double precision', nullable: true })
  x: number | null;

  @Column({ type: 'double precision', nullable: true })
  y: number | null;

  @Column('text')
  author_id: string;

  @Column('text')
  body: string;

  @Column({ type: 'text', array: true, default: '{}' })
  mentions: string[];

  @Column({ ...TIME, default: () => 'now()' })
  created_at: string;

  @Column({ ...TIME, nullable: true })
  edited_at: string | null;

  @Column({ ...TIME, nullable: true })
  deleted_at: string | null;

  @Column({ ...TIME, nullable: true })
  resolved_at: string | null;

  @Column({ type: 'text', nullable: true })
  resolved_by: string | null;
}

@Entity('notifications')
@Check(
  'ck_notifications_kind',
  `kind in ('mention', 'reply', 'rejection', 'task_assigned', 'task_handed_back', 'task_submitted', 'task_sent_back', 'task_due_soon', 'tasks_released')`,
)
@Index('ix_notifications_project_id', ['project_id'])
// Descending, which TypeORM cannot describe.
@Index('ix_notifications_user_id', { synchronize: false })
@Index('ix_notifications_unread', { synchronize: false })
export class NotificationRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_notifications',
  })
  id: number;

  @Column('text')
  user_id: string;

  @Column('text')
  kind: string;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_notifications_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column({ type: 'bigint', nullable: true })
  image_id: number | null;

  @Column({ type: 'bigint', nullable: true })
  annotation_id: number | null;

  @Column({ type: 'bigint', nullable: true })
  task_id: number | null;

  @Column({ type: 'bigint', nullable: true })
  comment_id: number | null;

  @Column({ type: 'text', nullable: true })
  task_type: string | null;

  /** Who caused it; null for the clock. */
  @Column({ type: 'text', nullable: true })
  actor_id: string | null;

  @Column({ type: 'text', default: '' })
  excerpt: string;

  @Column({ ...TIME, default: () => 'now()' })
  created_at: string;

  @Column({ ...TIME, nullable: true })
  read_at: string | null;
}
