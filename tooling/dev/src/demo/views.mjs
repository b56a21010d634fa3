// The two ways to look at a street, and what stands where.
import { groundAcross, groundAway, house } from './backdrop.mjs';
import { cyclist, person } from './passers-by.mjs';
import { trafficLight, trafficSign, tree } from './street-furniture.mjs';
import { mix, polygon, rectangle } from './svg.mjs';
import { busFromSide, carFromSide, truckFromSide, vehicleFromBehind } from './vehicles.mjs';

/** @typedef {import('./scene.mjs').Place} Place */
/** @typedef {import('./scene.mjs').Finds} Finds */

const PAINTS = [
  '#b23a48',
  '#2f6690',
  '#3a7d44',
  '#e9c46a',
  '#f1faee',
  '#1d3557',
  '#6c757d',
  '#212529',
  '#8338ec',
  '#d9d9d9',
  '#9c6644',
];
const TAXI = '#f7b801';

/**
 * Side view: houses, far pavement, two lanes, near pavement.
 *
 * @param {import('./backdrop.mjs').Stage} stage
 * @param {Place} place
 * @param {Finds} finds
 */
export function lookAcross(stage, place, finds) {
  const { camera, mood, random } = stage;
  const near = camera.nearest;
  const z = {
    houses: near * 3.1,
    farWalk: near * 2.75,
    farLane: near * 2.25,
    nearLane: near * 1.62,
    nearWalk: near * 1.12,
  };
  const curb = { far: near * 2.5, near: near * 1.26 };
  const reach = (/** @type {number} */ depth) => camera.width / 2 / camera.scaleAt(depth);
  const parts = [];
  for (let x = -reach(z.houses) - 2; x < reach(z.houses) + 2;) {
    const wide = random.between(6, 10);
    parts.push(
      house(stage, { from: [x, z.houses], to: [x + wide - 0.15, z.houses], height: random.between(6.5, 10.5) }),
    );
    x += wide;
  }
  parts.push(
    groundAcross(stage, { nearZ: curb.far, farZ: z.houses, colors: mood.pavement }),
    groundAcross(stage, { nearZ: curb.near, farZ: curb.far, colors: mood.road }),
    groundAcross(stage, { nearZ: near, farZ: curb.near, colors: mood.pavement }),
  );
  const [, roadTop] = camera.project(0, 0, curb.far);
  const [, roadBottom] = camera.project(0, 0, curb.near);
  parts.push(
    rectangle(0, roadTop - 3, camera.width, 4, { fill: '#ddd8cc', opacity: 0.8 }),
    rectangle(0, roadBottom - 2, camera.width, 5, { fill: '#ddd8cc', opacity: 0.8 }),
  );
  const [, middle] = camera.project(0, 0, (z.farLane + z.nearLane) / 2);
  for (let x = random.between(-60, 0); x < camera.width; x += camera.width * 0.085) {
    parts.push(
      rectangle(x, middle - camera.height * 0.004, camera.width * 0.045, camera.height * 0.008, {
        fill: '#f2efe4',
        opacity: 0.85,
      }),
    );
  }
  finds.add(
    'road',
    [
      [0, roadTop],
      [camera.width, roadTop],
      [camera.width, roadBottom],
      [0, roadBottom],
    ],
    { flat: true },
  );

  parts.push(
    ...row(stage, z.farWalk * 1.02, 5.5, 8.5, (x) =>
      place('tree', tree({ random, leaf: mood.leaf }), { x, z: z.farWalk * 1.02 }),
    ),
  );
  parts.push(
    ...row(stage, z.farWalk * 0.97, 1.8, 5, (x) =>
      place('person', person({ random, umbrella: mood.rain && random.chance(0.8) }), {
        x,
        z: z.farWalk * 0.97,
        flip: random.chance(0.5),
      }),
    ),
  );
  parts.push(...row(stage, curb.far * 1.02, 9, 15, (x) => streetFurniture(stage, place, x, curb.far * 1.02)));
  parts.push(...lane(stage, place, z.farLane, true));
  parts.push(...lane(stage, place, z.nearLane, false));
  parts.push(...row(stage, curb.near * 0.99, 7, 13, (x) => streetFurniture(stage, place, x, curb.near * 0.99)));
  parts.push(
    ...row(stage, z.nearWalk, 2.6, 6, (x) =>
      place('person', person({ random, umbrella: mood.rain && random.chance(0.8) }), {
        x,
        z: z.nearWalk,
        flip: random.chance(0.5),
      }),
    ),
  );
  return parts;
}

