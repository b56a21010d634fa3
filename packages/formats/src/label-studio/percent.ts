import type { ImageSize, Point } from '@labelyard/domain';
import { rounded } from '../byte-writer.js';

const DIGITS = 1e10;

/** Ten decimals: in the largest image a millionth of a pixel, without the noise of floating point. */
export function percentDigits(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}

export const percentOf = (length: number, whole: number): number => percentDigits((length / whole) * 100);

export function percentPoint([x, y]: Point, { width, height }: ImageSize): [number, number] {
  return [percentOf(x, width), percentOf(y, height)];
}

/** Pixels; NaN for what is no number. */
export function pixelsOf(percent: unknown, whole: number): number {
  return typeof percent === 'number' ? rounded((percent / 100) * whole) : NaN;
}
