import { SqlMigration } from '../sql-migration.js';

/**
 * A split puts its images into tasks step by step, under ids whose tasks are made in its last one: until then nobody sees any of
 * them. `task_ids` are those ids while images may be under them; `run` tells whoever works on it from one that was given up.
 *
 * Tasks that are gone, whose images are taken out of them step by step as well.
 */
export class SplitsInSteps extends SqlMigration {
  readonly name = 'SplitsInSteps1763800000026';

  protected readonly forwards = [
    `alter table task_splits add column task_ids bigint[], add column run integer not null default 0`,
    `create table dissolved_tasks (
      task_id bigint constraint pk_dissolved_tasks primary key,
      project_id bigint not null
        constraint fk_dissolved_tasks_project_id references annotation_projects (id) on delete cascade,
      task_type text not null
    )`,
    `create index ix_dissolved_tasks_project_id on dissolved_tasks (project_id, task_type)`,
  ];

  protected readonly backwards = [
    `update image_statuses s set task_id = null
      where task_id is not null and not exists (select from annotation_tasks t where t.id = s.task_id)`,
    `drop table dissolved_tasks`,
    `alter table task_splits drop column task_ids, drop column run`,
  ];
}
