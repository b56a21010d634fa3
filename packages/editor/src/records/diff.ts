import type { Shape, ShapeId } from './shape.js';

/** An immutable change of the records. Plain data: it can be journaled as JSON. */
export interface ShapesDiff {
  readonly added: Readonly<Record<ShapeId, Shape>>;
  readonly updated: Readonly<Record<ShapeId, readonly [from: Shape, to: Shape]>>;
  readonly removed: Readonly<Record<ShapeId, Shape>>;
}

/** Who made a change. Savers ignore `remote`: it came from the server. */
export type DiffSource = 'user' | 'undo' | 'redo' | 'remote';

export interface DiffEvent {
  readonly image_id: number;
  readonly diff: ShapesDiff;
  readonly source: DiffSource;
}

export const EMPTY_DIFF: ShapesDiff = { added: {}, updated: {}, removed: {} };

export function isEmptyDiff({ added, updated, removed }: ShapesDiff): boolean {
  return !hasKeys(added) && !hasKeys(updated) && !hasKeys(removed);
}

/** The change that takes `diff` back. */
export function invertDiff({ added, updated, removed }: ShapesDiff): ShapesDiff {
  return {
    added: removed,
    updated: Object.fromEntries(Object.entries(updated).map(([id, [from, to]]) => [id, [to, from] as const])),
    removed: added,
  };
}

/** One change that does what `first` and then `second` do. */
export function squashDiffs(first: ShapesDiff, second: ShapesDiff): ShapesDiff {
  const added = { ...first.added };
  const updated = { ...first.updated };
  const removed = { ...first.removed };
  for (const [id, shape] of Object.entries(second.added)) {
    const before = removed[id];
    delete removed[id];
    if (before) updated[id] = [before, shape];
    else added[id] = shape;
  }
  for (const [id, [from, to]] of Object.entries(second.updated)) {
    if (added[id]) added[id] = to;
    else updated[id] = [updated[id]?.[0] ?? from, to];
  }
  for (const [id, shape] of Object.entries(second.removed)) {
    const created = added[id];
    delete added[id];
    if (created) continue;
    removed[id] = updated[id]?.[0] ?? shape;
    delete updated[id];
  }
  return { added, updated, removed };
}

/** Ids a change touches. */
export function diffIds({ added, updated, removed }: ShapesDiff): ShapeId[] {
  return [...Object.keys(added), ...Object.keys(updated), ...Object.keys(removed)];
}

function hasKeys(record: object): boolean {
  for (const _ in record) return true;
  return false;
}
