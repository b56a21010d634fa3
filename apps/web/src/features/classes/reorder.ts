/** One row on its way to another place. `at` is where it would stand if it were let go now. */
export interface Carried {
  readonly id: number;
  readonly from: number;
  readonly at: number;
  readonly by: 'pointer' | 'keyboard';
}

/** The list with the item at `from` standing at `to`; the others close up. */
export function moveItem<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

/** Where a row stands after moving by `step` rows, kept inside the list. */
export function stepTo(carried: Carried, step: number, count: number): Carried {
  return { ...carried, at: Math.min(count - 1, Math.max(0, carried.at + step)) };
}

/** The row under a pointer at height `y` of a list of equal rows, kept inside the list. */
export function rowAt(y: number, listTop: number, rowHeight: number, count: number): number {
  if (rowHeight <= 0) return 0;
  return Math.min(count - 1, Math.max(0, Math.floor((y - listTop) / rowHeight)));
}

/** By how many rows the row at `index` is shown away from its place while another (or itself) is carried. */
export function shownShift(index: number, carried: Carried | null): number {
  if (!carried) return 0;
  const { from, at } = carried;
  if (index === from) return at - from;
  if (index > from && index <= at) return -1;
  if (index < from && index >= at) return 1;
  return 0;
}
