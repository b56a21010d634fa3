import { ringArea } from './area.js';
import { MIN_AREA } from './geometry-issue.js';
import type { ImageSize, Point, PolygonPart, Ring } from './geometry.js';

/** One side of the image: points whose distance past it is above 0 lie outside. */
interface Side {
  readonly axis: 0 | 1;
  readonly edge: number;
  readonly outwards: 1 | -1;
}

function sidesOf({ width, height }: ImageSize): readonly Side[] {
  return [
    { axis: 0, edge: 0, outwards: -1 },
    { axis: 0, edge: width, outwards: 1 },
    { axis: 1, edge: 0, outwards: -1 },
    { axis: 1, edge: height, outwards: 1 },
  ];
}

/** Where the segment from `a` to `b`, which lie on both sides of it, crosses a side. */
function crossing(a: Point, b: Point, { axis, edge }: Side): Point {
  const along = (edge - a[axis]) / (b[axis] - a[axis]);
  const across = (from: number, to: number) => from + along * (to - from);
  return axis === 0 ? [edge, across(a[1], b[1])] : [across(a[0], b[0]), edge];
}

function cutAt(side: Side, points: readonly Point[], closed: boolean): Point[] {
  const isInside = (point: Point) => side.outwards * (point[side.axis] - side.edge) <= 0;
  const kept: Point[] = [];
  const keep = (point: Point) => {
    const last = kept.at(-1);
    if (last?.[0] !== point[0] || last[1] !== point[1]) kept.push(point);
  };
  let before = closed ? points.at(-1) : undefined;
  for (const point of points) {
    if (before && isInside(before) !== isInside(point)) keep(crossing(before, point, side));
    if (isInside(point)) keep(point);
    before = point;
  }
  return kept;
}

/**
 * What of a line lies in the image, cut where it leaves it (Sutherland and Hodgman 1974: one side after the other). Where it comes back,
 * it walks there along the edge. Empty when all of it is outside.
 */
export function clipLine(points: readonly Point[], image: ImageSize): Point[] {
  return sidesOf(image).reduce<Point[]>((path, side) => cutAt(side, path, false), [...points]);
}

/** The same for a ring: the area it has in common with the image. */
export function clipRing(ring: Ring, image: ImageSize): Point[] {
  return sidesOf(image).reduce<Point[]>((path, side) => cutAt(side, path, true), [...ring]);
}

/** The area that a polygon has in common with the image. Parts and holes outside are left out; empty when all parts are. */
export function clipPolygon(polygons: readonly PolygonPart[], image: ImageSize): PolygonPart[] {
  const covers = (ring: Ring) => ringArea(ring) >= MIN_AREA;
  return polygons
    .map(([outer, holes]): PolygonPart => [
      clipRing(outer, image),
      holes.map((hole) => clipRing(hole, image)).filter(covers),
    ])
    .filter(([outer]) => covers(outer));
}
