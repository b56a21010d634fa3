import type { TaskType } from '@labelyard/domain';
import type { Sql } from '../../connection/sql.js';

/**
 * Images per step. Each is a transaction of its own, and whoever saves on one of them waits until it ends: some hundredths of a second.
 * A step waits for nobody: what somebody else holds, it leaves to a later one.
 */
export const IMAGES_PER_STEP = 2_000;

/** An image, and the id it is put under. */
export type Place = readonly [image_id: number, task_id: number];

export interface PlacedImages {
  readonly placed: number;
  /** Images that somebody else held. */
  readonly held: readonly number[];
}

/** Puts images that are in no task under the ids of tasks; those that went into another one, or are gone, are left out. */
export async function placeImages(
  sql: Sql,
  { project_id, task_type }: { readonly project_id: number; readonly task_type: TaskType },
  places: readonly Place[],
): Promise<PlacedImages> {
  const row = await sql.one<PlacedImages>(
    `with x as materialized (
        select * from unnest($1::bigint[], $2::bigint[]) as w (image_id, task_id)
      ), ours as materialized (
        select s.image_id, x.task_id, s.task_id is null as free from x
        join image_statuses s on s.image_id = x.image_id and s.task_type = $3 and s.project_id = $4
        order by s.image_id for no key update of s skip locked
      ), placed as (
        update image_statuses s set task_id = ours.task_id from ours
        where ours.free and s.image_id = ours.image_id and s.task_type = $3 returning 1
      )
      select (select count(*) from placed) as placed, array(
        select x.image_id from x join image_statuses s on s.image_id = x.image_id and s.task_type = $3 and s.project_id = $4
        where x.image_id not in (select image_id from ours)
      ) as held`,
    [places.map(([image_id]) => image_id), places.map(([, task_id]) => task_id), task_type, project_id],
  );
  return row ?? { placed: 0, held: [] };
}

/** Takes some images out of tasks that are gone. `left`: there are others yet. */
export async function freeImagesOf(
  sql: Sql,
  task_ids: readonly number[],
): Promise<{ readonly freed: number; readonly left: boolean }> {
  const row = await sql.one<{ freed: number; left: boolean }>(
    `with ours as materialized (
        select s.image_id, s.task_type from image_statuses s
        where s.task_id = any ($1::bigint[]) limit ${IMAGES_PER_STEP} for no key update skip locked
      ), freed as (
        update image_statuses s set task_id = null from ours
        where s.image_id = ours.image_id and s.task_type = ours.task_type returning s.image_id, s.task_type
      )
      select (select count(*) from freed) as freed, exists (
        select from image_statuses s where s.task_id = any ($1)
          and (s.image_id, s.task_type) not in (select image_id, task_type from freed)
      ) as left`,
    [task_ids],
  );
  return row ?? { freed: 0, left: false };
}
