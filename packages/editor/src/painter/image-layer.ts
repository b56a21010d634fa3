import type { ImageSize } from '@labelyard/domain';
import { contextOf, wipe, type Context2D, type Placement } from './surface.js';

/** From this many device pixels per image pixel on, pixels are shown as squares. */
const SQUARES_FROM = 4;

/** The photograph. */
export class ImageLayer {
  private readonly context: Context2D;
  bitmap: ImageBitmap | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.context = contextOf(canvas);
  }

  /** Paints the bitmap over the image's area; a bitmap of other resolution is stretched to it. `calm`: nobody is moving. */
  paint(image: ImageSize | null, { scale, x, y }: Placement, calm: boolean): void {
    wipe(this.context);
    if (!this.bitmap || !image || this.bitmap.width === 0) return;
    this.context.imageSmoothingEnabled = scale < SQUARES_FROM;
    this.context.imageSmoothingQuality = calm ? 'high' : 'low';
    this.context.drawImage(this.bitmap, x, y, image.width * scale, image.height * scale);
  }
}
