import { CLASS_COLORS, DomainError, type TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';

export interface ClassRow {
  readonly id: number;
  readonly project_id: number;
  readonly task_type: TaskType;
  readonly name: string;
  readonly color: string;
  /** From 0, without gaps, per task type. */
  readonly position: number;
  readonly attributes: Record<string, unknown>;
  readonly keypoints: string[];
  readonly skeleton: [number, number][];
  readonly created_at: string;
  readonly updated_at: string;
}

export interface NewClass {
  readonly task_type: TaskType;
  /** Normalised by `normaliseClassName`. */
  readonly name: string;
  /** The next of the palette when absent. */
  readonly color?: string | undefined;
  readonly attributes?: Record<string, unknown> | undefined;
  readonly keypoints?: readonly string[] | undefined;
  readonly skeleton?: readonly (readonly [number, number])[] | undefined;
}

const COLUMNS = `id, project_id, task_type, name, color, position, attributes, keypoints, skeleton, created_at, updated_at`;

/** Counting stops here when a class in use is to be deleted. */
const MOST_COUNTED = 1_000;

/** The classes of projects, per task type and in an order people choose. */
export class ClassRepository {
  constructor(private readonly connection: Connection) {}

  /** By task type and position. */
  list(project_id: number, task_type?: TaskType): Promise<ClassRow[]> {
    return this.connection.hot(
      `select ${COLUMNS} from classes where project_id = $1 and ($2::text is null or task_type = $2)
        order by task_type, position, id`,
      [project_id, task_type ?? null],
    );
  }

  get(project_id: number, class_id: number): Promise<ClassRow | null> {
    return this.connection.one(`select ${COLUMNS} from classes where project_id = $1 and id = $2`, [
      project_id,
      class_id,
    ]);
  }

  /** At the end of its task type. Throws duplicate (the name in any case) or validation_failed (task type not of the project). */
  create(project_id: number, values: NewClass): Promise<ClassRow> {
    return this.connection.atomic(async (transaction) => {
      const task_types = await lockClasses(transaction, project_id);
      if (!task_types.includes(values.task_type)) {
        throw new DomainError('validation_failed', 'The task type is not one of the project’s', [
          { path: 'task_type', code: 'task_type_not_of_project', message: 'is not one of the project’s' },
        ]);
      }
      const row = await transaction.one<ClassRow>(
        `insert into classes (project_id, task_type, name, color, position, attributes, keypoints, skeleton)
          select $1, $2, $3, coalesce(lower($4), ($5::text[])[1 + n % $6]), n, $7, $8, $9
          from (select count(*)::integer as n from classes where project_id = $1 and task_type = $2) c
          returning ${COLUMNS}`,
        [
          project_id,
          values.task_type,
          values.name,
          values.color ?? null,
          CLASS_COLORS,
          CLASS_COLORS.length,
          JSON.stringify(values.attributes ?? {}),
          JSON.stringify(values.keypoints ?? []),
          JSON.stringify(values.skeleton ?? []),
        ],
      );
      return row as ClassRow;
    });
  }

  /** Throws not_found or duplicate. */
  async update(project_id: number, class_id: number, patch: Partial<Omit<NewClass, 'task_type'>>): Promise<ClassRow> {
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    const row = await this.connection.one<ClassRow>(
      `update classes set name = coalesce($3, name), color = coalesce(lower($4), color),
          attributes = coalesce($5, attributes), keypoints = coalesce($6, keypoints), skeleton = coalesce($7, skeleton),
          updated_at = now()
        where project_id = $1 and id = $2 returning ${COLUMNS}`,
      [
        project_id,
        class_id,
        patch.name ?? null,
        patch.color ?? null,
        json(patch.attributes),
        json(patch.keypoints),
        json(patch.skeleton),
      ],
    );
    if (!row) throw missing(class_id);
    return row;
  }

  /** Closes the gap it leaves. Throws in_use (details.annotations, at most 1,000) or not_found. */
  async delete(project_id: number, class_id: number): Promise<void> {
    await this.connection.atomic(async (transaction) => {
      await lockClasses(transaction, project_id);
      const used = await transaction.one<{ annotations: number }>(
        `select count(*) as annotations
          from (select from annotations where class_id = $1 limit ${MOST_COUNTED}) labeled`,
        [class_id],
      );
      if (used && used.annotations > 0) throw inUse(class_id, used.annotations);
      const removed = await transaction
        .one<{ task_type: string; position: number }>(
          `delete from classes where project_id = $1 and id = $2 returning task_type, position`,
          [project_id, class_id],
        )
        .catch((error: unknown) => {
          // Somebody used the class between the two statements.
          throw isConstraint(error, 'fk_annotations_class_id') ? inUse(class_id, 1) : error;
        });
      if (!removed) throw missing(class_id);
      await transaction.run(
        `update classes set position = position - 1 where project_id = $1 and task_type = $2 and position > $3`,
        [project_id, removed.task_type, removed.position],
      );
    });
  }

  /** `class_ids` must be exactly the task type's classes; throws validation_failed otherwise. */
  reorder(project_id: number, task_type: TaskType, class_ids: readonly number[]): Promise<ClassRow[]> {
    return this.connection.atomic(async (transaction) => {
      await lockClasses(transaction, project_id);
      const classes = new ClassRepository(transaction);
      const wanted = new Set(class_ids);
      const existing = await classes.list(project_id, task_type);
      if (
        wanted.size !== class_ids.length ||
        wanted.size !== existing.length ||
        existing.some(({ id }) => !wanted.has(id))
      ) {
        throw new DomainError('validation_failed', 'The list must hold each class of the task type once', [
          { path: 'class_ids', code: 'not_all_classes', message: 'must hold each class of the task type once' },
        ]);
      }
      await transaction.run(
        `update classes c set position = o.n - 1, updated_at = now()
          from unnest($1::bigint[]) with ordinality o (id, n) where c.id = o.id and c.position <> o.n - 1`,
        [class_ids],
      );
      return classes.list(project_id, task_type);
    });
  }
}

/** Changes to the set of classes of one project happen one after another. Answers its task types; throws not_found. */
async function lockClasses(transaction: Connection, project_id: number): Promise<TaskType[]> {
  const row = await transaction.one<{ task_types: TaskType[] }>(
    `select task_types from annotation_projects where id = $1 for no key update`,
    [project_id],
  );
  if (!row) throw new DomainError('not_found', 'The project does not exist any more', { project_id });
  return row.task_types;
}

function isConstraint(error: unknown, constraint: string): boolean {
  return (
    error instanceof DomainError && (error.details as { constraint?: string } | undefined)?.constraint === constraint
  );
}

function missing(class_id: number): DomainError {
  return new DomainError('not_found', 'The class does not exist any more', { class_id });
}

function inUse(class_id: number, annotations: number): DomainError {
  return new DomainError('in_use', 'The class is used by annotations; change or delete those first', {
    class_id,
    annotations,
  });
}
