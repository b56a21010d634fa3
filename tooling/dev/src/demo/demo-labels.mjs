// What is labeled in the demo dataset, and how far each picture's work has come.
import { createHash } from 'node:crypto';

/** @typedef {'detection' | 'segmentation' | 'classification'} DemoTask */

/** @type {Record<DemoTask, { name: string, color: string }[]>} */
export const DEMO_CLASSES = {
  detection: [
    { name: 'car', color: '#2f7ed8' },
    { name: 'bus', color: '#f28e2b' },
    { name: 'truck', color: '#8c6bb1' },
    { name: 'bicycle', color: '#17a398' },
    { name: 'person', color: '#e15759' },
    { name: 'traffic light', color: '#edc948' },
    { name: 'traffic sign', color: '#b07aa1' },
  ],
  segmentation: [
    { name: 'road', color: '#7f7f7f' },
    { name: 'tree', color: '#4c9f38' },
    { name: 'car', color: '#2f7ed8' },
    { name: 'bus', color: '#f28e2b' },
    { name: 'truck', color: '#8c6bb1' },
  ],
  classification: [
    { name: 'day', color: '#f6c945' },
    { name: 'dusk', color: '#d9734e' },
    { name: 'night', color: '#34407a' },
    { name: 'rain', color: '#5b8ca8' },
  ],
};

export const DEMO_TASKS = /** @type {DemoTask[]} */ (Object.keys(DEMO_CLASSES));

/** @type {Record<DemoTask, { labeled: number, confirmed: number }>} the first so many pictures; the rest is left to do */
const PROGRESS = {
  detection: { labeled: 18, confirmed: 12 },
  segmentation: { labeled: 10, confirmed: 6 },
  classification: { labeled: 20, confirmed: 16 },
};

/**
 * @typedef {{ task_type: DemoTask, class_name: string, geometry: Record<string, unknown> }} DemoLabel
 * @param {number} index of the picture, from 0
 * @param {{ objects: import('./scene.mjs').Placed[], mood: string }} scene
 * @returns {DemoLabel[]}
 */
export function labelsOf(index, { objects, mood }) {
  /** @type {Record<DemoTask, () => DemoLabel[]>} */
  const makers = {
    detection: () =>
      objects.filter(isNamed('detection')).map(({ thing, bbox }) => ({
        task_type: 'detection',
        class_name: thing,
        geometry: { type: 'bbox', bbox },
      })),
    segmentation: () =>
      objects.filter(isNamed('segmentation')).map(({ thing, outline }) => ({
        task_type: 'segmentation',
        class_name: thing,
        geometry: { type: 'polygon', polygons: [[outline, []]] },
      })),
    classification: () => [{ task_type: 'classification', class_name: mood, geometry: { type: 'classification' } }],
  };
  return DEMO_TASKS.filter((task) => index < PROGRESS[task].labeled).flatMap((task) => makers[task]());
}

/**
 * @param {number} index of the picture, from 0
 * @returns {DemoTask[]} task types for which it is confirmed
 */
export function confirmedTasks(index) {
  return DEMO_TASKS.filter((task) => index < PROGRESS[task].confirmed);
}

/** @param {DemoTask} task */
function isNamed(task) {
  const names = new Set(DEMO_CLASSES[task].map(({ name }) => name));
  return (/** @type {{ thing: string }} */ { thing }) => names.has(thing);
}

/**
 * The same operation has the same id however often the demo is begun: the server applies it once.
 *
 * @param {number} datasetId
 * @param {string} path
 * @param {number} number of the label in its picture
 * @returns {string} a UUID (version 8: made by a rule of our own)
 */
export function operationId(datasetId, path, number) {
  const hex = createHash('sha256').update(`labelyard demo\0${datasetId}\0${path}\0${number}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
