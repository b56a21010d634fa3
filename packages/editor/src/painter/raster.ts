import type { Box, ImageSize } from '@labelyard/domain';
import type { Context2D, Placement } from './surface.js';

/** Part of the viewport's side that is painted beyond each edge, so that panning shows no bare strip. */
const MARGIN = 0.25;
/** Device pixels beyond which the margin is given up to save memory (4 bytes each, two rasters). */
const MOST_PIXELS = 12_000_000;
/** CSS pixels a line may stick out of the image. */
const RIM = 8;

/** Painted shapes in memory, and which part of the image they show at which scale. */
export interface Raster {
  readonly canvas: OffscreenCanvas;
  readonly context: Context2D;
  /** Image pixels to this canvas's pixels. */
  readonly placement: Placement;
  /** The part of the image it covers. */
  readonly box: Box;
}

/** Where the screen looks: size in device pixels and placement of the image on it. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly placement: Placement;
  readonly image: ImageSize;
}

/** The visible part of the image (with its rim) in image pixels, grown by `margin` × the viewport; null when nothing shows. */
export function visibleBox({ width, height, ratio, placement, image }: Sight, margin = 0): Box | null {
  const { scale, x, y } = placement;
  const rim = (RIM * ratio) / scale;
  const [growX, growY] = [(width * margin) / scale, (height * margin) / scale];
  const left = Math.max(-x / scale - growX, -rim);
  const top = Math.max(-y / scale - growY, -rim);
  const right = Math.min((width - x) / scale + growX, image.width + rim);
  const bottom = Math.min((height - y) / scale + growY, image.height + rim);
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

/** An empty raster for what is in sight, aligned to device pixels so that it can be blitted without resampling. */
export function createRaster(sight: Sight): Raster | null {
  const roomy = sight.width * sight.height * (1 + 2 * MARGIN) ** 2 <= MOST_PIXELS;
  const wanted = visibleBox(sight, roomy ? MARGIN : 0);
  if (!wanted) return null;
  const { scale, x, y } = sight.placement;
  const left = Math.floor(wanted[0] * scale + x);
  const top = Math.floor(wanted[1] * scale + y);
  const width = Math.max(Math.ceil((wanted[0] + wanted[2]) * scale + x) - left, 1);
  const height = Math.max(Math.ceil((wanted[1] + wanted[3]) * scale + y) - top, 1);
  const canvas = new OffscreenCanvas(width, height);
  // In main memory: painting costs the same everywhere and can be sliced by the clock; a GPU gets the finished raster once.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  const box: Box = [(left - x) / scale, (top - y) / scale, width / scale, height / scale];
  return { canvas, context, placement: { scale, x: x - left, y: y - top }, box };
}

/** Whether the raster shows everything in sight, at whatever scale. */
export function covers({ box: [x, y, w, h] }: Raster, sight: Sight): boolean {
  const needed = visibleBox(sight);
  if (!needed) return true;
  const slack = 1 / sight.placement.scale;
  const [nx, ny, nw, nh] = needed;
  return nx >= x - slack && ny >= y - slack && nx + nw <= x + w + slack && ny + nh <= y + h + slack;
}

/** Copies the raster to where its part of the image is on the screen, stretched while the zoom differs. */
export function blit(context: Context2D, raster: Raster, { placement }: Sight): void {
  const { canvas, box } = raster;
  const stretch = placement.scale / raster.placement.scale;
  const [x, y] = [box[0] * placement.scale + placement.x, box[1] * placement.scale + placement.y];
  if (stretch === 1) context.drawImage(canvas, Math.round(x), Math.round(y));
  else context.drawImage(canvas, x, y, canvas.width * stretch, canvas.height * stretch);
}
