/** Seconds by which a repeatable URL's signing date is rounded down. Divides a day, so a URL never spans two signing keys. */
export const REPEAT_WINDOW = 15 * 60;

/**
 * Signing date for URLs that should come out the same for a quarter of an hour and on every replica. The life must be
 * counted from `date`, so `REPEAT_WINDOW` is added: whatever the moment, at least the wanted seconds remain.
 */
export function repeatableDate(now: number, expires_in: number): { date: Date; expires_in: number } {
  const window = REPEAT_WINDOW * 1000;
  return { date: new Date(Math.floor(now / window) * window), expires_in: expires_in + REPEAT_WINDOW };
}
