import { geometryBounds } from './bounds.js';
import type { BboxGeometry, ImageSize, Point, PolygonGeometry, PolygonPart, Ring } from './geometry.js';

/** Handles of a box by compass direction on screen; the order goes clockwise from the top left corner. */
export const BOX_HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type BoxHandle = (typeof BOX_HANDLES)[number];

/** A vertex of a polygon: `ring` 0 is the part's outer ring, 1 its first hole. */
export interface VertexPlace {
  readonly part: number;
  readonly ring: number;
  readonly index: number;
}

/** A box dragged by a handle never gets thinner than this, in pixels. */
const THINNEST = 1;

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** The nearest point of the image. */
export function clampToImage([x, y]: Point, { width, height }: ImageSize): Point {
  return [clamp(x, 0, width), clamp(y, 0, height)];
}

/** Moves the whole shape; at the image's edge it stops without changing its form. */
export function translateGeometry<G extends BboxGeometry | PolygonGeometry>(
  geometry: G,
  dx: number,
  dy: number,
  image: ImageSize,
): G;
export function translateGeometry(
  geometry: BboxGeometry | PolygonGeometry,
  dx: number,
  dy: number,
  image: ImageSize,
): BboxGeometry | PolygonGeometry {
  const bounds = geometryBounds(geometry);
  if (!bounds) return geometry;
  const [left, top, w, h] = bounds;
  const byX = clamp(dx, -left, Math.max(image.width - left - w, -left));
  const byY = clamp(dy, -top, Math.max(image.height - top - h, -top));
  if (byX === 0 && byY === 0) return geometry;
  if (geometry.type === 'bbox') return { type: 'bbox', bbox: [left + byX, top + byY, w, h] };
  // The sum of the clamped distance and the far edge may be a rounding error past the image.
  const move = (ring: Ring): Ring => ring.map(([x, y]) => clampToImage([x + byX, y + byY], image));
  return {
    type: 'polygon',
    polygons: geometry.polygons.map(([outer, holes]): PolygonPart => [move(outer), holes.map(move)]),
  };
}

/** One axis of a resize: the dragged edge goes to `to`, the other one stays; crossing it turns the box over. */
function dragEdge(
  fixed: number,
  to: number,
  wasBefore: boolean,
  size: number,
): readonly [start: number, extent: number] {
  const target = clamp(to, 0, size);
  const distance = target - fixed;
  if (Math.abs(distance) >= THINNEST) return distance > 0 ? [fixed, distance] : [target, -distance];
  const thin = Math.min(THINNEST, size);
  const before = distance === 0 ? wasBefore : distance < 0;
  const start = before ? fixed - thin : fixed;
  return [clamp(start, 0, size - thin), thin];
}

/** Drags one handle to `to`. The opposite side stays; dragging across it turns the box over. At least 1 px remains. */
export function resizeBox(geometry: BboxGeometry, handle: BoxHandle, to: Point, image: ImageSize): BboxGeometry {
  let [x, y, w, h] = geometry.bbox;
  if (handle.includes('w')) [x, w] = dragEdge(x + w, to[0], true, image.width);
  else if (handle.includes('e')) [x, w] = dragEdge(x, to[0], false, image.width);
  if (handle.startsWith('n')) [y, h] = dragEdge(y + h, to[1], true, image.height);
  else if (handle.startsWith('s')) [y, h] = dragEdge(y, to[1], false, image.height);
  return { type: 'bbox', bbox: [x, y, w, h] };
}

function ringAt(geometry: PolygonGeometry, { part, ring }: VertexPlace): Ring | undefined {
  return ring === 0 ? geometry.polygons[part]?.[0] : geometry.polygons[part]?.[1][ring - 1];
}

/** Replaces one ring, or drops it when `next` is null. */
function withRing(geometry: PolygonGeometry, place: VertexPlace, next: Ring | null): PolygonGeometry {
  const polygons = geometry.polygons.flatMap(([outer, holes], part): PolygonPart[] => {
    if (part !== place.part) return [[outer, holes]];
    if (place.ring === 0) return next ? [[next, holes]] : [];
    return [[outer, next ? holes.with(place.ring - 1, next) : holes.toSpliced(place.ring - 1, 1)]];
  });
  return { type: 'polygon', polygons };
}

/** Moves one vertex. A place that does not exist leaves the polygon as it is. */
export function moveVertex(geometry: PolygonGeometry, at: VertexPlace, to: Point, image: ImageSize): PolygonGeometry {
  const ring = ringAt(geometry, at);
  return ring?.[at.index] ? withRing(geometry, at, ring.with(at.index, clampToImage(to, image))) : geometry;
}

/** Inserts a vertex that gets the index `at.index`; later ones move up. On the edge found by `nearestOnRing`, that is its index + 1. */
export function insertVertex(
  geometry: PolygonGeometry,
  at: VertexPlace,
  point: Point,
  image: ImageSize,
): PolygonGeometry {
  const ring = ringAt(geometry, at);
  if (!ring || at.index < 0 || at.index > ring.length) return geometry;
  return withRing(geometry, at, ring.toSpliced(at.index, 0, clampToImage(point, image)));
}

/**
 * Deletes one vertex. A hole that would keep fewer than three goes as a whole, and so does a part when others remain.
 * The last outer ring keeps its three vertices: the polygon comes back unchanged (deleting the shape is the caller's decision).
 */
export function deleteVertex(geometry: PolygonGeometry, at: VertexPlace): PolygonGeometry {
  const ring = ringAt(geometry, at);
  if (!ring?.[at.index]) return geometry;
  if (ring.length > 3) return withRing(geometry, at, ring.toSpliced(at.index, 1));
  if (at.ring === 0 && geometry.polygons.length === 1) return geometry;
  return withRing(geometry, at, null);
}
