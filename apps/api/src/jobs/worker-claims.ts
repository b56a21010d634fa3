import type { SteadyConnection } from '../events/steady-connection.js';
import { LongSeen } from './long-seen.js';

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
  private readonly missing: LongSeen;
  private readonly unheard: LongSeen;

  constructor(
    private readonly session: SteadyConnection,
    grace_ms: number,
  ) {
    this.missing = new LongSeen(grace_ms);
    this.unheard = new LongSeen(grace_ms);
  }

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
    const missing = await this.session.query<{ pool_id: string }>(MISSING, [LOCK_SPACE]);
    const lost = this.missing.of(missing.map(({ pool_id }) => pool_id));
    if (lost.length > 0) await this.session.query(FREE, [lost]);
    return lost;
  }

  /**
   * Gives back jobs that pools of this process took without hearing of it: the line broke before the queue's answer. To be
   * called again and again, with the jobs that run here. Answers those that were given back.
   */
  async freeUnheardJobs(running: ReadonlySet<string>): Promise<string[]> {
    const taken = await this.session.query<{ id: string }>(TAKEN, [[...this.held]]);
    const unheard = this.unheard.of(taken.map(({ id }) => id).filter((id) => !running.has(id)));
    if (unheard.length > 0) await this.session.query(FREE_JOBS, [unheard, [...this.held]]);
    return unheard;
  }
}

const LOCK = 'select pg_advisory_lock($1::int, hashtext($2))';
const UNLOCK = 'select pg_advisory_unlock($1::int, hashtext($2))';

/** The notification wakes idle workers, as that of a new job does. */
const FREE = `select graphile_worker.force_unlock_workers($1), pg_notify('jobs:insert', '{"count":10}')`;

const TAKEN = 'select id::text from graphile_worker.jobs where locked_by = any($1::text[])';

/** The library can only free all that a pool has. */
const FREE_JOBS = `
  with freed as (
    update graphile_worker._private_jobs set locked_by = null, locked_at = null
    where id = any($1::bigint[]) and locked_by = any($2::text[])
  )
  select pg_notify('jobs:insert', '{"count":10}')`;

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
