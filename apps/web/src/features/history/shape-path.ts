import { decodeRleCounts, rotatedBoxCorners, type Geometry, type Point } from '@labelyard/domain';

const line = (points: readonly Point[]) => points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${x} ${y}`).join('');
const ring = (points: readonly Point[]) => `${line(points)}Z`;
const dot = ([x, y]: Point, r: number) => circle(x, y, r);
const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

/** A geometry as an SVG path in pixels of the image; null for kinds without a place on it. Holes are cut by the even-odd rule. */
export function shapePath(geometry: Geometry, dot_radius: number): string | null {
  switch (geometry.type) {
    case 'bbox': {
      const [x, y, w, h] = geometry.bbox;
      return `M${x} ${y}h${w}v${h}h${-w}Z`;
    }
    case 'rotated_bbox':
      return ring(rotatedBoxCorners(geometry));
    case 'polygon':
      return geometry.polygons.map(([outer, holes]) => [outer, ...holes].map(ring).join('')).join('');
    case 'mask':
      return maskPath(geometry.counts, geometry.size[0]);
    case 'polyline':
      return line(geometry.points);
    case 'circle':
      return circle(...geometry.center, geometry.radius);
    case 'keypoints':
      return geometry.points
        .filter(([, , visible]) => visible > 0)
        .map(([x, y]) => dot([x, y], dot_radius))
        .join('');
    case 'classification':
    case 'no_object':
    case 'text':
      return null;
  }
}

/** Runs go down the columns, background first. */
function maskPath(text: string, height: number): string | null {
  const counts = decodeRleCounts(text);
  if (!counts) return null;
  let path = '';
  let at = 0;
  counts.forEach((length, n) => {
    if (n % 2 === 1) {
      for (let from = at; from < at + length;) {
        const to = Math.min(at + length, (Math.floor(from / height) + 1) * height);
        path += `M${Math.floor(from / height)} ${from % height}h1v${to - from}h-1Z`;
        from = to;
      }
    }
    at += length;
  });
  return path;
}
