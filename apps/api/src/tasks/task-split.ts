import type { splitBody, SplitPreview } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, NewTask, ProjectHead } from '@labelyard/db';
import { DomainError, MAX_TASKS_PER_SPLIT, rolesFor, splitImages, type SplitPart } from '@labelyard/domain';
import type { z } from 'zod';
import type { People } from '../people/people.js';

type Split = z.output<typeof splitBody>;

export interface PlannedSplit {
  readonly tasks: readonly NewTask[];
  readonly taken: number;
}

/** What a split would make of the project as it is: read, decided, and nothing changed. */
export async function planSplit(
  db: LabelerDb | LabelerTransaction,
  people: People,
  project: ProjectHead,
  split: Split,
): Promise<PlannedSplit> {
  if (!project.task_types.includes(split.task_type)) {
    throw refused('task_type', 'task_not_in_project', `the project is not labeled for ${split.task_type}`);
  }
  await checkWorkers(db, people, project.project_id, split.assignees, 'assignees');
  const { images, taken } = await db.tasks.splitImages({ ...project, ...split });
  const parts = splitImages(images, split);
  if (parts.length > MAX_TASKS_PER_SPLIT) {
    throw refused('rule', 'too_many_tasks', `would make ${parts.length} tasks; at most ${MAX_TASKS_PER_SPLIT} at once`);
  }
  const found = new Map(images.map((image) => [image.id, image]));
  return {
    taken,
    tasks: parts.map((part) => ({
      name: nameOf(split.name, part, parts.length),
      assignee_id: part.assignee_id,
      images: part.image_ids.flatMap((image_id) => found.get(image_id) ?? []),
    })),
  };
}

export function toPreview({ tasks, taken }: PlannedSplit): SplitPreview {
  return {
    tasks: tasks.map(({ name, assignee_id, images }) => ({
      name,
      assignee_id,
      image_count: images.length,
      first_path: images[0]?.path ?? '',
    })),
    image_count: tasks.reduce((sum, { images }) => sum + images.length, 0),
    taken,
  };
}

/** Tasks are given to members who may label and can sign in. Throws validation_failed with the place of each who may not. */
export async function checkWorkers(
  db: LabelerDb | LabelerTransaction,
  people: People,
  project_id: number,
  user_ids: readonly string[],
  field: string,
): Promise<void> {
  if (user_ids.length === 0) return;
  const able = new Set(await db.tasks.workers(project_id, user_ids, rolesFor('task.work')));
  const known = await people.summaries(user_ids);
  const issues = user_ids.flatMap((user_id, n) =>
    able.has(user_id) && known.get(user_id)?.is_active !== false
      ? []
      : {
          path: field === 'assignee_id' ? field : `${field}.${n}`,
          code: 'not_a_worker',
          message: 'is not a member who may label here',
        },
  );
  if (issues.length > 0) {
    throw new DomainError('validation_failed', 'Tasks can be given to members who may label', issues);
  }
}

function nameOf(name: string, { number, folder }: SplitPart, count: number): string {
  const suffix = folder ?? (count > 1 ? String(number) : '');
  return (suffix ? `${name} · ${suffix}` : name).slice(0, 400);
}

function refused(path: string, code: string, message: string): DomainError {
  return new DomainError('validation_failed', `${path}: ${message}`, [{ path, code, message }]);
}
