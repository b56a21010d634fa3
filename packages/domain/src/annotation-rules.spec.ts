import {
  checkAnnotationChange,
  checkNewAnnotation,
  ImageContents,
  type AnnotationCheck,
  type AnnotationHead,
  type LabelingRules,
} from './annotation-rules.js';

const rules: LabelingRules = {
  image: { width: 100, height: 50 },
  task_types: ['detection', 'classification', 'keypoint'],
  classes: new Map([
    [1, { task_type: 'detection', keypoints: [] }],
    [2, { task_type: 'classification', keypoints: [] }],
    [3, { task_type: 'keypoint', keypoints: ['nose', 'tail'] }],
  ]),
};
const box = { type: 'bbox', bbox: [1, 2, 3, 4] };
const told = (check: AnnotationCheck) =>
  check.ok ? 'ok' : check.issues.map(({ path, code }) => `${path} ${code}`).join();

test.each<[string, Parameters<typeof checkNewAnnotation>[0], string]>([
  ['a box of a detection class', { task_type: 'detection', class_id: 1, geometry: box }, 'ok'],
  ['no class needed', { task_type: 'detection', geometry: { type: 'no_object' } }, 'ok'],
  [
    'all keypoints',
    {
      task_type: 'keypoint',
      class_id: 3,
      geometry: {
        type: 'keypoints',
        points: [
          [1, 1, 2],
          [2, 2, 1],
        ],
      },
    },
    'ok',
  ],
  [
    'a task type the project lacks',
    { task_type: 'segmentation', class_id: 1, geometry: box },
    'task_type task_not_in_project',
  ],
  [
    'a kind the task type lacks',
    { task_type: 'classification', class_id: 2, geometry: box },
    'geometry.type wrong_geometry',
  ],
  [
    'a box outside the image',
    { task_type: 'detection', class_id: 1, geometry: { type: 'bbox', bbox: [90, 0, 20, 5] } },
    'geometry.bbox outside_image',
  ],
  [
    'a box of no width',
    { task_type: 'detection', class_id: 1, geometry: { type: 'bbox', bbox: [9, 0, 0, 5] } },
    'geometry.bbox.2 degenerate',
  ],
  [
    'no number',
    { task_type: 'detection', class_id: 1, geometry: { type: 'bbox', bbox: [Number.NaN, 0, 2, 5] } },
    'geometry.bbox.0 not_a_number',
  ],
  ['no geometry', { task_type: 'detection', class_id: 1, geometry: null }, 'geometry not_an_object'],
  ['no class', { task_type: 'detection', geometry: box }, 'class_id class_missing'],
  ['a class that is not there', { task_type: 'detection', class_id: 9, geometry: box }, 'class_id unknown_class'],
  [
    'a class of another task type',
    { task_type: 'detection', class_id: 2, geometry: box },
    'class_id class_of_other_task',
  ],
  [
    'a class where none belongs',
    { task_type: 'detection', class_id: 1, geometry: { type: 'no_object' } },
    'class_id class_not_allowed',
  ],
  [
    'a keypoint too few',
    { task_type: 'keypoint', class_id: 3, geometry: { type: 'keypoints', points: [[1, 1, 2]] } },
    'geometry.points wrong_length',
  ],
])('new: %s', (_name, draft, expected) => {
  expect(told(checkNewAnnotation(draft, rules))).toBe(expected);
});

const stored: AnnotationHead = { task_type: 'detection', annotation_type: 'bbox', class_id: 1 };
test.each<[string, Parameters<typeof checkAnnotationChange>[1], string]>([
  ['nothing', {}, 'ok'],
  ['geometry alone', { geometry: box }, 'ok'],
  [
    'another kind of the task type',
    { geometry: { type: 'rotated_bbox', center: [50, 25], size: [9, 9], angle: 5 } },
    'ok',
  ],
  ['a kind of another task type', { geometry: { type: 'classification' } }, 'geometry.type wrong_geometry'],
  ['to nothing there, with its class', { geometry: { type: 'no_object' } }, 'class_id class_not_allowed'],
  ['to nothing there, without', { geometry: { type: 'no_object' }, class_id: null }, 'ok'],
  ['class taken away', { class_id: null }, 'class_id class_missing'],
  ['class of another task type', { class_id: 2 }, 'class_id class_of_other_task'],
])('change: %s', (_name, change, expected) => {
  expect(told(checkAnnotationChange(stored, change, rules))).toBe(expected);
});

