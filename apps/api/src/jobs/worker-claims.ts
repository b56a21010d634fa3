import type { SteadyConnection } from '../events/steady-connection.js';

/** First half of the advisory lock's key: "this is a living worker pool". */
const LOCK_SPACE = 18_110_042;

export interface ClaimTiming {
  /** How often to look. */
  readonly sweep_ms: number;
  /** How long a pool may be without its lock before others take its jobs. */
  readonly grace_ms: number;
  /** How long until it stops working on them itself; with `sweep_ms` shorter than the grace, so that it has let go by then. */
  readonly let_go_ms: number;
}

export const CLAIM_TIMING: ClaimTiming = { sweep_ms: 1_000, grace_ms: 3_000, let_go_ms: 1_500 };

/**
 * Knows which worker pools are alive. Each holds an advisory lock on its id in a session of its own; Postgres drops the
 * lock the moment the process is gone, however it went, so no clock and no heartbeat row is needed.
 */
export class WorkerClaims {
  private readonly held = new Set<string>();
  private readonly missingSince = new Map<string, number>();

  constructor(
    private readonly session: SteadyConnection,
    private readonly grace_ms: number,
  ) {}

  async start(): Promise<void> {
    await this.session.onSession(async (client) => {
      for (const pool_id of this.held) await client.query(LOCK, [LOCK_SPACE, pool_id]);
    });
  }

  /** Must be held before the pool takes its first job. */
  async hold(pool_id: string): Promise<void> {
    if (this.held.has(pool_id)) return;
    this.held.add(pool_id);
    await this.session.query(LOCK, [LOCK_SPACE, pool_id]);
  }

  async release(pool_id: string): Promise<void> {
    this.held.delete(pool_id);
    // Without a session there is no lock either.
    if (this.session.connected) await this.session.query(UNLOCK, [LOCK_SPACE, pool_id]);
  }

  /** Gives jobs of pools that are gone back to the queue. Answers the pools. To be called again and again. */
  async freeLostJobs(): Promise<string[]> {
    const missing = (await this.session.query<{ pool_id: string }>(MISSING, [LOCK_SPACE])).map((row) => row.pool_id);
    for (const pool_id of this.missingSince.keys()) if (!missing.includes(pool_id)) this.missingSince.delete(pool_id);
    const now = performance.now();
    for (const pool_id of missing) if (!this.missingSince.has(pool_id)) this.missingSince.set(pool_id, now);
    const lost = missing.filter((pool_id) => now - (this.missingSince.get(pool_id) ?? now) >= this.grace_ms);
    if (lost.length > 0) await this.session.query(FREE, [lost]);
    return lost;
  }
}

const LOCK = 'select pg_advisory_lock($1::int, hashtext($2))';
const UNLOCK = 'select pg_advisory_unlock($1::int, hashtext($2))';

/** The notification wakes idle workers, as that of a new job does. */
const FREE = `select graphile_worker.force_unlock_workers($1), pg_notify('jobs:insert', '{"count":10}')`;

/** Pools that jobs are locked by and that hold no lock. In `pg_locks` the two halves of the key are unsigned. */
const MISSING = `
  select distinct jobs.locked_by as pool_id
  from graphile_worker.jobs
  where jobs.locked_by is not null
    and not exists (
      select from pg_locks
      where locktype = 'advisory' and granted and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())
        and classid = $1::int::oid
        and objid = (hashtext(jobs.locked_by)::bigint & 4294967295)::oid
    )`;
