// Vehicles as flat drawings in metres: x along the ground, y up, the ground at y = 0 below the middle.
import { ellipse, mix, points, polygon, rectangle } from './svg.mjs';
import { GLASS, insertSign, shadow, smoothOpen, TYRE, wheel, wheelArc, wheelWell } from './vehicle-parts.mjs';

/** @typedef {import('./svg.mjs').Point} Point */

/**
 * @typedef {object} Sprite
 * @property {string} svg
 * @property {Point[]} outline what is labeled: the silhouette
 * @property {{ x: number, y: number, color: string, size: number }[]} lights that shine at night
 */

/** @typedef {{ gradients: import('./svg.mjs').Gradients, color: string, night: boolean }} VehicleOptions */

/**
 * @typedef {{ top: Point[], front: number, back: number, sill: number, wheels: [number, number], radius: number, windows: Point[][] }} CarShape
 * @type {Record<'sedan' | 'hatchback' | 'van', CarShape>} facing right; top = roof line from back to front
 */
const CARS = {
  sedan: {
    top: points(
      '-2.15,0.5 -2.18,0.82 -1.95,0.95 -1.35,1.02 -0.85,1.38 -0.1,1.46 0.5,1.36 1.05,0.98 1.85,0.86 2.18,0.68 2.2,0.45',
    ),
    front: 2.2,
    back: -2.15,
    sill: 0.27,
    wheels: [-1.32, 1.36],
    radius: 0.33,
    windows: [
      points('-1.18,1.02 -0.76,1.31 -0.22,1.37 -0.22,1.02'),
      points('-0.13,1.02 -0.13,1.375 0.44,1.29 0.86,1.0'),
    ],
  },
  hatchback: {
    top: points('-1.85,0.5 -1.9,0.9 -1.72,1.3 -1.3,1.5 -0.3,1.55 0.35,1.44 0.95,1.02 1.65,0.9 1.92,0.7 1.93,0.45'),
    front: 1.93,
    back: -1.85,
    sill: 0.27,
    wheels: [-1.2, 1.2],
    radius: 0.33,
    windows: [
      points('-1.62,1.06 -1.5,1.33 -1.18,1.43 -0.42,1.46 -0.42,1.06'),
      points('-0.33,1.06 -0.33,1.46 0.28,1.36 0.76,1.04'),
    ],
  },
  van: {
    top: points('-2.4,0.5 -2.45,1.2 -2.4,1.95 -2.1,2.05 0.9,2.05 1.35,1.85 1.8,1.2 2.35,1.02 2.5,0.75 2.5,0.45'),
    front: 2.5,
    back: -2.4,
    sill: 0.29,
    wheels: [-1.5, 1.55],
    radius: 0.36,
    windows: [points('0.35,1.25 0.35,1.85 0.92,1.86 1.22,1.74 1.58,1.25')],
  },
};

/**
 * @param {keyof typeof CARS} kind
 * @param {VehicleOptions & { taxi?: boolean }} options
 * @returns {Sprite}
 */
export function carFromSide(kind, { gradients, color, night, taxi = false }) {
  const { top, front, back, sill, wheels, radius, windows } = CARS[kind];
  const roof = smoothOpen(top);
  /** @type {Point[]} */
  const lower = [
    [front - 0.04, sill],
    ...wheelArc(wheels[1], radius, sill),
    ...wheelArc(wheels[0], radius, sill),
    [back + 0.06, sill],
  ];
  /** @type {Point[]} */
  const body = [...roof, [front - 0.04, sill], [back + 0.06, sill]];
  const height = Math.max(...roof.map(([, y]) => y));
  const paint = gradients.upright([0, mix(color, '#ffffff', 0.35)], [0.45, color], [1, mix(color, '#000000', 0.45)]);
  const glass = gradients.upright([0, night ? '#0f1620' : '#8fb0c6'], [0.5, GLASS], [1, '#141c26']);
  /** @type {Point[]} */
  const sign = [
    [-0.35, height],
    [-0.3, height + 0.17],
    [0.12, height + 0.17],
    [0.17, height],
  ];
  const svg = [
    shadow((front - back) / 2),
    taxi ? polygon(sign, { fill: '#fff6c8', stroke: '#3b3413', 'stroke-width': 0.02 }) : '',
    polygon(body, { fill: paint }),
    ...wheels.map((x) => wheelWell(x, radius, sill, mix(color, '#000000', 0.72))),
    ...windows.map((points) =>
      polygon(points, { fill: glass, stroke: mix(color, '#000000', 0.55), 'stroke-width': 0.035 }),
    ),
    rectangle(back + 0.3, 0.6, front - back - 0.62, 0.03, { fill: mix(color, '#ffffff', 0.4), opacity: 0.5 }),
    rectangle(-0.18, 0.34, 0.02, 0.66, { fill: mix(color, '#000000', 0.5), opacity: 0.7 }),
    rectangle(-0.5, 0.86, 0.2, 0.045, { fill: mix(color, '#000000', 0.45), rx: 0.02 }),
    ellipse(front - 0.12, 0.68, 0.13, 0.085, { fill: night ? '#fffbe0' : '#e9eef2' }),
    rectangle(back + 0.0, 0.72, 0.12, 0.16, { fill: night ? '#ff3b30' : '#a31621', rx: 0.03 }),
    ...wheels.map((x) => wheel(x, radius)),
  ].join('');
  return {
    svg,
    outline: [...(taxi ? insertSign(roof, sign) : roof), ...lower],
    lights: [
      { x: front, y: 0.68, color: '#fff3c4', size: 1.5 },
      { x: back, y: 0.8, color: '#ff4d42', size: 0.7 },
    ],
  };
}

