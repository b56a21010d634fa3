import { EMPTY_DIFF, diffIds, isEmptyDiff, type ShapesDiff } from './diff.js';
import { SavedRows, type RemoteChange, type SaveResult, type Unsaved } from './saved-rows.js';
import { sameUserFields, storedShapeId, type Shape, type ShapeId, type ShapePatch } from './shape.js';

/** What somebody wants changed. Ids that do not exist (any more) are skipped, ids to create that exist are too. */
export interface ShapesChange {
  readonly create?: readonly Shape[];
  readonly update?: Iterable<readonly [id: ShapeId, patch: ShapePatch]>;
  readonly remove?: Iterable<ShapeId>;
}

export type StoreListener = (diff: ShapesDiff) => void;

/** The records of one image by id, beside what the server is known to hold. Records are immutable; changes are diffs. */
export class ShapeStore {
  private readonly records = new Map<ShapeId, Shape>();
  private readonly saved = new SavedRows();
  /** Stacking order. An id keeps its place, so undoing a deletion does not bring a shape to the front. */
  private readonly ranks = new Map<ShapeId, number>();
  private readonly dirty = new Set<ShapeId>();
  private ordered: readonly Shape[] | null = null;
  /** A shape came back to its old place, so the map's own order is not the stacking order. */
  private shuffled = false;
  private readonly listeners = new Set<StoreListener>();

