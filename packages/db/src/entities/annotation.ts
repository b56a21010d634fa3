import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { AnnotationProject } from './dataset.js';
import { ImageMetadata } from './image.js';

@Entity('classes')
@Check('ck_classes_name', `name <> ''`)
@Check('ck_classes_color', `color ~ '^#[0-9a-f]{6}$'`)
// Over lower(name), which TypeORM cannot describe.
@Index('uq_classes_name', { synchronize: false })
export class LabelClass {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_classes',
  })
  id: number;

  @Column('bigint')
  @ForeignKey(() => AnnotationProject, { name: 'fk_classes_project_id', onDelete: 'CASCADE' })
  project_id: number;

  @Column('text')
  task_type: string;

  @Column('text')
  name: string;

  @Column('text')
  color: string;

  @Column('integer')
  position: number;

  @Column({ type: 'jsonb', default: {} })
  attributes: Record<string, unknown>;

  @Column({ type: 'jsonb', default: [] })
  keypoints: string[];

  @Column({ type: 'jsonb', default: [] })
  skeleton: [number, number][];

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updated_at: string;
}

@Entity('annotations')
@Check('ck_annotations_state', `state in ('draft', 'confirmed', 'verified')`)
@Check('ck_annotations_source', `source in ('manual', 'import', 'model', 'platform')`)
@Check('ck_annotations_confidence', `confidence >= 0 and confidence <= 1`)
@Index('ix_annotations_image_id', ['image_id', 'id'])
@Index('ix_annotations_project_id', ['project_id', 'id'])
@Index('ix_annotations_class_id', ['class_id', 'image_id'])
export class AnnotationRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_annotations',
  })
  id: number;

  @Column('bigint')
  project_id: number;

  @Column('bigint')
  @ForeignKey(() => ImageMetadata, { name: 'fk_annotations_image_id', onDelete: 'CASCADE' })
  image_id: number;

  @Column({ type: 'bigint', nullable: true })
  @ForeignKey(() => LabelClass, { name: 'fk_annotations_class_id', onDelete: 'RESTRICT' })
  class_id: number | null;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column('text')
  task_type: string;

  @Column('text')
  annotation_type: string;

  @Column({ type: 'text', default: 'draft' })
  state: string;

  @Column({ type: 'text', default: 'manual' })
  source: string;

  @Column({ type: 'double precision', nullable: true })
  bbox_x: number | null;

  @Column({ type: 'double precision', nullable: true })
  bbox_y: number | null;

  @Column({ type: 'double precision', nullable: true })
  bbox_w: number | null;

  @Column({ type: 'double precision', nullable: true })
  bbox_h: number | null;

  @Column({ type: 'double precision', nullable: true })
  area: number | null;

  @Column({ type: 'double precision', nullable: true })
  confidence: number | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updated_at: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  confirmed_at: string | null;

  @Column('text')
  created_by: string;

  @Column('text')
  updated_by: string;

  @Column({ type: 'text', nullable: true })
  confirmed_by: string | null;

  /** json, not jsonb: the canonical text comes back byte for byte, and exports copy it without rendering numbers anew. */
  @Column('json')
  geometry: unknown;

  @Column({ type: 'jsonb', default: {} })
  attributes: Record<string, unknown>;

  /** When a reviewer rejected it, until it is confirmed again. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  rejected_at: string | null;
}

/** Append-only: one row per change. `previous` is the annotation, as the wire has it, before the change. */
@Entity('annotation_history')
@Check(
  'ck_annotation_history_action',
  `action in ('create', 'update', 'delete', 'confirm', 'unconfirm', 'verify', 'reject', 'restore')`,
)
@Index('ix_annotation_history_time', ['project_id', 'changed_at', 'id'])
@Index('ix_annotation_history_person', ['project_id', 'changed_by', 'changed_at', 'id'])
@Index('ix_annotation_history_image', ['image_id', 'changed_at', 'id'])
@Index('ix_annotation_history_annotation_id', ['annotation_id', 'version'])
@Index('uq_annotation_history_op_id', ['op_id'], { unique: true, where: 'op_id is not null' })
export class AnnotationHistory {
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_annotation_history' })
  project_id: number;

  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_annotation_history',
  })
  id: number;

  @Column('bigint')
  image_id: number;

  @Column('bigint')
  annotation_id: number;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  changed_at: string;

  /** The client's operation that made the change; one sent again is recognised by it. */
  @Column({ type: 'uuid', nullable: true })
  op_id: string | null;

  /** The annotation's version after the change. */
  @Column('integer')
  version: number;

  @Column('text')
  action: string;

  @Column('text')
  changed_by: string;

  @Column({ type: 'json', nullable: true })
  previous: unknown;
}
