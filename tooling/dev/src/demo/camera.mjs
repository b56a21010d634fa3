/** @typedef {import('./svg.mjs').Point} Point */

/**
 * A pinhole camera on the street: metres in (x right, y up, z away from the camera), pixels out.
 *
 * @param {{ width: number, height: number, horizon: number, eye: number, focal: number, pan?: number }} options
 *   horizon: pixels from the top; eye: metres above the ground; focal: in image widths; pan: metres the camera stands right of x = 0
 */
export function createCamera({ width, height, horizon, eye, focal, pan = 0 }) {
  const f = focal * width;
  /** Pixels per metre at a distance. @param {number} z */
  const scaleAt = (z) => f / z;
  /** @param {number} x @param {number} y @param {number} z @returns {Point} */
  const project = (x, y, z) => [width / 2 + (x - pan) * scaleAt(z), horizon - (y - eye) * scaleAt(z)];
  /** Where the ground leaves the bottom of the picture. */
  const nearest = (f * eye) / (height - horizon);
  return { width, height, horizon, eye, scaleAt, project, nearest };
}

/** @typedef {ReturnType<typeof createCamera>} Camera */
