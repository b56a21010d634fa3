import type { ImagePoint, ScreenPoint } from '../camera/points.js';
import type { PointerKind } from '../input-event.js';
import type { ShapeId } from '../records/shape.js';

/** What each interaction state is entered with. The keys are all states there are; the first word is the tool. */
export interface StateInfos {
  'select.idle': void;
  'select.pointing_shape': {
    readonly id: ShapeId;
    readonly screen: ScreenPoint;
    readonly image: ImagePoint;
    readonly shift: boolean;
    readonly pointer: PointerKind;
  };
  'select.translating': { readonly origin: ImagePoint; readonly to: ImagePoint };
  'select.dragging_handle': {
    readonly id: ShapeId;
    readonly handle_id: string;
    readonly screen: ScreenPoint;
    readonly image: ImagePoint;
  };
  'select.brushing': { readonly screen: ScreenPoint; readonly image: ImagePoint; readonly add: boolean };
  'draw_bbox.idle': void;
  'draw_bbox.drawing': {
    readonly origin: ImagePoint;
    /** Where the button went down; null when the corner was put by a key. */
    readonly pressed: ScreenPoint | null;
  };
  'draw_polygon.idle': void;
  'draw_polygon.drawing': { readonly first: ImagePoint; readonly pressed: ScreenPoint | null };
  'classify.idle': void;
  'pan.idle': void;
  'pan.dragging': { readonly screen: ScreenPoint };
}

export type StatePath = keyof StateInfos;
