/** How many backups are kept: the newest of each of the last days, weeks and months that have one. */
export const RETENTION = { days: 7, weeks: 4, months: 6 } as const;

/** The shortest step is a day: one that is older means a night without a backup. Two hours of grace. */
export const TOO_OLD_HOURS = 26;

const DAY_MS = 86_400_000;
/** Whatever was made within two days of the newest stays: among it the one that a move began with. */
const RECENT_MS = 2 * DAY_MS;

interface Dated {
  readonly made_at: string;
}

/** The calendar units a backup stands for, in UTC. */
const UNITS: Readonly<Record<keyof typeof RETENTION, (at: Date) => string>> = {
  days: (at) => at.toISOString().slice(0, 10),
  // Weeks begin on Monday; 1970-01-01 was a Thursday.
  weeks: (at) => String(Math.floor((at.getTime() / DAY_MS + 3) / 7)),
  months: (at) => at.toISOString().slice(0, 7),
};

/**
 * Which backups stay and which may go. Counts days, weeks and months that have a backup, not those on the calendar: when no backup was
 * made for a year, the old ones stay. What is recent stays in any case.
 */
export function applyRetention<Backup extends Dated>(
  backups: readonly Backup[],
  retention: Readonly<Record<keyof typeof RETENTION, number>> = RETENTION,
): { keep: Backup[]; drop: Backup[] } {
  const newestFirst = backups.toSorted((a, b) => (a.made_at < b.made_at ? 1 : -1));
  const newest_at = Date.parse(newestFirst[0]?.made_at ?? '');
  const kept = new Set(newestFirst.filter(({ made_at }) => newest_at - Date.parse(made_at) < RECENT_MS));
  for (const [unit, most] of Object.entries(retention) as [keyof typeof RETENTION, number][]) {
    const seen = new Set<string>();
    for (const backup of newestFirst) {
      const name = UNITS[unit](new Date(backup.made_at));
      if (seen.has(name)) continue;
      if (seen.size === most) break;
      seen.add(name);
      kept.add(backup);
    }
  }
  return {
    keep: newestFirst.filter((backup) => kept.has(backup)),
    drop: newestFirst.filter((backup) => !kept.has(backup)),
  };
}
