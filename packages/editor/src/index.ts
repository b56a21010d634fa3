export type { Action, ActionGroup } from './actions/action.js';
export { chordId, parseChord, type KeyChord } from './actions/key-chord.js';
export { keyConflicts, type KeyConflict } from './actions/registry.js';
export type { Camera, Viewport } from './camera/camera.js';
export { imagePoint, screenPoint, type ImagePoint, type ScreenPoint } from './camera/points.js';
export type { EditorPart } from './change-hub.js';
export { createEditor } from './create-editor.js';
export type { Brush, DraftState, Drawing } from './draft.js';
export type { RestoredEdits } from './editor-model.js';
export type { Editor, EditorAction } from './editor.js';
export type { InputEvent, Modifiers } from './input-event.js';
export {
  diffIds,
  invertDiff,
  isEmptyDiff,
  squashDiffs,
  type DiffEvent,
  type DiffSource,
  type ShapesDiff,
} from './records/diff.js';
export type { RemoteChange, SaveResult, Unsaved } from './records/saved-rows.js';
export type { ShapeIssue } from './records/shape-issues.js';
export type { ShapesChange } from './records/shape-store.js';
export {
  newShape,
  sameUserFields,
  shapeFromAnnotation,
  storedShape,
  storedShapeId,
  type NewShape,
  type Shape,
  type ShapeId,
  type ShapePatch,
  type StoredShape,
} from './records/shape.js';
export type { ClassificationMode, EditorClass, EditorImage, Notice, NoticeCode } from './session.js';
export type { EditorSnapshot } from './snapshot.js';
export type { StatePath } from './tools/state-infos.js';
export { TOOL_IDS, TOOLS, type ToolId } from './tools/tool-table.js';
export type { ViewState } from './view-options.js';
export { attachInput } from './input/attach-input.js';
export type { ClassStyle, ClassStyleResolver } from './painter/class-style.js';
export { createPainter, type Painter, type PainterOptions } from './painter/painter.js';
