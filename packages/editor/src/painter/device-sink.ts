import type { PathSink } from '../kinds/shape-kind.js';
import type { Context2D, Placement } from './surface.js';

/** Points closer than this many device pixels to the one before are left out: nobody could see them. */
const THINNEST = 0.7;

/** Takes an outline in image pixels and adds it to a context's path in device pixels, thinned to what can be seen. */
export class DeviceSink implements PathSink {
  private lastX = 0;
  private lastY = 0;

  constructor(
    private readonly context: Context2D,
    private readonly placement: Placement,
  ) {}

  moveTo(x: number, y: number): void {
    const { scale, x: ox, y: oy } = this.placement;
    this.lastX = x * scale + ox;
    this.lastY = y * scale + oy;
    this.context.moveTo(this.lastX, this.lastY);
  }

  lineTo(x: number, y: number): void {
    const { scale, x: ox, y: oy } = this.placement;
    const [dx, dy] = [x * scale + ox, y * scale + oy];
    if (Math.abs(dx - this.lastX) < THINNEST && Math.abs(dy - this.lastY) < THINNEST) return;
    this.lastX = dx;
    this.lastY = dy;
    this.context.lineTo(dx, dy);
  }

  closePath(): void {
    this.context.closePath();
  }
}
