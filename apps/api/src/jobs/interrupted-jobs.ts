import type { LabelerDb } from '@labelyard/db';

/** Jobs that stopped because maintenance began. They are run again as if that time had never been. */
export class InterruptedJobs {
  private readonly ids = new Set<string>();
  /** Worker pools of this process that ended in maintenance. */
  private readonly pools = new Set<string>();

  constructor(private readonly db: Pick<LabelerDb, 'sql'>) {}

  add(job_id: string): void {
    this.ids.add(job_id);
  }

  has(job_id: string): boolean {
    return this.ids.has(job_id);
  }

  /** The pool is gone: what the database did not let it give back is still under its name. */
  poolEnded(pool_id: string): void {
    this.pools.add(pool_id);
  }

  /** Takes back the attempt that was counted. Refused in a database that stands still; to be called again then. */
  async giveBack(): Promise<void> {
    if (this.ids.size === 0) return;
    const { sql } = this.db;
    await sql.rows('select graphile_worker.force_unlock_workers($1)', [[...this.pools]]);
    await sql.rows(
      `select graphile_worker.reschedule_jobs(array[id], run_at := now(), attempts := greatest(attempts - 1, 0))
        from graphile_worker.jobs where id = any ($1::bigint[]) and locked_at is null`,
      [[...this.ids]],
    );
    this.ids.clear();
    this.pools.clear();
  }
}
