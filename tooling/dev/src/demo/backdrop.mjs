// Sky, skyline, houses, road: what the objects stand in front of.
import { circle, ellipse, mix, polygon, rectangle } from './svg.mjs';

/** @typedef {import('./svg.mjs').Point} Point */
/**
 * @typedef {object} Stage
 * @property {import('./camera.mjs').Camera} camera
 * @property {import('./moods.mjs').Mood} mood
 * @property {import('./random.mjs').Random} random
 * @property {import('./svg.mjs').Gradients} gradients
 */

const WALLS = [
  '#b5654a',
  '#c98b6b',
  '#d9c3a3',
  '#8f9aa5',
  '#a7b8a8',
  '#e0d6c8',
  '#7d6b7d',
  '#c2a878',
  '#9db4c0',
  '#b98b82',
];
const AWNINGS = ['#c8553d', '#2a6f97', '#588157', '#f2cc8f', '#6d597a'];

/** @param {Stage} stage */
export function sky({ camera, mood, random, gradients }) {
  const { width, horizon } = camera;
  const parts = [
    rectangle(0, 0, width, horizon + 2, {
      fill: gradients.vertical([0, mood.sky[0]], [0.6, mood.sky[1]], [1, mood.sky[2]]),
    }),
  ];
  if (mood.night) {
    for (let star = 0; star < 70; star += 1) {
      parts.push(
        circle(random.between(0, width), random.between(0, horizon * 0.7), width * random.between(0.0004, 0.0012), {
          fill: '#ffffff',
          opacity: random.between(0.3, 0.9),
        }),
      );
    }
    parts.push(circle(width * random.between(0.15, 0.85), horizon * 0.24, width * 0.022, { fill: '#f3efd9' }));
  } else if (!mood.rain) {
    const x = width * random.between(0.15, 0.85);
    const y = horizon * (mood.name === 'dusk' ? 0.8 : 0.25);
    parts.push(circle(x, y, width * 0.13, { fill: gradients.radial([0, '#fff6d6', 0.85], [1, '#fff6d6', 0]) }));
    parts.push(circle(x, y, width * 0.024, { fill: '#fffbe8' }));
  }
  if (!mood.night) {
    for (let cloud = 0; cloud < (mood.rain ? 9 : 5); cloud += 1)
      parts.push(
        cloudAt(
          random.between(0, width),
          horizon * random.between(0.1, 0.65),
          width * random.between(0.03, 0.07),
          random,
          mood,
        ),
      );
  }
  return parts.join('');
}

/** @param {number} x @param {number} y @param {number} size @param {import('./random.mjs').Random} random @param {import('./moods.mjs').Mood} mood */
function cloudAt(x, y, size, random, mood) {
  const fill = mix(mood.sky[2], '#ffffff', mood.rain ? 0.05 : 0.45);
  return Array.from({ length: 6 }, (_item, index) =>
    ellipse(
      x + (index - 2.5) * size * 0.62,
      y + random.between(-0.15, 0.15) * size,
      size * random.between(0.6, 1),
      size * random.between(0.26, 0.42),
      { fill, opacity: 0.55 },
    ),
  ).join('');
}

/** Far towers in two layers of haze. @param {Stage} stage */
export function skyline({ camera, mood, random }) {
  const { width, horizon } = camera;
  return [0.72, 0.45]
    .map((depth) => {
      const fill = mix(mix('#4b5a68', mood.haze, depth), mood.tint, 0.08);
      /** @type {Point[]} */
      const line = [[-10, horizon + 2]];
      for (let x = -10; x < width + 10;) {
        const step = width * random.between(0.025, 0.06);
        const top = horizon - camera.height * random.between(0.05, 0.2) * (1.3 - depth * 0.6);
        line.push([x, top], [x + step, top]);
        x += step;
      }
      line.push([width + 10, horizon + 2]);
      return polygon(line, { fill });
    })
    .join('');
}

/**
 * A house front between two ground points; works for fronts facing us and for fronts running away from us.
 *
 * @param {Stage} stage
 * @param {{ from: [number, number], to: [number, number], height: number }} place from, to: x and z of its corners
 */
