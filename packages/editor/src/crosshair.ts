import { clampToImage } from '@labelyard/domain';
import { imagePoint, type ImagePoint } from './camera/points.js';
import type { ChangeHub } from './change-hub.js';
import { roundPoint } from './kinds/rounding.js';
import type { Session } from './session.js';

/**
 * The point the next click or Enter would use. The pointer carries it along; arrow keys move it on from there,
 * so shapes can be drawn without a pointer.
 */
export class Crosshair {
  point: ImagePoint | null = null;
  /** Who moved it last. Only a crosshair moved by keys makes Enter put a point. */
  moved_by: 'pointer' | 'keyboard' = 'pointer';

  constructor(
    private readonly hub: ChangeHub,
    private readonly session: Session,
  ) {}

  follow(point: ImagePoint | null): void {
    if (point === null && this.moved_by === 'keyboard') return;
    this.point = point;
    this.moved_by = 'pointer';
    this.hub.touch('cursor');
  }

  /** Moves it by image pixels, from the image's centre when it is nowhere yet. */
  step(dx: number, dy: number): ImagePoint | null {
    const { image } = this.session;
    if (!image) return null;
    const [x, y] = this.point ?? [image.width / 2, image.height / 2];
    const [px, py] = roundPoint(clampToImage([x + dx, y + dy], image));
    this.point = imagePoint(px, py);
    this.moved_by = 'keyboard';
    this.hub.touch('cursor');
    return this.point;
  }

  clear(): void {
    if (this.point === null) return;
    this.point = null;
    this.moved_by = 'pointer';
    this.hub.touch('cursor');
  }
}
