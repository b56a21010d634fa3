import { Column } from 'typeorm';

/** What every row has whose work is done by a job: what went wrong, who asked for it and when. */
export abstract class JobColumns {
  @Column({ type: 'jsonb', nullable: true })
  error: unknown;

  @Column('text')
  created_by: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  created_at: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  finished_at: string | null;
}

/** Where the work waits for nothing but its turn. */
export abstract class QueuedJobColumns extends JobColumns {
  @Column({ type: 'text', default: 'queued' })
  status: string;
}
