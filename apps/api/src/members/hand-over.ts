import type { LabelerTransaction } from '@labelyard/db';
import type { ProjectEvents } from '../events/project-events.js';

/**
 * Somebody may not work any more, in one project or (null) anywhere: their images are free at once, and their open tasks go
 * back to the pool, for whoever manages tasks to give out. Not to the person who gave them out: they may be long gone too.
 */
export async function handOver(
  tx: LabelerTransaction,
  events: ProjectEvents,
  { user_id, project_id, done_by }: { user_id: string; project_id: number | null; done_by: string },
): Promise<void> {
  const freed = await tx.locks.releaseAll(user_id, project_id);
  const released = await tx.tasks.release(user_id, project_id);
  await events.publishEach(tx.sql, [
    ...freed.map(({ image_id, ...where }) => ({ ...where, change: { type: 'lock', image_id, lock: null } as const })),
    ...released.map((tasks) => ({ project_id: tasks.project_id, change: { type: 'task', task_id: null } as const })),
  ]);
  if (released.length === 0) return;
  await tx.audit.recordInEach(
    { actor_id: done_by, action: 'task.release', subject_type: 'user', subject_id: user_id },
    released.map((tasks) => ({
      project_id: tasks.project_id,
      details: { count: tasks.names.length, name: tasks.names.length === 1 ? tasks.names[0] : undefined },
    })),
  );
  await tx.notifications.tellOfRelease({ left_by: user_id, done_by }, released);
}
