import type { Notification } from '@labelyard/contract';
import { subjectOf } from './notification-link';

const news = (values: Partial<Notification>) =>
  ({ image_path: null, task_name: null, dataset_name: 'Streets', ...values }) as Notification;

test.each([
  [{ kind: 'rejection', image_path: 'day/1.jpg', task_name: 'Batch' }, '1.jpg'],
  [{ kind: 'rejection', image_path: null, task_name: 'Batch' }, 'Batch'],
  [{ kind: 'task_assigned', task_name: 'Batch' }, 'Batch'],
  [{ kind: 'mention', image_path: '2.jpg' }, '2.jpg'],
  [{ kind: 'tasks_released' }, 'Streets'],
] as const)('%j is about %s', (values, subject) => {
  expect(subjectOf(news(values))).toBe(subject);
});
