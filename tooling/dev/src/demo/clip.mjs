/** @typedef {import('./svg.mjs').Point} Point */

/**
 * Cuts a polygon to the picture (Sutherland–Hodgman).
 *
 * @param {readonly Point[]} outline
 * @param {number} width
 * @param {number} height
 * @returns {Point[]} empty when nothing of it is inside
 */
export function clipToPicture(outline, width, height) {
  /** @type {{ axis: 0 | 1, limit: number, sign: 1 | -1 }[]} */
  const edges = [
    { axis: 0, limit: 0, sign: 1 },
    { axis: 0, limit: width, sign: -1 },
    { axis: 1, limit: 0, sign: 1 },
    { axis: 1, limit: height, sign: -1 },
  ];
  let result = [...outline];
  for (const { axis, limit, sign } of edges) {
    const inside = (/** @type {Point} */ point) => sign * (point[axis] - limit) >= 0;
    const input = result;
    result = [];
    input.forEach((point, index) => {
      const before = /** @type {Point} */ (input.at(index - 1));
      if (inside(point) !== inside(before)) {
        const t = (limit - before[axis]) / (point[axis] - before[axis]);
        result.push([before[0] + (point[0] - before[0]) * t, before[1] + (point[1] - before[1]) * t]);
      }
      if (inside(point)) result.push(point);
    });
  }
  return result;
}

/** @param {readonly Point[]} outline */
export function area(outline) {
  let twice = 0;
  outline.forEach(([x, y], index) => {
    const [px, py] = /** @type {Point} */ (outline.at(index - 1));
    twice += px * y - x * py;
  });
  return Math.abs(twice) / 2;
}

/**
 * @param {readonly Point[]} outline
 * @returns {[number, number, number, number]} x, y, width, height
 */
export function boundsOf(outline) {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}
