import type { ImageStatus } from '@labelyard/domain';
import type { TakenImage, TaskRow } from './task-row.js';

/** Of task `t`, its work excepted. */
export const TASK_COLUMNS = `t.id, t.project_id, t.task_type, t.name, t.description, t.assignee_id, t.state, t.due_at, t.note, t.version,
  t.created_by, t.created_at, t.updated_at, t.submitted_at, t.completed_at`;

/**
 * The task of status row `s`. It names one without a foreign key: an id whose task is gone, or not there yet, is none
 * (docs/adr/0016).
 */
export const TASK_ID = (s: string) => `(select t.id from annotation_tasks t where t.id = ${s}.task_id)`;

/** What somebody waits for: done before anything else. */
const URGENT: ImageStatus = 'rejected';
/** With something left to do for the annotator. */
const UNFINISHED: readonly ImageStatus[] = [URGENT, 'in_progress', 'not_started'];

/** An index range per task: `ix_image_statuses_task_id` holds all of it. */
export const PROGRESS = `cross join lateral (
    select coalesce(json_object_agg(c.status, c.images), '{}') as progress from (
      select s.status, count(*) as images from image_statuses s where s.task_id = t.id group by s.status
    ) c
  ) counted`;

/** The first image to go on with; lists ask for it only where somebody is about to. */
export const NEXT = `(
    select s.image_id from image_statuses s join image_metadata i on i.id = s.image_id
    where s.task_id = t.id and s.status in (${UNFINISHED.map((status) => `'${status}'`).join(', ')})
    order by s.status <> '${URGENT}', i.path limit 1
  )`;

/** What `PROGRESS` and `NEXT` read of a task, by its images as they were read already. */
export function workIn(images: readonly TakenImage[]): Pick<TaskRow, 'progress' | 'next_image_id'> {
  const progress: Partial<Record<ImageStatus, number>> = {};
  let next: TakenImage | undefined;
  for (const image of images) {
    progress[image.status] = (progress[image.status] ?? 0) + 1;
    if (!UNFINISHED.includes(image.status)) continue;
    const [urgent, first] = [image.status === URGENT, next?.status === URGENT];
    if (!next || (urgent === first ? image.place < next.place : urgent)) next = image;
  }
  return { progress, next_image_id: next?.id ?? null };
}
