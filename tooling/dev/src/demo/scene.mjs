// Composes one street picture and knows exactly where everything in it is.
import { createCamera } from './camera.mjs';
import { area, boundsOf, clipToPicture } from './clip.mjs';
import { rainfall, sky, skyline } from './backdrop.mjs';
import { MOODS } from './moods.mjs';
import { createRandom } from './random.mjs';
import { circle, createGradients, element, mix, polygon, rectangle } from './svg.mjs';
import { lookAcross, lookAlong } from './views.mjs';
import { createVisibility } from './visibility.mjs';

/** @typedef {import('./svg.mjs').Point} Point */
/**
 * @typedef {'car' | 'bus' | 'truck' | 'bicycle' | 'person' | 'traffic light' | 'traffic sign' | 'tree' | 'road'} Thing
 * @typedef {{ thing: Thing, outline: Point[], bbox: [number, number, number, number] }} Placed pixels, inside the picture
 * @typedef {{ seed: number, width: number, height: number, mood: import('./moods.mjs').Mood['name'], view: 'across' | 'along' }} SceneOptions
 * @typedef {{ svg: string, objects: Placed[], mood: import('./moods.mjs').Mood['name'] }} Scene
 * @typedef {{ id: number, at: Point, svg: string }} Glow a lamp's shine, and whose lamp it is
 */

/** With less of it inside the picture, or less of that uncovered, no annotator would mark an object. */
const INSIDE = 0.3;
const UNCOVERED = 0.4;
const SMALLEST_PX = 9;

/**
 * @param {SceneOptions} options
 * @returns {Scene}
 */
export function drawScene({ seed, width, height, mood: moodName, view }) {
  const stage = {
    random: createRandom(seed),
    mood: MOODS[moodName],
    gradients: createGradients(),
    camera: createCamera(
      view === 'across'
        ? { width, height, horizon: height * 0.46, eye: 3.3, focal: Math.max(0.8, (0.95 * height) / width) }
        : { width, height, horizon: height * 0.42, eye: 2.0, focal: Math.max(0.72, (0.8 * height) / width), pan: -1.4 },
    ),
  };
  const finds = createFinds(stage.camera);
  /** @type {Glow[]} */
  const glow = [];
  const place = createPlacer(stage, finds, glow);
  const body = view === 'across' ? lookAcross(stage, place, finds) : lookAlong(stage, place, finds);
  const { mood, random, gradients } = stage;
  const finish = [
    mood.rain ? rainfall({ ...stage, random, gradients }) : '',
    rectangle(0, 0, width, height, { fill: mood.tint, opacity: mood.tintStrength }),
    ...glow.filter(({ id, at }) => finds.isInFront(id, at)).map(({ svg }) => svg),
  ];
  const ground = rectangle(0, stage.camera.horizon, width, height, { fill: mix(mood.haze, mood.pavement[0], 0.4) });
  const content = [sky(stage), skyline(stage), ground, ...body, ...finish].join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${gradients.definitions()}</defs>${content}</svg>`;
  return { svg, objects: finds.seen(), mood: moodName };
}

/**
 * @typedef {(thing: Thing, sprite: import('./vehicles.mjs').Sprite & { pole?: string }, at: { x: number, z: number, flip?: boolean }) => string} Place
 */

/**
 * @param {import('./backdrop.mjs').Stage} stage
 * @param {Finds} finds
 * @param {Glow[]} glow
 * @returns {Place}
 */
function createPlacer({ camera, mood, gradients }, finds, glow) {
  return (thing, sprite, { x, z, flip = false }) => {
    const [px, py] = camera.project(x, 0, z);
    const scale = camera.scaleAt(z);
    const across = flip ? -scale : scale;
    const onPicture = (/** @type {Point} */ [sx, sy]) => /** @type {Point} */ ([px + sx * across, py - sy * scale]);
    const id = finds.add(thing, sprite.outline.map(onPicture));
    const strength = { night: 0.85, dusk: 0.4, rain: 0.4, day: 0 }[mood.name];
    if (strength > 0) {
      for (const light of sprite.lights) {
        const [lx, ly] = onPicture([light.x, light.y]);
        const fill = gradients.radial(
          [0, light.color, strength],
          [0.25, light.color, strength * 0.4],
          [1, light.color, 0],
        );
        const svg = circle(lx, ly, light.size * scale * (mood.night ? 1 : 0.6), { fill });
        glow.push({ id, at: [lx, ly], svg });
      }
    }
    const far = Math.min(0.55, Math.max(0, (z - 20) / 110));
    const haze = far > 0.02 ? polygon(sprite.outline, { fill: mood.haze, opacity: far }) : '';
    return element(
      'g',
      { transform: `translate(${px.toFixed(2)} ${py.toFixed(2)}) scale(${across.toFixed(4)} ${(-scale).toFixed(4)})` },
      (sprite.pole ?? '') + sprite.svg + haze,
    );
  };
}

/**
 * What stands in the picture, in the order it is drawn: later things cover earlier ones.
 *
 * @param {{ width: number, height: number }} picture
 */
function createFinds({ width, height }) {
  const visibility = createVisibility(width, height);
  /** @type {{ placed: Placed, id: number }[]} */
  const found = [];
  return {
    /**
     * @param {Thing} thing
     * @param {Point[]} outline
     * @param {{ flat?: boolean }} [options] flat: lies on the ground, covers nothing and counts as seen
     * @returns {number} its number for `isInFront`
     */
    add(thing, outline, { flat = false } = {}) {
      const id = flat ? -1 : visibility.paint(outline);
      const inside = clipToPicture(outline, width, height);
      if (inside.length < 3 || area(inside) < INSIDE * area(outline)) return id;
      const rounded = inside.map(([x, y]) => /** @type {Point} */ ([round(x), round(y)]));
      const bbox = boundsOf(rounded);
      if (bbox[2] < SMALLEST_PX || bbox[3] < SMALLEST_PX) return id;
      found.push({ id, placed: { thing, outline: rounded, bbox: /** @type {Placed['bbox']} */ (bbox.map(round)) } });
      return id;
    },
    isInFront: visibility.isInFront,
    /** @returns {Placed[]} */
    seen() {
      const shares = visibility.shares();
      return found.filter(({ id }) => id < 0 || (shares[id] ?? 0) >= UNCOVERED).map(({ placed }) => placed);
    },
  };
}

/** @typedef {ReturnType<typeof createFinds>} Finds */

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}
