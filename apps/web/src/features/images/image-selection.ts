/** Which images of a list are selected. */
export interface ImageSelection {
  readonly ids: ReadonlySet<number>;
  /** Also those that were not read yet: all that the list's filter lets through. */
  readonly matching: boolean;
  /** Where a range begins that is drawn with Shift: the image that was selected or left last. */
  readonly anchor: number | null;
}

export const NOTHING: ImageSelection = { ids: new Set(), matching: false, anchor: null };

/** Selects one more image, or leaves it. */
export function toggled({ ids }: ImageSelection, id: number): ImageSelection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, matching: false, anchor: id };
}

/** Selects all between the anchor and this one, both included; without an anchor this one alone. */
export function extended(selection: ImageSelection, shown: readonly number[], id: number): ImageSelection {
  const [from, to] = [selection.anchor === null ? -1 : shown.indexOf(selection.anchor), shown.indexOf(id)];
  if (from < 0 || to < 0) return { ids: new Set([...selection.ids, id]), matching: false, anchor: id };
  const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...selection.ids, ...range]), matching: false, anchor: selection.anchor };
}

/** Everything the list shows. */
export function everything(selection: ImageSelection, shown: readonly number[]): ImageSelection {
  return { ids: new Set(shown), matching: false, anchor: selection.anchor };
}

/** What is still in the list: others may have taken images out of it. */
export function within(selection: ImageSelection, shown: readonly number[]): ImageSelection {
  const ids = shown.filter((id) => selection.ids.has(id));
  return ids.length === selection.ids.size ? selection : { ...selection, ids: new Set(ids) };
}
