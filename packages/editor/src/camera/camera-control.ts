import type { Box, ImageSize } from '@labelyard/domain';
import type { ChangeHub } from '../change-hub.js';
import {
  centred,
  clampCamera,
  fitCamera,
  panBy,
  toImage,
  toScreen,
  zoomAt,
  type Camera,
  type Viewport,
} from './camera.js';
import { imagePoint, screenPoint, type ImagePoint, type ScreenPoint } from './points.js';

/** CSS pixels kept free around a shape that is brought into view. */
const REVEAL_MARGIN = 40;

/** The camera in use: viewport, image and limits kept together. While nobody moved it, it stays at "fit". */
export class CameraControl {
  state: Camera = { x: 0, y: 0, zoom: 1 };
  viewport: Viewport = { width: 0, height: 0 };
  private image: ImageSize | null = null;
  private fitted = true;

  constructor(private readonly hub: ChangeHub) {}

  /** A new image starts at "fit", unless it has the size of the one before: then the view stays (series, video frames). */
  setImage(image: ImageSize | null): void {
    const same = image && this.image?.width === image.width && this.image.height === image.height;
    this.image = image;
    if (!same) this.fitted = true;
    this.settle();
  }

  /** Canvas size in CSS pixels. The image point in the middle stays in the middle. */
  setViewport(viewport: Viewport): void {
    if (viewport.width === this.viewport.width && viewport.height === this.viewport.height) return;
    const dx = (viewport.width - this.viewport.width) / 2;
    const dy = (viewport.height - this.viewport.height) / 2;
    this.viewport = viewport;
    this.state = panBy(this.state, dx, dy);
    this.settle();
  }

  fit(): void {
    this.fitted = true;
    this.settle();
  }

  /** 100 %: one image pixel is one CSS pixel. */
  actualSize(): void {
    if (this.image) this.move(zoomAt(this.state, this.middle, 1));
  }

  zoomBy(factor: number, anchor: ScreenPoint = this.middle): void {
    this.move(zoomAt(this.state, anchor, this.state.zoom * factor), anchor);
  }

  panBy(dx: number, dy: number): void {
    this.move(panBy(this.state, dx, dy));
  }

  /** Brings a box of the image into view, zooming out only when it would not fit. */
  reveal([x, y, w, h]: Box): void {
    if (!this.image) return;
    const room = Math.min(
      (this.viewport.width - 2 * REVEAL_MARGIN) / Math.max(w, 1),
      (this.viewport.height - 2 * REVEAL_MARGIN) / Math.max(h, 1),
    );
    if (room > 0 && room < this.state.zoom) {
      const scaled = centred(this.viewport, { width: w, height: h }, room);
      this.move(panBy(scaled, -x * room, -y * room));
      return;
    }
    const [left, top] = toScreen(this.state, imagePoint(x, y));
    const [right, bottom] = toScreen(this.state, imagePoint(x + w, y + h));
    this.panBy(shift(left, right, this.viewport.width), shift(top, bottom, this.viewport.height));
  }

  toImage(point: ScreenPoint): ImagePoint {
    return toImage(this.state, point);
  }

  toScreen(point: ImagePoint): ScreenPoint {
    return toScreen(this.state, point);
  }

  private get middle(): ScreenPoint {
    return screenPoint(this.viewport.width / 2, this.viewport.height / 2);
  }

  private move(next: Camera, anchor?: ScreenPoint): void {
    if (!this.image || !Number.isFinite(next.zoom) || next.zoom <= 0) return;
    // Limits first, so that zooming against one does not slide the image away from the anchor.
    const zoom = clampCamera(next, this.viewport, this.image).zoom;
    const anchored = anchor && zoom !== next.zoom ? zoomAt(this.state, anchor, zoom) : next;
    this.fitted = false;
    this.assign(clampCamera(anchored, this.viewport, this.image));
  }

  private settle(): void {
    if (!this.image || this.viewport.width <= 0 || this.viewport.height <= 0) return;
    this.assign(
      this.fitted ? fitCamera(this.viewport, this.image) : clampCamera(this.state, this.viewport, this.image),
    );
  }

  private assign(next: Camera): void {
    if (next.x === this.state.x && next.y === this.state.y && next.zoom === this.state.zoom) return;
    this.state = next;
    this.hub.touch('camera');
  }
}

/** How far to pan along one axis so that [from, to] lies inside [0, side], margins kept. */
function shift(from: number, to: number, side: number): number {
  if (from < REVEAL_MARGIN) return REVEAL_MARGIN - from;
  return to > side - REVEAL_MARGIN ? side - REVEAL_MARGIN - to : 0;
}
