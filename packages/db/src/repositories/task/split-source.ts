import type { ImageStatus } from '@labelyard/domain';
import type { Sql } from '../../connection/sql.js';
import { escapeLike } from '../paging.js';
import { STATUS_COUNTS } from '../project/status-counts.js';
import type { SplitSize, SplitSource, TakenImage } from './task-row.js';

/** Status rows `s` of a source. Its values are null where nothing is asked: what is then always true is not in the plan. */
const OF_SOURCE = `s.project_id = $1 and s.task_type = $2 and ($3::bigint[] is null or s.image_id = any ($3))
  and ($4::text is null or s.status = $4) and ($5::text is null or exists (
    select from image_metadata f where f.id = s.image_id and f.dataset_id = $6 and f.path like $5))
  and $6::bigint is not null`;

function valuesOf({ project_id, dataset_id, task_type, image_ids, status, folder }: SplitSource): unknown[] {
  const below = folder === undefined ? null : `${escapeLike(folder.replace(/\/+$/u, ''))}/%`;
  return [project_id, task_type, image_ids ?? null, status ?? null, below, dataset_id];
}

/**
 * Images of the source that are in no task of its type, in the order of their paths; at most so many, and then any. Lists of values:
 * an object per image takes twice the time to write and to read.
 */
export async function freeImages(sql: Sql, source: SplitSource, at_most: number | null): Promise<TakenImage[]> {
  const row = await sql.one<{ ids: number[]; paths: string[]; statuses: ImageStatus[] }>(
    `with free as materialized (
        select s.image_id, s.status from image_statuses s where ${OF_SOURCE} and s.task_id is null limit $7
      )
      select coalesce(json_agg(id), '[]') as ids, coalesce(json_agg(path), '[]') as paths,
        coalesce(json_agg(status), '[]') as statuses
      from (
        select i.id, i.path, free.status from free join image_metadata i on i.id = free.image_id order by i.path
      ) found`,
    [...valuesOf(source), at_most],
  );
  if (!row) return [];
  const { ids, paths, statuses } = row;
  return ids.map((id, place) => ({
    id,
    place,
    path: paths[place] as string,
    status: statuses[place] as ImageStatus,
  }));
}

/** Without a look at the images' rows, unless they are named or of a folder: entries of an index, and the project's counters. */
export async function splitSize(sql: Sql, source: SplitSource): Promise<SplitSize> {
  const named = source.image_ids !== undefined || source.folder !== undefined;
  const whole = named
    ? `select count(*) from image_statuses s where ${OF_SOURCE}`
    : `select coalesce(sum(c.image_count), 0)::bigint from ${STATUS_COUNTS} c
        where c.project_id = $1 and c.task_type = $2 and ($4::text is null or c.status = $4)`;
  const row = await sql.one<SplitSize>(
    `select free, whole - free as taken from (
        select (select count(*) from image_statuses s where ${OF_SOURCE} and s.task_id is null) as free, (${whole}) as whole
      ) sizes`,
    valuesOf(source),
  );
  return row ?? { free: 0, taken: 0 };
}

/** How many free images lie in which folder, by the first `depth` levels as `folderOf` cuts them; at most so many folders, and then any. */
export function freeFolders(
  sql: Sql,
  source: SplitSource,
  { depth, at_most }: { readonly depth: number; readonly at_most: number },
): Promise<{ folder: string; images: number }[]> {
  return sql.rows(
    `select array_to_string(steps[1 : least($7::integer, cardinality(steps) - 1)], '/') as folder, count(*) as images
      from image_statuses s join image_metadata i on i.id = s.image_id
      cross join lateral (select string_to_array(i.path, '/') as steps) cut
      where ${OF_SOURCE} and s.task_id is null group by 1 limit $8`,
    [...valuesOf(source), depth, at_most],
  );
}
