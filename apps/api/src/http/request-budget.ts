import { DomainError } from '@labelyard/domain';

/**
 * The general limit: requests per person (or address) and window. Counted in this process alone, because a shared count
 * would cost every request a database write: with n replicas the limit is n times as high, which a limit against runaway
 * scripts can bear. Sign-ins and exports are counted for all replicas together (rate-limits.ts).
 */
export class RequestBudget {
  private readonly spent = new Map<string, number>();
  private window_ends = 0;

  constructor(
    private readonly limits: { readonly limit: number; readonly seconds: number } | null,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws rate_limited */
  spend(who: string): void {
    if (!this.limits) return;
    const now = this.now();
    if (now >= this.window_ends) {
      // One window for all keeps nothing of those who are gone.
      this.spent.clear();
      this.window_ends = now + this.limits.seconds * 1_000;
    }
    const count = (this.spent.get(who) ?? 0) + 1;
    this.spent.set(who, count);
    if (count > this.limits.limit) {
      const retry_after = Math.ceil((this.window_ends - now) / 1_000);
      throw new DomainError('rate_limited', `Too many requests; try again in ${retry_after} s`, { retry_after });
    }
  }

  /** The error `spend` would throw, or null. */
  spendSafely(who: string): Error | null {
    try {
      this.spend(who);
      return null;
    } catch (error) {
      return error as Error;
    }
  }
}
