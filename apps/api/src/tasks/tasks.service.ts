import type { AnnotationTask, taskImagesBody, taskMoveBody, taskPatchBody } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, NotificationKind, TaskRow } from '@labelyard/db';
import {
  decideTaskMove,
  DomainError,
  MAX_IMAGES_SPLIT_AT_ONCE,
  type TaskMove,
  type TaskMoveProblem,
  taskStateWithMoreImages,
} from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { enqueue } from '../jobs/task.js';
import { People } from '../people/people.js';
import { FREE_IMAGES } from './free-images-job.js';
import { answerTasks, headOf } from './task-answer.js';
import { checkWorkers } from './workers.js';

type Patch = z.output<typeof taskPatchBody>;
type Move = z.output<typeof taskMoveBody>;
type ImagesChange = z.output<typeof taskImagesBody>;

/** Who hears of a move, besides everybody who looks at the project. */
const TOLD: Partial<Record<TaskMove, NotificationKind>> = {
  submit: 'task_submitted',
  hand_back: 'task_handed_back',
  send_back: 'task_sent_back',
};

const PROBLEMS: Readonly<Record<TaskMoveProblem, string>> = {
  wrong_state: 'The task is in another state by now',
  not_assignee: 'Only the person who has the task, or who manages tasks, may do this',
  unfinished_images: 'Some images are not done yet: confirm them, or hand the task back',
  no_images: 'The task has no images',
  reason_missing: 'Say why',
};

/** Most images a refusal names. */
const MOST_NAMED = 20;

/** Tasks: given to people, handed to and fro. */
@Injectable()
export class TasksService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    private readonly events: ProjectEvents,
  ) {}

  async update(
    { project, user }: ProjectAuth,
    task_id: number,
    { version, ...change }: Patch,
  ): Promise<AnnotationTask> {
    const { project_id } = project;
    return this.db.transaction(async (tx) => {
      const before = await tx.tasks.lock(task_id, version);
      const { assignee_id } = change;
      const given = assignee_id != null && assignee_id !== before.assignee_id ? assignee_id : null;
      if (given !== null) await checkWorkers(tx, this.people, project_id, [given], 'assignee_id');
      const row = await tx.tasks.change(task_id, change);
      if (given !== null) {
        await tx.notifications.tell({ project_id, actor_id: user.id }, [
          { user_id: given, kind: 'task_assigned', task_id, excerpt: row.name, task_type: row.task_type },
        ]);
      }
      await tx.audit.record({
        project_id,
        actor_id: user.id,
        action: 'task.update',
        subject_type: 'task',
        subject_id: task_id,
        details: { ...change, before: { name: before.name, assignee_id: before.assignee_id, due_at: before.due_at } },
      });
      return this.changed(tx, row);
    });
  }

  changeImages(
    auth: ProjectAuth,
    task_id: number,
    { version, ...change }: ImagesChange,
  ): Promise<{ task: AnnotationTask; added: number; removed: number }> {
    const { project, user } = auth;
    return changeOnce(this.db, auth, 200, async (tx) => {
      const before = await tx.tasks.lock(task_id, version);
      const { added, removed, unknown, elsewhere } = await tx.tasks.changeImages(before, change);
      if (unknown.length > 0) throw imagesRefused('unknown_image', 'are no images of this project', change, unknown);
      if (elsewhere.length > 0 && !change.move)
        throw imagesRefused('in_other_task', 'are in another task; send "move": true to move them', change, elsewhere);
      const state = added > 0 ? taskStateWithMoreImages(before.state) : before.state;
      const row = await tx.tasks.change(task_id, { state: state === before.state ? undefined : state });
      await tx.audit.record({
        project_id: project.project_id,
        actor_id: user.id,
        action: 'task.images',
        subject_type: 'task',
        subject_id: task_id,
        details: { name: before.name, added, removed, moved: elsewhere.length },
      });
      const task = await this.changed(tx, row);
      // Those they were moved from changed as well.
      if (elsewhere.length > 0) await this.events.publish(tx.sql, project.project_id, { type: 'task', task_id: null });
      return { task, added, removed };
    });
  }

  /** At once; where it has many images, they are free some seconds later. */
  async delete({ project, user }: ProjectAuth, task_id: number, version: number): Promise<void> {
    const { project_id } = project;
    await this.db.transaction(async (tx) => {
      const { name, assignee_id } = await tx.tasks.lock(task_id, version);
      if (await tx.tasks.delete(task_id, MAX_IMAGES_SPLIT_AT_ONCE)) await enqueue(tx.sql, FREE_IMAGES, {});
      await tx.audit.record({
        project_id,
        actor_id: user.id,
        action: 'task.delete',
        subject_type: 'task',
        subject_id: task_id,
        details: { name, assignee_id },
      });
      await this.events.publish(tx.sql, project_id, { type: 'task', task_id });
    });
  }

  move(auth: ProjectAuth, task_id: number, move: TaskMove, { version, reason }: Move): Promise<AnnotationTask> {
    const { project, user } = auth;
    return changeOnce(this.db, auth, 200, async (tx) => {
      const before = await tx.tasks.lock(task_id, version);
      const decision = decideTaskMove(headOf(before), move, { user_id: user.id, role: project.role }, reason);
      if (!decision.ok) throw refusal(decision.problem, before);
      const { state, assignee_id } = decision;
      const row = await tx.tasks.change(task_id, { state, assignee_id, note: reason });
      await this.tell(tx, auth, before, move, reason ?? '');
      return this.changed(tx, row);
    });
  }

  private async tell(
    tx: LabelerTransaction,
    { user }: ProjectAuth,
    task: TaskRow,
    move: TaskMove,
    reason: string,
  ): Promise<void> {
    const kind = TOLD[move];
    if (!kind) return;
    const about = { project_id: task.project_id, actor_id: user.id };
    const excerpt = reason || task.name;
    if (move === 'send_back') {
      const { assignee_id, id, task_type } = task;
      if (assignee_id) {
        await tx.notifications.tell(about, [{ user_id: assignee_id, kind, task_id: id, task_type, excerpt }]);
      }
      return;
    }
    const action = move === 'submit' ? 'annotation.review' : 'task.manage';
    await tx.notifications.tellOfTask({ ...about, task_id: task.id, kind, excerpt }, action);
  }

  private async changed(tx: LabelerTransaction, row: TaskRow): Promise<AnnotationTask> {
    await this.events.publish(tx.sql, row.project_id, { type: 'task', task_id: row.id });
    const [task] = await answerTasks(this.people, [row]);
    return task as AnnotationTask;
  }
}

/** Names the first images; `details[0].count` says how many there are. */
function imagesRefused(
  code: 'unknown_image' | 'in_other_task',
  message: string,
  { add }: Pick<ImagesChange, 'add'>,
  image_ids: readonly number[],
): DomainError {
  const path = add.includes(image_ids[0] ?? 0) ? 'add' : 'remove';
  const some = image_ids.slice(0, MOST_NAMED);
  const text = `${image_ids.length} of the images ${message}: ${some.join(', ')}`;
  return new DomainError('validation_failed', text, [
    { path, code, message: text, count: image_ids.length, image_ids: some },
  ]);
}

function refusal(problem: TaskMoveProblem, { version, state }: TaskRow): DomainError {
  const message = PROBLEMS[problem];
  if (problem === 'not_assignee') return new DomainError('forbidden', message);
  const path = problem === 'reason_missing' ? 'reason' : 'task_id';
  return new DomainError('validation_failed', message, [{ path, code: problem, message, state, version }]);
}
