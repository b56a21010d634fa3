import { screenPoint } from '../camera/points.js';
import type { Editor } from '../editor.js';
import { modifiersOf } from './modifiers.js';

/** CSS pixels of a line, for browsers that count the wheel in lines. */
const LINE = 40;
/** Pinching on a track pad arrives as a wheel with Ctrl and tiny steps. */
const PINCH_STEP = 30;
const PINCH_GAIN = 8;
/** Events closer than this belong to one turn of the wheel: what they mean is decided by the first. */
const SAME_TURN_MS = 250;

/** A mouse wheel zooms, two fingers on a track pad pan, Ctrl/Cmd with either zooms, Shift pans. */
export class WheelInput {
  private lastTime = -Infinity;
  private zooms = true;

  constructor(
    private readonly element: HTMLElement,
    private readonly editor: Editor,
  ) {}

  attach(signal: AbortSignal): void {
    this.element.addEventListener('wheel', (event) => this.turn(event), { signal, passive: false });
  }

  private turn(event: WheelEvent): void {
    const { left, top, height } = this.element.getBoundingClientRect();
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? height : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const modifiers = modifiersOf(event);
    if (event.timeStamp - this.lastTime > SAME_TURN_MS) this.zooms = isMouseWheel(event);
    this.lastTime = event.timeStamp;
    const zoom = modifiers.mod || (this.zooms && !modifiers.shift);
    const gain = modifiers.mod && Math.abs(dy) < PINCH_STEP ? PINCH_GAIN : 1;
    const point = screenPoint(event.clientX - left, event.clientY - top);
    // Shift turns a plain wheel sideways; some browsers have done so already.
    const sideways = modifiers.shift && dx === 0;
    const used = this.editor.dispatch({
      type: 'wheel',
      point,
      dx: sideways ? dy : dx,
      dy: sideways ? 0 : dy * gain,
      zoom,
      ...modifiers,
    });
    if (used) event.preventDefault();
  }
}

/** A wheel moves in whole notches along one axis; a track pad in small steps along both. */
function isMouseWheel({ deltaMode, deltaX, deltaY }: WheelEvent): boolean {
  return deltaMode !== 0 || (deltaX === 0 && Math.abs(deltaY) >= 50);
}
