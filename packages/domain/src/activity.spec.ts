import fc from 'fast-check';
import { feedDetails, groupActivity, GROUP_GAP_MS, MOST_NAMED, type ActivityChange } from './activity.js';

const START = Date.parse('2026-01-01T12:00:00.000Z');
const at = (minutes: number) => new Date(START - minutes * 60_000).toISOString();
const NOWHERE = { change: null, event: null };

function change(id: number, minutes: number, values: Partial<ActivityChange> = {}): ActivityChange {
  return {
    id,
    changed_at: at(minutes),
    changed_by: 'mina',
    image_id: 1,
    annotation_id: id,
    action: 'update',
    ...values,
  };
}
const streams = (rows: ActivityChange[], events: { id: number; happened_at: string }[] = []) => ({
  changes: { rows, more: false },
  events: { rows: events, more: false },
  from: NOWHERE,
});

test('one person’s changes of one image are one item, also when somebody else works at the same time', () => {
  const { items, finished } = groupActivity(
    streams([
      change(9, 0),
      change(8, 1, { changed_by: 'jon', image_id: 2 }),
      change(7, 2, { action: 'create' }),
      change(6, 3, { changed_by: 'jon', image_id: 2 }),
      change(5, 4, { annotation_id: 9 }),
    ]),
    10,
  );
  expect(finished).toBe(true);
  expect(items).toEqual([
    {
      kind: 'annotations',
      changed_by: 'mina',
      image_id: 1,
      counts: { update: 2, create: 1 },
      annotations: 2,
      annotation_ids: [9, 7],
      first_at: at(4),
      last_at: at(0),
    },
    expect.objectContaining({ changed_by: 'jon', image_id: 2, counts: { update: 2 } }),
  ]);
});

test('a long break, another image and an event between are told apart and in their order', () => {
  const gap = GROUP_GAP_MS / 60_000;
  const { items } = groupActivity(
    streams(
      [change(4, 0), change(3, gap), change(2, 2 * gap + 1), change(1, 2 * gap + 1, { image_id: 5 })],
      [{ id: 1, happened_at: at(gap + 1) }],
    ),
    10,
  );
  expect(items.map((item) => (item.kind === 'event' ? 'event' : item.annotations))).toEqual([2, 'event', 1, 1]);
});

test('what lies beyond the end of a stream that goes on is not told yet', () => {
  const page = groupActivity(
    {
      changes: { rows: [change(3, 1), change(2, 2)], more: true },
      events: { rows: [{ id: 7, happened_at: at(5) }], more: false },
      from: NOWHERE,
    },
    10,
  );
  expect(page.items).toHaveLength(1);
  expect(page).toMatchObject({ finished: false, position: { change: { at: at(2), id: 2 }, event: null } });
});

test('a filter that leaves out everything that was read still gets on', () => {
  const end = { at: at(30), id: 12 };
  const page = groupActivity({ ...streams([]), changes: { rows: [], more: true, end } }, 10);
  expect(page).toMatchObject({ items: [], finished: false, position: { change: end } });
});

test('names only some of very many annotations', () => {
  const { items } = groupActivity(streams(Array.from({ length: 300 }, (_, n) => change(300 - n, 0))), 10);
  expect(items[0]).toMatchObject({ annotations: 300 });
  expect(items[0]?.kind === 'annotations' && items[0].annotation_ids).toHaveLength(MOST_NAMED);
});

test('page by page everything is told once, whatever the sizes', () => {
  const row = fc.record({
    gap: fc.integer({ min: 0, max: 20 }),
    image_id: fc.integer({ min: 1, max: 3 }),
    who: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 7 }),
      (rows, gaps, limit, scan) => {
        let minutes = 0;
        const all = rows.map(({ gap, image_id, who }, n) =>
          change(rows.length - n, (minutes += gap), { image_id, changed_by: who }),
        );
        minutes = 0;
        const happened = gaps.map((gap, n) => ({ id: gaps.length - n, happened_at: at((minutes += gap)) }));
        let [told, events, pages] = [0, 0, 0];
        let from: Parameters<typeof groupActivity>[0]['from'] = NOWHERE;
        for (let finished = false; !finished; pages += 1) {
          expect(pages).toBeLessThan(200);
          const left = all.filter(({ id }) => !from.change || id < from.change.id);
          const leftEvents = happened.filter(({ id }) => !from.event || id < from.event.id);
          const page = groupActivity(
            {
              changes: { rows: left.slice(0, scan), more: left.length > scan },
              events: { rows: leftEvents.slice(0, scan), more: leftEvents.length > scan },
              from,
            },
            limit,
          );
          expect(page.items.length).toBeLessThanOrEqual(limit);
          for (const item of page.items) {
            if (item.kind === 'event') events += 1;
            else told += Object.values(item.counts).reduce((sum, n) => sum + n, 0);
          }
          ({ finished, position: from } = page);
        }
        expect([told, events]).toEqual([all.length, happened.length]);
      },
    ),
  );
});

test('details that are not for everybody stay in the audit log', () => {
  expect(feedDetails({ name: 'car', email: 'a@b', secret: 1, count: 2 })).toEqual({ name: 'car', count: 2 });
});
