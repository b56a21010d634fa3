import { encodeRleCounts } from '@labelyard/domain';
import type { TestAnnotation, TestProject } from './project-source.js';

const [width, height] = [64, 48];
const NAMES = [
  'a',
  'with space',
  'dots.in.name',
  '거리',
  'b & c',
  "it's",
  'sub/a',
  'sub/b',
  'sub/deep/a',
  'x#y',
  '100%',
  'z',
];

/** Twelve images with the same shapes, moved a little: for consumers, which want pictures they can open. */
export const CONSUMED: TestProject = {
  head: {
    project: { id: 1, name: 'Consumed' },
    version: null,
    date: null,
    task_types: ['detection', 'segmentation', 'classification', 'keypoint', 'captioning'],
    classes: [
      { id: 1, task_type: 'detection', name: 'car "red", #1' },
      { id: 2, task_type: 'detection', name: '사람' },
      { id: 3, task_type: 'segmentation', name: 'road' },
      { id: 4, task_type: 'keypoint', name: 'pose', keypoints: ['a', 'b', 'c', 'd', 'e'], skeleton: [[0, 1], [1, 2]] }, // prettier-ignore
      { id: 5, task_type: 'classification', name: '맑음' },
      { id: 6, task_type: 'classification', name: 'at night' },
    ],
  },
  images: NAMES.map((name, n) => ({ id: n + 1, path: `${name}.jpg`, width, height })),
  annotations: NAMES.flatMap((_, n): TestAnnotation[] => {
    const image_id = n + 1;
    const of = (class_id: number | null, geometry: unknown) => ({ image_id, class_id, geometry });
    const runs = [100 + n, 6, 42, 6, 42, 6];
    const rest = width * height - runs.reduce((sum, run) => sum + run, 0);
    const hole = [[8, 30], [16, 30], [16, 38], [8, 38]]; // prettier-ignore
    return [
      of(1, { type: 'bbox', bbox: [n, 2, 20.5, 10.25] }),
      of(2, { type: 'rotated_bbox', center: [40, 24], size: [20, 8], angle: 15 * n - 80 }),
      of(3, { type: 'polygon', polygons: [[[[4, 26], [20, 26], [20, 42], [4, 42]], [hole]], [[[50, 40], [60, 40], [55, 46 - n * 0.1]], []]] }), // prettier-ignore
      of(3, { type: 'mask', size: [height, width], counts: encodeRleCounts([...runs, rest]) }),
      of(4, { type: 'keypoints', points: [[5, 5, 2], [9.5, 9, 1], [0, 0, 0], [20, 30, 2], [30 + n, 12, 2]] }), // prettier-ignore
      of(n % 2 ? 6 : 5, { type: 'classification' }),
      of(null, { type: 'text', label_type: 'caption', text: `caption ${n + 1}`, language: 'en' }),
    ].map((one, k) => ({ id: n * 10 + k + 1, ...one }));
  }),
};
