import { TAG_BACKGROUND, LIGHT, type ClassStyleResolver } from './class-style.js';
import type { Placed } from './shape-brush.js';
import type { Context2D, Placement } from './surface.js';

/** CSS pixels a tag may take to the right of and above its shape's corner. */
export const TAG_WIDTH = 160;
export const TAG_HEIGHT = 18;
/** Shapes narrower than this (CSS pixels) get no tag; with more shapes than this in view, none do. */
const LEAST_SIDE = 40;
export const MOST_TAGS = 300;
const LONGEST_NAME = 24;

/** Writes class names above the top left corners of shapes. */
export function paintNameTags(
  context: Context2D,
  shapes: readonly Placed[],
  { scale, x, y }: Placement,
  classStyle: ClassStyleResolver,
  ratio: number,
): void {
  context.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const { shape, bounds } of shapes) {
    const { name, color } = classStyle(shape.class_id);
    if (!name || (bounds.maxX - bounds.minX) * scale < LEAST_SIDE * ratio) continue;
    const text = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
    const width = Math.min(context.measureText(text).width + 14 * ratio, TAG_WIDTH * ratio);
    const left = Math.round(bounds.minX * scale + x);
    // Above the shape where there is room in the image, else inside it.
    const above = bounds.minY * scale >= TAG_HEIGHT * ratio;
    const top = Math.round(bounds.minY * scale + y - (above ? TAG_HEIGHT * ratio : 0));
    context.fillStyle = TAG_BACKGROUND;
    context.fillRect(left, top, width, (TAG_HEIGHT - 2) * ratio);
    context.fillStyle = color;
    context.fillRect(left, top, 3 * ratio, (TAG_HEIGHT - 2) * ratio);
    context.fillStyle = LIGHT;
    context.fillText(text, left + 8 * ratio, top + (TAG_HEIGHT / 2 - 1) * ratio, width - 10 * ratio);
  }
}
