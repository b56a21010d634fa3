import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('maintenance')
@Check('ck_maintenance_only_row', 'only_row')
@Check('ck_maintenance_reason', "reason <> ''")
export class MaintenanceRow {
  @PrimaryColumn({ type: 'boolean', default: true, primaryKeyConstraintName: 'pk_maintenance' })
  only_row: boolean;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  started_at: string;

  @Column('text')
  reason: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expected_end: string | null;

  @Column('text')
  started_by: string;
}
