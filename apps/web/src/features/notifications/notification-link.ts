import type { Notification } from '@labelyard/contract';
import { walkPath } from '@/features/tasks/task-links';

/** Where a notification leads: the image it is about, in its task, or the list of tasks. */
export function notificationPath(news: Notification): string {
  const { dataset_id, image_id, image_path, task_id, task_type, kind } = news;
  if (image_id !== null && image_path !== null) {
    const walk = { image_id, task_id: kind === 'rejection' ? task_id : null };
    // Any task type opens the image; the workbench falls back to the dataset's first.
    return walkPath(dataset_id, task_type ?? 'detection', walk);
  }
  if (task_id !== null && task_type !== null && (kind === 'task_assigned' || kind === 'task_due_soon'))
    return walkPath(dataset_id, task_type, { task_id });
  return `/datasets/${dataset_id}/tasks`;
}

/** What a notification is about, by name: what was given back is an image, whichever task it is part of. */
export function subjectOf({ kind, image_path, task_name, dataset_name }: Notification): string {
  const image = image_path && image_path.slice(image_path.lastIndexOf('/') + 1);
  return (kind === 'rejection' ? (image ?? task_name) : (task_name ?? image)) ?? dataset_name;
}
