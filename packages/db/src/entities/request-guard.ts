import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('idempotency_keys')
@Index('ix_idempotency_keys_created_at', ['created_at'])
export class IdempotencyKeyRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_idempotency_keys' })
  user_id: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_idempotency_keys' })
  key: string;

  @Column('text')
  method_path: string;

  @Column('text')
  request_hash: string;

  @Column({ type: 'integer', nullable: true })
  response_status: number | null;

  @Column({ type: 'text', nullable: true })
  response_body: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;
}

@Entity('ended_sessions')
@Index('ix_ended_sessions_expires_at', ['expires_at'])
export class EndedSession {
  /** SHA-256 of its token. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ended_sessions' })
  token_hash: string;

  @Column({ type: 'timestamptz', precision: 3 })
  expires_at: string;
}

@Entity('rate_limits')
@Index('ix_rate_limits_reset_at', ['reset_at'])
export class RateLimit {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_rate_limits' })
  key: string;

  @Column('integer')
  hits: number;

  @Column({ type: 'timestamptz', precision: 3 })
  reset_at: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  blocked_until: string | null;
}
