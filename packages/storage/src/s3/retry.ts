import { setTimeout as delay } from 'node:timers/promises';

/** The longest a server may ask us to wait, in seconds. */
const MAX_RETRY_AFTER = 20;
const FIRST_WAIT_MS = 100;
const FIRST_WAIT_THROTTLED_MS = 500;

interface Failure {
  $metadata?: { httpStatusCode?: number };
  code?: unknown;
  retry_after?: number;
}

/** Whether the same request may succeed a moment later: no answer at all, "later", or a fault of the server. */
export function isPassing(error: unknown, method: string): boolean {
  const { $metadata, code } = error as Failure;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return typeof code === 'string' && code !== 'ENOTFOUND' && code !== 'ABORT_ERR';
  // R2 now and then answers 501 to HEAD right after a PUT.
  if (status === 501) return method === 'HEAD';
  return status >= 500 || status === 429;
}

/** Waits before attempt number `next`: longer each time, and as long as the server says. */
export async function pauseBefore(next: number, error: unknown, signal?: AbortSignal): Promise<void> {
  const { $metadata, retry_after = 0 } = error as Failure;
  const throttled = $metadata?.httpStatusCode === 429 || $metadata?.httpStatusCode === 503;
  const wait = (throttled ? FIRST_WAIT_THROTTLED_MS : FIRST_WAIT_MS) * 2 ** (next - 2) * (0.5 + Math.random() / 2);
  await delay(Math.max(wait, Math.min(retry_after, MAX_RETRY_AFTER) * 1000), undefined, { signal });
}
