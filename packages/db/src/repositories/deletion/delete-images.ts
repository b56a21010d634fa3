import { DELETED_IMAGE_DAYS, DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { annotationJson } from '../annotation/annotation-json.js';
import { lockDataset } from '../image/lock-dataset.js';
import type { Deletion, DeletionScope, HeldImage } from './deleted-image-row.js';

/** Images a refusal names. */
const MOST_NAMED = 20;

/** Those of `images` (what `any` takes) that somebody else than `user_id` works on, in the order of their ids; both are SQL. */
export function heldByOthers(images: string, user_id: string): string {
  return `select l.image_id, i.path, l.user_id, l.user_name
    from image_locks l join image_metadata i on i.id = l.image_id
    where l.image_id = any (${images}) and l.user_id <> ${user_id} and l.expires_at > clock_timestamp() order by l.image_id`;
}

const HELD = heldByOthers('$1', '$2');

/** Work that holds images of a project for long, or counts on all that it found: nothing waits for it, and nothing pulls them away. */
const UNDER_WAY = `select 'import' as what, id from imports where project_id = $1 and status in ('applying', 'undoing')
  union all select 'split', id from task_splits where project_id = $1 and status = 'running' limit 1`;

/**
 * Everything as it is at the start of the statement: what its parts delete, and what the counters then say, is not seen by the others.
 * $1 images, $2 project, $3 dataset, $4 deletion, $5 user.
 */
const MOVE = `
with gone as (
  delete from annotations where image_id = any ($1) returning *
), history as (
  insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by, previous)
  select project_id, image_id, id, version + 1, 'delete', $5, (${annotationJson('gone')})::json from gone order by id
), per_image as (
  select image_id, json_agg(gone order by id) as annotations, count(*) as n from gone group by image_id
), named as (
  select g.image_id, json_object_agg(c.id, c.name) as class_names
  from (select distinct image_id, class_id from gone) g join classes c on c.id = g.class_id group by g.image_id
), said as (
  delete from comments where image_id = any ($1) returning *
), threads as (
  select image_id, json_agg(said order by id) as comments, count(*) as n from said group by image_id
), moved as (
  insert into deleted_images (image_id, project_id, dataset_id, deletion_id, deleted_by, expires_at, path, width, height,
    size_bytes, sha256, content_type, thumbnail_state, annotation_count, comment_count, class_names, image, statuses, annotations,
    comments)
  select i.id, $2, $3, $4, $5, now() + interval '${DELETED_IMAGE_DAYS} days', i.path, i.width, i.height, i.size_bytes, i.sha256,
    i.content_type, i.thumbnail_state, coalesce(a.n, 0), coalesce(t.n, 0), coalesce(k.class_names, '{}'), to_json(i),
    (select coalesce(json_agg(s order by s.task_type), '[]') from image_statuses s where s.image_id = i.id),
    coalesce(a.annotations, '[]'), coalesce(t.comments, '[]')
  from image_metadata i left join per_image a on a.image_id = i.id left join named k on k.image_id = i.id
  left join threads t on t.image_id = i.id
  where i.id = any ($1)
)
select coalesce(sum(n), 0)::bigint as annotations from per_image`;

/**
 * Moves images out of the way with all that people made on them. Throws locked when somebody else works on one and that is to be
 * respected, in_use while an import or a split of the project is at work. Ids the dataset does not have (any more) are passed over.
 */
export function deleteImages(
  connection: Connection,
  scope: DeletionScope,
  image_ids: readonly number[],
): Promise<Deletion> {
  const { project_id, dataset_id, user_id, deletion_id, held } = scope;
  return connection.atomic(async (transaction) => {
    await lockDataset(transaction, dataset_id);
    const busy = await transaction.one<{ what: string; id: number }>(UNDER_WAY, [project_id]);
    if (busy) {
      const message = `Images cannot be deleted while ${busy.what} ${busy.id} of the project is at work: try again when it is done`;
      throw new DomainError('in_use', message, { [`${busy.what}_id`]: busy.id });
    }
    // Whoever saves on one of them comes before or after, not in between.
    const found = await transaction.rows<{ id: number; path: string }>(
      `select id, path from image_metadata where dataset_id = $1 and id = any ($2) order by id for update`,
      [dataset_id, image_ids],
    );
    const left = held === 'delete' ? [] : await transaction.rows<HeldImage>(HELD, [found.map(({ id }) => id), user_id]);
    if (held === 'refuse' && left.length > 0) throw refusal(left);
    const kept = new Set(left.map(({ image_id }) => image_id));
    const images = found.filter(({ id }) => !kept.has(id));
    const ids = images.map(({ id }) => id);
    if (ids.length === 0) return { images, annotations: 0, left };
    const row = await transaction.one<{ annotations: number }>(MOVE, [
      ids,
      project_id,
      dataset_id,
      deletion_id,
      user_id,
    ]);
    // Bottom up and in bulk: a cascade would run the counters once per image.
    await transaction.run(`delete from image_statuses where image_id = any ($1)`, [ids]);
    await transaction.run(`delete from image_metadata where id = any ($1)`, [ids]);
    return { images, annotations: row?.annotations ?? 0, left };
  });
}

function refusal(held: readonly HeldImage[]): DomainError {
  const names = [...new Set(held.map(({ user_name }) => user_name))].join(', ');
  const message = `${names} ${held.length === 1 ? 'is working on one of the images' : `hold ${held.length} of the images`}`;
  return new DomainError('locked', message, { count: held.length, held: held.slice(0, MOST_NAMED) });
}
