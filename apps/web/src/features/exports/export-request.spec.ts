import { TASK_TYPES, type TaskType } from '@labelyard/domain';
import {
  draftProblem,
  NEW_DRAFT,
  possibleTasks,
  requestOf,
  tasksInScope,
  type DraftProblem,
  type ExportDraft,
  withFormat,
  withOption,
  withVersion,
} from './export-request';

test('a new draft asks for everything in COCO, in as few words as possible', () => {
  expect(requestOf(7, NEW_DRAFT)).toEqual({ project_id: 7, format: 'coco', options: {} });
  expect(draftProblem(NEW_DRAFT, TASK_TYPES)).toBeNull();
});

test('what is restricted is said', () => {
  const draft = withOption(withFormat(NEW_DRAFT, 'yolo'), 'kind', 'segment');
  const full = { ...draft, task_type: 'segmentation' as const, states: ['verified'] as const, splits: ['val'] as const, class_ids: [3], annotated_only: true, include_images: true }; // prettier-ignore
  expect(requestOf(7, full)).toEqual({
    project_id: 7,
    format: 'yolo',
    task_type: 'segmentation',
    state: ['verified'],
    split: ['val'],
    class_id: [3],
    images: 'annotated',
    include_images: true,
    options: { kind: 'segment' },
  });
  expect(draftProblem(full, ['segmentation'])).toBeNull();
});

test('of a version everything is asked for, since what was chosen of the dataset may not be in it', () => {
  const chosen = { ...withFormat(NEW_DRAFT, 'csv'), task_type: 'detection' as const, class_ids: [3] };
  expect(requestOf(7, withVersion(chosen, 5))).toEqual({ project_id: 7, format: 'csv', version_id: 5, options: {} });
  expect(withVersion(withVersion(NEW_DRAFT, 5), null)).toEqual(NEW_DRAFT);
});

test('options of another format are kept, not sent', () => {
  const draft = withFormat(withOption(withFormat(NEW_DRAFT, 'yolo'), 'kind', 'pose'), 'pascal_voc');
  expect(requestOf(7, draft).options).toEqual({});
  expect(requestOf(7, withFormat(draft, 'yolo')).options).toEqual({ kind: 'pose' });
});

test('a format lets go of a task type it cannot hold', () => {
  const draft = { ...NEW_DRAFT, task_type: 'keypoint' as const };
  expect(withFormat(draft, 'yolo').task_type).toBe('keypoint');
  expect(withFormat(draft, 'pascal_voc').task_type).toBe('all');
  expect(possibleTasks('pascal_voc', ['keypoint', 'detection'])).toEqual(['detection']);
});

const yolo = withFormat(NEW_DRAFT, 'yolo');
const ofTask = (draft: ExportDraft, task_type: TaskType): ExportDraft => ({ ...draft, task_type });

test.each<[ExportDraft, DraftProblem]>([
  [{ ...NEW_DRAFT, states: [] }, 'no_states'],
  [{ ...NEW_DRAFT, splits: [] }, 'no_splits'],
  [withOption(yolo, 'kind', 'classify'), 'images_needed'],
  [ofTask(yolo, 'classification'), 'images_needed'],
  [ofTask(withOption(yolo, 'kind', 'detect'), 'segmentation'), 'kind_needs_task_type'],
  [ofTask(yolo, 'geometry'), 'circles_needed'],
  [withOption(NEW_DRAFT, 'include', []), 'bad_option'],
])('an impossible draft is not sent: %#', (draft, problem) => {
  expect(draftProblem(draft, tasksInScope(draft, TASK_TYPES))).toBe(problem);
});

test.each<TaskType>(['detection', 'segmentation', 'keypoint'])('of %s YOLO makes the kind by itself', (task_type) => {
  const draft = ofTask(yolo, task_type);
  expect(draftProblem(draft, tasksInScope(draft, TASK_TYPES))).toBeNull();
});
