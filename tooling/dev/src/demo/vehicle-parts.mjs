// What vehicles are put together from; metres as in vehicles.mjs.
import { circle, ellipse, polygon, smooth } from './svg.mjs';

/** @typedef {import('./svg.mjs').Point} Point */

export const GLASS = '#22303f';
export const TYRE = '#191b1f';

/** @param {number} x @param {number} radius */
export function wheel(x, radius) {
  return (
    circle(x, radius, radius, { fill: TYRE }) +
    circle(x, radius, radius * 0.62, { fill: '#b9bec6' }) +
    circle(x, radius, radius * 0.5, { fill: '#8b929c' }) +
    circle(x, radius, radius * 0.16, { fill: '#3a3f47' })
  );
}

/**
 * The part of a wheel below `sill`, for outlines.
 *
 * @param {number} x
 * @param {number} radius
 * @param {number} sill
 * @returns {Point[]} right to left
 */
export function wheelArc(x, radius, sill) {
  const begin = Math.asin((radius - sill) / radius);
  return Array.from({ length: 9 }, (_item, step) => {
    const angle = -begin - ((Math.PI - 2 * begin) * step) / 8;
    return /** @type {Point} */ ([x + radius * Math.cos(angle), radius + radius * Math.sin(angle)]);
  });
}

/**
 * The dark arch above a wheel, inside the body.
 *
 * @param {number} x
 * @param {number} radius
 * @param {number} sill
 * @param {string} fill
 */
export function wheelWell(x, radius, sill, fill) {
  const wide = radius * 1.2;
  const arch = Array.from({ length: 13 }, (_item, step) => {
    const angle = (Math.PI * step) / 12;
    return /** @type {Point} */ ([x + wide * Math.cos(angle), radius + wide * Math.sin(angle)]);
  });
  return polygon([...arch, [x - wide, sill], [x + wide, sill]], { fill });
}

/** @param {number} halfLength */
export function shadow(halfLength) {
  return ellipse(0, 0.02, halfLength * 1.04, 0.13, { fill: '#0b0d12', opacity: 0.35 });
}

/** @param {Point[]} roof @param {Point[]} sign */
export function insertSign(roof, sign) {
  const at = roof.findIndex(([x]) => x > (sign[0]?.[0] ?? 0));
  const after = roof.findIndex(([x]) => x > (sign.at(-1)?.[0] ?? 0));
  return [...roof.slice(0, at), ...sign, ...roof.slice(after)];
}

/**
 * The same curve as `smooth`, open at the ends.
 *
 * @param {Point[]} points
 */
export function smoothOpen(points) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const curve = smooth([first, ...points, last], 4);
  return [...curve.slice(4, -8), last];
}
