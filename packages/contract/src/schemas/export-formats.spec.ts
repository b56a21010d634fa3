import { TASK_TYPES, type TaskType } from '@labelyard/domain';
import { completeExportOptions, exportFormat, exportProblems, importFormat } from './export-formats.js';

test('Pascal VOC goes by both names, for exports and for imports', () => {
  expect(['pascal_voc', 'voc', 'coco'].map((name) => exportFormat.parse(name))).toEqual(['pascal_voc', 'pascal_voc', 'coco']); // prettier-ignore
  expect(['pascal_voc', 'voc', 'auto'].map((name) => importFormat.parse(name))).toEqual(['voc', 'voc', 'auto']);
  expect(exportFormat.safeParse('auto').success).toBe(false);
});

describe('the kind of a YOLO dataset that is left out', () => {
  const question = (task_type?: TaskType, options = {}, include_images = false) => ({
    format: 'yolo' as const,
    task_type,
    include_images,
    options,
  });

  test.each<[TaskType[], string]>([
    [['detection'], 'detect'],
    [['segmentation'], 'segment'],
    [['keypoint'], 'pose'],
    [['classification'], 'classify'],
    [['geometry'], 'detect'],
    [['classification', 'segmentation', 'geometry'], 'segment'],
    [[...TASK_TYPES], 'detect'],
  ])('of %j is %s', (task_types, kind) => {
    expect(completeExportOptions('yolo', {}, task_types)).toMatchObject({ kind });
    expect(completeExportOptions('yolo', { kind: 'obb' }, task_types)).toMatchObject({ kind: 'obb' });
  });

  test('is no reason to refuse a task type; one that was asked for is', () => {
    for (const type of ['detection', 'segmentation', 'keypoint'] as const) expect(exportProblems(question(type))).toEqual([]); // prettier-ignore
    expect(exportProblems(question('segmentation', { kind: 'detect' }))).toMatchObject([{ code: 'kind_needs_task_type' }]); // prettier-ignore
    expect(exportProblems(question('classification'))).toMatchObject([{ code: 'images_needed' }]);
    expect(exportProblems(question('classification', {}, true))).toEqual([]);
  });

  test('holds of geometry what circles are made into, or is refused', () => {
    expect(exportProblems(question('geometry'))).toMatchObject([{ path: 'options.circles', code: 'circles_needed' }]);
    for (const kind of ['detect', 'segment', 'obb'])
      expect(exportProblems(question('geometry', { kind, circles: true }))).toEqual([]);
    expect(exportProblems(question('geometry', { kind: 'pose', circles: true }))).toMatchObject([{ code: 'kind_needs_task_type' }]); // prettier-ignore
  });
});
