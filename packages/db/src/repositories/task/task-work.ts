import type { ImageStatus } from '@labelyard/domain';
import type { TakenImage, TaskRow } from './task-row.js';

/** With something left to do for the annotator. */
export const UNFINISHED: readonly ImageStatus[] = ['rejected', 'in_progress', 'not_started'];

/** What the repository's `PROGRESS` and `NEXT` read of a task, by its images as they were read already. */
export function workIn(images: readonly TakenImage[]): Pick<TaskRow, 'progress' | 'next_image_id'> {
  const progress: Partial<Record<ImageStatus, number>> = {};
  let next: TakenImage | undefined;
  for (const image of images) {
    progress[image.status] = (progress[image.status] ?? 0) + 1;
    if (!UNFINISHED.includes(image.status)) continue;
    const [urgent, first] = [image.status === 'rejected', next?.status === 'rejected'];
    if (!next || (urgent === first ? image.path < next.path : urgent)) next = image;
  }
  return { progress, next_image_id: next?.id ?? null };
}
