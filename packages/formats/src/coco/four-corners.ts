import { GEOMETRY_LIMITS, normaliseAngle, rotatedBoxCorners, type RotatedBboxGeometry } from '@labelyard/domain';
import { isNumberList } from '../reading/record-fields.js';

/** Coordinates are rounded in files. */
export const NEAR = 1e-3;
/** Corners outside the image are moved to its edge when they are written. */
const NEAR_MOVED = NEAR + GEOMETRY_LIMITS.outside_px;

/** Whether rings are nothing but the four corners of the box. */
export function isBoxOutline(rings: readonly unknown[], bbox: unknown): boolean {
  const ring = rings.length === 1 ? rings[0] : null;
  if (!isNumberList(ring) || ring.length !== 8 || !isNumberList(bbox) || bbox.length !== 4) return false;
  const [x, y, w, h] = bbox as [number, number, number, number];
  return areNear(ring, [x, y, x + w, y, x + w, y + h, x, y + h]);
}

/**
 * The box that rings are when it is turned by `angle`: four corners clockwise, the one that is top left before the turn first. Null when
 * they are something else. The upright outline of `bbox` is no turned box unless the angle is about 0.
 */
export function turnedBox(
  rings: readonly (readonly number[])[],
  bbox: unknown,
  angle: number,
): RotatedBboxGeometry | null {
  const ring = rings[0];
  if (rings.length !== 1 || ring?.length !== 8) return null;
  const [ax, ay, bx, by, cx, cy] = ring as [number, number, number, number, number, number];
  const box: RotatedBboxGeometry = {
    type: 'rotated_bbox',
    center: [(ax + cx) / 2, (ay + cy) / 2],
    size: [Math.hypot(bx - ax, by - ay), Math.hypot(cx - bx, cy - by)],
    angle: normaliseAngle(angle),
  };
  return areNear(ring, rotatedBoxCorners(box).flat(), isBoxOutline(rings, bbox) ? NEAR : NEAR_MOVED) ? box : null;
}

function areNear(given: readonly number[], expected: readonly number[], within = NEAR): boolean {
  return (
    given.length === expected.length && given.every((value, n) => Math.abs(value - (expected[n] as number)) < within)
  );
}
