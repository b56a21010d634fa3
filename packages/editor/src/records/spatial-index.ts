import { geometryBounds, type Box } from '@labelyard/domain';
import RBush from 'rbush';
import type { ShapesDiff } from './diff.js';
import type { Shape, ShapeId } from './shape.js';

/** A shape's place in the index. Corners in image pixels. */
export interface IndexEntry {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly id: ShapeId;
}

/** When more than this share of all shapes changed, building the tree anew is cheaper than removing and inserting. */
const REBUILD_SHARE = 0.25;

/** R-tree over the bounds of all shapes that have a place on the image; follows the store diff by diff. */
export class SpatialIndex {
  private readonly tree = new RBush<IndexEntry>(16);
  private readonly entries = new Map<ShapeId, IndexEntry>();

  update({ added, updated, removed }: ShapesDiff): void {
    const gone: ShapeId[] = Object.keys(removed);
    const fresh: Shape[] = Object.values(added);
    for (const [from, to] of Object.values(updated)) if (from.geometry !== to.geometry) fresh.push(to);
    if (gone.length + fresh.length > Math.max(this.entries.size * REBUILD_SHARE, 8)) this.rebuild(gone, fresh);
    else this.patch(gone, fresh);
  }

  /** Shapes whose bounds touch the box, in no order. */
  search([x, y, w, h]: Box): IndexEntry[] {
    return this.tree.search({ minX: x, minY: y, maxX: x + w, maxY: y + h });
  }

  get(id: ShapeId): IndexEntry | undefined {
    return this.entries.get(id);
  }

  get size(): number {
    return this.entries.size;
  }

  private rebuild(gone: readonly ShapeId[], fresh: readonly Shape[]): void {
    for (const id of gone) this.entries.delete(id);
    for (const shape of fresh) this.enter(shape);
    this.tree.clear().load([...this.entries.values()]);
  }

  private patch(gone: readonly ShapeId[], fresh: readonly Shape[]): void {
    for (const id of gone) this.remove(id);
    for (const shape of fresh) {
      this.remove(shape.id);
      const entry = this.enter(shape);
      if (entry) this.tree.insert(entry);
    }
  }

  private enter(shape: Shape): IndexEntry | null {
    const entry = indexEntry(shape);
    if (entry) this.entries.set(shape.id, entry);
    else this.entries.delete(shape.id);
    return entry;
  }

  private remove(id: ShapeId): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.entries.delete(id);
    this.tree.remove(entry);
  }
}

function indexEntry({ id, geometry }: Shape): IndexEntry | null {
  const bounds = geometryBounds(geometry);
  if (!bounds || !bounds.every(Number.isFinite)) return null;
  const [x, y, w, h] = bounds;
  return { minX: x, minY: y, maxX: x + w, maxY: y + h, id };
}