/**
 * @param {VehicleOptions} options
 * @returns {Sprite}
 */
export function busFromSide({ gradients, color, night }) {
  const half = 5.4;
  /** @type {Point[]} */
  const shell = [
    [-half, 0.35],
    [-half - 0.05, 1],
    [-half, 2.85],
    [-half + 0.25, 3.05],
    [half - 0.35, 3.05],
    [half, 2.8],
    [half + 0.08, 1.2],
    [half + 0.05, 0.35],
  ];
  const wheels = [-3.4, 3.2];
  const radius = 0.48;
  const paint = gradients.upright([0, mix(color, '#ffffff', 0.3)], [0.5, color], [1, mix(color, '#000000', 0.4)]);
  const lit = night
    ? gradients.upright([0, '#ffe9a8'], [1, '#e8b45a'])
    : gradients.upright([0, '#9fc0d4'], [0.6, GLASS], [1, '#18212c']);
  const panes = Array.from({ length: 7 }, (_item, index) =>
    rectangle(-half + 0.35 + index * 1.37, 1.45, 1.22, 1.05, { fill: lit, rx: 0.08 }),
  );
  const svg = [
    shadow(half),
    polygon(shell, { fill: paint, 'stroke-linejoin': 'round' }),
    rectangle(-half, 0.95, 2 * half, 0.18, { fill: '#ffffff', opacity: 0.75 }),
    ...panes,
    rectangle(half - 0.72, 0.5, 0.62, 2.1, { fill: lit, rx: 0.06 }),
    rectangle(-half + 1.2, 2.66, 6.5, 0.22, { fill: '#14181d', rx: 0.04 }),
    rectangle(-half + 1.5, 2.71, 2.2, 0.12, { fill: '#ffb733' }),
    rectangle(half - 0.08, 0.62, 0.14, 0.26, { fill: '#f4f1dc' }),
    rectangle(-half - 0.04, 0.62, 0.12, 0.3, { fill: '#b3202c' }),
    ...wheels.flatMap((x) => [wheelWell(x, radius, 0.35, mix(color, '#000000', 0.75)), wheel(x, radius)]),
  ].join('');
  return {
    svg,
    outline: [...shell, ...wheels.toReversed().flatMap((x) => wheelArc(x, radius, 0.35))],
    lights: [
      { x: half + 0.05, y: 0.75, color: '#fff3c4', size: 1.8 },
      { x: -half, y: 0.78, color: '#ff4d42', size: 0.8 },
    ],
  };
}

/**
 * @param {VehicleOptions} options
 * @returns {Sprite}
 */
