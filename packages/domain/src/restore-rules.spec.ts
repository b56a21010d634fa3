import { ImageContents, type AnnotationHead, type LabelingRules } from './annotation-rules.js';
import type { Annotation } from './annotation.js';
import { decideRestore, type RestoreCandidate } from './restore-rules.js';

const RULES: LabelingRules = {
  image: { width: 100, height: 80 },
  task_types: ['detection', 'classification'],
  classes: new Map([
    [1, { task_type: 'detection', keypoints: [] }],
    [2, { task_type: 'classification', keypoints: [] }],
  ]),
};
const BOX: AnnotationHead = { task_type: 'detection', annotation_type: 'bbox', class_id: 1 };
const NOTHING: AnnotationHead = { task_type: 'detection', annotation_type: 'no_object', class_id: null };

const past = (head: AnnotationHead, geometry: object) => ({ ...head, geometry }) as Annotation;
const boxAt = (x: number) => past(BOX, { type: 'bbox', bbox: [x, 1, 10, 10] });
const create = (annotation: Annotation): RestoreCandidate => ({
  kind: 'create',
  past: annotation,
  now: null,
  obstacle: null,
});
const obstacles = (candidates: RestoreCandidate[], contents = new ImageContents()) =>
  decideRestore(candidates, RULES, contents).map(({ obstacle }) => obstacle);

test('what fits comes back with its geometry, what does not is named', () => {
  const [fits, outside] = decideRestore([create(boxAt(1)), create(boxAt(300))], RULES, new ImageContents());
  expect(fits).toEqual({ obstacle: null, geometry: { type: 'bbox', bbox: [1, 1, 10, 10] } });
  expect(outside).toEqual({ obstacle: 'does_not_fit' });
});

test('what goes away makes room for what comes back, whatever their order', () => {
  const candidates: RestoreCandidate[] = [
    create(past(NOTHING, { type: 'no_object' })),
    { kind: 'delete', past: null, now: BOX, obstacle: null },
  ];
  expect(obstacles(candidates, new ImageContents([], [['detection', 1]]))).toEqual([null, null]);
  expect(obstacles(candidates, new ImageContents([], [['detection', 2]]))).toEqual(['excluded', null]);
});

test('a class is assigned once, and an obstacle found before stays and keeps its place', () => {
  const assigned = past(
    { task_type: 'classification', annotation_type: 'classification', class_id: 2 },
    { type: 'classification' },
  );
  expect(obstacles([create(assigned), create(assigned), { ...create(boxAt(1)), obstacle: 'edited_later' }])).toEqual([
    null,
    'excluded',
    'edited_later',
  ]);
});
