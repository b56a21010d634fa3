import type { Box } from '@labelyard/domain';

/** Whether no edge of a box reaches further than so many pixels past another one. */
export function isInside([x, y, w, h]: Box, [left, top, width, height]: Box, tolerance: number): boolean {
  return (
    x >= left - tolerance &&
    y >= top - tolerance &&
    x + w <= left + width + tolerance &&
    y + h <= top + height + tolerance
  );
}

/** Whether two boxes are the same to so many pixels. */
export function areAlike(a: Box, b: Box, tolerance: number): boolean {
  return isInside(a, b, tolerance) && isInside(b, a, tolerance);
}
