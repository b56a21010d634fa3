import type { Geometry } from '@labelyard/domain';
import { CameraControl } from './camera/camera-control.js';
import { ChangeHub } from './change-hub.js';
import { Crosshair } from './crosshair.js';
import { Draft } from './draft.js';
import { diffIds, invertDiff, isEmptyDiff, type DiffEvent, type DiffSource, type ShapesDiff } from './records/diff.js';
import { History } from './records/history.js';
import { ImageMemory } from './records/image-memory.js';
import type { RemoteChange, SaveResult } from './records/saved-rows.js';
import { ShapeStore, type ShapesChange } from './records/shape-store.js';
import { USER_FIELDS, type NewShape, type Shape, type ShapeId } from './records/shape.js';
import { SpatialIndex } from './records/spatial-index.js';
import { Selection } from './selection.js';
import { Session, type EditorImage } from './session.js';
import { ViewOptions } from './view-options.js';

/** Edits that were journaled but not yet known to the server when the image is loaded. */
export type RestoredEdits = ShapesChange;

/** Everything the editor holds, and the few ways to change the records. Tools, actions and painters work on it. */
export class EditorModel {
  readonly hub = new ChangeHub();
  readonly session = new Session(this.hub);
  readonly camera = new CameraControl(this.hub);
  readonly view = new ViewOptions(this.hub);
  readonly draft = new Draft(this.hub);
  readonly selection = new Selection(this.hub);
  readonly crosshair = new Crosshair(this.hub, this.session);
  readonly store = new ShapeStore();
  readonly index = new SpatialIndex();
  history = new History();
  /** The shape under the pointer. */
  hovered: ShapeId | null = null;
  /** An old or other form of a shape, drawn over the image to be compared with; not a record. */
  ghost: Geometry | null = null;
  /** Copied shapes; they outlive the image. */
  clipboard: readonly NewShape[] = [];
  private readonly memory = new ImageMemory();
  private readonly diffListeners = new Set<(event: DiffEvent) => void>();

  constructor() {
    this.store.listen((diff) => {
      this.index.update(diff);
      this.selection.drop(diff.removed);
      if (this.hovered !== null && this.hovered in diff.removed) this.hover(null);
      this.hub.touch('shapes');
    });
  }

  /** Opens an image with what the server holds of it, then applies edits that were not saved yet. Nothing of it can be undone. */
  load(image: EditorImage, stored: readonly Shape[], restored: RestoredEdits = {}): void {
    this.hub.batch(() => {
      this.clearTransient();
      this.history = this.memory.visit(image.id);
      this.session.set({ image });
      this.store.reset(this.memory.recall(image.id, stored));
      this.store.change(restored);
      this.camera.setImage(image);
      this.hub.touch('history');
    });
  }

  /** Closes the image. Its undo stack is kept for a while. */
  unload(): void {
    this.hub.batch(() => {
      this.clearTransient();
      this.session.set({ image: null });
      this.store.reset([]);
      this.history = new History();
      this.camera.setImage(null);
      this.hub.touch('history');
    });
  }

  /** A person's edit: refused with a notice when read-only, recorded in history, told to savers. False when refused. */
  edit(change: ShapesChange, key: string | null = null): boolean {
    if (!this.session.mayEdit()) return false;
    const update = [...(change.update ?? [])];
    const remove = [...(change.remove ?? [])];
    if (!this.mayChange([...update.map(([id]) => id), ...remove])) return false;
    this.hub.batch(() => {
      const diff = this.store.change({ create: change.create ?? [], update, remove });
      this.history.record(diff, key);
      this.tell(diff, 'user');
    });
    return true;
  }

  /** Whether a reviewer's verdict keeps this shape as it is. */
  isLocked(id: ShapeId): boolean {
    return !this.session.may_edit_verified && this.store.get(id)?.state === 'verified';
  }

  /** Whether all of these may be changed; says why not. */
  mayChange(ids: Iterable<ShapeId>): boolean {
    for (const id of ids) if (this.isLocked(id)) return this.session.refuse('verified');
    return true;
  }

