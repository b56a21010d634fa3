import { SqlMigration } from '../sql-migration.js';

// What lists and dashboards need is kept up to date in the transaction that changes it, whoever makes the change, so that no request
// counts rows. Once per statement, from its changed rows. Everybody locks in one order, so writers do not deadlock: dataset, images,
// image_statuses, counters of task types, overall counters; and rows of one table in the order of their keys.
//
// A plan made for a statement that changed one row is used again for one that changes a million, so it must be good for both: changed
// rows are grouped and never joined with each other, and tables are only entered by an index, row by row.

export type Operation = 'insert' | 'update' | 'delete';

export const OPERATIONS: readonly Operation[] = ['insert', 'update', 'delete'];

/** Rows that went away (n = -1) and came (n = 1). */
export function delta(operation: Operation, columns: string): string {
  const went = `select -1 as n, ${columns} from old_rows`;
  const came = `select 1 as n, ${columns} from new_rows`;
  return { insert: came, update: `${went} union all ${came}`, delete: went }[operation];
}

const TRANSITIONS: Readonly<Record<Operation, string>> = {
  insert: 'new table as new_rows',
  update: 'old table as old_rows new table as new_rows',
  delete: 'old table as old_rows',
};

/** No other join than "for each of these, look it up". */
const LOOK_UPS_ONLY = 'set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off';

/** `name() …` of a trigger function, to stand after `create function`. */
export function counterFunction(name: string, operation: Operation, body: (operation: Operation) => string): string {
  return `${name}_${operation}() returns trigger language plpgsql ${LOOK_UPS_ONLY} as $body$
    declare
      change record;
      touched bigint[];
      found_rows bigint;
    begin
      ${body(operation)}
      return null;
    end $body$`;
}

/** A trigger function per operation and its statement trigger. */
function onChange(table: string, name: string, body: (operation: Operation) => string): string[] {
  return OPERATIONS.flatMap((operation) => [
    `create function ${counterFunction(name, operation, body)}`,
    `create trigger ${name}_${operation} after ${operation} on ${table} referencing ${TRANSITIONS[operation]}
      for each statement execute function ${name}_${operation}()`,
  ]);
}

/**
 * annotations → image_statuses. Whatever leaves a draft behind, and every deletion, takes back "this image is done". "is not distinct
 * from", which no index serves, leaves the primary key as the only way in.
 */
export const countAnnotations = (operation: Operation) => `
      update image_statuses s set
        annotation_count = s.annotation_count + c.annotations,
        draft_count = s.draft_count + c.drafts,
        confirmed_count = s.confirmed_count + c.confirmed,
        verified_count = s.verified_count + c.verified,
        confirmed_at = case when c.edited then null else s.confirmed_at end,
        confirmed_by = case when c.edited then null else s.confirmed_by end
      from (
        select image_id, task_type, project_id,
          sum(n)::integer as annotations,
          coalesce(sum(n) filter (where state = 'draft'), 0)::integer as drafts,
          coalesce(sum(n) filter (where state = 'confirmed'), 0)::integer as confirmed,
          coalesce(sum(n) filter (where state = 'verified'), 0)::integer as verified,
          ${operation === 'delete' ? 'true' : `bool_or(n > 0 and state = 'draft')`} as edited
        from (${delta(operation, 'image_id, task_type, project_id, state')}) as changed
        group by image_id, task_type, project_id order by image_id, task_type
      ) c
      where s.image_id = c.image_id and s.task_type = c.task_type and s.project_id is not distinct from c.project_id
        and (c.annotations <> 0 or c.drafts <> 0 or c.confirmed <> 0 or c.verified <> 0
          or (c.edited and s.confirmed_at is not null));
      ${
        operation === 'insert'
          ? `get diagnostics found_rows = row_count;
      if found_rows <> (select count(*) from (select distinct image_id, task_type, project_id from new_rows) as wanted) then
        raise exception 'the image is not in the project, or the project does not label for this task type'
          using errcode = 'check_violation', constraint = 'ck_annotations_project', table = 'annotations';
      end if;`
          : ''
      }`;

/** One of `project_status_counts`. */
export const MOVE_COUNT = `update project_status_counts c set image_count = c.image_count + change.n
          where c.project_id = change.project_id and c.task_type = change.task_type and c.status = change.status;`;

/** `project_status_counts` moved by the net change per project, task type and status. */
const moveCounts = (changed: string) => `
      for change in
        select project_id, task_type, status, sum(n) as n from (${changed}) as changed
        group by project_id, task_type, status having sum(n) <> 0 order by project_id, task_type, status
      loop
        ${MOVE_COUNT}
      end loop;`;

