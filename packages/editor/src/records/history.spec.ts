import fc from 'fast-check';
import { storedBox } from '../testing/index.js';
import { EMPTY_DIFF, invertDiff, isEmptyDiff, squashDiffs, type ShapesDiff } from './diff.js';
import { History, HISTORY_LIMIT } from './history.js';
import type { Shape } from './shape.js';

const a = storedBox(1, [0, 0, 10, 10]);
const moved = (shape: Shape, x: number): Shape => ({ ...shape, geometry: { type: 'bbox', bbox: [x, 0, 10, 10] } });
const update = (from: Shape, to: Shape): ShapesDiff => ({ ...EMPTY_DIFF, updated: { [from.id]: [from, to] } });
const add = (shape: Shape): ShapesDiff => ({ ...EMPTY_DIFF, added: { [shape.id]: shape } });
const remove = (shape: Shape): ShapesDiff => ({ ...EMPTY_DIFF, removed: { [shape.id]: shape } });

type Records = Readonly<Record<string, Shape>>;
function applied(records: Records, { added, updated, removed }: ShapesDiff): Records {
  const next = { ...records, ...added };
  for (const [id, [, to]] of Object.entries(updated)) next[id] = to;
  for (const id of Object.keys(removed)) delete next[id];
  return next;
}

/** A run of valid diffs from random commands on three shapes. */
const run = fc.array(fc.tuple(fc.nat(2), fc.nat(50)), { maxLength: 20 }).map((commands) => {
  let records: Records = {};
  return commands.map(([n, x]) => {
    const id = `s${n}`;
    const current = records[id];
    const diff = !current ? add({ ...a, id }) : x < 10 ? remove(current) : update(current, moved(current, x));
    records = applied(records, diff);
    return diff;
  });
});

describe('diffs', () => {
  test('squashing does the same as one after the other', () => {
    fc.assert(
      fc.property(run, (diffs) => {
        const stepwise = diffs.reduce(applied, {});
        expect(applied({}, diffs.reduce(squashDiffs, EMPTY_DIFF))).toEqual(stepwise);
      }),
    );
  });

  test('inverting takes back', () => {
    fc.assert(
      fc.property(run, (diffs) => {
        const all = diffs.reduce(squashDiffs, EMPTY_DIFF);
        expect(applied(diffs.reduce(applied, {}), invertDiff(all))).toEqual({});
      }),
    );
  });

  test('adding and removing leaves nothing', () => {
    expect(isEmptyDiff(squashDiffs(add(a), remove(a)))).toBe(true);
    expect(squashDiffs(remove(a), add(moved(a, 5)))).toEqual(update(a, moved(a, 5)));
  });
});

describe('history', () => {
  test('undo and redo return steps in order; a new step drops what could be redone', () => {
    const history = new History();
    history.record(add(a));
    history.record(update(a, moved(a, 1)));
    expect(history.undo()).toEqual(update(a, moved(a, 1)));
    expect(history.canRedo).toBe(true);
    expect(history.redo()).toEqual(update(a, moved(a, 1)));
    history.undo();
    history.record(update(a, moved(a, 2)));
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toEqual(update(a, moved(a, 2)));
    expect(history.undo()).toEqual(add(a));
    expect(history.undo()).toBeNull();
  });

  test('empty diffs are no steps', () => {
    const history = new History();
    history.record(EMPTY_DIFF);
    expect(history.canUndo).toBe(false);
  });

  test('steps of one key fold into one until sealed', () => {
    const history = new History();
    history.record(update(a, moved(a, 1)), 'nudge');
    history.record(update(moved(a, 1), moved(a, 2)), 'nudge');
    history.seal();
    history.record(update(moved(a, 2), moved(a, 3)), 'nudge');
    expect(history.undo()).toEqual(update(moved(a, 2), moved(a, 3)));
    expect(history.undo()).toEqual(update(a, moved(a, 2)));
    expect(history.canUndo).toBe(false);
  });

  test('squash and bail work from a mark on', () => {
    const history = new History();
    history.record(add(a));
    const mark = history.mark();
    history.record(update(a, moved(a, 1)));
    history.record(update(moved(a, 1), moved(a, 2)));
    history.squashToMark(mark);
    expect(history.undo()).toEqual(update(a, moved(a, 2)));
    history.redo();
    expect(history.bailToMark(mark)).toEqual(update(a, moved(a, 2)));
    expect(history.undo()).toEqual(add(a));
  });

  test('is bounded, and marks survive the loss of old steps', () => {
    const history = new History();
    for (let i = 0; i < HISTORY_LIMIT; i++) history.record(update(moved(a, i), moved(a, i + 1)));
    const mark = history.mark();
    for (let i = 0; i < 5; i++) history.record(update(moved(a, i), moved(a, i + 1)));
    expect(history.bailToMark(mark)).toEqual(update(moved(a, 0), moved(a, 5)));
    let steps = 0;
    while (history.undo()) steps++;
    expect(steps).toBe(HISTORY_LIMIT - 5);
  });
});
