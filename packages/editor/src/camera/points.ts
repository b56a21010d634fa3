import type { Point } from '@labelyard/domain';

declare const space: unique symbol;

/** A point in pixels of the displayed image: floats, origin top-left, y down. */
export type ImagePoint = Point & { readonly [space]: 'image' };
/** A point in CSS pixels, measured from the top-left corner of the canvas element. */
export type ScreenPoint = Point & { readonly [space]: 'screen' };

/** The only cast into image space. */
export function imagePoint(x: number, y: number): ImagePoint {
  return [x, y] as unknown as ImagePoint;
}

/** The only cast into screen space. */
export function screenPoint(x: number, y: number): ScreenPoint {
  return [x, y] as unknown as ScreenPoint;
}

/** Distance between two points of the same space. */
export function distance<P extends ImagePoint | ScreenPoint>(a: P, b: P): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
