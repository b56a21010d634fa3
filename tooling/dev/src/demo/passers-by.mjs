// People on foot and on bicycles; the same drawing rules as vehicles.mjs.
import { convexHull, hull } from './hull.mjs';
import { circle, element, ellipse, mix, points, polygon, rectangle, smooth, stroke } from './svg.mjs';

/** @typedef {import('./svg.mjs').Point} Point */
/** @typedef {import('./vehicles.mjs').Sprite} Sprite */

const SKINS = ['#f2c9a5', '#e0ac7e', '#c68a5b', '#8d5a3a', '#5f3d28'];
const HAIR = ['#22190f', '#3d2a1a', '#6b4a2b', '#a5753f', '#8c8c92'];
const CLOTHES = [
  '#d1495b',
  '#edae49',
  '#00798c',
  '#30638e',
  '#3a5a40',
  '#7b2d43',
  '#f4f1de',
  '#5c5470',
  '#2b2d42',
  '#e07a5f',
];
const TROUSERS = ['#2b2d42', '#3d405b', '#22333b', '#5e503f', '#14213d', '#6c757d'];

/**
 * @param {{ random: import('./random.mjs').Random, umbrella?: boolean }} options
 * @returns {Sprite}
 */
export function person({ random, umbrella = false }) {
  const skin = random.pick(SKINS);
  const hair = random.pick(HAIR);
  const coat = random.pick(CLOTHES);
  const trousers = random.pick(TROUSERS);
  const size = random.between(0.88, 1.06);
  const swing = random.between(0.12, 0.34);
  const hip = 0.86;
  const shoulder = 1.4;
  /** @type {Point[]} */
  const frontLeg = [
    [0.02, hip],
    [swing * 0.7, 0.46],
    [swing, 0.06],
  ];
  /** @type {Point[]} */
  const backLeg = [
    [-0.02, hip],
    [-swing * 0.4, 0.47],
    [-swing * 1.1, 0.1],
  ];
  /** @type {Point[]} */
  const frontArm = umbrella
    ? [
        [0, shoulder - 0.06],
        [0.2, 1.14],
        [0.24, 1.36],
      ]
    : [
        [0, shoulder - 0.06],
        [-swing * 0.5, 1.12],
        [-swing * 0.6, 0.9],
      ];
  /** @type {Point[]} */
  const backArm = [
    [0, shoulder - 0.06],
    [swing * 0.6, 1.12],
    [swing * 0.9, 0.93],
  ];
  const torso = smooth(
    [
      [-0.17, hip - 0.05],
      [-0.19, 1.12],
      [-0.2, shoulder],
      [-0.08, shoulder + 0.1],
      [0.08, shoulder + 0.1],
      [0.2, shoulder],
      [0.18, 1.12],
      [0.17, hip - 0.05],
    ],
    3,
  );
  const canopy = smooth(points('-0.5,1.86 -0.3,2.08 0.2,2.18 0.68,2.06 0.9,1.86 0.2,1.93'), 4);
  const drawn = [
    ellipse(0, 0.02, 0.34, 0.05, { fill: '#0b0d12', opacity: 0.3 }),
    stroke(backArm, mix(coat, '#000000', 0.3), 0.11),
    stroke(backLeg, mix(trousers, '#000000', 0.25), 0.15),
    stroke(
      [
        [-swing * 1.1 - 0.02, 0.07],
        [-swing * 1.1 + 0.12, 0.05],
      ],
      '#1c1c20',
      0.1,
    ),
    stroke(frontLeg, trousers, 0.16),
    stroke(
      [
        [swing - 0.02, 0.05],
        [swing + 0.13, 0.05],
      ],
      '#232329',
      0.1,
    ),
    polygon(torso, { fill: coat }),
    random.chance(0.4) ? rectangle(-0.3, 1.0, 0.16, 0.36, { fill: mix(coat, '#101010', 0.6), rx: 0.06 }) : '',
    stroke(frontArm, mix(coat, '#ffffff', 0.12), 0.11),
    rectangle(-0.05, shoulder + 0.04, 0.1, 0.14, { fill: mix(skin, '#000000', 0.12) }),
    circle(0.01, 1.61, 0.125, { fill: skin }),
    polygon(smooth(points('-0.13,1.58 -0.14,1.7 0,1.76 0.13,1.7 0.08,1.66 -0.06,1.66'), 4), { fill: hair }),
    umbrella
      ? stroke(points('0.22,1.2 0.2,1.95'), '#3a3a40', 0.025) +
        polygon(canopy, { fill: coat, stroke: mix(coat, '#000000', 0.3), 'stroke-width': 0.02 })
      : '',
  ].join('');
  const limbs = hull([...frontLeg, ...backLeg, [swing + 0.13, 0.05], ...torso, [0, 1.66]], 0.09);
  const outline = convexHull([...limbs, ...(umbrella ? canopy : [])]);
  return {
    svg: element('g', { transform: `scale(${size})` }, drawn),
    outline: outline.map(([x, y]) => /** @type {Point} */ ([x * size, y * size])),
    lights: [],
  };
}

