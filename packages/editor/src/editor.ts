import type { Geometry, TaskType } from '@labelyard/domain';
import type { Action } from './actions/action.js';
import { ActionRegistry } from './actions/registry.js';
import type { CameraControl } from './camera/camera-control.js';
import type { ChangeListener } from './change-hub.js';
import { chooseClass, toggleClassification, toggleNoObject } from './commands/labels.js';
import { removeSelection } from './commands/removing.js';
import { EditorModel, type RestoredEdits } from './editor-model.js';
import { isSound, type InputEvent, type KeyEventInfo } from './input-event.js';
import type { DiffEvent } from './records/diff.js';
import type { RemoteChange, SaveResult, Unsaved } from './records/saved-rows.js';
import { shapeIssues, type ShapeIssue } from './records/shape-issues.js';
import type { ShapesChange } from './records/shape-store.js';
import type { Shape, ShapeId } from './records/shape.js';
import type { ClassificationMode, EditorClass, EditorImage } from './session.js';
import { SnapshotCache, type EditorSnapshot } from './snapshot.js';
import { ToolMachine } from './tools/tool-machine.js';
import type { StatePath } from './tools/state-infos.js';
import { TOOLS, type ToolId } from './tools/tool-table.js';
import type { ViewState } from './view-options.js';

/** An outline of so many points is work; whoever loses it was not asked. */
const FEWEST_POINTS_KEPT = 3;

export type EditorAction = Action<Editor>;

/**
 * The editor as hosts see it: input in, snapshots and diffs out. It owns no canvas and no element.
 * Made by `createEditor()`, which also registers the built-in actions.
 */
export class Editor {
  /** The parts, for painters, actions and tests. Hosts use the methods of this class. */
  readonly model = new EditorModel();
  readonly actions = new ActionRegistry<Editor>(this);
  private readonly machine = new ToolMachine(this.model);
  private readonly snapshots = new SnapshotCache(this.model, this.machine);

  // — Reading —

  /** For `useSyncExternalStore`; called once per batch with what was touched. */
  readonly subscribe = (listener: ChangeListener): (() => void) => this.model.hub.subscribe(listener);
  readonly getSnapshot = (): EditorSnapshot => this.snapshots.get();

  get state(): StatePath {
    return this.machine.path;
  }

  get tool(): ToolId {
    return this.machine.tool;
  }

  get selection(): readonly ShapeId[] {
    return this.model.selection.ids;
  }

  get shapes(): readonly Shape[] {
    return this.model.store.all;
  }

  get image(): EditorImage | null {
    return this.model.session.image;
  }

  get camera(): CameraControl {
    return this.model.camera;
  }

  shape(id: ShapeId): Shape | undefined {
    return this.model.store.get(id);
  }

  /** What the server would say against a shape; empty when nothing. */
  issues(id: ShapeId): readonly ShapeIssue[] {
    const { session, store } = this.model;
    const shape = store.get(id);
    return shape && session.image ? shapeIssues(shape, session.image) : [];
  }

  // — Images and what the host knows —

  /** Opens an image. `restored`: journaled edits the server does not know yet. Whatever was unfinished is dropped. */
  load(image: EditorImage, shapes: readonly Shape[], restored: RestoredEdits = {}): void {
    this.model.hub.batch(() => {
      this.machine.reset();
      this.model.load(image, shapes, restored);
    });
  }

  unload(): void {
    this.model.hub.batch(() => {
      this.machine.reset();
      this.model.unload();
    });
  }

  /** Number keys follow the order of the list. An active class that is gone is let go; with none, the first is taken. */
  setClasses(classes: readonly EditorClass[]): void {
    const { session } = this.model;
    const kept = classes.some(({ id }) => id === session.active_class_id);
    session.set({ classes, active_class_id: kept ? session.active_class_id : (classes[0]?.id ?? null) });
  }

  /** Which tasks the project has; tools of others are off. */
  setTaskTypes(task_types: readonly TaskType[]): void {
    const { session } = this.model;
    const active = task_types.includes(session.active_task_type) ? session.active_task_type : task_types[0];
    session.set({ task_types, active_task_type: active ?? session.active_task_type });
    if (!this.toolEnabled(this.tool)) this.model.hub.batch(() => this.machine.setTool('select'));
  }

  setActiveTaskType(active_task_type: TaskType): void {
    this.model.session.set({ active_task_type });
  }

  setClassificationMode(classification_mode: ClassificationMode): void {
    this.model.session.set({ classification_mode });
  }

  /** `null` allows editing; a reason (an opaque word the web translates) refuses it. A drag in the hand is let go. */
  setReadonly(reason: string | null): void {
    this.model.hub.batch(() => {
      if (reason !== null) this.machine.interrupt();
      this.model.session.set({ readonly_reason: reason });
    });
  }

  /** What is verified is read-only for annotators. */
  setMayEditVerified(may_edit_verified: boolean): void {
    this.model.session.set({ may_edit_verified });
  }

  /** Whether a reviewer's verdict keeps this shape as it is. */
  isLocked(id: ShapeId): boolean {
    return this.model.isLocked(id);
  }

  setView(fields: Partial<ViewState>): void {
    this.model.view.set(fields);
  }