  /** Makes all edits of `work` one undo step. When it throws, they are taken back. */
  transact<T>(work: () => T): T {
    return this.hub.batch(() => {
      const mark = this.history.mark();
      try {
        const result = work();
        this.history.squashToMark(mark);
        return result;
      } catch (error) {
        const undone = this.store.change(asChange(invertDiff(this.history.bailToMark(mark))));
        this.tell(undone, 'undo');
        throw error;
      }
    });
  }

  undo(): boolean {
    return this.travel('undo');
  }

  redo(): boolean {
    return this.travel('redo');
  }

  /** Takes in the answer to a save. Not an edit: nothing to undo. Answers about an image that was left are remembered. */
  markSaved(image_id: number, results: readonly SaveResult[]): void {
    for (const { sent, saved } of results) {
      if (saved) this.memory.remember(image_id, saved.annotation_id, sent.id);
    }
    if (image_id !== this.session.image?.id) return;
    this.hub.batch(() => this.tell(this.store.settle(results), 'remote'));
  }

  /** Takes in changes of others. Returns the ids where unsaved edits met a foreign change. */
  applyRemote(image_id: number, change: RemoteChange): readonly ShapeId[] {
    if (image_id !== this.session.image?.id) return [];
    return this.hub.batch(() => {
      const { diff, conflicts } = this.store.merge(change);
      this.tell(diff, 'remote');
      return conflicts;
    });
  }

  /** Calls `listener` with every change of the records except loading. */
  onDiff(listener: (event: DiffEvent) => void): () => void {
    this.diffListeners.add(listener);
    return () => void this.diffListeners.delete(listener);
  }

  showGhost(geometry: Geometry | null): void {
    if (this.ghost === geometry) return;
    this.ghost = geometry;
    this.hub.touch('hover');
  }

  hover(id: ShapeId | null): void {
    if (this.hovered === id) return;
    this.hovered = id;
    this.hub.touch('hover');
  }

  /** Selected shapes, in the order they were picked. */
  get selectedShapes(): Shape[] {
    return this.selection.ids.flatMap((id) => this.store.get(id) ?? []);
  }

  private clearTransient(): void {
    this.draft.clear();
    this.selection.clear();
    this.crosshair.clear();
    this.showGhost(null);
    this.hover(null);
  }

  /** One step through history that changes something; steps whose shapes are gone are passed over. */
  private travel(direction: 'undo' | 'redo'): boolean {
    if (!this.session.mayEdit()) return false;
    return this.hub.batch(() => {
      for (;;) {
        const step = this.history[direction]();
        if (!step) return false;
        this.hub.touch('history');
        // Verified since it was made: the step is gone, as for a shape that was deleted.
        if (diffIds(step).some((id) => this.isLocked(id))) continue;
        const diff = this.store.change(asChange(direction === 'undo' ? invertDiff(step) : step));
        if (isEmptyDiff(diff)) continue;
        this.selection.set([...Object.keys(diff.added), ...Object.keys(diff.updated)]);
        this.tell(diff, direction);
        return true;
      }
    });
  }

  private tell(diff: ShapesDiff, source: DiffSource): void {
    const image_id = this.session.image?.id;
    if (image_id === undefined || isEmptyDiff(diff)) return;
    this.hub.touch('history');
    for (const listener of [...this.diffListeners]) listener({ image_id, diff, source });
  }
}

/** A diff as a wish: only the fields it changed, so that it does not carry old versions or overwrite other fields. */
function asChange({ added, updated, removed }: ShapesDiff): ShapesChange {
  return {
    create: Object.values(added),
    update: Object.entries(updated).map(([id, [from, to]]) => {
      const patch: Record<string, unknown> = {};
      for (const field of USER_FIELDS) if (from[field] !== to[field]) patch[field] = to[field];
      return [id, patch] as const;
    }),
    remove: Object.keys(removed),
  };
}
