import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AnnotationProject } from './dataset.js';
import { ImageMetadata } from './image.js';

@Entity('image_locks')
@Index('ix_image_locks_project_id', ['project_id', 'image_id'])
@Index('ix_image_locks_expires_at', ['expires_at'])
export class ImageLockRow {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_image_locks' })
  @ForeignKey(() => ImageMetadata, { name: 'fk_image_locks_image_id', onDelete: 'CASCADE' })
  image_id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_image_locks_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('text')
  user_id: string;

  @Column('text')
  user_name: string;

  @Column({ type: 'timestamptz', precision: 3 })
  acquired_at: string;

  @Column({ type: 'timestamptz', precision: 3 })
  expires_at: string;
}

@Entity('project_presence')
@Index('ix_project_presence_project_id', ['project_id'])
@Index('ix_project_presence_seen_at', ['seen_at'])
export class ProjectPresence {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_project_presence' })
  stream_id: string;

  @Column('bigint')
  project_id: number;

  @Column('text')
  user_id: string;

  @Column({ type: 'bigint', nullable: true })
  image_id: number | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  moved_at: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  seen_at: string;
}
