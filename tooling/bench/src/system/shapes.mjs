// Shapes as people draw them: four boxes to one polygon of 16 to 40 vertices, coordinates to a hundredth of a pixel.
import { canonicalGeometryJson, geometryArea, geometryBounds } from '@labelyard/domain';

export const IMAGE_SIZE = { width: 1920, height: 1080 };
export const TASKS = /** @type {const} */ (['detection', 'segmentation']);
export const CLASSES_PER_TASK = 5;

/** @typedef {import('@labelyard/domain').Geometry} Geometry */

const hundredth = (/** @type {number} */ value) => Math.round(value * 100) / 100;

/**
 * @param {() => number} random
 * @returns {{ task_type: 'detection' | 'segmentation', class_number: number, geometry: Geometry }}
 */
export function randomShape(random) {
  const class_number = Math.floor(random() * CLASSES_PER_TASK);
  return random() < 0.8
    ? { task_type: 'detection', class_number, geometry: randomBox(random) }
    : { task_type: 'segmentation', class_number, geometry: randomPolygon(random) };
}

/** @param {() => number} random @returns {Geometry} */
export function randomBox(random) {
  const width = 8 + random() * 400;
  const height = 8 + random() * 300;
  const x = random() * (IMAGE_SIZE.width - width - 1);
  const y = random() * (IMAGE_SIZE.height - height - 1);
  return { type: 'bbox', bbox: [hundredth(x), hundredth(y), hundredth(width), hundredth(height)] };
}

/** A star-shaped ring around a point: never crosses itself. @param {() => number} random @returns {Geometry} */
function randomPolygon(random) {
  const radius = 10 + random() * 150;
  const x = 160 + random() * (IMAGE_SIZE.width - 320);
  const y = 160 + random() * (IMAGE_SIZE.height - 320);
  const vertices = 16 + Math.floor(random() * 25);
  /** @type {[number, number][]} */
  const ring = [];
  for (let vertex = 0; vertex < vertices; vertex += 1) {
    const angle = (2 * Math.PI * vertex) / vertices;
    const distance = radius * (0.6 + 0.4 * random());
    ring.push([hundredth(x + distance * Math.cos(angle)), hundredth(y + distance * Math.sin(angle))]);
  }
  return { type: 'polygon', polygons: [[ring, []]] };
}

/**
 * What is stored of a shape.
 *
 * @param {Geometry} geometry
 */
export function measured(geometry) {
  const [bbox_x, bbox_y, bbox_w, bbox_h] = geometryBounds(geometry) ?? [null, null, null, null];
  return {
    annotation_type: geometry.type,
    geometry: canonicalGeometryJson(geometry),
    bbox_x,
    bbox_y,
    bbox_w,
    bbox_h,
    area: geometryArea(geometry),
  };
}
