import type { Connection } from '../../connection/sql.js';
import { ImageListSql, type ProjectHead } from '../image/image-list-sql.js';
import type { ImageChoice, ImageDeletionImpact } from './deleted-image-row.js';
import { heldByOthers } from './delete-images.js';

/** Held images an answer names. */
const MOST_HELD = 20;

/** What deleting `choice` would take along, counted now. */
export async function deletionImpact(
  connection: Connection,
  project: ProjectHead,
  choice: ImageChoice,
  user_id: string,
): Promise<ImageDeletionImpact> {
  const sql = new ImageListSql(project, 'filter' in choice ? choice.filter : {});
  const chosen =
    'filter' in choice
      ? `select id from (${sql.select(null, 'all')}) matching`
      : `select id from image_metadata where dataset_id = ${sql.parameter(project.dataset_id)} and id = any (${sql.parameter(choice.image_ids)})`;
  const project_id = sql.parameter(project.project_id);
  const held = heldByOthers('select id from chosen', sql.parameter(user_id));
  const row = await connection.one<ImageDeletionImpact>(
    `with chosen as materialized (${chosen}), labels as (
        select coalesce(sum(annotation_count), 0)::bigint as annotations,
          count(distinct image_id) filter (where task_id is not null) as in_tasks
        from image_statuses where image_id in (select id from chosen)
      )
      select (select count(*) from chosen) as images, labels.annotations, labels.in_tasks,
        (select count(*) from comments where image_id in (select id from chosen) and deleted_at is null) as comments,
        (select coalesce(json_agg(v.number order by v.number), '[]') from annotation_versions v
          where v.project_id = ${project_id} and v.status = 'published' and exists (
            select from version_images h where h.version_id = v.id and h.image_id in (select id from chosen))) as versions,
        (select coalesce(json_agg(h), '[]') from (${held} limit ${MOST_HELD}) h) as held
      from labels`,
    sql.values,
  );
  if (!row) throw new Error('a count has no row');
  return row;
}