test('a class with other keypoints needs other points', () => {
  const posed: AnnotationHead = { task_type: 'keypoint', annotation_type: 'keypoints', class_id: 3 };
  const classes = new Map([...rules.classes, [5, { task_type: 'keypoint', keypoints: ['a', 'b', 'c'] }] as const]);
  expect(told(checkAnnotationChange(posed, { class_id: 5 }, { ...rules, classes }))).toBe('geometry wrong_length');
  const points = { type: 'keypoints', points: [1, 2, 3].map((n) => [n, n, 2]) };
  expect(told(checkAnnotationChange(posed, { class_id: 5, geometry: points }, { ...rules, classes }))).toBe('ok');
});

test('what comes back is ready to store', () => {
  const clipped = checkNewAnnotation(
    { task_type: 'detection', class_id: 1, geometry: { type: 'bbox', bbox: [-0.25, 0, 10, 10] } },
    rules,
  );
  expect(clipped).toEqual({ ok: true, head: stored, geometry: { type: 'bbox', bbox: [0, 0, 9.75, 10] } });
  expect(checkAnnotationChange(stored, { class_id: 1 }, rules)).toEqual({ ok: true, head: stored, geometry: null });
});

describe('one image', () => {
  const cat: AnnotationHead = { task_type: 'classification', annotation_type: 'classification', class_id: 2 };
  const dog: AnnotationHead = { ...cat, class_id: 4 };
  const nothing: AnnotationHead = { task_type: 'detection', annotation_type: 'no_object', class_id: null };

  test('assigns a class once, and again after it was taken away', () => {
    const contents = new ImageContents([cat]);
    expect(contents.add(cat)).toMatchObject({ path: 'class_id', code: 'duplicate' });
    expect(contents.add(dog)).toBeNull();
    expect(contents.change(dog, cat)).toMatchObject({ code: 'duplicate' });
    contents.remove(cat);
    expect(contents.change(dog, cat)).toBeNull();
    expect(contents.add(cat)).toMatchObject({ code: 'duplicate' });
    expect(contents.add(dog)).toBeNull();
  });

  test('holds objects or the statement that there are none, per task type', () => {
    const contents = new ImageContents([stored, stored]);
    expect(contents.add(nothing)).toMatchObject({ code: 'objects_present', message: expect.stringContaining('2') });
    contents.remove(stored);
    contents.remove(stored);
    expect(contents.add(nothing)).toBeNull();
    expect(contents.add(nothing)).toMatchObject({ code: 'duplicate' });
    expect(contents.add(stored)).toMatchObject({ code: 'no_object_present' });
    expect(contents.add(cat)).toBeNull();
    expect(contents.change(nothing, stored)).toBeNull();
    expect(contents.change(stored, nothing)).toBeNull();
  });

  test('counts objects that it was not shown', () => {
    const contents = new ImageContents([cat], [['detection', 2000]]);
    expect(contents.add(nothing)).toMatchObject({ code: 'objects_present', message: expect.stringContaining('2000') });
    expect(contents.add({ ...nothing, task_type: 'segmentation' })).toBeNull();
  });

  test('is as before after a refused change', () => {
    const contents = new ImageContents([stored, cat]);
    expect(contents.change(cat, nothing)).toMatchObject({ code: 'objects_present' });
    expect(contents.add(cat)).toMatchObject({ code: 'duplicate' });
  });
});
