import { clampedPoint } from '../../commands/drawing.js';
import { StateNode, type PointerInfo } from '../state-node.js';

export class DrawPolygonIdle extends StateNode<'draw_polygon.idle'> {
  override pointerDown({ image, screen }: PointerInfo): void {
    if (!this.model.session.mayCreate('polygon')) return;
    this.transition('draw_polygon.drawing', { first: clampedPoint(this.model, image), pressed: screen });
  }

  /** Enter puts the first vertex at the crosshair. */
  override complete(): boolean {
    const { point } = this.model.crosshair;
    if (!point || !this.model.session.mayCreate('polygon')) return point !== null;
    this.transition('draw_polygon.drawing', { first: clampedPoint(this.model, point), pressed: null });
    return true;
  }

  override cancel(): boolean {
    this.transition('select.idle', undefined);
    return true;
  }

  override interrupt(): void {}

  override nudge(dx: number, dy: number): boolean {
    return this.model.crosshair.step(dx, dy) !== null;
  }

  override get cursor(): string {
    return 'crosshair';
  }
}
