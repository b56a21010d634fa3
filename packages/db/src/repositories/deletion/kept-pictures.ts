import type { Connection } from '../../connection/sql.js';
import type { NeededPicture, PurgedPictures } from './deleted-image-row.js';

/** Whether a version that can be exported, or is being made, has the picture of row `d` as it is there. */
export const HELD_BY_VERSION = (d: string) => `exists (
    select from annotation_projects p join annotation_versions v on v.project_id = p.id
    join version_images h on h.version_id = v.id and h.image_id = ${d}.image_id and h.sha256 = ${d}.sha256
    where p.dataset_id = ${d}.dataset_id and v.status in ('queued', 'building', 'published'))`;

const NOT_KEPT = (d: string) =>
  `not exists (select from kept_pictures k where k.image_id = ${d}.image_id and k.sha256 = ${d}.sha256)`;

/**
 * Pictures in the places of $2 that are needed after something else lies there: of deleted images, and of images there are now
 * (as everybody sees them) when a version has them as they are.
 */
const NEEDED_AT = `
  select d.image_id, d.dataset_id, d.path, d.sha256, d.size_bytes, d.content_type from deleted_images d
  where d.dataset_id = $1 and d.path = any ($2) and ${NOT_KEPT('d')} and (d.image is not null or ${HELD_BY_VERSION('d')})
  union all
  select i.* from (
    select id as image_id, dataset_id, path, sha256, size_bytes, content_type from image_metadata
    where dataset_id = $1 and path = any ($2)
  ) i where ${NOT_KEPT('i')} and ${HELD_BY_VERSION('i')}`;

export function neededPictures(
  connection: Connection,
  dataset_id: number,
  paths: readonly string[],
): Promise<NeededPicture[]> {
  return connection.hot(NEEDED_AT, [dataset_id, paths]);
}

/** From now on the picture is looked for under its own key. */
export async function rememberKept(connection: Connection, pictures: readonly NeededPicture[]): Promise<void> {
  if (pictures.length === 0) return;
  await connection.run(
    `insert into kept_pictures (image_id, sha256, dataset_id, size_bytes, content_type)
      select image_id, sha256, dataset_id, size_bytes, content_type
      from json_to_recordset($1::json) as x (image_id bigint, sha256 text, dataset_id bigint, size_bytes bigint, content_type text)
      on conflict do nothing`,
    [JSON.stringify(pictures)],
  );
}

/** Leaves the pictures of image rows that are gone for good to the purge: as deleted images whose time is over. All are SQL. */
export function leavePictures(gone: string, project_id: string, user_id: string): string {
  return `insert into deleted_images (image_id, project_id, dataset_id, deletion_id, deleted_by, deleted_at, expires_at, path, width,
      height, size_bytes, sha256, content_type, thumbnail_state, annotation_count, comment_count)
    select id, ${project_id}, dataset_id, (select gen_random_uuid()), ${user_id}, clock_timestamp(), now(), path, width, height, size_bytes, sha256,
      content_type, thumbnail_state, 0, 0 from ${gone}`;
}

/** Deleted images whose time is over lose their rows; versions may go on holding their pictures. How many there were. */
export function forgetExpired(connection: Connection, limit: number): Promise<number> {
  return connection.run(
    `update deleted_images set image = null, statuses = null, annotations = null, comments = null
      where image_id in (
        select image_id from deleted_images where expires_at <= now() and image is not null
        order by image_id limit $1 for update skip locked)`,
    [limit],
  );
}

/** Datasets with pictures that nobody needs any more. */
export async function datasetsToPurge(connection: Connection): Promise<number[]> {
  const rows = await connection.rows<{ dataset_id: number }>(
    `select distinct d.dataset_id from (${PURGEABLE} union all ${SUPERFLUOUS}) d
      join datasets s on s.id = d.dataset_id and s.deleted_at is null order by d.dataset_id`,
  );
  return rows.map(({ dataset_id }) => dataset_id);
}

const PURGEABLE = `select d.dataset_id, d.image_id from deleted_images d where d.image is null and not ${HELD_BY_VERSION('d')}`;
const SUPERFLUOUS = `select d.dataset_id, d.image_id from kept_pictures d
  where not ${HELD_BY_VERSION('d')}
    and not exists (select from deleted_images o where o.image_id = d.image_id and o.sha256 = d.sha256)`;

/** $1 dataset, $2 how many. A place is a live image's, or another deleted one's, as soon as one of them has the path. */
const PURGE_IMAGES = `
with gone as (
  delete from deleted_images where image_id in (
    select image_id from (${PURGEABLE}) x where x.dataset_id = $1 order by image_id limit $2)
  returning image_id, path, sha256, dataset_id
)
select g.path from gone g
where ${NOT_KEPT('g')}
  and not exists (select from image_metadata i where i.dataset_id = $1 and i.path = g.path)
  and not exists (select from deleted_images o where o.dataset_id = $1 and o.path = g.path and o.image_id <> g.image_id)`;

const PURGE_KEPT = `
delete from kept_pictures k using (
  select image_id, sha256 from kept_pictures d where d.dataset_id = $1 and not ${HELD_BY_VERSION('d')}
    and not exists (select from deleted_images o where o.image_id = d.image_id and o.sha256 = d.sha256)
  order by image_id limit $2
) x where k.image_id = x.image_id and k.sha256 = x.sha256 returning k.image_id, k.sha256`;

/**
 * Takes away the rows of some pictures of a dataset nobody needs, and says where they lie. To be called while the dataset is held, and
 * the pictures deleted before it is let go: nobody can take their places meanwhile.
 */
export async function purgePictures(
  transaction: Connection,
  dataset_id: number,
  limit: number,
): Promise<PurgedPictures & { readonly more: boolean }> {
  const images = await transaction.rows<{ path: string }>(PURGE_IMAGES, [dataset_id, limit]);
  const kept = await transaction.rows<{ image_id: number; sha256: string }>(PURGE_KEPT, [dataset_id, limit]);
  return {
    dataset_id,
    paths: images.map(({ path }) => path),
    kept,
    more: images.length === limit || kept.length === limit,
  };
}
