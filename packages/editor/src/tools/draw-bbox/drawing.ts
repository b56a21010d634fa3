import { boxOfPoints } from '@labelyard/domain';
import { distance, type ImagePoint, type ScreenPoint } from '../../camera/points.js';
import { clampedPoint, finishDrawing } from '../../commands/drawing.js';
import { Gesture } from '../gesture.js';
import type { StateInfos } from '../state-infos.js';
import { DRAG_DISTANCE, type PointerInfo } from '../state-node.js';

/** One corner is down. Dragging puts the other on release; after a click, a second click (or Enter) puts it. */
export class DrawBboxDrawing extends Gesture<'draw_bbox.drawing'> {
  protected readonly home = 'draw_bbox.idle';
  private origin: ImagePoint | null = null;
  /** Where the button went down; null while it is up. */
  private pressed: ScreenPoint | null = null;
  private dragged = false;
  /** The first corner was put by a click or a key. */
  private two_clicks = false;

  override enter({ origin, pressed }: StateInfos['draw_bbox.drawing']): void {
    this.origin = origin;
    this.pressed = pressed;
    this.dragged = false;
    this.two_clicks = pressed === null;
    this.show(origin);
  }

  override pointerDown({ screen }: PointerInfo): void {
    this.pressed = screen;
  }

  override pointerMove({ screen, image }: PointerInfo): void {
    if (this.pressed && distance(screen, this.pressed) >= DRAG_DISTANCE) this.dragged = true;
    this.show(clampedPoint(this.model, image));
  }

  override pointerUp(at: PointerInfo): void {
    if (!this.pressed) return;
    this.pointerMove(at);
    this.pressed = null;
    if (this.dragged || this.two_clicks) this.finish(at.image);
    else this.two_clicks = true;
  }

  /** Twice on one spot makes no box: the second half of a double click that ended the box before. */
  override doubleClick(): void {
    this.cancel();
  }

  override complete(): boolean {
    const { point } = this.model.crosshair;
    if (point) this.finish(point);
    return true;
  }

  /** A lost pointer ends a drag; between two clicks nothing is held that could be lost. */
  override interrupt(): void {
    if (this.pressed && !this.two_clicks) this.cancel();
    else this.pressed = null;
  }

  override nudge(dx = 0, dy = 0): boolean {
    const point = this.model.crosshair.step(dx, dy);
    if (point) this.show(point);
    return true;
  }

  override remove(): boolean {
    return this.cancel();
  }

  override get cursor(): string {
    return 'crosshair';
  }

  private show(to: ImagePoint): void {
    if (!this.origin) return;
    const bbox = boxOfPoints([this.origin, to]);
    this.model.draft.set({
      drawing: { geometry: bbox && { type: 'bbox', bbox }, points: [this.origin], rubber: to, closing: false },
    });
  }

  private finish(to: ImagePoint): void {
    if (!this.origin) return;
    const outcome = finishDrawing(this.model, 'bbox', [this.origin, to]);
    if (outcome === 'no_shape' && this.two_clicks) this.dragged = false;
    else this.transition(this.home, undefined);
  }
}
