import type { CircleGeometry, Point } from '@labelyard/domain';

const POINTS = 64;

/** A circle as a polygon of 64 points on it, clockwise from the right. */
export function circleRing({ center: [x, y], radius }: Pick<CircleGeometry, 'center' | 'radius'>): Point[] {
  return Array.from({ length: POINTS }, (_, n): Point => {
    const angle = (2 * Math.PI * n) / POINTS;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}
