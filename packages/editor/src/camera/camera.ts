import type { ImageSize } from '@labelyard/domain';
import { imagePoint, screenPoint, type ImagePoint, type ScreenPoint } from './points.js';

/** Where the image lies on the screen: `screen = image × zoom + (x, y)`, in CSS pixels. Zoom 1 is 100 %. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Size of the canvas element in CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

export interface ZoomLimits {
  readonly min: number;
  readonly max: number;
}

/** Largest zoom: a tenth of an image pixel is then 6.4 CSS pixels wide, enough to place it by eye. */
export const MAX_ZOOM = 64;
/** CSS pixels kept free around a fitted image. */
export const FIT_PADDING = 24;
/** CSS pixels of the image that always stay in view, so that it can never be lost by panning. */
export const KEEP_IN_VIEW = 48;

export function toScreen(camera: Camera, [x, y]: ImagePoint): ScreenPoint {
  return screenPoint(x * camera.zoom + camera.x, y * camera.zoom + camera.y);
}

export function toImage(camera: Camera, [x, y]: ScreenPoint): ImagePoint {
  return imagePoint((x - camera.x) / camera.zoom, (y - camera.y) / camera.zoom);
}

/** The camera that shows the whole image, centred. Never above 100 % for images smaller than the viewport ×8. */
export function fitCamera(viewport: Viewport, image: ImageSize, padding = FIT_PADDING): Camera {
  const free = (side: number) => Math.max(side - 2 * padding, side * 0.5, 1);
  const zoom = Math.min(free(viewport.width) / image.width, free(viewport.height) / image.height, 8);
  return centred(viewport, image, zoom);
}

/** The camera that shows the image's centre at `zoom`. */
export function centred(viewport: Viewport, image: ImageSize, zoom: number): Camera {
  return { x: (viewport.width - image.width * zoom) / 2, y: (viewport.height - image.height * zoom) / 2, zoom };
}

/** From a quarter of "fit" to `MAX_ZOOM`. */
export function zoomLimits(viewport: Viewport, image: ImageSize): ZoomLimits {
  return { min: Math.min(fitCamera(viewport, image).zoom / 4, 1), max: MAX_ZOOM };
}

/** Zooms so that the image point under `anchor` stays under it. */
export function zoomAt(camera: Camera, anchor: ScreenPoint, zoom: number): Camera {
  const ratio = zoom / camera.zoom;
  return { x: anchor[0] - (anchor[0] - camera.x) * ratio, y: anchor[1] - (anchor[1] - camera.y) * ratio, zoom };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

/** Brings zoom into its limits and keeps a strip of the image in view. */
export function clampCamera(camera: Camera, viewport: Viewport, image: ImageSize): Camera {
  const limits = zoomLimits(viewport, image);
  const zoom = Math.min(Math.max(camera.zoom, limits.min), limits.max);
  const fixed =
    zoom === camera.zoom ? camera : zoomAt(camera, screenPoint(viewport.width / 2, viewport.height / 2), zoom);
  const clampAxis = (offset: number, side: number, length: number) => {
    const keep = Math.min(KEEP_IN_VIEW, length * zoom, side);
    return Math.min(Math.max(offset, keep - length * zoom), side - keep);
  };
  return {
    x: clampAxis(fixed.x, viewport.width, image.width),
    y: clampAxis(fixed.y, viewport.height, image.height),
    zoom,
  };
}
