import { applyRetention } from './retention.js';

const at = (day: number, hour = 3) => ({ made_at: new Date(Date.UTC(2026, 0, 1 + day, hour)).toISOString() });

test('over 400 days of nightly backups, 7 days, 4 weeks and 6 months stay reachable', () => {
  let backups: { made_at: string }[] = [];
  for (let day = 0; day < 400; day += 1) {
    const today = at(day);
    const { keep, drop } = applyRetention([...backups, today]);
    expect(keep).toContainEqual(today);
    expect(keep.length + drop.length).toBe(backups.length + 1);
    backups = keep;
    expect(backups.length).toBeLessThanOrEqual(7 + 4 + 6);
    // Whatever went wrong within the last week can be undone to the day before it.
    const there = new Set(backups.map(({ made_at }) => made_at));
    for (let ago = 0; ago < Math.min(7, day + 1); ago += 1) expect(there.has(at(day - ago).made_at)).toBe(true);
    const months = new Set(backups.map(({ made_at }) => made_at.slice(0, 7)));
    const passed = new Set(Array.from({ length: day + 1 }, (_, n) => at(n).made_at.slice(0, 7)));
    expect(months.size).toBe(Math.min(6, passed.size));
    // No gap of more than a month: somewhere there is one from about then.
    const days = backups.map(({ made_at }) => Date.parse(made_at) / 86_400_000).sort((a, b) => b - a);
    for (const [n, one] of days.slice(1).entries()) expect((days[n] ?? 0) - one).toBeLessThanOrEqual(31);
  }
  // One of the weeks and one of the months are in the last seven days.
  expect(backups.length).toBeGreaterThanOrEqual(13);
});

test('of several backups of a day the newest stays, once they are two days old', () => {
  const day = [at(0, 1), at(0, 9), at(0, 5)];
  expect(applyRetention(day).drop).toEqual([]);
  expect(applyRetention([...day, at(1)]).drop).toEqual([]);
  expect(applyRetention([...day, at(2, 12)])).toEqual({ keep: [at(2, 12), at(0, 9)], drop: [at(0, 5), at(0, 1)] });
});

test('old backups stay while no newer ones are made', () => {
  const old = [at(0), at(1), at(2)];
  expect(applyRetention(old).drop).toEqual([]);
  expect(applyRetention([])).toEqual({ keep: [], drop: [] });
});
