import { STATE_AFTER_EDIT } from '@labelyard/domain';
import { sameUserFields, type Shape, type ShapeId, type StoredShape } from './shape.js';

/** What the server answered to one saved shape: the row, or at least its new id and version. `null`: it is deleted now. */
export interface SaveResult {
  /** The shape as it was sent (from `unsaved()`). */
  readonly sent: Shape;
  readonly saved: (Pick<StoredShape, 'annotation_id' | 'version'> & Partial<StoredShape>) | null;
}

/** What others did, or the rows a conflict answer carried. */
export interface RemoteChange {
  readonly rows?: readonly StoredShape[];
  readonly removed_annotation_ids?: readonly number[];
  /** Shapes the server never took and the person gave up. */
  readonly discarded_ids?: readonly ShapeId[];
  /** Who wins where the same shape has unsaved edits. `mine` (default) keeps them and bases them on the new version. */
  readonly prefer?: 'mine' | 'theirs';
}

/** What still has to be saved: the difference between the records and what the server is known to hold. */
export interface Unsaved {
  readonly created: readonly Shape[];
  readonly updated: readonly (readonly [stored: Shape, current: Shape])[];
  /** As the server holds them, with `annotation_id` and `version`. */
  readonly removed: readonly Shape[];
}

/** The rows the server is known to hold, by client id. Server-owned fields of a record always come from here. */
export class SavedRows {
  private readonly rows = new Map<ShapeId, Shape>();
  private readonly ids = new Map<number, ShapeId>();

  get(id: ShapeId): Shape | undefined {
    return this.rows.get(id);
  }

  set(row: Shape): void {
    this.rows.set(row.id, row);
    if (row.annotation_id !== null) this.ids.set(row.annotation_id, row.id);
  }

  /** The client id keeps pointing to the annotation, so that a late message about it finds the record. */
  delete(id: ShapeId): void {
    this.rows.delete(id);
  }

  clear(): void {
    this.rows.clear();
    this.ids.clear();
  }

  idOf(annotation_id: number): ShapeId | undefined {
    return this.ids.get(annotation_id);
  }

  /** `shape` with the server's facts about it: stored or not, version, and `draft` unless it equals the stored row. */
  withFacts(shape: Shape): Shape {
    const row = this.rows.get(shape.id);
    if (!row) return { ...shape, annotation_id: null, version: 0, state: STATE_AFTER_EDIT };
    const state = sameUserFields(shape, row) ? row.state : STATE_AFTER_EDIT;
    return { ...shape, annotation_id: row.annotation_id, version: row.version, state };
  }

  /** Whether the record (undefined: removed) needs saving. */
  differs(id: ShapeId, current: Shape | undefined): boolean {
    const row = this.rows.get(id);
    return row && current ? !sameUserFields(row, current) : Boolean(row) !== Boolean(current);
  }
}