export function house({ camera, mood, random }, { from, to, height }) {
  const far = Math.min(1, Math.max(0, (Math.min(from[1], to[1]) - 14) / 80));
  const wall = mix(random.pick(WALLS), mood.haze, far * 0.75);
  const at = (/** @type {number} */ u, /** @type {number} */ y) =>
    camera.project(from[0] + (to[0] - from[0]) * u, y, from[1] + (to[1] - from[1]) * u);
  const quad = (
    /** @type {number} */ u0,
    /** @type {number} */ u1,
    /** @type {number} */ y0,
    /** @type {number} */ y1,
  ) => [at(u0, y0), at(u1, y0), at(u1, y1), at(u0, y1)];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const parts = [
    polygon(quad(0, 1, 0, height), { fill: wall }),
    polygon(quad(0, 1, height - 0.5, height), { fill: mix(wall, '#1a1a1a', 0.28) }),
    polygon(quad(0, 0.015, 0, height), { fill: mix(wall, '#1a1a1a', 0.3) }),
  ];
  const columns = Math.max(2, Math.round(length / 2.6));
  const frame = mix(wall, '#ffffff', 0.45);
  for (let floor = 3.6; floor + 2.2 < height; floor += 3.1) {
    for (let column = 0; column < columns; column += 1) {
      const u0 = (column + 0.26) / columns;
      const u1 = (column + 0.74) / columns;
      const lit = mood.night ? random.chance(0.42) : random.chance(mood.name === 'dusk' ? 0.25 : 0.04);
      const glass = lit
        ? random.pick(['#ffd98a', '#ffe7b3', '#f6c667'])
        : mix(mix('#2f4152', mood.sky[1], 0.35), mood.haze, far * 0.6);
      parts.push(
        polygon(quad(u0 - 0.02, u1 + 0.02, floor - 0.14, floor + 1.75), { fill: frame }),
        polygon(quad(u0, u1, floor, floor + 1.65), { fill: glass }),
      );
    }
  }
  const awning = mix(random.pick(AWNINGS), mood.haze, far * 0.7);
  const shop = mood.night ? '#ffdf9e' : mix('#34485a', mood.haze, far * 0.6);
  parts.push(
    polygon(quad(0.06, 0.94, 0.45, 2.5), { fill: shop }),
    polygon(quad(0.42, 0.52, 0, 2.5), { fill: mix(wall, '#101010', 0.55) }),
  );
  parts.push(polygon(quad(0.04, 0.96, 2.5, 3.1), { fill: awning }));
  for (let stripe = 0; stripe < 6; stripe += 1) {
    parts.push(
      polygon(quad(0.04 + stripe * 0.155, 0.04 + stripe * 0.155 + 0.075, 2.5, 3.1), { fill: '#ffffff', opacity: 0.35 }),
    );
  }
  return parts.join('');
}

/**
 * A strip of ground across the picture between two distances.
 *
 * @param {Stage} stage
 * @param {{ nearZ: number, farZ: number, colors: [string, string] }} strip
 */
export function groundAcross({ camera, gradients }, { nearZ, farZ, colors }) {
  const top = camera.project(0, 0, farZ)[1];
  const bottom = Math.min(camera.height, camera.project(0, 0, Math.max(nearZ, camera.nearest))[1]);
  return rectangle(0, top, camera.width, bottom - top, { fill: gradients.vertical([0, colors[0]], [1, colors[1]]) });
}

/**
 * A strip of ground running away from us, as a polygon in the picture.
 *
 * @param {import('./camera.mjs').Camera} camera
 * @param {number} x0
 * @param {number} x1
 * @param {number} [nearZ]
 * @param {number} [farZ]
 * @returns {Point[]}
 */
export function groundAway(camera, x0, x1, nearZ = camera.nearest, farZ = 160) {
  return [
    camera.project(x0, 0, nearZ),
    camera.project(x0, 0, farZ),
    camera.project(x1, 0, farZ),
    camera.project(x1, 0, nearZ),
  ];
}

/** Streaks and a wet sheen. @param {Stage} stage */
export function rainfall({ camera, random, gradients }) {
  const { width, height, horizon } = camera;
  const sheen = rectangle(0, horizon, width, height - horizon, {
    fill: gradients.vertical([0, '#dfe8ee', 0], [0.45, '#dfe8ee', 0.02], [0.6, '#dfe8ee', 0.12], [1, '#dfe8ee', 0.1]),
  });
  const streaks = Array.from({ length: 260 }, () => {
    const x = random.between(-20, width);
    const y = random.between(-20, height);
    const length = height * random.between(0.02, 0.05);
    return `M${x.toFixed(1)} ${y.toFixed(1)}l${(length * 0.22).toFixed(1)} ${length.toFixed(1)}`;
  }).join('');
  return `${sheen}<path d="${streaks}" stroke="#eef4f8" stroke-opacity="0.38" stroke-width="${(width / 900).toFixed(2)}" fill="none"/>`;
}
