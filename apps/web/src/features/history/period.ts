/** Times people look back over, in days. */
export const PERIODS = { any: null, day: 1, week: 7, month: 30 } as const;
export type Period = keyof typeof PERIODS;

/** Where a period begins, to the minute: asked again within it, it is the same question. */
export function periodStart(period: Period, now: number): string | undefined {
  const days = PERIODS[period];
  if (days === null) return undefined;
  return new Date(Math.floor((now - days * 86_400_000) / 60_000) * 60_000).toISOString();
}
