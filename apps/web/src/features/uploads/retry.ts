/** A request to the storage or the API that may succeed later. */
export class TransferError extends Error {
  override readonly name = 'TransferError';

  constructor(
    /** HTTP status, 0 when no answer came. */
    readonly status: number,
    /** Seconds the other side asked to wait. */
    readonly retry_after?: number,
  ) {
    super(`The transfer failed with status ${status}`);
  }
}

/**
 * What to do about a failed request.
 * - wait: the other side is unreachable, overloaded or under maintenance: try for as long as it takes
 * - retry: a hiccup of the other side: try a few times
 * - renew: the link ran out: fetch a new one
 * - give_up: trying again changes nothing
 */
export type Remedy = 'wait' | 'retry' | 'renew' | 'give_up';

export function remedyFor(status: number): Remedy {
  if (status === 0 || status === 429 || status === 503) return 'wait';
  if (status === 408 || status >= 500) return 'retry';
  if (status === 401 || status === 403) return 'renew';
  return 'give_up';
}

/** Tries of a `retry`; about half a minute in all. */
export const MAX_RETRIES = 6;
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Milliseconds before try number `attempt` (from 1): doubling from half a second to half a minute, spread by up to a half so
 * that many clients do not come back at the same moment; never sooner than asked for.
 */
export function backoff(attempt: number, random: number, retryAfterSeconds = 0): number {
  const planned = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.max(planned * (0.5 + random / 2), retryAfterSeconds * 1_000);
}
