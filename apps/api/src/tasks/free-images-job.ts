import { setTimeout as wait } from 'node:timers/promises';
import type { LabelerDb } from '@labelyard/db';
import { Injectable } from '@nestjs/common';
import { InjectLabelerDb } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { JobRegistry, type JobHandler, type JobRun } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';

export const FREE_IMAGES: Task<Record<string, never>> = {
  name: 'tasks.free_images',
  max_attempts: 10,
  key: () => 'tasks.free_images',
};

/** How soon images are asked for again that somebody held: saving takes a moment, an import can take minutes. */
export const HELD_MS = 100;

/** Takes all images out of tasks that are gone, a step at a time, so that nobody who saves on one of them waits for all the others. */
export async function freeImages(db: LabelerDb, task_ids: readonly number[], signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { freed, left } = await db.dissolvedTasks.free(task_ids);
    if (!left) return;
    if (freed === 0) await wait(HELD_MS, undefined, { signal });
  }
}

/** Frees the images of tasks that were dissolved with many of them, and of splits that were stopped half way. */
@Injectable()
export class FreeImagesJob implements JobHandler<Record<string, never>> {
  readonly task = FREE_IMAGES;

  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly events: ProjectEvents,
    registry: JobRegistry,
  ) {
    registry.add(this);
    // None is forgotten, however often the job was given up.
    registry.schedule({ task: FREE_IMAGES, cron: '*/10 * * * *' });
  }

  async run(_payload: Record<string, never>, { signal }: JobRun): Promise<void> {
    const projects = Map.groupBy(await this.db.dissolvedTasks.all(), ({ project_id }) => project_id);
    // A step of each in turn: what is held in one keeps no other waiting.
    while (projects.size > 0) {
      let freed = 0;
      for (const [project_id, rows] of projects) {
        signal.throwIfAborted();
        const task_ids = rows.map(({ task_id }) => task_id);
        const step = await this.db.dissolvedTasks.free(task_ids);
        freed += step.freed;
        if (step.left) continue;
        projects.delete(project_id);
        await this.forget(project_id, task_ids);
      }
      if (freed === 0 && projects.size > 0) await wait(HELD_MS, undefined, { signal });
    }
  }

  private async forget(project_id: number, task_ids: readonly number[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.dissolvedTasks.forget(task_ids);
      await this.events.publish(tx.sql, project_id, { type: 'task', task_id: null });
    });
  }
}
