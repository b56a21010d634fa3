import type { ImagePoint, ScreenPoint } from '../../camera/points.js';
import { DrawIdle } from '../draw-idle.js';

export class DrawBboxIdle extends DrawIdle<'draw_bbox.idle'> {
  protected readonly draws = 'bbox';

  protected begin(origin: ImagePoint, pressed: ScreenPoint | null): void {
    this.transition('draw_bbox.drawing', { origin, pressed });
  }
}
