import type { Geometry, PolygonPart, Ring } from './geometry.js';
import { decodeRleCounts, rleArea } from './rle.js';

/**
 * Signed area of a ring by the shoelace formula: positive when it runs clockwise on screen (y points down).
 * Taken relative to the first point, so that a small shape far from the origin keeps its digits.
 */
export function signedRingArea(ring: Ring): number {
  const [x0, y0] = ring[0] ?? [0, 0];
  let twice = 0;
  let ax = 0;
  let ay = 0;
  for (const [px, py] of ring) {
    const bx = px - x0;
    const by = py - y0;
    twice += ax * by - bx * ay;
    ax = bx;
    ay = by;
  }
  return twice / 2;
}

/** Area of a ring in px², whatever its direction. */
export function ringArea(ring: Ring): number {
  return Math.abs(signedRingArea(ring));
}

/** Area of an outer ring minus its holes in px². Holes are expected to lie inside and apart from each other. */
export function partArea([outer, holes]: PolygonPart): number {
  let area = ringArea(outer);
  for (const hole of holes) area -= ringArea(hole);
  return area;
}

/**
 * Area in px²: geometric for boxes, circles and polygons (sum of the parts; parts are expected not to overlap), number of
 * pixels for masks. Null for what covers no area: lines, keypoints, statements about the whole image, unreadable masks.
 */
export function geometryArea(geometry: Geometry): number | null {
  switch (geometry.type) {
    case 'bbox':
      return geometry.bbox[2] * geometry.bbox[3];
    case 'rotated_bbox':
      return geometry.size[0] * geometry.size[1];
    case 'polygon':
      return geometry.polygons.reduce((sum, part) => sum + partArea(part), 0);
    case 'mask': {
      const counts = decodeRleCounts(geometry.counts);
      return counts && rleArea(counts);
    }
    case 'circle':
      return Math.PI * geometry.radius ** 2;
    case 'polyline':
    case 'keypoints':
    case 'classification':
    case 'no_object':
    case 'text':
      return null;
  }
}