  /** Draws a geometry over the image, dashed, to be compared with what is there; null takes it away. */
  showGhost(geometry: Geometry | null): void {
    this.model.showGhost(geometry);
  }

  // — Editing —

  /** Refused with a notice while an outline is in the hand. */
  setTool(tool: ToolId): void {
    if (this.toolEnabled(tool) && this.mayLeave()) this.model.hub.batch(() => this.machine.setTool(tool));
  }

  /**
   * Whether one may go elsewhere now: to another tool, task or image. Refused with a notice while an outline would be thrown away.
   * One or two points are let go: they may as well be a slip, and are soon put again.
   */
  mayLeave(): boolean {
    const points = this.model.draft.state.drawing?.points.length ?? 0;
    return points < FEWEST_POINTS_KEPT || this.model.session.refuse('unfinished');
  }

  toolEnabled(tool: ToolId): boolean {
    const { task_type } = TOOLS[tool];
    return task_type === null || this.model.session.task_types.includes(task_type);
  }

  select(ids: readonly ShapeId[]): void {
    const { store, selection } = this.model;
    selection.set(ids.filter((id) => store.get(id)));
  }

  /** A host's own edit (class of many, attributes …): one undo step. Refused with a notice when read-only. */
  edit(change: ShapesChange): boolean {
    return this.model.edit(change);
  }

  /** Makes several edits one undo step; takes them back when `work` throws. */
  transact<T>(work: () => T): T {
    return this.model.transact(work);
  }

  /**
   * What a class key means in each tool. Classify: toggles the label. Drawing: the class of the next shape; the one just
   * drawn keeps its own, though it is selected. Otherwise the selection takes the class, and so does the next shape.
   */
  chooseClass(class_id: number): void {
    this.model.hub.batch(() => {
      if (this.tool === 'classify') toggleClassification(this.model, class_id);
      else if (this.tool.startsWith('draw_')) this.model.session.set({ active_class_id: class_id });
      else chooseClass(this.model, class_id);
    });
  }

  toggleNoObject(): boolean {
    return toggleNoObject(this.model);
  }

  /** First inside an unfinished shape or drag, then in the image's history. */
  undo(): boolean {
    return this.model.hub.batch(() => this.machine.state.undo() || this.model.undo());
  }

  redo(): boolean {
    return this.model.hub.batch(() => this.machine.state.redo() || this.model.redo());
  }

  /** Delete: last vertex while drawing, the held vertex, or the selection. */
  remove(): boolean {
    return this.model.hub.batch(() => this.machine.state.remove() || removeSelection(this.model));
  }

  complete(): boolean {
    return this.model.hub.batch(() => this.machine.state.complete());
  }

  cancel(): boolean {
    return this.model.hub.batch(() => this.machine.state.cancel());
  }

  nudge(dx: number, dy: number): boolean {
    return this.model.hub.batch(() => this.machine.state.nudge(dx, dy));
  }

  // — Saving —

  /** Every change of the records except loading; `source` tells own edits from the server's. */
  onDiff(listener: (event: DiffEvent) => void): () => void {
    return this.model.onDiff(listener);
  }

  /** What the server does not hold yet, whatever happened in between. */
  unsaved(): Unsaved {
    return this.model.store.unsaved();
  }

  /** The server's answer to shapes that were sent. Never undoable. */
  markSaved(image_id: number, results: readonly SaveResult[]): void {
    this.model.markSaved(image_id, results);
  }

  /** Others' changes, or the outcome of a conflict. Returns ids where unsaved edits met a foreign change. */
  applyRemote(image_id: number, change: RemoteChange): readonly ShapeId[] {
    return this.model.applyRemote(image_id, change);
  }

  // — Input —

  /** Adds host actions (confirm and next, previous image, help …). Returns how to take them away. */
  registerActions(actions: readonly EditorAction[]): () => void {
    return this.actions.register(actions);
  }

  /** Takes one input event. True when it was used, so that the browser must not act on it too. */
  dispatch(event: InputEvent): boolean {
    if (!isSound(event)) return false;
    return this.model.hub.batch(() => {
      switch (event.type) {
        case 'key_down':
        case 'key_up':
          return this.key(event);
        case 'wheel':
          this.machine.wheel(event);
          return true;
        case 'pinch':
          this.machine.pinch(event);
          return true;
        case 'pointer_cancel':
        case 'blur':
          this.machine.interrupt();
          return false;
        case 'pointer_leave':
          this.model.hover(null);
          this.model.crosshair.follow(null);
          return false;
        default:
          if (this.image) this.machine.pointer(event);
          return this.image !== null;
      }
    });
  }

  private key(event: KeyEventInfo): boolean {
    if (event.key === ' ') {
      this.machine.holdSpace(event.type === 'key_down');
      return true;
    }
    if (event.type === 'key_up') return false;
    const action = this.actions.forKey(event);
    if (!action) return false;
    // A chord of ours is never the browser's (bookmark, select all), also while there is nothing to do.
    if (!action.enabled(this)) return event.mod;
    const repeats = typeof action.repeats === 'function' ? action.repeats(this) : action.repeats;
    if (!event.repeat || repeats) action.run(this);
    return true;
  }
}
