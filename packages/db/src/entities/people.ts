import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('organizations')
// Over lower(name), which TypeORM cannot describe.
@Index('uq_organizations_name', { synchronize: false })
export class Organization {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_organizations',
  })
  id: number;

  @Column('text')
  name: string;

  @Column({ type: 'text', nullable: true })
  company: string | null;

  @Column({ type: 'text', nullable: true })
  division: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updated_at: string;
}

@Entity('users')
@Check('ck_users_system_role', `system_role in ('admin', 'manager', 'advanced_engineer', 'standard_engineer', 'guest')`)
@Index('ix_users_organization_id', ['organization_id'])
// Over lower(email), which TypeORM cannot describe.
@Index('uq_users_email', { synchronize: false })
@Index('ix_users_full_name', { synchronize: false })
export class User {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_users',
  })
  id: number;

  @Column('text')
  email: string;

  @Column({ type: 'text', nullable: true })
  hashed_password: string | null;

  @Column('text')
  full_name: string;

  @Column({ type: 'text', nullable: true })
  company: string | null;

  @Column({ type: 'text', nullable: true })
  division: string | null;

  @Column({ type: 'text', nullable: true })
  department: string | null;

  @Column({ type: 'bigint', nullable: true })
  @ForeignKey(() => Organization, { name: 'fk_users_organization_id', onDelete: 'SET NULL' })
  organization_id: number | null;

  @Column({ type: 'text', default: 'guest' })
  system_role: string;

  @Column({ type: 'boolean', default: true })
  is_active: boolean;

  @Column({ type: 'text', nullable: true })
  avatar_name: string | null;

  @Column({ type: 'text', nullable: true })
  badge_color: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updated_at: string;

  @Column({ type: 'integer', default: 0 })
  session_epoch: number;
}

@Entity('invitations')
@Unique('uq_invitations_token', ['token'])
@Index('ix_invitations_invitee_id', ['invitee_id', 'id'])
@Index('ix_invitations_inviter_id', ['inviter_id', 'id'])
@Index('ix_invitations_project_id', ['project_id', 'id'])
// Over lower(invitee_email).
@Index('uq_invitations_pending', { synchronize: false })
@Index('ix_invitations_invitee_email', { synchronize: false })
@Check('ck_invitations_role', `role in ('viewer', 'annotator', 'reviewer', 'admin', 'owner')`)
@Check('ck_invitations_status', `status in ('pending', 'accepted', 'declined', 'expired', 'cancelled')`)
export class Invitation {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_invitations',
  })
  id: number;

  @Column('text')
  token: string;

  @Column('bigint')
  project_id: number;

  @Column('text')
  inviter_id: string;

  @Column({ type: 'text', nullable: true })
  invitee_id: string | null;

  @Column('text')
  invitee_email: string;

  @Column('text')
  role: string;

  @Column({ type: 'text', default: 'pending' })
  status: string;

  @Column({ type: 'text', nullable: true })
  message: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3 })
  expires_at: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  accepted_at: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  cancelled_at: string | null;
}
