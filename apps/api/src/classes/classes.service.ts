import type { ClassRow, LabelerDb, NewClass } from '@labelyard/db';
import { DomainError, normaliseClassName, type TaskType } from '@labelyard/domain';
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
      await this.events.publish(tx.sql, project_id, { type: 'class' });
      return tx.classes.create(project_id, { ...values, name: normaliseClassName(values.name) });
    });
  }

  async update(
    { project }: ProjectAuth,
    class_id: number,
    patch: Partial<Omit<NewClass, 'task_type'>>,
  ): Promise<ClassRow> {
    return this.db.transaction(async (tx) => {
      const { name, ...rest } = patch;
      const changed = await tx.classes.update(project.project_id, class_id, {
        ...rest,
        ...(name !== undefined && { name: normaliseClassName(name) }),
      });
      // Looked at after the change: half of a skeleton may be patched, the whole must fit.
      checkSkeleton(changed);
      await this.events.publish(tx.sql, project.project_id, { type: 'class' });
      return changed;
    });
  }

  async delete({ project }: ProjectAuth, class_id: number): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.classes.delete(project.project_id, class_id);
      await this.events.publish(tx.sql, project.project_id, { type: 'class' });
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
      await this.events.publish(tx.sql, auth.project.project_id, { type: 'class' });
      return { items, next_cursor: null };
    });
  }
}

/** Every line of a skeleton joins two different keypoints of its class. */
function checkSkeleton({ task_type, keypoints = [], skeleton = [] }: Omit<NewClass, 'name'>): void {
  if (task_type !== 'keypoint' && keypoints.length > 0)
    throw invalid('keypoints', `belong to classes of the task type keypoint, not ${task_type}`);
  const broken = skeleton.findIndex(([a, b]) => a === b || a >= keypoints.length || b >= keypoints.length);
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
