/** How many objects are under way at once. */
export interface Concurrency {
  readonly start: number;
  readonly max: number;
}

export const CONCURRENCY: Concurrency = { start: 32, max: 64 };
const LEAST = 2;
/** Several refusals of one moment count once. */
const SLOWER_EVERY_MS = 1_000;

export interface AdaptivePool {
  /** Runs `work` for each item as they come, side by side; ends with the first that throws, after those under way have ended. */
  run<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void>;
  /** The server wants less: half as many from now on, and slowly more again. */
  slower(): void;
  /** How many may be under way now. */
  readonly limit: number;
}

/** One more with every round that went well, half as many when a server says so. */
export function adaptivePool({ start, max }: Concurrency, now: () => number = Date.now): AdaptivePool {
  let limit = start;
  let good = 0;
  let slower_at = -Infinity;
  return {
    get limit() {
      return limit;
    },
    slower() {
      good = 0;
      if (now() - slower_at < SLOWER_EVERY_MS) return;
      slower_at = now();
      limit = Math.max(LEAST, Math.floor(limit / 2));
    },
    async run(items, work) {
      const under_way = new Set<Promise<void>>();
      let failure: { error: unknown } | undefined;
      let wake: (() => void) | undefined;
      try {
        for await (const item of items) {
          const one = work(item).then(
            () => {
              good += 1;
              if (good >= limit) [good, limit] = [0, Math.min(max, limit + 1)];
            },
            (error: unknown) => void (failure ??= { error }),
          );
          const tracked: Promise<void> = one.finally(() => {
            under_way.delete(tracked);
            wake?.();
          });
          under_way.add(tracked);
          while (under_way.size >= limit && !failure) await new Promise<void>((resolve) => (wake = resolve));
          if (failure) break;
        }
      } finally {
        await Promise.all(under_way);
      }
      if (failure) throw failure.error;
    },
  };
}