/**
 * @param {{ random: import('./random.mjs').Random }} options
 * @returns {{ bicycle: Sprite, rider: Sprite }}
 */
export function cyclist({ random }) {
  const frame = random.pick(['#d1495b', '#1b998b', '#2d3047', '#edae49', '#f4f1de']);
  const coat = random.pick(CLOTHES);
  const skin = random.pick(SKINS);
  const trousers = random.pick(TROUSERS);
  const wheelSvg = (/** @type {number} */ x) =>
    circle(x, 0.34, 0.33, { fill: 'none', stroke: '#17181c', 'stroke-width': 0.045 }) +
    circle(x, 0.34, 0.3, { fill: 'none', stroke: '#9aa0a8', 'stroke-width': 0.012 }) +
    circle(x, 0.34, 0.04, { fill: '#4a4f57' });
  const bicycleSvg = [
    ellipse(0, 0.02, 0.95, 0.05, { fill: '#0b0d12', opacity: 0.3 }),
    wheelSvg(-0.52),
    wheelSvg(0.55),
    stroke(points('-0.52,0.34 -0.14,0.34 0.36,0.84 -0.24,0.84 -0.52,0.34'), frame, 0.045),
    stroke(points('-0.14,0.34 -0.28,0.96'), frame, 0.045),
    stroke(points('0.55,0.34 0.36,0.9 0.5,1.0'), '#2a2c31', 0.04),
    stroke(points('-0.38,0.97 -0.16,0.97'), '#17181c', 0.07),
  ].join('');
  const riderSvg = [
    stroke(points('-0.24,0.98 0.1,0.68 -0.1,0.3'), trousers, 0.15),
    stroke(points('-0.12,0.25 0.04,0.25'), '#1c1c20', 0.09),
    stroke(points('-0.22,1.0 0.06,1.44'), coat, 0.27),
    stroke(points('0.06,1.4 0.28,1.16 0.46,1.02'), mix(coat, '#ffffff', 0.12), 0.1),
    circle(0.17, 1.66, 0.125, { fill: skin }),
    polygon(smooth(points('0.01,1.66 0.06,1.8 0.2,1.83 0.32,1.74 0.31,1.69'), 4), {
      fill: mix(frame, '#ffffff', 0.25),
    }),
  ].join('');
  /** @type {Point[]} */
  const bicycleOutline = convexHull([...hull(points('-0.52,0.34 0.55,0.34'), 0.35), [-0.42, 1.0], [0.52, 1.03]]);
  return {
    bicycle: { svg: bicycleSvg, outline: bicycleOutline, lights: [{ x: 0.5, y: 0.95, color: '#fff3c4', size: 0.5 }] },
    rider: {
      svg: riderSvg,
      outline: convexHull(hull(points('-0.26,0.98 0.1,0.68 -0.1,0.26 0.46,1.02 0.17,1.7 0.2,1.75'), 0.12)),
      lights: [],
    },
  };
}