export function truckFromSide({ gradients, color, night }) {
  /** @type {Point[]} */
  const box = points('-3.6,0.75 -3.6,3.1 1.2,3.1 1.2,0.75');
  /** @type {Point[]} */
  const cab = points('1.35,0.42 1.35,2.45 1.55,2.6 2.5,2.55 3.05,1.5 3.3,1.35 3.35,0.42');
  const wheels = [-2.6, 2.3];
  const radius = 0.46;
  const paint = gradients.upright([0, mix(color, '#ffffff', 0.3)], [0.5, color], [1, mix(color, '#000000', 0.4)]);
  const panel = gradients.upright([0, '#f7f5ef'], [0.6, '#e2ded4'], [1, '#b8b2a5']);
  const svg = [
    shadow(3.5),
    rectangle(-3.5, 0.5, 5.2, 0.3, { fill: '#2a2d33' }),
    polygon(box, { fill: panel }),
    ...Array.from({ length: 5 }, (_item, index) =>
      rectangle(-3.2 + index * 0.95, 0.8, 0.02, 2.25, { fill: '#a59f92', opacity: 0.7 }),
    ),
    rectangle(-2.9, 1.7, 3.4, 0.5, { fill: color, opacity: 0.85, rx: 0.06 }),
    polygon(cab, { fill: paint }),
    polygon(points('1.75,1.5 1.75,2.32 2.4,2.32 2.82,1.5'), {
      fill: gradients.upright([0, night ? '#121a24' : '#95b6ca'], [1, GLASS]),
    }),
    rectangle(3.2, 0.7, 0.16, 0.26, { fill: '#fbf4d2' }),
    ...wheels.flatMap((x) => [wheelWell(x, radius, 0.5, '#16181c'), wheel(x, radius)]),
  ].join('');
  return {
    svg,
    // The gap between box and cab is part of the truck.
    outline: [
      [-3.6, 0.75],
      [-3.6, 3.1],
      [1.2, 3.1],
      [1.2, 2.2],
      [1.35, 2.2],
      ...cab.slice(1),
      [3.35, 0.42],
      ...wheelArc(2.3, radius, 0.45),
      [1.35, 0.5],
      ...wheelArc(-2.6, radius, 0.5),
      [-3.5, 0.5],
      [-3.5, 0.75],
    ],
    lights: [
      { x: 3.35, y: 0.8, color: '#fff3c4', size: 1.7 },
      { x: -3.55, y: 0.8, color: '#ff4d42', size: 0.8 },
    ],
  };
}

/**
 * @param {VehicleOptions & { lorry?: boolean, towards?: boolean }} options towards: we see its face, else its back
 * @returns {Sprite}
 */
export function vehicleFromBehind({ gradients, color, night, lorry = false, towards = false }) {
  const half = lorry ? 1.25 : 0.9;
  const height = lorry ? 3.05 : 1.46;
  /** @type {Point[]} */
  const shell = lorry
    ? [
        [-half, 0.38],
        [-half, height - 0.12],
        [-half + 0.1, height],
        [half - 0.1, height],
        [half, height - 0.12],
        [half, 0.38],
      ]
    : smoothOpen([
        [-half, 0.3],
        [-half - 0.02, 0.78],
        [-half + 0.13, 0.98],
        [-half + 0.3, height - 0.1],
        [0, height],
        [half - 0.3, height - 0.1],
        [half - 0.13, 0.98],
        [half + 0.02, 0.78],
        [half, 0.3],
      ]);
  const belt = lorry ? 1.6 : 0.96;
  const paint = gradients.upright([0, mix(color, '#ffffff', 0.3)], [0.5, color], [1, mix(color, '#000000', 0.5)]);
  const glass = gradients.upright([0, night ? '#101722' : '#9dbccd'], [0.6, GLASS], [1, '#161e29']);
  const lamp = towards ? (night ? '#fffbe0' : '#eef2f4') : night ? '#ff3b30' : '#a31621';
  const wheelWidth = half * 0.28;
  const svg = [
    ellipse(0, 0.03, half * 1.15, 0.12, { fill: '#0b0d12', opacity: 0.4 }),
    ...[-1, 1].map((side) =>
      rectangle(side * (half - wheelWidth) - wheelWidth / 2, 0, wheelWidth, 0.5, { fill: TYRE, rx: 0.06 }),
    ),
    polygon(shell, { fill: paint }),
    lorry
      ? rectangle(-half + 0.16, belt, 2 * half - 0.32, 1.1, {
          fill: towards ? glass : mix(color, '#000000', 0.18),
          rx: 0.05,
        })
      : polygon(
          [
            [-half + 0.2, belt],
            [-half + 0.36, height - 0.13],
            [half - 0.36, height - 0.13],
            [half - 0.2, belt],
          ],
          { fill: glass },
        ),
    ...[-1, 1].map((side) =>
      rectangle(side * (half - 0.22) - 0.16, 0.66, 0.32, lorry ? 0.2 : 0.15, { fill: lamp, rx: 0.05 }),
    ),
    rectangle(-0.26, 0.46, 0.52, 0.13, { fill: '#f2f2ee', rx: 0.02 }),
    rectangle(-half + 0.05, 0.3, 2 * half - 0.1, 0.1, { fill: '#17191d', rx: 0.04 }),
  ].join('');
  const left = -half + wheelWidth / 2;
  return {
    svg,
    outline: [
      ...shell,
      [half - wheelWidth / 2, 0.3],
      [half - wheelWidth / 2, 0],
      [half - 1.5 * wheelWidth, 0],
      [half - 1.5 * wheelWidth, 0.3],
      [left + wheelWidth, 0.3],
      [left + wheelWidth, 0],
      [left, 0],
      [left, 0.3],
    ],
    lights: [-1, 1].map((side) => ({
      x: side * (half - 0.22),
      y: 0.73,
      color: towards ? '#fff3c4' : '#ff4d42',
      size: towards ? 1.1 : 0.6,
    })),
  };
}
