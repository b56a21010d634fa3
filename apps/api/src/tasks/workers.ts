import type { LabelerDb, LabelerTransaction } from '@labelyard/db';
import { DomainError, rolesFor } from '@labelyard/domain';
import type { People } from '../people/people.js';

type Db = LabelerDb | LabelerTransaction;

/** Of these people those who may be given a task: members who may label and can sign in. Inside a transaction they stay members until its end. */
export async function workersAmong(
  db: Db,
  people: People,
  project_id: number,
  user_ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (user_ids.length === 0) return new Set();
  const able = await db.tasks.workers(project_id, user_ids, rolesFor('task.work'));
  const known = await people.summaries(user_ids);
  return new Set(able.filter((user_id) => known.get(user_id)?.is_active !== false));
}

/** Throws validation_failed with the place of each who may not be given a task. */
export async function checkWorkers(
  db: Db,
  people: People,
  project_id: number,
  user_ids: readonly string[],
  field: 'assignee_id' | 'assignees',
): Promise<void> {
  const able = await workersAmong(db, people, project_id, user_ids);
  const issues = user_ids.flatMap((user_id, n) =>
    able.has(user_id)
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
