import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('audit_log')
@Check('ck_audit_log_actor_kind', `actor_kind in ('user', 'service_token', 'system')`)
@Check('ck_audit_log_outcome', `outcome in ('done', 'denied')`)
@Index('ix_audit_log_time', ['happened_at', 'id'])
@Index('ix_audit_log_project_id', ['project_id', 'happened_at', 'id'])
@Index('ix_audit_log_actor_id', ['actor_id', 'happened_at', 'id'])
@Index('ix_audit_log_action', ['action', 'happened_at', 'id'])
export class AuditLog {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_audit_log',
  })
  id: number;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  happened_at: string;

  @Column({ type: 'bigint', nullable: true })
  project_id: number | null;

  @Column({ type: 'text', nullable: true })
  actor_id: string | null;

  @Column({ type: 'text', default: 'user' })
  actor_kind: string;

  @Column('text')
  action: string;

  @Column({ type: 'text', default: 'done' })
  outcome: string;

  @Column({ type: 'text', nullable: true })
  subject_type: string | null;

  @Column({ type: 'text', nullable: true })
  subject_id: string | null;

  @Column({ type: 'jsonb', default: {} })
  details: Record<string, unknown>;

  @Column({ type: 'text', nullable: true })
  request_id: string | null;
}
