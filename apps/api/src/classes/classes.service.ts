import type { ClassRow, LabelerDb, LabelerTransaction, NewClass } from '@labelyard/db';
import { DomainError, isBone, normaliseClassName, type TaskType } from '@labelyard/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { InvalidRequest, type FieldProblem } from '../http/request-input.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';

@Injectable()
export class ClassesService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(ProjectEvents) private readonly events: ProjectEvents,
  ) {}

  list({ project }: ProjectAuth, task_type: TaskType | undefined): Promise<ClassRow[]> {
    return this.db.classes.list(project.project_id, task_type);
  }

  async create(auth: ProjectAuth, values: NewClass): Promise<ClassRow> {
    const { project_id, task_types } = auth.project;
    if (!task_types.includes(values.task_type))
      throw invalid('task_type', `is "${values.task_type}", but the project is for ${task_types.join(', ')}`);
    checkSkeleton(values);
    return changeOnce(this.db, auth, 201, async (tx) => {
      const created = await tx.classes.create(project_id, { ...values, name: normaliseClassName(values.name) });
      await record(tx, auth, 'class.create', created.id, { name: created.name, task_type: created.task_type });
      await this.events.publish(tx.sql, project_id, { type: 'class' });
      return created;
    });
  }

  async update(auth: ProjectAuth, class_id: number, patch: Partial<Omit<NewClass, 'task_type'>>): Promise<ClassRow> {
    const { project_id } = auth.project;
    return this.db.transaction(async (tx) => {
      const { name, ...rest } = patch;
      const before = await tx.classes.get(project_id, class_id);
      const changed = await tx.classes.update(project_id, class_id, {
        ...rest,
        ...(name !== undefined && { name: normaliseClassName(name) }),
      });
      // Looked at after the change: half of a skeleton may be patched, the whole must fit.
      checkSkeleton(changed);
      await record(tx, auth, 'class.update', class_id, {
        name: changed.name,
        changed: Object.keys(patch),
        ...(before && before.name !== changed.name && { from: before.name, to: changed.name }),
      });
      await this.events.publish(tx.sql, project_id, { type: 'class' });
      return changed;
    });
  }

  async delete(auth: ProjectAuth, class_id: number): Promise<void> {
    const { project_id } = auth.project;
    await this.db.transaction(async (tx) => {
      const before = await tx.classes.get(project_id, class_id);
      await tx.classes.delete(project_id, class_id);
      await record(tx, auth, 'class.delete', class_id, { name: before?.name, task_type: before?.task_type });
      await this.events.publish(tx.sql, project_id, { type: 'class' });
    });
  }

  async reorder(
    auth: ProjectAuth,
    task_type: TaskType,
    class_ids: readonly number[],
  ): Promise<{ items: ClassRow[]; next_cursor: null }> {
    if (new Set(class_ids).size !== class_ids.length) throw invalid('class_ids', 'lists a class twice');
    return changeOnce(this.db, auth, 200, async (tx) => {
      const items = await tx.classes.reorder(auth.project.project_id, task_type, class_ids);
      await record(tx, auth, 'class.reorder', null, { task_type, count: items.length });
      await this.events.publish(tx.sql, auth.project.project_id, { type: 'class' });
      return { items, next_cursor: null };
    });
  }
}

async function record(
  tx: LabelerTransaction,
  { project, user }: ProjectAuth,
  action: string,
  class_id: number | null,
  details: Record<string, unknown>,
): Promise<void> {
  const subject = class_id === null ? {} : { subject_type: 'class', subject_id: class_id };
  await tx.audit.record({ project_id: project.project_id, actor_id: user.id, action, ...subject, details });
}

/** Every line of a skeleton joins two different keypoints of its class. */
function checkSkeleton({ task_type, keypoints = [], skeleton = [] }: Omit<NewClass, 'name'>): void {
  if (task_type !== 'keypoint' && keypoints.length > 0)
    throw invalid('keypoints', `belong to classes of the task type keypoint, not ${task_type}`);
  const broken = skeleton.findIndex((bone) => !isBone(bone, keypoints.length));
  if (broken >= 0)
    throw invalid(
      `skeleton.${broken}`,
      `does not join two of the class's ${keypoints.length} keypoints (counted from 0)`,
    );
}

function invalid(path: string, message: string): DomainError {
  const problem: FieldProblem = { in: 'body', path, code: 'custom', message };
  return new InvalidRequest([problem]);
}
