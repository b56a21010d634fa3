import { encodeRleCounts, type Point } from '@labelyard/domain';
import type { TestAnnotation, TestProject } from './project-source.js';

/** EXIF orientations that cameras write, with the sizes at which people see (and label) a picture of 64 × 48 stored pixels. */
export const TURNED = [
  { orientation: 1, width: 64, height: 48 },
  { orientation: 3, width: 64, height: 48 },
  { orientation: 6, width: 48, height: 64 },
  { orientation: 8, width: 48, height: 64 },
] as const;

const CLASSES = 1_000;
const OBJECTS = 5_000;
const VERTICES = 6_000;

const SEVENTEEN = [
  'nose', 'left eye', 'right eye', 'left ear', 'right ear', 'left shoulder', 'right shoulder', 'left elbow', 'right elbow',
  'left wrist', 'right wrist', 'left hip', 'right hip', 'left knee', 'right knee', 'left ankle', 'right ankle',
]; // prettier-ignore
/** Shares names with the other one, and has another order. */
const FIVE = ['right eye', 'left eye', 'nose', 'beak "tip"', 'tail & end'];

const PERSON = CLASSES + 1;
const BIRD = CLASSES + 2;
const AREA = CLASSES + 3;

const [width, height] = [640, 360];

const skeleton = (count: number, step: number) =>
  Array.from({ length: count }, (_, n) => [10 + n * step, 20 + n * 7.5, n % 3 === 0 ? 1 : 2]);

const wheel: Point[] = Array.from({ length: VERTICES }, (_, n) => {
  const angle = (2 * Math.PI * n) / VERTICES;
  const reach = 150 + 20 * Math.sin(angle * 40);
  return [320 + reach * Math.cos(angle), 180 + reach * Math.sin(angle)];
});

/** What is many: classes, objects, vertices, skeletons of several lengths, pictures that lie turned in their files. */
export const WIDE: TestProject = {
  head: {
    project: { id: 6, name: 'Wide' },
    version: null,
    date: null,
    task_types: ['detection', 'segmentation', 'keypoint', 'captioning'],
    classes: [
      ...Array.from({ length: CLASSES }, (_, n) => ({
        id: n + 1,
        task_type: 'detection' as const,
        name: `class ${n + 1}`,
      })),
      { id: PERSON, task_type: 'keypoint', name: 'person', keypoints: SEVENTEEN, skeleton: [[0, 1], [0, 2], [15, 16]] }, // prettier-ignore
      { id: BIRD, task_type: 'keypoint', name: 'bird', keypoints: FIVE, skeleton: [[2, 3]] },
      { id: AREA, task_type: 'segmentation', name: 'area' },
    ],
  },
  images: [
    { id: 1, path: 'crowd.jpg', width, height },
    { id: 2, path: 'one.jpg', width: 100, height: 100 },
    { id: 3, path: 'told.jpg', width: 100, height: 100 },
    { id: 4, path: 'empty.jpg', width, height },
    ...TURNED.map(({ orientation, ...size }, n) => ({ id: 5 + n, path: `exif-${orientation}.jpg`, ...size })),
  ],
  annotations: [
    ...Array.from({ length: OBJECTS }, (_, n) => ({
      image_id: 1,
      class_id: (n % CLASSES) + 1,
      geometry: { type: 'bbox', bbox: [(n % 100) * 6, Math.floor(n / 100) * 7, 5.5, 6.25] },
    })),
    { image_id: 2, class_id: 1, geometry: { type: 'bbox', bbox: [0, 0, 100, 100] } },
    { image_id: 3, class_id: null, geometry: { type: 'text', label_type: 'caption', text: 'nothing but words', language: 'en' } }, // prettier-ignore
    { image_id: 1, class_id: AREA, geometry: { type: 'polygon', polygons: [[wheel, []]] } },
    { image_id: 2, class_id: AREA, geometry: { type: 'mask', size: [100, 100], counts: encodeRleCounts([0, 1, 99, 3, 9897]) } }, // prettier-ignore
    { image_id: 1, class_id: PERSON, geometry: { type: 'keypoints', points: skeleton(17, 30) } },
    { image_id: 1, class_id: BIRD, geometry: { type: 'keypoints', points: skeleton(5, 40) } },
    { image_id: 2, class_id: BIRD, geometry: { type: 'keypoints', points: [[5, 5, 2], [0, 0, 0], [0, 0, 0], [9, 9, 1], [0, 0, 0]] } }, // prettier-ignore
    // Wider than high where the picture is higher than wide: a reader that takes the stored size sees it outside.
    ...TURNED.map(({ width: w, height: h }, n) => ({
      image_id: 5 + n,
      class_id: 2,
      geometry: { type: 'bbox', bbox: [w - 10, h - 20, 8, 18] },
    })),
  ].map((one, n): TestAnnotation => ({ ...one, id: n + 1 })),
};
