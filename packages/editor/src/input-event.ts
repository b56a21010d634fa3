import type { ScreenPoint } from './camera/points.js';

/** Keys held while an event happened. `mod` is Ctrl or Cmd, whichever the platform uses. */
export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  readonly mod: boolean;
}

export type PointerKind = 'mouse' | 'pen' | 'touch';

interface At extends Modifiers {
  readonly point: ScreenPoint;
}

export interface PointerEventInfo extends At {
  readonly type: 'pointer_down' | 'pointer_move' | 'pointer_up' | 'double_click';
  /** 0 main, 1 middle, 2 secondary; -1 when a move has none. */
  readonly button: number;
  readonly pointer: PointerKind;
}

export interface KeyEventInfo extends Modifiers {
  readonly type: 'key_down' | 'key_up';
  /** As in `KeyboardEvent.key`. */
  readonly key: string;
  /** As in `KeyboardEvent.code`: the physical key, needed when an input method (Korean …) hides the letter. */
  readonly code: string;
  readonly repeat: boolean;
}

/** `zoom` when the wheel was turned with Ctrl/Cmd, pinched on a track pad, or is an ordinary mouse wheel. */
export interface WheelEventInfo extends At {
  readonly type: 'wheel';
  readonly dx: number;
  readonly dy: number;
  readonly zoom: boolean;
}

/** Two fingers: `scale` and the movement of their centre since the previous event. */
export interface PinchEventInfo {
  readonly type: 'pinch';
  readonly point: ScreenPoint;
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

/** The gesture cannot go on: capture lost, a second finger, window blurred. `pointer_leave`: nothing is under the pointer. */
export interface InterruptEventInfo {
  readonly type: 'pointer_cancel' | 'pointer_leave' | 'blur';
}

/** Everything an input device can tell the editor. Points are CSS pixels from the canvas element's corner. */
export type InputEvent = PointerEventInfo | KeyEventInfo | WheelEventInfo | PinchEventInfo | InterruptEventInfo;

/** Whether every number of an event is finite; others are ignored. */
export function isSound(event: InputEvent): boolean {
  for (const value of Object.values(event) as unknown[]) {
    if (typeof value === 'number' && !Number.isFinite(value)) return false;
    if (Array.isArray(value) && !value.every(Number.isFinite)) return false;
  }
  return true;
}
