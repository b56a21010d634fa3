import { splitBody } from '@labelyard/contract';
import { setTimeout as wait } from 'node:timers/promises';
import {
  IMAGES_PER_STEP,
  type LabelerDb,
  type LabelerTransaction,
  type NewTask,
  type Place,
  type RunningSplit,
  type SplitRow,
} from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { ProjectEvents } from '../events/project-events.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import { enqueue, type Task } from '../jobs/task.js';
import { FREE_IMAGES, freeImages, HELD_MS } from './free-images-job.js';
import { assertAny, planSplit, type Split } from './split-plan.js';
import type { TaskMaker } from './task-maker.js';

export interface SplitPayload {
  readonly split_id: number;
}

export const RUN_SPLIT: Task<SplitPayload> = {
  name: 'splits.run',
  max_attempts: 4,
  key: ({ split_id }) => `splits.run:${split_id}`,
};

/** Whoever looks on reads it again each time. */
const TOLD_EVERY_MS = 500;

class Stopped extends Error {}

/**
 * Splits many images into tasks, a step at a time, so that nobody who saves on one of them waits for all the others. The tasks come
 * in the last step: all of them are there or none, however it ends.
 */
export class SplitJob implements JobHandler<SplitPayload> {
  readonly task = RUN_SPLIT;

  constructor(
    private readonly db: LabelerDb,
    private readonly maker: TaskMaker,
    private readonly events: ProjectEvents,
  ) {}

  async run({ split_id }: SplitPayload, { signal }: JobRun): Promise<void> {
    const row = await this.db.splits.start(split_id);
    if (!row) return;
    await this.tell(this.db, row);
    try {
      await this.make(row, signal);
    } catch (error) {
      if (error instanceof Stopped) return;
      if (!(error instanceof DomainError) || !['not_found', 'validation_failed'].includes(error.code)) throw error;
      await this.db.transaction((tx) => this.fail(tx, split_id, { code: error.code, message: error.message }));
    }
  }

  async gaveUp(tx: LabelerTransaction, { split_id }: SplitPayload, message: string): Promise<void> {
    await this.fail(tx, split_id, {
      code: 'internal',
      message: `It was tried ${RUN_SPLIT.max_attempts} times without success (${message}). No task was made; try again later.`,
    });
  }

  private async fail(
    tx: LabelerTransaction,
    split_id: number,
    error: { code: string; message: string },
  ): Promise<void> {
    await tx.splits.fail(split_id, error);
    await enqueue(tx.sql, FREE_IMAGES, {});
    const row = await tx.splits.get(split_id);
    if (row) await this.tell(tx, row);
  }

  private async make(row: RunningSplit, signal: AbortSignal): Promise<void> {
    const split = splitBody.parse(row.request);
    if (row.task_ids) await freeImages(this.db, row.task_ids, signal);
    const planned = await this.plan(row, split);
    const images = planned.reduce((sum, task) => sum + task.images.length, 0);
    const ids = await this.db.splits.reserve(row, { images, tasks: planned.length });
    if (!ids) throw new Stopped();
    const tasks = planned.map((task, n) => ({ ...task, id: ids[n] as number }));
    await this.place(row, tasks, signal);
    const made = await this.db.transaction(async (tx) => {
      const over = await tx.splits.complete(row, split, tasks);
      if (!over) return null;
      await this.maker.follow(tx, { ...row, user_id: row.created_by }, split, over.rows, over.images);
      await this.tell(tx, row);
      return over;
    });
    if (!made) throw new Stopped();
  }

  private async place(
    row: RunningSplit,
    tasks: readonly (NewTask & { readonly id: number })[],
    signal: AbortSignal,
  ): Promise<void> {
    const places = tasks.flatMap(({ id, images }) => images.map((image): Place => [image.id, id]));
    // As they lie in the table.
    places.sort(([a], [b]) => a - b);
    let told = performance.now();
    await this.tell(this.db, row);
    for await (const step of inSteps(places, signal)) {
      const result = await this.db.transaction((tx) => tx.splits.place(row, step.places));
      if (!result) throw new Stopped();
      step.leave(result.held);
      if (performance.now() - told < TOLD_EVERY_MS) continue;
      told = performance.now();
      await this.tell(this.db, row);
    }
  }

  /** @throws not_found, or validation_failed for a split that would make no task, or too many */
  private async plan({ project_id }: SplitRow, split: Split): Promise<NewTask[]> {
    const project = await this.db.projects.get(project_id);
    if (!project) throw new DomainError('not_found', 'The dataset was deleted', { project_id });
    const images = await this.db.splits.freeImages({ ...split, project_id, dataset_id: project.dataset_id });
    const tasks = planSplit(images, split);
    assertAny(tasks);
    return tasks;
  }

  private async tell({ sql }: Pick<LabelerDb, 'sql'>, { id, project_id }: SplitRow): Promise<void> {
    await this.events.publish(sql, project_id, { type: 'split', split_id: id });
  }
}

interface Step {
  readonly places: readonly Place[];
  /** These come again, when all others were done. */
  leave(image_ids: readonly number[]): void;
}

/** Some at a time; those that were held by somebody again and again, until none is left. */
async function* inSteps(all: readonly Place[], signal: AbortSignal): AsyncGenerator<Step> {
  for (let places = all; places.length > 0;) {
    const left: Place[] = [];
    for (let from = 0; from < places.length; from += IMAGES_PER_STEP) {
      signal.throwIfAborted();
      const step = places.slice(from, from + IMAGES_PER_STEP);
      yield {
        places: step,
        leave: (image_ids) => {
          const held = new Set(image_ids);
          left.push(...step.filter(([image_id]) => held.has(image_id)));
        },
      };
    }
    if (left.length > 0) await wait(HELD_MS, undefined, { signal });
    places = left;
  }
}
