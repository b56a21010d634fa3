import { ApiError } from '@labelyard/contract';
import { backoff, MAX_RETRIES, remedyFor } from './retry';
import type { RunTools } from './run-tools';

/** Waiting before another try, and knowing whether anything waits right now. */
export class Patience {
  private waits = 0;

  constructor(private readonly tools: Pick<RunTools, 'sleep' | 'random' | 'onChange'>) {}

  /** Whether something waits for the other side to come back. */
  get waiting(): boolean {
    return this.waits > 0;
  }

  /** @returns false when it was aborted meanwhile */
  async wait(tries: number, retryAfter: number | undefined, signal: AbortSignal): Promise<boolean> {
    this.waits++;
    this.tools.onChange();
    try {
      await this.tools.sleep(backoff(tries, this.tools.random(), retryAfter), signal);
      return !signal.aborted;
    } catch {
      return false;
    } finally {
      this.waits--;
    }
  }

  /** Asks the API for as long as it is away or busy; rejects with a lasting refusal only. */
  async ask<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await request();
      } catch (error) {
        if (signal.aborted || !(error instanceof ApiError)) throw error;
        const remedy = error.code === 'unreachable' ? 'wait' : remedyFor(error.status);
        const again = remedy === 'wait' || (remedy === 'retry' && tries < MAX_RETRIES);
        if (!again || !(await this.wait(tries, error.retry_after, signal))) throw error;
      }
    }
  }
}
