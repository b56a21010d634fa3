/** @typedef {import('./svg.mjs').Point} Point */

/** Outline of thick limbs: their hull, near enough for a label of a small figure. @param {readonly Point[]} points @param {number} margin */
export function hull(points, margin) {
  const spread = points.flatMap(([x, y]) =>
    Array.from(
      { length: 8 },
      (_item, step) =>
        /** @type {Point} */ ([
          x + margin * Math.cos((step * Math.PI) / 4),
          Math.max(0, y + margin * Math.sin((step * Math.PI) / 4)),
        ]),
    ),
  );
  return convexHull(spread);
}

/**
 * Andrew's monotone chain.
 *
 * @param {readonly Point[]} points
 * @returns {Point[]}
 */
export function convexHull(points) {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (/** @type {readonly Point[]} */ list) => {
    /** @type {Point[]} */
    const chain = [];
    for (const point of list) {
      while (
        chain.length >= 2 &&
        turn(/** @type {Point} */ (chain.at(-2)), /** @type {Point} */ (chain.at(-1)), point) <= 0
      )
        chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** @param {Point} a @param {Point} b @param {Point} c */
function turn(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
