import { splitBody, type AnnotationTask, type MyTask, type TaskSplit, type UserSummary } from '@labelyard/contract';
import type { MyTaskRow, SplitRow, TaskRow } from '@labelyard/db';
import { IMAGE_STATUSES, type ImageStatus, type TaskHead } from '@labelyard/domain';
import type { People } from '../people/people.js';

type Known = ReadonlyMap<string, UserSummary>;

function toTask(row: TaskRow, people: Known): AnnotationTask {
  const progress = Object.fromEntries(IMAGE_STATUSES.map((status) => [status, row.progress[status] ?? 0])) as Record<
    ImageStatus,
    number
  >;
  return {
    id: row.id,
    project_id: row.project_id,
    task_type: row.task_type,
    name: row.name,
    description: row.description,
    assignee_id: row.assignee_id,
    assignee: (row.assignee_id !== null && people.get(row.assignee_id)) || null,
    state: row.state,
    due_at: row.due_at,
    note: row.note,
    version: row.version,
    created_by: row.created_by,
    created_at: row.created_at,
    updated_at: row.updated_at,
    submitted_at: row.submitted_at,
    completed_at: row.completed_at,
    image_count: countOf(row),
    progress,
    next_image_id: row.next_image_id,
  };
}

/** Tasks on the wire. */
export async function answerTasks(people: People, rows: readonly TaskRow[]): Promise<AnnotationTask[]> {
  const known = await people.summaries(assigneesOf(rows));
  return rows.map((row) => toTask(row, known));
}

/** A split in the background, on the wire. */
export function toSplit(row: SplitRow, people: Known): TaskSplit {
  return { ...row, request: splitBody.parse(row.request), user: people.get(row.created_by) ?? null };
}

export function toMyTask(row: MyTaskRow, people: Known): MyTask {
  return { ...toTask(row, people), dataset_id: row.dataset_id, dataset_name: row.dataset_name };
}

/** What the moves of a task are decided by. */
export function headOf(row: TaskRow): TaskHead {
  const { not_started = 0, in_progress = 0, rejected = 0 } = row.progress;
  return {
    state: row.state,
    assignee_id: row.assignee_id,
    unfinished: not_started + in_progress + rejected,
    image_count: countOf(row),
  };
}

function countOf({ progress }: TaskRow): number {
  return Object.values(progress).reduce((sum, count) => sum + count, 0);
}

export function assigneesOf(rows: readonly TaskRow[]): string[] {
  return rows.flatMap(({ assignee_id }) => assignee_id ?? []);
}
