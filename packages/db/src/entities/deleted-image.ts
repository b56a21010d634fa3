import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AnnotationProject, Dataset } from './dataset.js';
import { PictureColumns } from './picture-columns.js';

const TIME = { type: 'timestamptz', precision: 3 } as const;

/** A deleted image with all that was on it; its rows are null once it cannot come back. */
@Entity('deleted_images')
@Index('ix_deleted_images_project_id', ['project_id', 'deleted_at', 'image_id'])
@Index('ix_deleted_images_deletion_id', ['deletion_id', 'image_id'])
@Index('ix_deleted_images_path', ['dataset_id', 'path'])
@Index('ix_deleted_images_expires_at', ['expires_at'])
export class DeletedImageEntity extends PictureColumns {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_deleted_images' })
  image_id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_deleted_images_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('bigint')
  dataset_id: number;

  /** What one person deleted in one go. */
  @Column('uuid')
  deletion_id: string;

  @Column('text')
  deleted_by: string;

  @Column({ ...TIME, default: () => 'now()' })
  deleted_at: string;

  @Column(TIME)
  expires_at: string;

  @Column('text')
  thumbnail_state: string;

  @Column('integer')
  annotation_count: number;

  @Column('integer')
  comment_count: number;

  /** By class id: what to call what cannot come back when its class is gone. */
  @Column({ type: 'json', default: {} })
  class_names: Record<string, string>;

  @Column({ type: 'json', nullable: true })
  image: unknown;

  @Column({ type: 'json', nullable: true })
  statuses: unknown;

  @Column({ type: 'json', nullable: true })
  annotations: unknown;

  @Column({ type: 'json', nullable: true })
  comments: unknown;
}

/** A picture that lies under a key of its own, because its image's key went to another one. */
@Entity('kept_pictures')
@Index('ix_kept_pictures_dataset_id', ['dataset_id'])
export class KeptPictureEntity {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_kept_pictures' })
  image_id: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_kept_pictures' })
  sha256: string;

  @Column('bigint')
  @ForeignKey(() => Dataset, { name: 'fk_kept_pictures_dataset_id', onDelete: 'CASCADE' })
  dataset_id: number;

  @Column('bigint')
  size_bytes: number;

  @Column('text')
  content_type: string;

  @Column({ ...TIME, default: () => 'now()' })
  kept_at: string;
}
