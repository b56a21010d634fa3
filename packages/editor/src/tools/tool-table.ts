import type { TaskType } from '@labelyard/domain';
import type { EditorModel } from '../editor-model.js';
import { ClassifyIdle } from './classify.js';
import { DrawBboxDrawing } from './draw-bbox/drawing.js';
import { DrawBboxIdle } from './draw-bbox/idle.js';
import { DrawPolygonDrawing } from './draw-polygon/drawing.js';
import { DrawPolygonIdle } from './draw-polygon/idle.js';
import { PanDragging, PanIdle } from './pan.js';
import { Brushing } from './select/brushing.js';
import { DraggingHandle } from './select/dragging-handle.js';
import { SelectIdle } from './select/idle.js';
import { PointingShape } from './select/pointing-shape.js';
import { Translating } from './select/translating.js';
import type { StatePath } from './state-infos.js';
import type { StateNode, Transitions } from './state-node.js';

export type ToolId = StatePath extends infer P ? (P extends `${infer T}.${string}` ? T : never) : never;

interface Tool {
  readonly key: string;
  /** The task its labels belong to; null for tools that make none. */
  readonly task_type: TaskType | null;
}

/** The tools, in toolbar order. */
export const TOOLS: Readonly<Record<ToolId, Tool>> = {
  select: { key: 'v', task_type: null },
  draw_bbox: { key: 'b', task_type: 'detection' },
  draw_polygon: { key: 'p', task_type: 'segmentation' },
  classify: { key: 'c', task_type: 'classification' },
  pan: { key: 'h', task_type: null },
};

export const TOOL_IDS = Object.keys(TOOLS) as ToolId[];

type StateTable = {
  readonly [P in StatePath]: new (model: EditorModel, machine: Transitions) => StateNode<P>;
};

/** Every state there is. A state without an entry does not compile. */
export const STATES: StateTable = {
  'select.idle': SelectIdle,
  'select.pointing_shape': PointingShape,
  'select.translating': Translating,
  'select.dragging_handle': DraggingHandle,
  'select.brushing': Brushing,
  'draw_bbox.idle': DrawBboxIdle,
  'draw_bbox.drawing': DrawBboxDrawing,
  'draw_polygon.idle': DrawPolygonIdle,
  'draw_polygon.drawing': DrawPolygonDrawing,
  'classify.idle': ClassifyIdle,
  'pan.idle': PanIdle,
  'pan.dragging': PanDragging,
};