/**
 * Things side by side with random gaps.
 *
 * @param {import('./backdrop.mjs').Stage} stage
 * @param {number} depth
 * @param {number} gapFrom metres
 * @param {number} gapTo
 * @param {(x: number) => string} draw
 */
function row({ camera, random }, depth, gapFrom, gapTo, draw) {
  const reach = camera.width / 2 / camera.scaleAt(depth);
  const parts = [];
  for (let x = -reach + random.between(0, gapTo); x < reach; x += random.between(gapFrom, gapTo)) parts.push(draw(x));
  return parts;
}

/**
 * Traffic in one direction; vehicles never overlap.
 *
 * @param {import('./backdrop.mjs').Stage} stage
 * @param {Place} place
 * @param {number} depth
 * @param {boolean} flip drives to the left
 */
function lane({ camera, random, gradients, mood }, place, depth, flip) {
  const reach = camera.width / 2 / camera.scaleAt(depth) + 1;
  const parts = [];
  for (let x = -reach - random.between(0, 3); x < reach;) {
    const options = { gradients, night: mood.night, color: random.pick(PAINTS) };
    const roll = random.next();
    if (roll < 0.12) {
      const { bicycle, rider } = cyclist({ random });
      parts.push(
        place('bicycle', bicycle, { x: x + 1, z: depth, flip }) + place('person', rider, { x: x + 1, z: depth, flip }),
      );
      x += 2 + random.between(0.6, 2);
      continue;
    }
    const [half, thing, sprite] =
      roll < 0.2
        ? /** @type {const} */ ([5.5, 'bus', busFromSide(options)])
        : roll < 0.3
          ? /** @type {const} */ ([3.6, 'truck', truckFromSide(options)])
          : roll < 0.42
            ? /** @type {const} */ ([2.3, 'car', carFromSide('sedan', { ...options, color: TAXI, taxi: true })])
            : /** @type {const} */ ([2.5, 'car', carFromSide(random.pick(['sedan', 'hatchback', 'van']), options)]);
    parts.push(place(thing, sprite, { x: x + half, z: depth, flip }));
    x += 2 * half + random.between(0.8, 5);
  }
  return parts;
}

/**
 * @param {import('./backdrop.mjs').Stage} stage
 * @param {Place} place
 * @param {number} x
 * @param {number} z
 */
function streetFurniture({ random }, place, x, z) {
  if (random.chance(0.4))
    return place('traffic light', trafficLight({ shows: random.pick(['red', 'amber', 'green']) }), { x, z });
  return place('traffic sign', trafficSign({ kind: random.pick(['stop', 'limit', 'crossing', 'yield']) }), { x, z });
}

/**
 * View down an avenue: houses and trees on both sides, traffic coming and going.
 *
 * @param {import('./backdrop.mjs').Stage} stage
 * @param {Place} place
 * @param {Finds} finds
 */
