import type { Box, ImageSize, KeypointsGeometry } from '@labelyard/domain';
import { boxOfPoints } from '@labelyard/domain';

/**
 * The box that formats want beside keypoints: around the labeled ones, at least a pixel wide and high (readers drop boxes without
 * size), inside the image. Null when none is labeled.
 */
export function keypointBox({ points }: KeypointsGeometry, image: ImageSize): Box | null {
  const bounds = boxOfPoints(points.filter(([, , v]) => v > 0).map(([x, y]) => [x, y] as const));
  if (!bounds) return null;
  const [x, y, w, h] = bounds;
  const [left, width] = widened(x, w, image.width);
  const [top, height] = widened(y, h, image.height);
  return [left, top, width, height];
}

function widened(start: number, length: number, end: number): readonly [number, number] {
  if (length >= 1) return [start, length];
  const size = Math.min(1, end);
  return [Math.min(Math.max(start + length / 2 - size / 2, 0), end - size), size];
}
