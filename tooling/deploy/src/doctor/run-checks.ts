import { YardError } from '../cli/yard-error.js';
import { type Check, type CheckContext, type CheckStatus, type Finding, Skip, STATUSES } from './check.js';

/** What is told of one check. */
export interface CheckReport {
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  readonly seen: string;
  readonly why: string;
  readonly next: string | null;
}

/** Nobody waits longer for one answer. */
const TIME_LIMIT_MS = 30_000;

/**
 * Makes every check, side by side; none stops the others. The worst come last, where one looks first in a terminal.
 *
 * @throws the signal's reason
 */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  time_limit_ms = TIME_LIMIT_MS,
): Promise<readonly CheckReport[]> {
  const reports = await Promise.all(
    checks.map(async (check) => {
      const { status, seen, next = null } = await answer(check, context, time_limit_ms);
      const { id, title, why } = check;
      return { id, title, status, seen, why, next };
    }),
  );
  context.signal.throwIfAborted();
  return reports.sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
}

async function answer(check: Check, context: CheckContext, limit: number): Promise<Finding> {
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      new YardError('unavailable', `No answer within ${limit / 1000} s.`, 'Check that it is reached from here.'),
    );
    over.abort();
  }, limit);
  const stopped = () => late.reject(context.signal.reason as Error);
  context.signal.addEventListener('abort', stopped, { once: true });
  try {
    return await Promise.race([(async () => check.run({ ...context, signal }))(), late.promise]);
  } catch (error) {
    if (error instanceof Skip) return { status: 'skipped', seen: error.message };
    if (error instanceof YardError) return { status: 'fail', seen: error.message, next: error.next };
    return {
      status: 'fail',
      seen: (error as Error).message,
      next: 'Look at what it says; the other checks may tell more.',
    };
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', stopped);
  }
}
