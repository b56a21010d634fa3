import type { AnnotationTask, SplitPreview, TaskSplit } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, PageRequest, SplitRow, SplitSource } from '@labelyard/db';
import { DomainError, MAX_IMAGES_SPLIT_AT_ONCE } from '@labelyard/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { cancelJob, enqueue } from '../jobs/task.js';
import { People } from '../people/people.js';
import { FREE_IMAGES } from './free-images-job.js';
import { RUN_SPLIT } from './split-job.js';
import { assertAny, countSplit, planSplit, type Split } from './split-plan.js';
import { answerTasks, toSplit } from './task-answer.js';
import { TaskMaker } from './task-maker.js';
import { checkWorkers } from './workers.js';

/**
 * Splits images into tasks. Few are split while the caller waits; each of many is a row written anew with its five index entries,
 * some 15 µs, so many are for a job, and no request takes longer the more images a project has.
 */
@Injectable()
export class SplitsService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    private readonly events: ProjectEvents,
    @Inject(TaskMaker) private readonly maker: TaskMaker,
  ) {}

  /** Reads images where they are few; counts them where they are many. */
  async preview(auth: ProjectAuth, split: Split): Promise<SplitPreview> {
    const source = await this.checked(this.db, auth, split);
    const { free, taken } = await this.db.splits.size(source);
    const in_background = free > MAX_IMAGES_SPLIT_AT_ONCE;
    const tasks = in_background
      ? await countSplit(this.db, source, free, split)
      : planSplit(await this.db.splits.freeImages(source), split).map(({ name, assignee_id, images }) => ({
          name,
          assignee_id,
          image_count: images.length,
          first_path: images[0]?.path ?? null,
        }));
    return { tasks, image_count: free, taken, in_background };
  }

  /** The tasks, or the split that will make them. */
  async create(auth: ProjectAuth, split: Split): Promise<{ items: AnnotationTask[]; split: TaskSplit | null }> {
    const { project, user } = auth;
    // All at once: whoever is asked for again below is known by then.
    const people = await this.people.summaries([user.id, ...split.assignees]);
    return changeOnce(this.db, auth, statusOf, async (tx) => {
      const source = await this.checked(tx, auth, split);
      const under_way = await tx.splits.underWay(project.project_id, split.task_type);
      if (under_way) {
        const message = 'Images of this kind are being put into tasks: wait until that is done, or stop it';
        throw new DomainError('in_use', message, { split_id: under_way.id });
      }
      if (await tx.dissolvedTasks.anyOf(project.project_id, split.task_type)) {
        const message = 'Images of this kind are being taken out of a task that is gone: try again in a moment';
        throw new DomainError('in_use', message, { reason: 'dissolving' });
      }
      const images = await tx.splits.freeImages(source, MAX_IMAGES_SPLIT_AT_ONCE + 1);
      if (images.length > MAX_IMAGES_SPLIT_AT_ONCE) {
        return { items: [], split: toSplit(await this.begin(tx, auth, split), people) };
      }
      const tasks = planSplit(images, split);
      assertAny(tasks);
      const { project_id } = project;
      const rows = await tx.splits.make({ ...split, project_id, created_by: user.id }, tasks);
      const made = await this.maker.follow(tx, { project_id, user_id: user.id }, split, rows, images.length);
      return { items: await answerTasks(this.people, made), split: null };
    });
  }

  async list(project_id: number, page: PageRequest): Promise<{ items: TaskSplit[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.splits.list(project_id, page);
    const people = await this.people.summaries(items.map(({ created_by }) => created_by));
    return { items: items.map((row) => toSplit(row, people)), next_cursor };
  }

  async get(split_id: number): Promise<TaskSplit> {
    const row = await this.db.splits.get(split_id);
    if (!row) throw missing(split_id);
    return this.answer(row);
  }

  /** @throws closed when it is over */
  async cancel(auth: ProjectAuth, split_id: number): Promise<TaskSplit> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const cancelled = await tx.splits.cancel(split_id);
      const row = await tx.splits.get(split_id);
      if (!row) throw missing(split_id);
      if (!cancelled) throw new DomainError('closed', 'The split is over already', { status: row.status });
      await cancelJob(tx.sql, RUN_SPLIT, { split_id });
      await enqueue(tx.sql, FREE_IMAGES, {});
      await this.announce(tx, auth, 'task.split_cancel', row);
      return this.answer(row);
    });
  }

  /** Row and job in one transaction. */
  private async begin(tx: LabelerTransaction, auth: ProjectAuth, request: Split): Promise<SplitRow> {
    const { project_id } = auth.project;
    const { task_type } = request;
    const row = await tx.splits.create({ project_id, task_type, request, created_by: auth.user.id });
    await enqueue(tx.sql, RUN_SPLIT, { split_id: row.id });
    await this.announce(tx, auth, 'task.split', row);
    return row;
  }

  /** Where the images are looked for. @throws validation_failed for what does not fit the project */
  private async checked(
    db: LabelerDb | LabelerTransaction,
    { project }: ProjectAuth,
    split: Split,
  ): Promise<SplitSource> {
    if (!project.task_types.includes(split.task_type)) {
      const message = `task_type: the project is not labeled for ${split.task_type}`;
      throw new DomainError('validation_failed', message, [
        { path: 'task_type', code: 'task_not_in_project', message },
      ]);
    }
    await checkWorkers(db, this.people, project.project_id, split.assignees, 'assignees');
    return { ...split, ...project };
  }

  private async answer(row: SplitRow): Promise<TaskSplit> {
    return toSplit(row, await this.people.summaries([row.created_by]));
  }

  private async announce(tx: LabelerTransaction, { user }: ProjectAuth, action: string, row: SplitRow): Promise<void> {
    const { id, project_id, task_type, images } = row;
    await this.events.publish(tx.sql, project_id, { type: 'split', split_id: id });
    await tx.audit.record({
      project_id,
      actor_id: user.id,
      action,
      subject_type: 'split',
      subject_id: id,
      details: { task_type, ...(images !== null && { images }) },
    });
  }
}

/** Accepted, and not done yet, when a job does it. */
export function statusOf({ split }: { readonly split: TaskSplit | null }): number {
  return split ? 202 : 201;
}

function missing(split_id: number): DomainError {
  return new DomainError('not_found', 'The split does not exist any more', { split_id });
}
