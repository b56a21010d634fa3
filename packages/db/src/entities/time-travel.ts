import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { AnnotationProject } from './dataset.js';

@Entity('restores')
@Check('ck_restores_status', `status in ('queued', 'running', 'completed', 'failed')`)
@Index('ix_restores_project_id', ['project_id', 'id'])
export class Restore {
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

  @Column({ type: 'text', default: 'queued' })
  status: string;

  @Column({ type: 'bigint', array: true, nullable: true })
  image_ids: number[] | null;

  @Column({ type: 'integer', default: 0 })
  done: number;

  @Column({ type: 'jsonb', default: {} })
  counts: Record<string, unknown>;

  @Column({ type: 'jsonb', nullable: true })
  error: unknown;

  @Column('text')
  created_by: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  finished_at: string | null;
}
