import { splitBody } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, NewTask, SplitRow } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { ProjectEvents } from '../events/project-events.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';
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

/** Splits many images into tasks: in one transaction, so that all of them are there or none, however it ends. */
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
      await this.db.splits.fail(split_id, { code: error.code, message: error.message });
      await this.tell(this.db, row);
    }
  }

  async gaveUp(tx: LabelerTransaction, { split_id }: SplitPayload, message: string): Promise<void> {
    await tx.splits.fail(split_id, {
      code: 'internal',
      message: `It was tried ${RUN_SPLIT.max_attempts} times without success (${message}). No task was made; try again later.`,
    });
    const row = await tx.splits.get(split_id);
    if (row) await this.tell(tx, row);
  }

  private async make(row: SplitRow, signal: AbortSignal): Promise<void> {
    const split = splitBody.parse(row.request);
    const tasks = await this.plan(row, split);
    const images = tasks.reduce((sum, task) => sum + task.images.length, 0);
    let told = 0;
    // Written through another connection: what the transaction writes is seen by nobody before its end.
    const report = async (done: number) => {
      signal.throwIfAborted();
      if (!(await this.db.splits.progress(row.id, { images, done }))) throw new Stopped();
      if (performance.now() - told < TOLD_EVERY_MS) return;
      told = performance.now();
      await this.tell(this.db, row);
    };
    await report(0);
    await using session = await this.db.openBulk();
    await session.transaction(async (tx) => {
      const maker = { project_id: row.project_id, user_id: row.created_by };
      await this.maker.make(tx, maker, split, tasks, report);
      if (!(await tx.splits.complete(row.id, { images, tasks: tasks.length }))) throw new Stopped();
      await this.tell(tx, row);
    });
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
