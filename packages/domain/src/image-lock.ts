/** How long a lock lasts after it was last heard of. */
export const LOCK_TTL_MS = 60_000;
/** How often its holder says that they are still there: two beats may be missed. */
export const LOCK_HEARTBEAT_MS = 20_000;

/** Somebody works on an image. A courtesy to others: what nobody overwrites by accident is guarded by versions. */
export interface ImageLock {
  readonly user_id: string;
  /** Milliseconds since 1970 by the database's clock; no other clock counts. */
  readonly expires_at: number;
}

/** Whether `user_id` gets the lock now: it is free, run out, or theirs already (perhaps in another tab). */
export function mayTakeLock(lock: ImageLock | null, user_id: string, now: number): boolean {
  return lock === null || lock.user_id === user_id || lock.expires_at <= now;
}

/** Whether the lock keeps `user_id` from changing the image. Without a lock anybody may who has the role. */
export function keepsOut(lock: ImageLock | null, user_id: string, now: number): boolean {
  return !mayTakeLock(lock, user_id, now);
}
