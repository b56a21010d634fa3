import type { AnnotationTask } from '@labelyard/contract';
import { doneImages, dueTone, possibleMoves } from './task-progress';

const task = (values: Partial<AnnotationTask> = {}): AnnotationTask => ({
  id: 1,
  project_id: 1,
  task_type: 'detection',
  name: 'Batch',
  description: '',
  assignee_id: 'ann',
  assignee: null,
  state: 'in_progress',
  due_at: null,
  note: '',
  version: 1,
  created_by: 'adam',
  created_at: '2030-01-01T00:00:00.000Z',
  updated_at: '2030-01-01T00:00:00.000Z',
  submitted_at: null,
  completed_at: null,
  image_count: 10,
  progress: { not_started: 1, in_progress: 2, completed: 3, reviewed: 3, rejected: 1 },
  next_image_id: 5,
  ...values,
});

test('done is what nobody has to touch again', () => {
  expect(doneImages(task())).toBe(6);
});

test('a due date warns a day before, and not any more when the work is handed in', () => {
  const now = Date.parse('2030-01-10T12:00:00Z');
  expect(dueTone(task(), now)).toBe('neutral');
  expect(dueTone(task({ due_at: '2030-01-12T12:00:00Z' }), now)).toBe('neutral');
  expect(dueTone(task({ due_at: '2030-01-11T00:00:00Z' }), now)).toBe('warning');
  expect(dueTone(task({ due_at: '2030-01-09T00:00:00Z' }), now)).toBe('danger');
  expect(dueTone(task({ due_at: '2030-01-09T00:00:00Z', state: 'submitted' }), now)).toBe('neutral');
});

test('buttons follow the rule', () => {
  expect(possibleMoves(task(), 'ann', 'annotator')).toEqual(['submit', 'hand_back']);
  expect(possibleMoves(task(), 'bob', 'annotator')).toEqual([]);
  expect(possibleMoves(task({ state: 'submitted' }), 'rita', 'reviewer')).toEqual(['complete', 'send_back']);
  expect(possibleMoves(task({ state: 'completed' }), 'rita', 'reviewer')).toEqual(['reopen']);
  expect(possibleMoves(task({ assignee_id: null }), 'adam', 'admin')).toEqual(['submit']);
  expect(possibleMoves(task(), 'vera', 'viewer')).toEqual([]);
});
