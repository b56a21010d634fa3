import { screenPoint, distance, type ScreenPoint } from '../camera/points.js';
import type { Editor } from '../editor.js';
import type { PointerEventInfo, PointerKind } from '../input-event.js';
import { modifiersOf } from './modifiers.js';

/** Milliseconds and CSS pixels between two presses that are still a double click. */
const DOUBLE_CLICK_MS = 400;
const DOUBLE_CLICK_REACH: Readonly<Record<PointerKind, number>> = { mouse: 6, pen: 10, touch: 24 };

/**
 * Mouse, pen and touch. One pointer works the tools; a second finger turns the gesture into a pinch, and the tool's gesture
 * is called off. Double clicks are recognised here, because touch screens do not report them all.
 */
export class PointerInput {
  private readonly pressed = new Map<number, ScreenPoint>();
  /** What the pointer that works the tools was pressed with. */
  private hand: { readonly button: number; readonly kind: PointerKind } = { button: 0, kind: 'mouse' };
  private pinching = false;
  private lastPress: { readonly point: ScreenPoint; readonly time: number } | null = null;
  private isDouble = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly editor: Editor,
  ) {}

  attach(signal: AbortSignal): void {
    const on = (type: string, listener: (event: PointerEvent) => void) =>
      this.element.addEventListener(type, listener as EventListener, { signal });
    on('pointerdown', (event) => this.down(event));
    on('pointermove', (event) => this.move(event));
    on('pointerup', (event) => this.up(event));
    on('pointercancel', (event) => this.lose(event));
    on('lostpointercapture', (event) => this.lose(event));
    on('pointerleave', () => this.pressed.size === 0 && this.editor.dispatch({ type: 'pointer_leave' }));
    // The middle button would start the browser's own scrolling.
    on('mousedown', (event) => event.button === 1 && event.preventDefault());
  }

  private down(event: PointerEvent): void {
    const point = this.point(event);
    const kind = pointerKind(event);
    this.element.focus({ preventScroll: true });
    // The end of its last press never came (a context menu took it); or the hand lay on the screen before the pen.
    if (this.pressed.has(event.pointerId) || (kind === 'pen' && this.hand.kind === 'touch')) this.callOff();
    // A hand that rests on the screen while the pen draws is no finger.
    if (kind === 'touch' && this.pressed.size > 0 && this.hand.kind === 'touch') {
      this.pressed.set(event.pointerId, point);
      this.pinching = true;
      this.lastPress = null;
      this.editor.dispatch({ type: 'pointer_cancel' });
      return;
    }
    if (this.pressed.size > 0) return;
    this.pressed.set(event.pointerId, point);
    this.hand = { button: event.button, kind };
    this.capture(event.pointerId);
    this.isDouble = event.button === 0 && this.follows(point, event);
    this.lastPress = event.button === 0 && !this.isDouble ? { point, time: event.timeStamp } : null;
    this.send('pointer_down', event, point);
  }

  private move(event: PointerEvent): void {
    const point = this.point(event);
    if (this.pinching) return this.pinch(event.pointerId, point);
    if (this.pressed.size > 0 && !this.pressed.has(event.pointerId)) return;
    if (this.pressed.has(event.pointerId)) this.pressed.set(event.pointerId, point);
    this.send('pointer_move', event, point);
  }

  private up(event: PointerEvent): void {
    if (!this.pressed.delete(event.pointerId)) return;
    if (this.pinching) {
      // Until all fingers are up nothing is drawn: lifting them is never exactly simultaneous.
      this.pinching = this.pressed.size > 0;
      return;
    }
    const point = this.point(event);
    // Of several buttons the browser names the one that was let go last.
    const { button } = this.hand;
    this.send('pointer_up', event, point, button);
    if (this.isDouble && button === 0) this.send('double_click', event, point, button);
    this.isDouble = false;
  }

  private callOff(): void {
    if (this.pressed.size === 0) return;
    this.pressed.clear();
    this.pinching = false;
    this.editor.dispatch({ type: 'pointer_cancel' });
  }

  private lose(event: PointerEvent): void {
    if (!this.pressed.delete(event.pointerId)) return;
    const pinching = this.pinching;
    this.pinching = pinching && this.pressed.size > 0;
    if (!pinching) this.editor.dispatch({ type: 'pointer_cancel' });
  }

  private pinch(pointerId: number, point: ScreenPoint): void {
    if (!this.pressed.has(pointerId)) return;
    const before = [...this.pressed.values()];
    this.pressed.set(pointerId, point);
    const [a, b] = before;
    const [c, d] = [...this.pressed.values()];
    if (!a || !b || !c || !d) return;
    const [from, to] = [middle(a, b), middle(c, d)];
    const spread = distance(a, b);
    const scale = spread > 0 ? distance(c, d) / spread : 1;
    this.editor.dispatch({ type: 'pinch', point: to, scale, dx: to[0] - from[0], dy: to[1] - from[1] });
  }

  private send(type: PointerEventInfo['type'], event: PointerEvent, point: ScreenPoint, button = event.button): void {
    this.editor.dispatch({ type, point, button, pointer: pointerKind(event), ...modifiersOf(event) });
  }

  private follows(point: ScreenPoint, event: PointerEvent): boolean {
    const { lastPress } = this;
    if (!lastPress || event.timeStamp - lastPress.time > DOUBLE_CLICK_MS) return false;
    return distance(point, lastPress.point) <= DOUBLE_CLICK_REACH[pointerKind(event)];
  }

  private capture(pointerId: number): void {
    try {
      this.element.setPointerCapture(pointerId);
    } catch (error) {
      // The pointer is gone already (a very short tap); its `pointercancel` or `pointerup` was or will be delivered.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  private point(event: MouseEvent): ScreenPoint {
    const { left, top } = this.element.getBoundingClientRect();
    return screenPoint(event.clientX - left, event.clientY - top);
  }
}

function pointerKind({ pointerType }: PointerEvent): PointerKind {
  return pointerType === 'touch' || pointerType === 'pen' ? pointerType : 'mouse';
}

function middle(a: ScreenPoint, b: ScreenPoint): ScreenPoint {
  return screenPoint((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
}
