import type { Connection } from '../connection/sql.js';

export interface RateLimitHit {
  readonly total_hits: number;
  /** Seconds until the window ends. */
  readonly resets_in: number;
  readonly is_blocked: boolean;
  /** Seconds until the block ends, 0 when not blocked. */
  readonly block_ends_in: number;
}

/** As exact as the columns, so that differences come out whole. */
const NOW = `date_trunc('milliseconds', now())`;

/**
 * The next state of key `r`: a block is waited out without counting, then a new window begins; a window that ended begins anew; any other
 * hit counts, and the one above the limit begins a block. $2 window, $3 limit, $4 block (milliseconds).
 */
const HIT = `
with next as (
  insert into rate_limits as r (key, hits, reset_at, blocked_until)
  values ($1, 1, ${NOW} + $2 * interval '1 ms', case when 1 > $3 then ${NOW} + $4 * interval '1 ms' end)
  on conflict (key) do update set (hits, reset_at, blocked_until) = (
    select n.hits, n.reset_at, case
        when n.blocked then r.blocked_until
        when n.hits > $3 then ${NOW} + $4 * interval '1 ms'
      end
    from (
      select s.blocked,
        case when s.blocked then r.hits when s.ended then 1 else r.hits + 1 end as hits,
        case when s.ended and not s.blocked then ${NOW} + $2 * interval '1 ms' else r.reset_at end as reset_at
      from (
        select coalesce(r.blocked_until > ${NOW}, false) as blocked,
          r.reset_at <= ${NOW} or coalesce(r.blocked_until <= ${NOW}, false) as ended
      ) s
    ) n
  )
  returning *
)
select hits as total_hits,
  greatest(0, ceil(extract(epoch from reset_at - ${NOW})))::integer as resets_in,
  coalesce(blocked_until > ${NOW}, false) as is_blocked,
  coalesce(greatest(0, ceil(extract(epoch from blocked_until - ${NOW}))), 0)::integer as block_ends_in
from next`;

/** Counters for rate limits that all replicas share. */
export class RateLimitRepository {
  constructor(private readonly connection: Connection) {}

  /** Counts one hit, in one atomic statement. Durations in milliseconds. */
  async hit(key: string, limits: { ttl_ms: number; limit: number; block_ms: number }): Promise<RateLimitHit> {
    const [row] = await this.connection.hot<RateLimitHit>(HIT, [key, limits.ttl_ms, limits.limit, limits.block_ms]);
    return row as RateLimitHit;
  }

  /** Forgets a key, e.g. after a good login. */
  async reset(key: string): Promise<void> {
    await this.connection.run(`delete from rate_limits where key = $1`, [key]);
  }

  /** Removes counters whose window and block are over; answers how many. */
  prune(): Promise<number> {
    return this.connection.run(
      `delete from rate_limits where reset_at < now() and (blocked_until is null or blocked_until < now())`,
    );
  }
}
