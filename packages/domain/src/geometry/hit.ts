import type { Point, PolygonPart, Ring } from './geometry.js';

/** Whether `p` lies inside the ring (even-odd rule). A point exactly on an edge may count either way: ask for the distance too. */
export function pointInRing([px, py]: Point, ring: Ring): boolean {
  let inside = false;
  let previous = ring[ring.length - 1];
  for (const current of ring) {
    const [ax, ay] = previous as Point;
    const [bx, by] = current;
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
    previous = current;
  }
  return inside;
}

/** Whether `p` lies in any part of the polygon and not in one of that part's holes. */
export function pointInPolygon(p: Point, polygons: readonly PolygonPart[]): boolean {
  return polygons.some(([outer, holes]) => pointInRing(p, outer) && !holes.some((hole) => pointInRing(p, hole)));
}

function nearestOnSegment([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): Point {
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy;
  if (lengthSquared === 0) return [ax, ay];
  const along = ((px - ax) * dx + (py - ay) * dy) / lengthSquared;
  if (along <= 0) return [ax, ay];
  if (along >= 1) return [bx, by];
  return [ax + along * dx, ay + along * dy];
}

/** Distance in pixels from `p` to the segment between `a` and `b` (which may be one point). */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  const [x, y] = nearestOnSegment(p, a, b);
  return Math.hypot(x - p[0], y - p[1]);
}

/** Where a ring comes nearest to a point. */
export interface NearestOnRing {
  /** The edge from vertex `index` to the next one (the last edge closes the ring); a new vertex belongs at `index + 1`. */
  readonly index: number;
  readonly point: Point;
  readonly distance: number;
}

/** The place on the closed ring that is nearest to `p`; the first one when several are equally near. Null for an empty ring. */
export function nearestOnRing(p: Point, ring: Ring): NearestOnRing | null {
  let nearest: NearestOnRing | null = null;
  ring.forEach((a, index) => {
    const point = nearestOnSegment(p, a, ring[(index + 1) % ring.length] as Point);
    const distance = Math.hypot(point[0] - p[0], point[1] - p[1]);
    if (!nearest || distance < nearest.distance) nearest = { index, point, distance };
  });
  return nearest;
}
