import { ringArea } from './area.js';
import type {
  ImageSize,
  KeypointsGeometry,
  Point,
  PolygonGeometry,
  PolygonPart,
  PolylineGeometry,
  Ring,
} from './geometry.js';
import {
  geometryIssue,
  MIN_AREA,
  MIN_EXTENT,
  NOISE,
  type GeometryIssue,
  type GeometryLimits,
} from './geometry-issue.js';

const clamp = (value: number, max: number): number => (value < 0 ? 0 : value > max ? max : value);

/**
 * Checks a list of points against the image. One pass over sound input allocates nothing; the list itself is kept when nothing
 * had to move, else a copy with the stray coordinates on the image's edge is in `points`.
 */
class PointList {
  points: readonly Point[] = [];
  width = 0;
  height = 0;
  left = 0;
  top = 0;

  constructor(
    private readonly image: ImageSize,
    private readonly limits: GeometryLimits,
  ) {}

  read(value: unknown, path: string, least: number): GeometryIssue | null {
    if (!Array.isArray(value)) return geometryIssue(path, 'not_a_list', 'a list of [x, y] points is expected');
    if (value.length < least)
      return geometryIssue(path, 'degenerate', `at least ${least} points are needed, ${value.length} given`);
    if (value.length > this.limits.max_points) {
      return geometryIssue(path, 'too_large', `at most ${this.limits.max_points} points are allowed`);
    }
    let left = Infinity;
    let top = Infinity;
    let right = -Infinity;
    let bottom = -Infinity;
    for (let index = 0; index < value.length; index++) {
      const point: unknown = value[index];
      if (!Array.isArray(point) || point.length !== 2) {
        return geometryIssue(`${path}.${index}`, 'wrong_length', 'a point is [x, y]');
      }
      const x: unknown = point[0];
      const y: unknown = point[1];
      if (!isNumber(x)) return geometryIssue(`${path}.${index}.0`, 'not_a_number', 'x must be a finite number');
      if (!isNumber(y)) return geometryIssue(`${path}.${index}.1`, 'not_a_number', 'y must be a finite number');
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    this.points = value as Point[];
    const { width, height } = this.image;
    if (left < 0 || top < 0 || right > width || bottom > height) {
      const stray = strayPoint(this.points, this.image, this.limits.outside_px);
      if (stray !== null) return outside(`${path}.${stray}`, this.image);
      this.points = this.points.map(([x, y]) => [clamp(x, width), clamp(y, height)] as const);
      left = clamp(left, width);
      right = clamp(right, width);
      top = clamp(top, height);
      bottom = clamp(bottom, height);
    }
    this.left = left;
    this.top = top;
    this.width = right - left;
    this.height = bottom - top;
    return null;
  }
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** The issue for a shape that reaches too far past the image. */
export function outside(path: string, { width, height }: ImageSize): GeometryIssue {
  return geometryIssue(path, 'outside_image', `lies outside the image of ${width} × ${height} pixels`);
}

function strayPoint(points: readonly Point[], { width, height }: ImageSize, tolerance: number): number | null {
  const far = tolerance + NOISE;
  const at = points.findIndex(([x, y]) => x < -far || y < -far || x > width + far || y > height + far);
  return at < 0 ? null : at;
}

function checkRing(list: PointList, value: unknown, path: string): GeometryIssue | null {
  const issue = list.read(value, path, 3);
  if (issue) return issue;
  if (list.width < MIN_EXTENT || list.height < MIN_EXTENT || ringArea(list.points) < MIN_AREA) {
    return geometryIssue(
      path,
      'degenerate',
      'a ring must enclose an area: fewer than 3 distinct points, or all on one line',
    );
  }
  return null;
}

/** `[[outer, [hole, …]], …]`; every ring must enclose an area, holes must lie in the box of their outer ring and leave some of it. */
export function checkPolygons(
  geometry: PolygonGeometry,
  image: ImageSize,
  limits: GeometryLimits,
): PolygonGeometry | GeometryIssue {
  const polygons: unknown = geometry.polygons;
  if (!Array.isArray(polygons)) return geometryIssue('polygons', 'not_a_list', 'a list of parts is expected');
  if (polygons.length === 0) return geometryIssue('polygons', 'degenerate', 'a polygon needs at least one part');
  const list = new PointList(image, limits);
  let points = 0;
  let rings = 0;
  let clipped: PolygonPart[] | null = null;
  for (let p = 0; p < polygons.length; p++) {
    const part: unknown = polygons[p];
    const path = `polygons.${p}`;
    if (!Array.isArray(part) || part.length !== 2 || !Array.isArray(part[1])) {
      return geometryIssue(path, 'wrong_length', 'a part is [outer, [hole, …]]; without holes [outer, []]');
    }
    const givenHoles = part[1] as unknown[];
    rings += 1 + givenHoles.length;
    if (rings > limits.max_rings) {
      return geometryIssue('polygons', 'too_large', `at most ${limits.max_rings} rings are allowed`);
    }
    const issue = checkRing(list, part[0], `${path}.0`);
    if (issue) return issue;
    const outer = list.points;
    const { left, top, width, height } = list;
    points += outer.length;
    let holes = givenHoles as Ring[];
    let remaining = givenHoles.length > 0 ? ringArea(outer) : Infinity;
    for (let h = 0; h < givenHoles.length; h++) {
      const holePath = `${path}.1.${h}`;
      const holeIssue = checkRing(list, givenHoles[h], holePath);
      if (holeIssue) return holeIssue;
      const inside =
        list.left >= left - NOISE &&
        list.top >= top - NOISE &&
        list.left + list.width <= left + width + NOISE &&
        list.top + list.height <= top + height + NOISE;
      if (!inside) return geometryIssue(holePath, 'bad_value', 'a hole must lie inside its outer ring');
      points += list.points.length;
      remaining -= ringArea(list.points);
      if (list.points !== givenHoles[h]) {
        if (holes === givenHoles) holes = [...holes];
        holes[h] = list.points;
      }
    }
    if (remaining < MIN_AREA) return geometryIssue(path, 'degenerate', 'the holes leave nothing of the part');
    if (points > limits.max_points) {
      return geometryIssue('polygons', 'too_large', `at most ${limits.max_points} points are allowed`);
    }
    if (outer !== part[0] || holes !== givenHoles) {
      clipped ??= [...(polygons as PolygonPart[])];
      clipped[p] = [outer, holes];
    }
  }
  return clipped ? { type: 'polygon', polygons: clipped } : geometry;
}

/** At least two points, not all in one place. */
export function checkPolyline(
  geometry: PolylineGeometry,
  image: ImageSize,
  limits: GeometryLimits,
): PolylineGeometry | GeometryIssue {
  const list = new PointList(image, limits);
  const issue = list.read(geometry.points, 'points', 2);
  if (issue) return issue;
  if (list.width < MIN_EXTENT && list.height < MIN_EXTENT) {
    return geometryIssue('points', 'degenerate', 'all points of the line are in one place');
  }
  return list.points === geometry.points ? geometry : { type: 'polyline', points: list.points };
}

/** `[[x, y, v], …]`, at least one labeled. Absent points (v 0) carry no place: they are stored as [0, 0, 0]. */
export function checkKeypoints(
  geometry: KeypointsGeometry,
  image: ImageSize,
  limits: GeometryLimits,
): KeypointsGeometry | GeometryIssue {
  const given: unknown = geometry.points;
  if (!Array.isArray(given)) return geometryIssue('points', 'not_a_list', 'a list of [x, y, v] points is expected');
  if (given.length > limits.max_points) {
    return geometryIssue('points', 'too_large', `at most ${limits.max_points} points are allowed`);
  }
  const { width, height } = image;
  const far = limits.outside_px + NOISE;
  let labeled = 0;
  let changed: (readonly [number, number, 0 | 1 | 2])[] | null = null;
  for (let index = 0; index < given.length; index++) {
    const point: unknown = given[index];
    const path = `points.${index}`;
    if (!Array.isArray(point) || point.length !== 3)
      return geometryIssue(path, 'wrong_length', 'a keypoint is [x, y, v]');
    const [x, y, v] = point as unknown[];
    if (!isNumber(x) || !isNumber(y)) return geometryIssue(path, 'not_a_number', 'x and y must be finite numbers');
    if (v !== 0 && v !== 1 && v !== 2)
      return geometryIssue(`${path}.2`, 'bad_value', 'v is 0 (absent), 1 (hidden) or 2 (visible)');
    if (v > 0) {
      labeled++;
      if (x < -far || y < -far || x > width + far || y > height + far) return outside(path, image);
    }
    const atX = v === 0 ? 0 : clamp(x, width);
    const atY = v === 0 ? 0 : clamp(y, height);
    if (atX !== x || atY !== y) {
      changed ??= [...geometry.points];
      changed[index] = [atX, atY, v];
    }
  }
  if (labeled === 0) return geometryIssue('points', 'degenerate', 'at least one keypoint must be labeled (v 1 or 2)');
  return changed ? { type: 'keypoints', points: changed } : geometry;
}
