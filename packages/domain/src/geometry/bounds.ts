import type { Box, Geometry, Point, RotatedBboxGeometry } from './geometry.js';
import { decodeRleCounts, rleBounds } from './rle.js';

/** Cosine and sine at quarter turns, where Math.cos would leave noise such as 6e-17 in the corners. */
const QUARTER_TURNS: Readonly<Record<number, readonly [cos: number, sin: number]>> = {
  0: [1, 0],
  90: [0, 1],
  180: [-1, 0],
  [-90]: [0, -1],
};

/** The four corners in pixels: the one that is top left before the rotation first, then clockwise on screen. */
export function rotatedBoxCorners({ center: [cx, cy], size: [w, h], angle }: RotatedBboxGeometry): Point[] {
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = QUARTER_TURNS[angle] ?? [Math.cos(radians), Math.sin(radians)];
  const corner = (dx: number, dy: number): Point => [cx + dx * cos - dy * sin, cy + dx * sin + dy * cos];
  return [corner(-w / 2, -h / 2), corner(w / 2, -h / 2), corner(w / 2, h / 2), corner(-w / 2, h / 2)];
}

/** Tight box around `points`, null when there are none. One point gives a box of size zero. */
export function boxOfPoints(points: Iterable<Point>): Box | null {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return left === Infinity ? null : [left, top, right - left, bottom - top];
}

function* outerPoints(polygons: Extract<Geometry, { type: 'polygon' }>['polygons']): Generator<Point> {
  for (const [outer] of polygons) yield* outer;
}

function* labeledPoints(points: Extract<Geometry, { type: 'keypoints' }>['points']): Generator<Point> {
  for (const [x, y, v] of points) if (v > 0) yield [x, y];
}

/**
 * Tight axis-parallel box of a geometry in pixels. Null for what has no place on the image (classification, no_object, text),
 * for keypoints of which none is labeled and for an empty or unreadable mask. Rotated boxes and circles may reach past the
 * image's edge; nothing is clipped here.
 */
export function geometryBounds(geometry: Geometry): Box | null {
  switch (geometry.type) {
    case 'bbox':
      return geometry.bbox;
    case 'rotated_bbox':
      return boxOfPoints(rotatedBoxCorners(geometry));
    case 'polygon':
      return boxOfPoints(outerPoints(geometry.polygons));
    case 'mask': {
      const counts = decodeRleCounts(geometry.counts);
      return counts && rleBounds(counts, geometry.size[0]);
    }
    case 'polyline':
      return boxOfPoints(geometry.points);
    case 'circle': {
      const { center, radius } = geometry;
      return [center[0] - radius, center[1] - radius, 2 * radius, 2 * radius];
    }
    case 'keypoints':
      return boxOfPoints(labeledPoints(geometry.points));
    case 'classification':
    case 'no_object':
    case 'text':
      return null;
  }
}

/** Whether two boxes share at least one point; touching edges count. */
export function boxesIntersect([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): boolean {
  return ax <= bx + bw && bx <= ax + aw && ay <= by + bh && by <= ay + ah;
}

/** Whether `inner` lies in `outer`, edges included. */
export function boxContains([ox, oy, ow, oh]: Box, [ix, iy, iw, ih]: Box): boolean {
  return ix >= ox && iy >= oy && ix + iw <= ox + ow && iy + ih <= oy + oh;
}
