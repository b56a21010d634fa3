import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { AnnotationProject } from './dataset.js';

@Entity('service_tokens')
@Check('ck_service_tokens_name', `name <> ''`)
@Check('ck_service_tokens_scopes', `cardinality(scopes) > 0`)
@Check('ck_service_tokens_previous', `(previous_hash is null) = (previous_until is null)`)
@Unique('uq_service_tokens_secret_hash', ['secret_hash'])
@Index('uq_service_tokens_previous_hash', ['previous_hash'], { unique: true, where: 'previous_hash is not null' })
@Index('ix_service_tokens_project_id', ['project_id', 'id'])
export class ServiceToken {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_service_tokens',
  })
  id: number;

  /** Null for a token of the whole installation. */
  @Column({ type: 'bigint', nullable: true })
  @ForeignKey(() => AnnotationProject, { name: 'fk_service_tokens_project_id', onDelete: 'CASCADE' })
  project_id: number | null;

  @Column('text')
  name: string;

  @Column({ type: 'text', array: true })
  scopes: string[];

  /** SHA-256 of the secret, hex. */
  @Column('text')
  secret_hash: string;

  /** Its last characters, for people to tell tokens apart. */
  @Column('text')
  secret_hint: string;

  /** The secret before the last rotation, for as long as it may still be used. */
  @Column({ type: 'text', nullable: true })
  previous_hash: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  previous_until: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  expires_at: string;

  @Column('text')
  created_by: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  rotated_at: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  last_used_at: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revoked_at: string | null;

  @Column({ type: 'text', nullable: true })
  revoked_by: string | null;
}
