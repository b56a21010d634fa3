import type { LabelerTransaction, TaskRow } from '@labelyard/db';
import type { ProjectEvents } from '../events/project-events.js';
import type { People } from '../people/people.js';
import type { Split } from './split-plan.js';
import { workersAmong } from './workers.js';

type MadeTask = Pick<TaskRow, 'id' | 'name' | 'assignee_id' | 'version'>;

export interface Maker {
  readonly project_id: number;
  readonly user_id: string;
}

/** What follows when tasks were made: who got one is told, it is logged, and whoever has the project open hears of it. */
export class TaskMaker {
  constructor(
    private readonly people: People,
    private readonly events: ProjectEvents,
  ) {}

  /** In the transaction that made them. Answers them as they are then. */
  async follow<Task extends MadeTask>(
    tx: LabelerTransaction,
    { project_id, user_id }: Maker,
    { task_type }: Pick<Split, 'task_type'>,
    made: readonly Task[],
    images: number,
  ): Promise<Task[]> {
    const rows = await this.takenFromThoseWhoLeft(tx, project_id, made);
    const about = { project_id, actor_id: user_id };
    await tx.notifications.tell(
      about,
      rows.flatMap(({ id, name, assignee_id }) =>
        assignee_id === null
          ? []
          : { user_id: assignee_id, kind: 'task_assigned', task_id: id, excerpt: name, task_type },
      ),
    );
    await tx.audit.record({
      ...about,
      action: 'task.create',
      subject_type: 'task',
      subject_id: rows[0]?.id ?? 0,
      details: { tasks: rows.length, images },
    });
    const task_id = rows.length === 1 ? (rows[0]?.id ?? null) : null;
    await this.events.publish(tx.sql, project_id, { type: 'task', task_id });
    return rows;
  }

  /**
   * Whoever left since the split was asked for has what a removal leaves: tasks of nobody. Looked at last, because nobody can be
   * removed while it is known that they are still there.
   */
  private async takenFromThoseWhoLeft<Task extends MadeTask>(
    tx: LabelerTransaction,
    project_id: number,
    rows: readonly Task[],
  ): Promise<Task[]> {
    const user_ids = [...new Set(rows.flatMap(({ assignee_id }) => assignee_id ?? []))];
    const able = await workersAmong(tx, this.people, project_id, user_ids);
    for (const user_id of user_ids) if (!able.has(user_id)) await tx.tasks.release(user_id, project_id);
    return rows.map((row) =>
      row.assignee_id === null || able.has(row.assignee_id)
        ? row
        : { ...row, assignee_id: null, version: row.version + 1 },
    );
  }
}
