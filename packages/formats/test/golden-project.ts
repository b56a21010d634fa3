import { encodeRleCounts } from '@labelyard/domain';
import type { TestProject } from './project-source.js';

const text = { label_type: 'caption', language: 'en' } as const;

/** One of everything a project may hold, with numbers small enough to check the expected files by hand. */
export const GOLDEN: TestProject = {
  head: {
    project: { id: 5, name: 'Golden "set" – 골든' },
    version: '1.2',
    date: '2024-02-29T23:59:59.000Z',
    task_types: ['detection', 'segmentation', 'classification', 'geometry', 'keypoint', 'captioning'],
    classes: [
      { id: 7, task_type: 'detection', name: 'car' },
      { id: 3, task_type: 'detection', name: 'person <walking> & "running"' },
      { id: 4, task_type: 'segmentation', name: 'car' },
      { id: 9, task_type: 'segmentation', name: '하늘' },
      { id: 11, task_type: 'segmentation', name: 'never used' },
      { id: 12, task_type: 'classification', name: 'blurry' },
      { id: 13, task_type: 'geometry', name: 'lane' },
      { id: 14, task_type: 'keypoint', name: 'pose', keypoints: ['head', 'tail'], skeleton: [[0, 1]] },
    ],
  },
  images: [
    { id: 1, path: 'plaza.png', width: 100, height: 100 },
    { id: 2, path: 'street/dusk view.v2.jpg', width: 160, height: 90 },
    { id: 3, path: 'street/거리 & cafe\u0301.jpg', width: 160, height: 90 },
    { id: 4, path: 'night/plaza.png', width: 100, height: 100 },
    { id: 60, path: 'one.webp', width: 1, height: 1 },
  ],
  annotations: [
    // prettier-ignore
    { id: 1, image_id: 1, class_id: 7, geometry: { type: 'bbox', bbox: [10, 20, 30, 40] }, attributes: { occluded: false, plate: '가-"12"' } },
    // Touches all edges; sticks out by less than the tolerance; sums with floating-point noise.
    { id: 2, image_id: 1, class_id: 3, geometry: { type: 'bbox', bbox: [0, 0, 100, 100] } },
    { id: 3, image_id: 1, class_id: 7, geometry: { type: 'bbox', bbox: [-0.5, 90.25, 10.5, 10] } },
    { id: 4, image_id: 3, class_id: 7, geometry: { type: 'bbox', bbox: [0.1, 0.7, 10.2, 20.1] } },
    // prettier-ignore
    { id: 5, image_id: 1, class_id: 7, geometry: { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 0 } },
    // prettier-ignore
    { id: 6, image_id: 1, class_id: 7, geometry: { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 30 } },
    // prettier-ignore
    { id: 7, image_id: 1, class_id: 7, geometry: { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 90 } },
    // prettier-ignore
    { id: 8, image_id: 1, class_id: 7, geometry: { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 179.9 }, attributes: { rotation: 'unknown', hood: 'open' } },
    // Corners 0.25 px outside: they move to the edge, the box stays a box of four corners.
    // prettier-ignore
    { id: 9, image_id: 1, class_id: 7, geometry: { type: 'rotated_bbox', center: [10, 5], size: [20.5, 10], angle: 180 } },
    // prettier-ignore
    { id: 10, image_id: 2, class_id: 4, geometry: { type: 'polygon', polygons: [[[[10, 10], [50, 10], [10, 40]], []]] } },
    // prettier-ignore
    { id: 11, image_id: 2, class_id: 9, geometry: { type: 'polygon', polygons: [[[[100, 0], [110, 0], [110, 10], [100, 10]], []], [[[120, 80], [140, 80], [130, 90]], []]] } },
    // prettier-ignore
    { id: 12, image_id: 2, class_id: 4, geometry: { type: 'polygon', polygons: [[[[20, 20], [60, 20], [60, 60], [20, 60]], [[[30, 30], [50, 30], [50, 50], [30, 50]]]]] } },
    // prettier-ignore
    { id: 13, image_id: 3, class_id: 9, geometry: { type: 'polygon', polygons: [[[[0.1, 0.2], [33.333333333333336, 0.7], [20.05, 44.99]], []]] } },
    // Two columns of three pixels, beginning with the first pixel of the image.
    // prettier-ignore
    { id: 14, image_id: 4, class_id: 9, geometry: { type: 'mask', size: [100, 100], counts: encodeRleCounts([0, 3, 97, 3, 9897]) } },
    // What an instances file cannot hold.
    { id: 20, image_id: 1, class_id: 12, geometry: { type: 'classification' } },
    { id: 21, image_id: 60, class_id: null, geometry: { type: 'no_object' } },
    // prettier-ignore
    { id: 22, image_id: 2, class_id: 13, geometry: { type: 'polyline', points: [[1, 1], [9, 9]] } },
    { id: 23, image_id: 2, class_id: 13, geometry: { type: 'circle', center: [50, 50], radius: 9 } },
    // prettier-ignore
    { id: 24, image_id: 2, class_id: 14, geometry: { type: 'keypoints', points: [[1, 1, 2], [0, 0, 0]] } },
    { id: 25, image_id: 2, class_id: null, geometry: { type: 'text', text: 'a street', ...text } },
    { id: 26, image_id: 2, class_id: 999, geometry: { type: 'bbox', bbox: [1, 1, 2, 2] } },
    { id: 27, image_id: 999, class_id: 7, geometry: { type: 'bbox', bbox: [1, 1, 2, 2] } },
    // prettier-ignore
    { id: 28, image_id: 2, class_id: 4, geometry: { type: 'polygon', polygons: [[[[3.1, 3.1], [3.2, 3.1], [3.2, 3.2]], [[[3.16, 3.11], [3.19, 3.11], [3.19, 3.13]]]]] } },
  ],
};
