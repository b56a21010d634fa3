import { SqlMigration } from '../sql-migration.js';
import {
  countImages,
  counterFunction,
  countStatuses,
  MOVE_COUNT,
  type Operation,
  OPERATIONS,
} from './05-status-counters.js';
import { countReviewed } from './08-tasks.js';

/**
 * Takes whichever part of the counter nobody holds, and makes another where all are held: there come to be as many as there
 * ever were writers at once. Materialized, because a row that was just changed is skipped when it is looked for again. A project that is being deleted has no counters, and gets none.
 */
const MOVE_FREE_COUNT = `with free as materialized (
          select f.slot from project_status_counts f
          where f.project_id = change.project_id and f.task_type = change.task_type and f.status = change.status
          limit 1 for no key update skip locked
        )
        update project_status_counts c set image_count = c.image_count + change.n from free
          where c.project_id = change.project_id and c.task_type = change.task_type and c.status = change.status
            and c.slot = free.slot;
        if not found then
          insert into project_status_counts as c (project_id, task_type, status, slot, image_count)
            select p.id, change.task_type, change.status, pg_backend_pid(), change.n
            from annotation_projects p where p.id = change.project_id
            on conflict (project_id, task_type, status, slot)
              do update set image_count = c.image_count + excluded.image_count;
        end if;`;

/** A save creates, changes and deletes in one statement, and mostly does only one of the three. */
const unlessNothing = (operation: Operation) =>
  `if not exists (select from ${operation === 'delete' ? 'old_rows' : 'new_rows'}) then return null; end if;`;

const COUNTERS = [
  ['count_annotations', countReviewed],
  ['count_statuses', countStatuses],
  ['count_images', countImages],
] as const;

/** Every trigger function anew, each body changed by `change`. */
const replaced = (change: (body: string, operation: Operation) => string) =>
  COUNTERS.flatMap(([name, body]) =>
    OPERATIONS.map((operation) => {
      const changed = counterFunction(name, operation, (one) => change(body(one), one));
      return `create or replace function ${changed}`;
    }),
  );

/**
 * A project's counter of images per status was one row, held from the change of an image until its commit: a hundred people
 * at work in one project waited for each other there, and all of them for an import. It is the sum of several rows now.
 */
export class CounterSlots extends SqlMigration {
  readonly name = 'CounterSlots1763800000021';

  protected readonly forwards = [
    // A part can be below zero: what one writer added, another may have taken away elsewhere.
    `alter table project_status_counts
      drop constraint ck_project_status_counts_image_count,
      drop constraint pk_project_status_counts,
      add column slot integer not null default 0,
      add constraint pk_project_status_counts primary key (project_id, task_type, status, slot)`,
    ...replaced(
      (body, operation) => `${unlessNothing(operation)}
      ${body.replaceAll(MOVE_COUNT, MOVE_FREE_COUNT)}`,
    ),
  ];

  protected readonly backwards = [
    ...replaced((body) => body),
    `update project_status_counts c set image_count = s.image_count
      from (
        select project_id, task_type, status, sum(image_count) as image_count, min(slot) as slot
        from project_status_counts group by project_id, task_type, status
      ) s where (c.project_id, c.task_type, c.status, c.slot) = (s.project_id, s.task_type, s.status, s.slot)`,
    `delete from project_status_counts c using project_status_counts o
      where (c.project_id, c.task_type, c.status) = (o.project_id, o.task_type, o.status) and c.slot > o.slot`,
    `alter table project_status_counts
      drop constraint pk_project_status_counts,
      drop column slot,
      add constraint pk_project_status_counts primary key (project_id, task_type, status),
      add constraint ck_project_status_counts_image_count check (image_count >= 0)`,
  ];
}