export function lookAlong(stage, place, finds) {
  const { camera, mood, random, gradients } = stage;
  const half = 5.2;
  const walk = 9.5;
  const parts = [];
  for (const side of [-1, 1]) {
    /** @type {string[]} */
    const houses = [];
    for (let z = camera.nearest * 0.9; z < 120;) {
      const wide = random.between(8, 13);
      houses.push(house(stage, { from: [side * walk, z + wide], to: [side * walk, z], height: random.between(8, 17) }));
      z += wide;
    }
    parts.push(...houses.toReversed());
  }
  const road = groundAway(camera, -half, half);
  parts.push(
    polygon(groundAway(camera, -walk, -half), {
      fill: gradients.vertical([0, mix(mood.pavement[0], mood.haze, 0.5)], [1, mood.pavement[1]]),
    }),
    polygon(groundAway(camera, half, walk), {
      fill: gradients.vertical([0, mix(mood.pavement[0], mood.haze, 0.5)], [1, mood.pavement[1]]),
    }),
    polygon(road, { fill: gradients.vertical([0, mix(mood.road[0], mood.haze, 0.5)], [1, mood.road[1]]) }),
  );
  finds.add('road', road, { flat: true });
  for (const x of [-half + 0.25, half - 0.25])
    parts.push(polygon(groundAway(camera, x - 0.08, x + 0.08), { fill: '#e9e4d4', opacity: 0.7 }));
  for (let z = camera.nearest; z < 90; z += 6)
    parts.push(polygon(groundAway(camera, -0.09, 0.09, z, z + 3), { fill: '#f2efe4', opacity: 0.85 }));
  const crossing = camera.nearest + random.between(3, 6);
  for (let x = -half + 0.5; x < half - 0.5; x += 1.1)
    parts.push(polygon(groundAway(camera, x, x + 0.6, crossing, crossing + 2.6), { fill: '#f4f1e6', opacity: 0.9 }));

  parts.push(...drawFarFirst(avenueThings(stage, place)));
  return parts;
}

/** @typedef {{ z: number, draw: () => string }} Standing */

/**
 * @param {import('./backdrop.mjs').Stage} stage
 * @param {Place} place
 * @returns {Standing[]}
 */
function avenueThings({ camera, mood, random, gradients }, place) {
  /** @type {Standing[]} */
  const things = [];
  const add = (/** @type {number} */ z, /** @type {() => string} */ draw) => things.push({ z, draw });
  const start = camera.nearest;
  for (const side of [-1, 1]) {
    for (let z = start + random.between(4, 9); z < 85; z += random.between(7, 10)) {
      add(z, () => place('tree', tree({ random, leaf: mood.leaf }), { x: side * 8.4, z }));
    }
    for (let z = start + random.between(1.5, 6); z < 60; z += random.between(3, 9)) {
      const x = side * random.between(5.9, 7.6);
      add(z, () =>
        place('person', person({ random, umbrella: mood.rain && random.chance(0.8) }), {
          x,
          z,
          flip: random.chance(0.5),
        }),
      );
    }
    for (let z = start + random.between(5, 12); z < 50; z += random.between(14, 24)) {
      add(z, () => streetFurniture({ camera, mood, random, gradients }, place, side * 5.6, z));
    }
    // They drive on the right: the left lane comes towards us.
    for (let z = start + random.between(5, 10); z < 95; z += random.between(8, 16)) {
      const lorry = random.chance(0.16);
      const options = {
        gradients,
        night: mood.night,
        color: lorry || random.chance(0.85) ? random.pick(PAINTS) : TAXI,
        lorry,
        towards: side < 0,
      };
      add(z, () =>
        place(lorry ? random.pick(['bus', 'truck']) : 'car', vehicleFromBehind(options), {
          x: side * random.between(2.2, 2.9),
          z,
        }),
      );
    }
  }
  if (random.chance(0.6)) {
    const z = start + random.between(4, 7);
    add(z, () => place('person', person({ random, umbrella: mood.rain }), { x: random.between(-3, 3), z }));
  }
  return things;
}

/** @param {Standing[]} things */
function drawFarFirst(things) {
  return things.toSorted((a, b) => b.z - a.z).map(({ draw }) => draw());
}
