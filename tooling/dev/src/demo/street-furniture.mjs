// What stands at a street: lights, signs and trees; the same drawing rules as vehicles.mjs.
import { circle, ellipse, mix, polygon, rectangle, smooth, stroke } from './svg.mjs';

/** @typedef {import('./svg.mjs').Point} Point */
/** @typedef {import('./vehicles.mjs').Sprite} Sprite */

/**
 * Head only: the pole is not part of the label.
 *
 * @param {{ shows: 'red' | 'amber' | 'green', height?: number }} options
 * @returns {Sprite & { pole: string }}
 */
export function trafficLight({ shows, height = 2.6 }) {
  const lamps = /** @type {const} */ ([
    ['red', '#ff453a', '#4a1512'],
    ['amber', '#ffc53d', '#4d3a10'],
    ['green', '#3ddc84', '#11402a'],
  ]);
  const head = [
    rectangle(-0.19, height, 0.38, 1.02, { fill: '#1d2024', rx: 0.07, stroke: '#3a3e44', 'stroke-width': 0.02 }),
    ...lamps.map(([name, on, off], index) =>
      circle(0, height + 0.83 - index * 0.32, 0.12, { fill: name === shows ? on : off }),
    ),
  ].join('');
  const lit = lamps.findIndex(([name]) => name === shows);
  return {
    pole:
      rectangle(-0.05, 0, 0.1, height, { fill: '#4b5058' }) +
      ellipse(0, 0.01, 0.2, 0.04, { fill: '#0b0d12', opacity: 0.3 }),
    svg: head,
    outline: [
      [-0.2, height - 0.01],
      [-0.2, height + 1.03],
      [0.2, height + 1.03],
      [0.2, height - 0.01],
    ],
    lights: [{ x: 0, y: height + 0.83 - lit * 0.32, color: /** @type {string} */ (lamps[lit]?.[1]), size: 0.8 }],
  };
}

/** @typedef {'stop' | 'limit' | 'crossing' | 'yield'} SignKind */

/**
 * @param {{ kind: SignKind, height?: number }} options
 * @returns {Sprite & { pole: string }}
 */
export function trafficSign({ kind, height = 2.2 }) {
  const cy = height + 0.36;
  const ring = (/** @type {number} */ sides, /** @type {number} */ radius, /** @type {number} */ turnBy) =>
    Array.from({ length: sides }, (_item, step) => {
      const angle = ((step + turnBy) * 2 * Math.PI) / sides;
      return /** @type {Point} */ ([radius * Math.sin(angle), cy + radius * Math.cos(angle)]);
    });
  const plates = {
    stop: () => ({
      outline: ring(8, 0.38, 0.5),
      svg:
        polygon(ring(8, 0.38, 0.5), { fill: '#ffffff' }) +
        polygon(ring(8, 0.345, 0.5), { fill: '#c1121f' }) +
        rectangle(-0.2, cy - 0.05, 0.4, 0.1, { fill: '#ffffff', rx: 0.02 }),
    }),
    limit: () => ({
      outline: ring(20, 0.36, 0),
      svg:
        circle(0, cy, 0.36, { fill: '#c1121f' }) +
        circle(0, cy, 0.27, { fill: '#ffffff' }) +
        rectangle(-0.15, cy - 0.12, 0.11, 0.24, { fill: '#16181c', rx: 0.03 }) +
        circle(0.08, cy, 0.08, { fill: 'none', stroke: '#16181c', 'stroke-width': 0.06 }),
    }),
    crossing: () => ({
      outline: /** @type {Point[]} */ ([
        [-0.34, cy - 0.34],
        [-0.34, cy + 0.34],
        [0.34, cy + 0.34],
        [0.34, cy - 0.34],
      ]),
      svg:
        rectangle(-0.34, cy - 0.34, 0.68, 0.68, { fill: '#1d5fa8', rx: 0.05 }) +
        polygon(
          [
            [-0.24, cy - 0.24],
            [0, cy + 0.26],
            [0.24, cy - 0.24],
          ],
          { fill: '#ffffff' },
        ) +
        stroke(
          [
            [-0.04, cy - 0.16],
            [0.02, cy + 0.02],
            [0.09, cy - 0.16],
          ],
          '#16181c',
          0.04,
        ) +
        circle(0.02, cy + 0.09, 0.035, { fill: '#16181c' }),
    }),
    yield: () => ({
      outline: ring(3, 0.42, 0.5),
      svg: polygon(ring(3, 0.42, 0.5), { fill: '#c1121f' }) + polygon(ring(3, 0.24, 0.5), { fill: '#ffffff' }),
    }),
  };
  const { svg, outline } = plates[kind]();
  return {
    pole:
      rectangle(-0.035, 0, 0.07, height + 0.3, { fill: '#8a9099' }) +
      ellipse(0, 0.01, 0.15, 0.03, { fill: '#0b0d12', opacity: 0.3 }),
    svg,
    outline,
    lights: [],
  };
}

/**
 * @param {{ random: import('./random.mjs').Random, leaf: string }} options
 * @returns {Sprite & { pole: string }} the crown is labeled, the trunk is its pole
 */
export function tree({ random, leaf }) {
  const height = random.between(3.8, 5.6);
  const radius = random.between(1.15, 1.7);
  const cy = height - radius * 0.85;
  const crown = smooth(
    Array.from({ length: 12 }, (_item, step) => {
      const angle = (step * 2 * Math.PI) / 12;
      const reach = radius * random.between(0.84, 1.12);
      return /** @type {Point} */ ([reach * Math.cos(angle), cy + reach * 0.92 * Math.sin(angle)]);
    }),
    5,
  );
  const tufts = Array.from({ length: 14 }, () => {
    const angle = random.between(0, 2 * Math.PI);
    const reach = radius * Math.sqrt(random.next()) * 0.66;
    const y = cy + reach * Math.sin(angle);
    const light = 0.04 + 0.26 * Math.max(0, (y - cy + radius) / (2 * radius));
    return circle(reach * Math.cos(angle), y, radius * random.between(0.16, 0.3), {
      fill: mix(leaf, '#f6ffcf', light),
      opacity: 0.55,
    });
  });
  return {
    pole:
      ellipse(0, 0.02, 1.0, 0.1, { fill: '#0b0d12', opacity: 0.28 }) +
      polygon(
        [
          [-0.14, 0],
          [-0.08, cy],
          [0.1, cy],
          [0.15, 0],
        ],
        { fill: '#5a4334' },
      ),
    svg: polygon(crown, { fill: mix(leaf, '#06120a', 0.25) }) + tufts.join(''),
    outline: crown,
    lights: [],
  };
}
