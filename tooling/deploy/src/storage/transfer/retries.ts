import { setTimeout as delay } from 'node:timers/promises';
import { SizeMismatch, StorageUnavailable } from '@labelyard/storage';

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** How often something is tried in all. */
  readonly attempts: number;
  /** Told about each failure that is tried again; `throttled` when the server asked to be left alone. */
  readonly onRetry?: ((error: Error, throttled: boolean) => void) | undefined;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 20_000;
/** Waiting does not help against these. */
const LASTING = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENAMETOOLONG'];

/** Tries again what may succeed later, a bounded number of times; everything else, and the last failure, is thrown. */
export async function withRetries<T>(work: () => Promise<T>, { signal, attempts, onRetry }: RetryOptions): Promise<T> {
  for (let failed = 1; ; failed++) {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (failed >= attempts || !mayPass(error)) throw error;
      onRetry?.(error, isThrottle(error));
      await pause(failed, error, signal);
    }
  }
}

/** Waits after failure number `failed`: longer each time, and as long as the server asked for. */
async function pause(failed: number, error: StorageUnavailable | SizeMismatch, signal: AbortSignal): Promise<void> {
  const asked = Number(error.details['retry_after'] ?? 0) * 1000;
  const wait = FIRST_WAIT_MS * 2 ** (failed - 1) * (0.5 + Math.random() / 2);
  try {
    await delay(Math.min(Math.max(wait, asked), LONGEST_WAIT_MS), undefined, { signal });
  } catch {
    throw signal.reason;
  }
}
withRetries.pause = pause;

/** A body of another length than the listing said was changed, or cut, on its way. */
function mayPass(error: unknown): error is StorageUnavailable | SizeMismatch {
  if (error instanceof SizeMismatch) return true;
  return error instanceof StorageUnavailable && !LASTING.includes(String(error.details['code']));
}

export function isThrottle(error: unknown): boolean {
  const status = error instanceof StorageUnavailable ? error.details['status'] : undefined;
  return status === 429 || status === 503;
}
