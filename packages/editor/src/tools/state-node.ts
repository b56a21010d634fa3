import type { ImagePoint, ScreenPoint } from '../camera/points.js';
import type { EditorModel } from '../editor-model.js';
import type { Modifiers, PointerKind } from '../input-event.js';
import type { StateInfos, StatePath } from './state-infos.js';

/** A pointer event in both spaces. */
export interface PointerInfo extends Modifiers {
  readonly screen: ScreenPoint;
  readonly image: ImagePoint;
  readonly pointer: PointerKind;
}

/** How a state hands over to another one. */
export interface Transitions {
  transition<P extends StatePath>(path: P, info: StateInfos[P]): void;
}

/** CSS pixels a pointer may move and still be a click. */
export const DRAG_DISTANCE = 4;

/**
 * One state of an interaction. A gesture takes its snapshot in `enter`, computes every move from that snapshot
 * (never from the previous move), shows it in `model.draft`, edits the records once in the end, and forgets it in `cancel`.
 * Methods that answer a boolean say whether the state had a use for the request.
 */
export abstract class StateNode<P extends StatePath = StatePath> {
  constructor(
    protected readonly model: EditorModel,
    private readonly machine: Transitions,
  ) {}

  enter(_info: StateInfos[P]): void {}
  /** Runs on every way out. */
  exit(): void {}

  pointerDown(_at: PointerInfo): void {}
  pointerMove(_at: PointerInfo): void {}
  pointerUp(_at: PointerInfo): void {}
  doubleClick(_at: PointerInfo): void {}

  /** Arrow keys, in image pixels. */
  nudge(_dx: number, _dy: number): boolean {
    return false;
  }
  /** Enter. */
  complete(): boolean {
    return false;
  }
  /** Escape: leave no trace. */
  cancel(): boolean {
    return false;
  }
  /** The pointer was lost (capture, second finger, window). A gesture in the hand is cancelled. */
  interrupt(): void {
    this.cancel();
  }
  /** Takes back one step inside an unfinished shape. */
  undo(): boolean {
    return false;
  }
  redo(): boolean {
    return false;
  }
  /** Delete or Backspace. */
  remove(): boolean {
    return false;
  }
  /** CSS cursor. */
  get cursor(): string {
    return 'default';
  }

  protected transition<Q extends StatePath>(path: Q, info: StateInfos[Q]): void {
    this.machine.transition(path, info);
  }
}
