import type { GeometryType } from './geometry/geometry.js';

/** What a project may be labeled for. One image has one status per task type. */
export const TASK_TYPES = [
  'classification',
  'detection',
  'segmentation',
  'geometry',
  'keypoint',
  'captioning',
] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** Geometry kinds an annotation of each task type may have. `no_object` states that there is nothing to label. */
export const TASK_GEOMETRIES: Readonly<Record<TaskType, readonly GeometryType[]>> = {
  classification: ['classification', 'no_object'],
  detection: ['bbox', 'rotated_bbox', 'no_object'],
  segmentation: ['polygon', 'mask', 'no_object'],
  geometry: ['polyline', 'circle', 'no_object'],
  keypoint: ['keypoints', 'no_object'],
  captioning: ['text', 'no_object'],
};

/** Kinds that carry no class: a statement about the whole image, or text. */
const CLASSLESS: readonly GeometryType[] = ['no_object', 'text'];

/** Whether an annotation of this kind must name a class. */
export function needsClass(type: GeometryType): boolean {
  return !CLASSLESS.includes(type);
}
