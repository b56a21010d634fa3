import type { Point } from '@labelyard/domain';

const POINTS = 64;
/** Radii that differ by less than this part of themselves are those of a circle written with few decimals. */
const SAME = 1e-3;

export interface Ellipse {
  readonly center: Point;
  readonly radii: readonly [x: number, y: number];
  /** Degrees clockwise on screen. */
  readonly rotation: number;
}

/** What we make of an ellipse: a circle when it is one, else the polygon of 64 points on it. */
export function ellipseGeometry({ center, radii: [rx, ry], rotation }: Ellipse): {
  readonly geometry: object;
  readonly isCircle: boolean;
} {
  if (Math.abs(rx - ry) <= SAME * Math.max(Math.abs(rx), Math.abs(ry))) {
    return { geometry: { type: 'circle', center, radius: (rx + ry) / 2 }, isCircle: true };
  }
  const turn = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const ring = Array.from({ length: POINTS }, (_, n): Point => {
    const angle = (2 * Math.PI * n) / POINTS;
    const [dx, dy] = [rx * Math.cos(angle), ry * Math.sin(angle)];
    return [center[0] + dx * cos - dy * sin, center[1] + dx * sin + dy * cos];
  });
  return { geometry: { type: 'polygon', polygons: [[ring, []]] }, isCircle: false };
}
