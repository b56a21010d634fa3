import type { ChangeHub } from './change-hub.js';
import type { ShapeId } from './records/shape.js';

/** Selected shapes, and the grip the keyboard holds when exactly one is selected. */
export class Selection {
  /** In the order they were picked. The same array until the selection changes. */
  ids: readonly ShapeId[] = [];
  handle_id: string | null = null;
  private members: ReadonlySet<ShapeId> = new Set();

  constructor(private readonly hub: ChangeHub) {}

  has(id: ShapeId): boolean {
    return this.members.has(id);
  }

  /** The selected shape when there is exactly one. */
  get only(): ShapeId | null {
    return this.ids.length === 1 ? (this.ids[0] as ShapeId) : null;
  }

  set(ids: readonly ShapeId[]): void {
    const unique = new Set(ids);
    const same = unique.size === this.members.size && this.ids.every((id, i) => id === ids[i]);
    if (same && this.handle_id === null) return;
    if (!same) {
      this.members = unique;
      this.ids = [...unique];
    }
    this.handle_id = null;
    this.hub.touch('selection');
  }

  toggle(id: ShapeId): void {
    this.set(this.has(id) ? this.ids.filter((other) => other !== id) : [...this.ids, id]);
  }

  clear(): void {
    this.set([]);
  }

  /** Forgets ids that are gone. */
  drop(gone: Readonly<Record<ShapeId, unknown>>): void {
    if (this.ids.some((id) => id in gone)) this.set(this.ids.filter((id) => !(id in gone)));
  }

  hold(handle_id: string | null): void {
    if (this.handle_id === handle_id) return;
    this.handle_id = handle_id;
    this.hub.touch('selection');
  }
}
