// How much of each object can still be seen after everything in front of it was drawn.

/** Pixels of the picture per cell, along one axis: enough to decide what an annotator would mark. */
const CELL = 3;

/**
 * @param {number} width of the picture
 * @param {number} height
 */
export function createVisibility(width, height) {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const owner = new Int32Array(columns * rows).fill(-1);
  /** @type {number[]} */
  const painted = [];
  return {
    /**
     * Puts an outline in front of all earlier ones.
     *
     * @param {readonly import('./svg.mjs').Point[]} outline
     * @returns {number} its number
     */
    paint(outline) {
      const id = painted.length;
      let cells = 0;
      for (let row = 0; row < rows; row += 1) {
        const y = (row + 0.5) * CELL;
        const crossings = crossingsAt(outline, y);
        for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
          const from = Math.max(0, Math.ceil(/** @type {number} */ (crossings[pair]) / CELL - 0.5));
          const to = Math.min(columns - 1, Math.floor(/** @type {number} */ (crossings[pair + 1]) / CELL - 0.5));
          for (let column = from; column <= to; column += 1) owner[row * columns + column] = id;
          cells += Math.max(0, to - from + 1);
        }
      }
      painted.push(cells);
      return id;
    },
    /**
     * Whether nothing covers the picture at `at`, or right beside it, after number `id` was painted there.
     *
     * @param {number} id
     * @param {import('./svg.mjs').Point} at
     */
    isInFront(id, [x, y]) {
      return [-1, 0, 1].some((across) =>
        [-1, 0, 1].some((down) => {
          const column = Math.floor(x / CELL) + across;
          const row = Math.floor(y / CELL) + down;
          return column >= 0 && column < columns && owner[row * columns + column] === id;
        }),
      );
    },
    /** @returns {number[]} by number: the share of it that nothing covers, 0 to 1 */
    shares() {
      const seen = new Array(painted.length).fill(0);
      for (const id of owner) if (id >= 0) seen[id] += 1;
      return painted.map((cells, id) => (cells === 0 ? 0 : seen[id] / cells));
    },
  };
}

/**
 * @param {readonly import('./svg.mjs').Point[]} outline
 * @param {number} y
 * @returns {number[]} x of each crossing, sorted
 */
function crossingsAt(outline, y) {
  /** @type {number[]} */
  const crossings = [];
  outline.forEach(([x, top], index) => {
    const [px, py] = /** @type {import('./svg.mjs').Point} */ (outline.at(index - 1));
    if (top <= y !== py <= y) crossings.push(x + ((y - top) / (py - top)) * (px - x));
  });
  return crossings.sort((a, b) => a - b);
}
