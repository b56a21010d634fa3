import { clipLine, clipPolygon, type ImageSize, type Point, type PolygonPart } from '@labelyard/domain';
import { isNumberList, isObject } from './record-fields.js';

/**
 * What of a polygon or line lies in the image. Whatever else comes back as it is, and so does what lies outside as a whole: the check of
 * geometries says what is wrong with it.
 */
export function clippedGeometry(geometry: unknown, image: ImageSize): unknown {
  if (!isObject(geometry)) return geometry;
  const { type, points, polygons } = geometry;
  if (type === 'polyline' && isPath(points)) {
    const line = clipLine(points, image);
    return line.length > 0 ? { type, points: line } : geometry;
  }
  if (type === 'polygon' && isParts(polygons)) {
    const parts = clipPolygon(polygons, image);
    return parts.length > 0 ? { type, polygons: parts } : geometry;
  }
  return geometry;
}

function isPath(value: unknown): value is Point[] {
  return Array.isArray(value) && value.every((point) => isNumberList(point) && point.length === 2);
}

function isParts(value: unknown): value is PolygonPart[] {
  const isPart = (part: unknown) =>
    Array.isArray(part) && part.length === 2 && isPath(part[0]) && Array.isArray(part[1]) && part[1].every(isPath);
  return Array.isArray(value) && value.every(isPart);
}