/** image_statuses → counters, and the image's overall status (`overallStatus` in packages/domain; a test compares them). */
export const countStatuses = (operation: Operation) => `
      select array_agg(distinct image_id) into touched from (
        select image_id from (${delta(operation, 'image_id, task_type, status')}) as changed
        group by image_id, task_type, status having sum(n) <> 0
      ) as moved;
      if touched is null then return null; end if;
      perform from image_metadata i where i.id = any (touched) order by i.id for no key update;
      ${moveCounts(delta(operation, 'project_id, task_type, status'))}
      update image_metadata i set status = o.status
      from (
        select s.image_id, case
            when bool_or(s.status = 'rejected') then 'rejected'
            when bool_and(s.status = 'not_started') then 'not_started'
            when bool_and(s.status = 'reviewed') then 'reviewed'
            when bool_and(s.status in ('completed', 'reviewed')) then 'completed'
            else 'in_progress'
          end as status
        from image_statuses s where s.image_id = any (touched) group by s.image_id
      ) o
      where i.id = o.image_id and i.status <> o.status;`;

/** image_metadata → the dataset's size, the overall counts, and one status row per task type of the project. */
export const countImages = (operation: Operation) => `
      ${
        operation === 'insert'
          ? `perform from annotation_projects p where p.dataset_id in (select distinct dataset_id from new_rows)
        order by p.id for share;
      insert into image_statuses (image_id, task_type, project_id)
        select i.id, t.task_type, p.id from new_rows i
        join annotation_projects p on p.dataset_id = i.dataset_id
        cross join unnest(p.task_types) as t (task_type);`
          : ''
      }
      for change in
        select dataset_id, sum(n)::bigint as images, sum(n * size_bytes)::bigint as bytes
        from (${delta(operation, 'dataset_id, size_bytes')}) as changed
        group by dataset_id having sum(n) <> 0 or sum(n * size_bytes) <> 0 order by dataset_id
      loop
        update datasets d set image_count = d.image_count + change.images, size_bytes = d.size_bytes + change.bytes
          where d.id = change.dataset_id;
      end loop;
      ${moveCounts(`
        select sum(x.n) as n, p.id as project_id, 'overall' as task_type, x.status
        from (
          select dataset_id, status, sum(n) as n from (${delta(operation, 'dataset_id, status')}) as grouped
          group by dataset_id, status having sum(n) <> 0
        ) x join annotation_projects p on p.dataset_id = x.dataset_id group by p.id, x.status`)}`;

/** In the order of their words, so that counters are made in the order they are locked in. */
const STATUSES = `'completed', 'in_progress', 'not_started', 'rejected', 'reviewed'`;

/** A project's task types → its counters and a status row per image. */
const PREPARE_TASK_TYPES = `
    create function prepare_task_types() returns trigger language plpgsql ${LOOK_UPS_ONLY} as $body$
    declare
      before text[] := case when tg_op = 'UPDATE' then old.task_types else '{}' end;
    begin
      if exists (
        select from image_statuses
        where project_id = new.id and task_type <> all (new.task_types) and annotation_count > 0
      ) then
        raise exception 'a task type that has annotations cannot be taken away'
          using errcode = 'check_violation', constraint = 'ck_annotation_projects_task_type_in_use',
            table = 'annotation_projects';
      end if;
      insert into project_status_counts (project_id, task_type, status)
        select new.id, t, s from unnest(new.task_types || 'overall'::text) t, unnest(array[${STATUSES}]) s
        order by t, s
        on conflict do nothing;
      delete from image_statuses where project_id = new.id and task_type <> all (new.task_types);
      delete from project_status_counts
        where project_id = new.id and task_type <> all (new.task_types || 'overall'::text);
      insert into image_statuses (image_id, task_type, project_id)
        select i.id, t, new.id from image_metadata i, unnest(new.task_types) t
        where i.dataset_id = new.dataset_id and t <> all (before)
        order by i.id, t;
      return null;
    end $body$`;

const TRIGGERS = [
  ['annotations', 'count_annotations', countAnnotations],
  ['image_statuses', 'count_statuses', countStatuses],
  ['image_metadata', 'count_images', countImages],
] as const;

/** Keeps image statuses, progress counters and dataset sizes true. */
export class StatusCounters extends SqlMigration {
  readonly name = 'StatusCounters1763800000005';

  protected readonly forwards = [
    ...TRIGGERS.flatMap(([table, name, body]) => onChange(table, name, body)),
    PREPARE_TASK_TYPES,
    `create trigger prepare_task_types after insert or update of task_types on annotation_projects
      for each row execute function prepare_task_types()`,
  ];

  protected readonly backwards = [
    `drop trigger prepare_task_types on annotation_projects`,
    `drop function prepare_task_types`,
    ...TRIGGERS.flatMap(([table, name]) =>
      OPERATIONS.flatMap((operation) => [
        `drop trigger ${name}_${operation} on ${table}`,
        `drop function ${name}_${operation}`,
      ]),
    ),
  ];
}
