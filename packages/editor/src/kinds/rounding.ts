import type { Point } from '@labelyard/domain';

/** Coordinates are kept to 1/100 px. */
export function roundCoordinate(value: number): number {
  // `+ 0` turns -0 into 0.
  return Math.round(value * 100) / 100 + 0;
}

export function roundPoint([x, y]: Point): Point {
  return [roundCoordinate(x), roundCoordinate(y)];
}
