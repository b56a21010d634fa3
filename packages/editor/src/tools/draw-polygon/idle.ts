import type { ImagePoint, ScreenPoint } from '../../camera/points.js';
import { DrawIdle } from '../draw-idle.js';

export class DrawPolygonIdle extends DrawIdle<'draw_polygon.idle'> {
  protected readonly draws = 'polygon';

  protected begin(first: ImagePoint, pressed: ScreenPoint | null): void {
    this.transition('draw_polygon.drawing', { first, pressed });
  }
}
