// A page of images without URLs: the query by hand, rows as pg gives them.
import { pool, serve } from './bare-server.mjs';

const { DATABASE_URL = '', PAGE = '{}' } = process.env;
const { project_id, dataset_id, limit, task_type, status, class_id, q } = JSON.parse(PAGE);

/** @type {unknown[]} */
const values = [dataset_id, limit + 1];
const parameter = (/** @type {unknown} */ value) => `$${values.push(value)}`;
const conditions = ['i.dataset_id = $1'];
if (status && !task_type) conditions.push(`i.status = ${parameter(status)}`);
if (status && task_type)
  conditions.push(`i.id in (select image_id from image_statuses where project_id = ${parameter(project_id)}
    and task_type = ${parameter(task_type)} and status = ${parameter(status)})`);
if (q) conditions.push(`i.path collate "default" ilike ${parameter(`%${q}%`)}`);
if (class_id)
  conditions.push(`exists (select from annotations a where a.class_id = ${parameter(class_id)} and a.image_id = i.id)`);

const text = `select i.id, i.dataset_id, i.path, i.width, i.height, i.size_bytes, i.sha256, i.content_type, i.status,
    i.thumbnail_state, i.revision, i.uploaded_by, i.uploaded_at, s.statuses, s.annotation_count
  from (select * from image_metadata i where ${conditions.join(' and ')} order by i.id limit $2) i
  cross join lateral (
    select json_object_agg(s.task_type, s.status) as statuses, sum(s.annotation_count)::integer as annotation_count
    from image_statuses s where s.image_id = i.id
  ) s
  order by i.id`;

const database = pool(DATABASE_URL);
serve(async () => {
  const { rows } = await database.query({ name: 'page', text, values });
  return { items: rows.slice(0, limit), next_cursor: rows.length > limit ? rows[limit - 1].id : null };
});