  /** Calls `listener` with every change, loading included. Returns how to stop. */
  listen(listener: StoreListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  get(id: ShapeId): Shape | undefined {
    return this.records.get(id);
  }

  get size(): number {
    return this.records.size;
  }

  /** All shapes from back to front. The same array until something changes. */
  get all(): readonly Shape[] {
    return (this.ordered ??= this.arrange());
  }

  rank(id: ShapeId): number {
    return this.ranks.get(id) ?? -1;
  }

  /** Replaces everything by what the server holds. Later duplicates of an id or annotation are dropped. */
  reset(stored: readonly Shape[]): void {
    const before = Object.fromEntries(this.records);
    this.records.clear();
    this.saved.clear();
    this.ranks.clear();
    this.dirty.clear();
    for (const shape of stored) {
      const known = shape.annotation_id !== null && this.saved.idOf(shape.annotation_id) !== undefined;
      if (known || this.records.has(shape.id)) continue;
      this.place(shape.id);
      this.records.set(shape.id, shape);
      if (shape.annotation_id !== null) this.saved.set(shape);
      else this.dirty.add(shape.id);
    }
    this.ordered = null;
    this.tell({ added: Object.fromEntries(this.records), updated: {}, removed: before });
  }

  /** Applies a person's change and returns what really changed. */
  change({ create = [], update = [], remove = [] }: ShapesChange): ShapesDiff {
    const added: Record<ShapeId, Shape> = {};
    const updated: Record<ShapeId, readonly [Shape, Shape]> = {};
    const removed: Record<ShapeId, Shape> = {};
    for (const shape of create) {
      if (!this.records.has(shape.id)) added[shape.id] = this.saved.withFacts(shape);
    }
    for (const [id, patch] of update) {
      const from = this.records.get(id);
      if (!from) continue;
      const to = this.saved.withFacts({ ...from, ...patch });
      if (!sameUserFields(from, to)) updated[id] = [from, to];
    }
    for (const id of remove) {
      const shape = this.records.get(id);
      if (shape) removed[id] = shape;
      delete updated[id];
    }
    return this.apply({ added, updated, removed });
  }

  /** Takes in what the server answered to a save. Edits made meanwhile stay, on the new version. */
  settle(results: readonly SaveResult[]): ShapesDiff {
    const updated: Record<ShapeId, readonly [Shape, Shape]> = {};
    for (const { sent, saved } of results) {
      const { id } = sent;
      if (saved) this.saved.set({ ...sent, ...saved, id });
      else this.saved.delete(id);
      const current = this.records.get(id);
      this.mark(id);
      if (!current) continue;
      const row = this.saved.get(id);
      updated[id] = [current, row && sameUserFields(current, sent) ? row : this.saved.withFacts(current)];
    }
    return this.apply({ ...EMPTY_DIFF, updated });
  }

  /** Takes in other people's changes. Returns the diff and the ids where unsaved edits met a foreign change. */
  merge({ rows = [], removed_annotation_ids = [], discarded_ids = [], prefer = 'mine' }: RemoteChange): {
    diff: ShapesDiff;
    conflicts: ShapeId[];
  } {
    const added: Record<ShapeId, Shape> = {};
    const updated: Record<ShapeId, readonly [Shape, Shape]> = {};
    const removed: Record<ShapeId, Shape> = {};
    const conflicts: ShapeId[] = [];
    for (const stored of rows) {
      const id = this.saved.idOf(stored.annotation_id) ?? storedShapeId(stored.annotation_id);
      const known = this.saved.get(id);
      if (known && (known.version > stored.version || (known.version === stored.version && prefer === 'mine')))
        continue;
      const keep = this.dirty.has(id) && prefer === 'mine';
      const row: Shape = { ...stored, id };
      this.saved.set(row);
      const current = this.records.get(id);
      if (keep) conflicts.push(id);
      if (current) updated[id] = [current, keep ? this.saved.withFacts(current) : row];
      else if (!keep) added[id] = row;
    }
    for (const annotation_id of removed_annotation_ids) {
      const id = this.saved.idOf(annotation_id);
      if (id === undefined || !this.saved.get(id)) continue;
      const keep = this.dirty.has(id) && prefer === 'mine';
      this.saved.delete(id);
      this.mark(id);
      const current = this.records.get(id);
      if (!current) continue;
      if (keep) conflicts.push(id);
      if (keep) updated[id] = [current, this.saved.withFacts(current)];
      else removed[id] = current;
    }
    for (const id of discarded_ids) {
      const current = this.records.get(id);
      if (current && !this.saved.get(id)) removed[id] = current;
    }
    return { diff: this.apply({ added, updated, removed }), conflicts };
  }

  /** What still has to be saved. Right under any interleaving of edits, undo and answers. */
  unsaved(): Unsaved {
    const created: Shape[] = [];
    const updated: (readonly [Shape, Shape])[] = [];
    const removed: Shape[] = [];
    for (const id of this.dirty) {
      const [row, current] = [this.saved.get(id), this.records.get(id)];
      if (row && current) updated.push([row, current]);
      else if (current) created.push(current);
      else if (row) removed.push(row);
    }
    return { created, updated, removed };
  }

  get hasUnsaved(): boolean {
    return this.dirty.size > 0;
  }

  private apply(diff: ShapesDiff): ShapesDiff {
    if (isEmptyDiff(diff)) return EMPTY_DIFF;
    for (const shape of Object.values(diff.added)) {
      this.place(shape.id);
      this.records.set(shape.id, shape);
    }
    for (const [id, [, to]] of Object.entries(diff.updated)) this.records.set(id, to);
    for (const id of Object.keys(diff.removed)) this.records.delete(id);
    for (const id of diffIds(diff)) this.mark(id);
    this.ordered = null;
    this.tell(diff);
    return diff;
  }

  private place(id: ShapeId): void {
    if (this.ranks.has(id)) this.shuffled = true;
    else this.ranks.set(id, this.ranks.size);
  }

  private arrange(): readonly Shape[] {
    const shapes = [...this.records.values()];
    if (!this.shuffled) return shapes;
    this.shuffled = false;
    shapes.sort((a, b) => this.rank(a.id) - this.rank(b.id));
    this.records.clear();
    for (const shape of shapes) this.records.set(shape.id, shape);
    return shapes;
  }

  private mark(id: ShapeId): void {
    if (this.saved.differs(id, this.records.get(id))) this.dirty.add(id);
    else this.dirty.delete(id);
  }

  private tell(diff: ShapesDiff): void {
    for (const listener of this.listeners) listener(diff);
  }
}
