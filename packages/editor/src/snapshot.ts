import type { TaskType } from '@labelyard/domain';
import type { Camera } from './camera/camera.js';
import type { ImagePoint } from './camera/points.js';
import type { EditorPart } from './change-hub.js';
import type { DraftState } from './draft.js';
import type { EditorModel } from './editor-model.js';
import type { Shape, ShapeId } from './records/shape.js';
import type { ClassificationMode, EditorClass, EditorImage, Notice } from './session.js';
import type { StatePath } from './tools/state-infos.js';
import type { ToolMachine } from './tools/tool-machine.js';
import type { ToolId } from './tools/tool-table.js';
import type { ViewState } from './view-options.js';

/**
 * Everything a view may show, as one immutable value. A field keeps its reference until it changes, so a component
 * selects one: `useSyncExternalStore(editor.subscribe, () => editor.getSnapshot().shapes)`.
 */
export interface EditorSnapshot {
  readonly image: EditorImage | null;
  /** From back to front, image-level labels included. */
  readonly shapes: readonly Shape[];
  readonly selection: readonly ShapeId[];
  /** The grip the keyboard holds. */
  readonly handle_id: string | null;
  readonly hovered: ShapeId | null;
  readonly tool: ToolId;
  /** E.g. `draw_polygon.drawing`. */
  readonly state: StatePath;
  /** CSS cursor for the canvas. */
  readonly css_cursor: string;
  readonly camera: Camera;
  readonly crosshair: ImagePoint | null;
  readonly draft: DraftState;
  readonly view: ViewState;
  readonly classes: readonly EditorClass[];
  readonly active_class_id: number | null;
  readonly active_task_type: TaskType;
  readonly task_types: readonly TaskType[];
  readonly classification_mode: ClassificationMode;
  readonly readonly_reason: string | null;
  readonly notice: Notice | null;
  readonly can_undo: boolean;
  readonly can_redo: boolean;
  readonly can_paste: boolean;
  readonly has_unsaved: boolean;
}

/** Rebuilds the snapshot only when something was touched. */
export class SnapshotCache {
  private value: EditorSnapshot | null = null;

  constructor(
    private readonly model: EditorModel,
    private readonly machine: ToolMachine,
  ) {
    // The first listener: whoever subscribes later already reads the new value.
    model.hub.subscribe((_parts: ReadonlySet<EditorPart>) => (this.value = null));
  }

  get(): EditorSnapshot {
    return (this.value ??= this.build());
  }

  private build(): EditorSnapshot {
    const { model, machine } = this;
    const { session } = model;
    return {
      image: session.image,
      shapes: model.store.all,
      selection: model.selection.ids,
      handle_id: model.selection.handle_id,
      hovered: model.hovered,
      tool: machine.tool,
      state: machine.path,
      css_cursor: machine.cursor,
      camera: model.camera.state,
      crosshair: model.crosshair.point,
      draft: model.draft.state,
      view: model.view.state,
      classes: session.classes,
      active_class_id: session.active_class_id,
      active_task_type: session.active_task_type,
      task_types: session.task_types,
      classification_mode: session.classification_mode,
      readonly_reason: session.readonly_reason,
      notice: session.notice,
      can_undo: session.readonly_reason === null && (model.history.canUndo || machine.path.endsWith('.drawing')),
      can_redo: session.readonly_reason === null && model.history.canRedo,
      can_paste: session.readonly_reason === null && model.clipboard.length > 0,
      has_unsaved: model.store.hasUnsaved,
    };
  }
}
