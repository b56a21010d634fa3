import type { LateEntry } from '@labelyard/db';
import { MaintenanceSwitch } from '../../test/maintenance-switch.js';
import { AuditTrail } from './audit-trail.js';

function trail(write: (entries: readonly LateEntry[]) => Promise<void>) {
  const warnings: object[] = [];
  const log = { warn: (fields: object) => void warnings.push(fields) };
  const maintenance = new MaintenanceSwitch();
  const it = new AuditTrail({ audit: { recordLate: write } } as never, log as never, maintenance);
  return { warnings, maintenance, trail: it };
}
const entry = { project_id: null, actor_id: 'a', action: 'x.y', outcome: 'denied' } as const;

test('a flood is cut off per person and reported, and others are still heard', async () => {
  const written: LateEntry[] = [];
  const { trail: it, warnings } = trail(async (entries) => void written.push(...entries));
  for (let n = 0; n < 1_000; n += 1) it.note('flooder', entry, 1_000);
  it.note('other', { ...entry, actor_id: 'b' }, 1_000);
  await it.settled();
  expect(written.filter(({ actor_id }) => actor_id === 'a')).toHaveLength(30);
  expect(written.filter(({ actor_id }) => actor_id === 'b')).toHaveLength(1);
  // The next minute counts anew, and tells of what was left out.
  it.note('flooder', entry, 61_000);
  await it.settled();
  expect(written).toHaveLength(32);
  expect(warnings).toEqual([{ dropped: 970 }]);
});

test('very many people together do not fill the disk either', async () => {
  const written: LateEntry[] = [];
  const { trail: it } = trail(async (entries) => void written.push(...entries));
  for (let n = 0; n < 5_000; n += 1) it.note(`person ${n}`, entry, 1_000);
  await it.settled();
  expect(written).toHaveLength(600);
});

test('looking at the same thing again within the hour is told once', async () => {
  const written: LateEntry[] = [];
  const { trail: it } = trail(async (entries) => void written.push(...entries));
  for (const now of [1_000, 2_000, 3_602_000]) it.noteOnce('a', 'export 1', entry, now);
  it.noteOnce('a', 'export 2', entry, 3_000);
  await it.settled();
  expect(written).toHaveLength(3);
});

test('a database that is away loses entries, says so, and nothing else', async () => {
  const { trail: it, warnings } = trail(() => Promise.reject(new Error('away')));
  it.note('a', entry);
  await it.settled();
  expect(warnings).toMatchObject([{ lost: 1 }]);
});

test('in maintenance nothing is written; what was noted meanwhile is written when it ends', async () => {
  const written: LateEntry[] = [];
  const { trail: it, maintenance } = trail(async (entries) => void written.push(...entries));
  maintenance.begin();
  it.note('a', entry, 1_000);
  await it.settled();
  expect(written).toEqual([]);
  maintenance.end();
  await it.settled();
  expect(written).toEqual([{ ...entry, happened_at: '1970-01-01T00:00:01.000Z' }]);
});
