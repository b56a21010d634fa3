import type { GeometryType } from '@labelyard/domain';
import type { ImagePoint, ScreenPoint } from '../camera/points.js';
import { clampedPoint } from '../commands/drawing.js';
import type { StatePath } from './state-infos.js';
import { StateNode, type PointerInfo } from './state-node.js';

/** A drawing tool before its first point, which the pointer sets, or Enter at the crosshair. */
export abstract class DrawIdle<P extends Extract<StatePath, `${string}.idle`>> extends StateNode<P> {
  protected abstract readonly draws: GeometryType;

  /** Hands over to the drawing; `pressed` is where the pointer went down, null for the keyboard. */
  protected abstract begin(first: ImagePoint, pressed: ScreenPoint | null): void;

  override pointerDown({ image, screen }: PointerInfo): void {
    if (this.model.session.mayCreate(this.draws)) this.begin(clampedPoint(this.model, image), screen);
  }

  override complete(): boolean {
    const { point } = this.model.crosshair;
    if (!point) return false;
    if (this.model.session.mayCreate(this.draws)) this.begin(clampedPoint(this.model, point), null);
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
