import { TASK_STATES, taskStateAfterRejection } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { lockDataset } from '../image/lock-dataset.js';
import { freePath, siblingRange } from '../image/numbered-path.js';
import type { ImageRestoration, LostLabels, RestoredImageRow, ReturningPicture } from './deleted-image-row.js';

export interface RestoreImagesScope {
  readonly project_id: number;
  readonly dataset_id: number;
  /** By their ids, or what was deleted in one go; at most `limit` of them. */
  readonly wanted: { readonly image_ids: readonly number[] } | { readonly deletion_id: string };
  readonly limit: number;
}

/** Brings pictures to their places before anybody can see the images. May be called again after a deadlock. */
export type PlacePictures = (pictures: readonly ReturningPicture[]) => Promise<void>;

interface Wanted {
  readonly image_id: number;
  readonly path: string;
  readonly sha256: string;
  /** Its picture lies under a key of its own. */
  readonly kept: boolean;
}

/** What is still to be had; `kept` ones last, so that a path goes to the picture that lies there. */
const WANTED = `select d.image_id, d.path, d.sha256, k.image_id is not null as kept
  from deleted_images d left join kept_pictures k on k.image_id = d.image_id and k.sha256 = d.sha256
  where d.project_id = $1 and d.image is not null and d.expires_at > now()
    and (d.image_id = any ($2) or d.deletion_id = $3)
  order by kept, d.image_id limit $4 for update of d`;

/** `images` of the dataset that stand where one of $2 would, or between their borders $3 and $4. */
const NEIGHBOURS = `select path from image_metadata where dataset_id = $1 and path = any ($2)
  union select s.path from unnest($3::text[], $4::text[]) as r (lower, upper) cross join lateral (
    select i.path from image_metadata i
    where i.dataset_id = $1 and i.path >= r.lower collate "C" and i.path < r.upper collate "C") s`;

/** $1 ids, $2 paths, $3 whether the preview has to be made again. Columns of later migrations come along by themselves. */
const IMAGES = `insert into image_metadata
  select r.* from unnest($1::bigint[], $2::text[], $3::boolean[]) as x (image_id, path, moved)
  join deleted_images d on d.image_id = x.image_id
  cross join lateral json_populate_record(json_populate_record(null::image_metadata, d.image), json_build_object(
    'path', x.path, 'status', 'not_started',
    'thumbnail_state', case when x.moved then 'pending' else d.thumbnail_state end,
    'thumbnail_attempts', case when x.moved then 0 else (d.image->>'thumbnail_attempts')::integer end)) r
  order by x.image_id`;

/**
 * $1 images, $2 project. The version is the one it had: nobody could change it meanwhile, so whoever has edits of it at hand can still
 * send them. The deletion leaves the history, for it is undone.
 */
const ANNOTATIONS = `
with back as materialized (
  select b as annotation, b.id, b.version, b.image_id, b.task_type, d.class_names->>(b.class_id::text) as class_name, case
      when b.task_type <> all (p.task_types) then 'task_type_gone'
      when b.class_id is not null and not exists (select from classes c where c.id = b.class_id and c.project_id = $2) then 'class_gone'
    end as lost
  from deleted_images d join annotation_projects p on p.id = d.project_id
  cross join lateral json_populate_recordset(null::annotations, d.annotations) b
  where d.image_id = any ($1)
), undone as (
  delete from annotation_history h using back b
  where b.lost is null and h.annotation_id = b.id and h.version = b.version + 1 and h.action = 'delete'
), made as (
  insert into annotations select (annotation).* from back where lost is null order by image_id, id returning 1
)
select (select count(*) from made) as annotations, (
    select coalesce(json_agg(l), '[]') from (
      select lost as reason, case when lost = 'class_gone' then class_name end as class_name, task_type, count(*) as count
      from back where lost is not null group by 1, 2, 3 order by 1, 2, 3
    ) l
  ) as lost`;

/** What the counters do not follow from. A task that is gone is no longer anybody's. */
const STATUSES = `update image_statuses s set confirmed_at = b.confirmed_at, confirmed_by = b.confirmed_by,
    rejected_at = b.rejected_at, reviewed_at = b.reviewed_at, rework_by = b.rework_by, task_id = b.task_id
  from (
    select r.image_id, r.task_type, r.confirmed_at, r.confirmed_by, r.rejected_at, r.reviewed_at, r.rework_by, t.id as task_id
    from deleted_images d cross join lateral json_populate_recordset(null::image_statuses, d.statuses) r
    left join annotation_tasks t on t.id = r.task_id and t.project_id = d.project_id and t.task_type = r.task_type
    where d.image_id = any ($1) order by r.image_id, r.task_type
  ) b
  where s.image_id = b.image_id and s.task_type = b.task_type`;

const COMMENTS = `insert into comments
  select r.* from deleted_images d cross join lateral json_populate_recordset(null::comments, d.comments) r
  where d.image_id = any ($1) order by r.id`;

/** A task that was handed in, or done, goes on with an image that is not. $1 images, $2 states that do not wait for more work. */
const WAKE_TASKS = `with t as materialized (
    select id from annotation_tasks where state = any ($2) and id in (
      select task_id from image_statuses
      where image_id = any ($1) and task_id is not null and status in ('not_started', 'in_progress', 'rejected'))
    order by id for no key update
  )
  update annotation_tasks a set state = 'in_progress', completed_at = null, version = a.version + 1, updated_at = now()
  from t where a.id = t.id returning a.id`;

/**
 * Brings images back as they were: same ids, same annotations and versions, same confirmations, tasks and comments. Where somebody took the path
 * meanwhile, the image gets a number. `place` is told of the pictures that have to move, when the rows stand but nobody sees them.
 */
export function restoreImages(
  connection: Connection,
  { project_id, dataset_id, wanted, limit }: RestoreImagesScope,
  place: PlacePictures,
): Promise<ImageRestoration> {
  const [ids, deletion_id] = 'image_ids' in wanted ? [wanted.image_ids, null] : [null, wanted.deletion_id];
  return connection.atomic(async (transaction) => {
    await lockDataset(transaction, dataset_id);
    const found = await transaction.rows<Wanted>(WANTED, [project_id, ids, deletion_id, limit]);
    if (found.length === 0) return { images: [], annotations: 0, lost: [], task_ids: [] };
    const images = await withPaths(transaction, dataset_id, found);
    const moving = images.filter(({ kept, path, from_path }) => kept || path !== from_path);
    const moved = new Set(moving);
    const image_ids = images.map(({ id }) => id);
    await transaction.run(IMAGES, [image_ids, images.map(({ path }) => path), images.map((image) => moved.has(image))]);
    const annotations = await transaction.one<{ annotations: number; lost: LostLabels[] }>(ANNOTATIONS, [
      image_ids,
      project_id,
    ]);
    await transaction.run(STATUSES, [image_ids]);
    await transaction.run(COMMENTS, [image_ids]);
    const woken = TASK_STATES.filter((state) => taskStateAfterRejection(state) !== state);
    const tasks = await transaction.rows<{ id: number }>(WAKE_TASKS, [image_ids, woken]);
    await place(
      // One that is not kept lies in its place, or is nowhere: whoever takes a place keeps what is there.
      moving.flatMap(({ id, sha256, path, kept }) => (kept ? [{ image_id: id, sha256, path }] : [])),
    );
    await transaction.run(`delete from deleted_images where image_id = any ($1)`, [image_ids]);
    return {
      images: images.map(({ id, path, from_path }) => ({ id, path, from_path })),
      annotations: annotations?.annotations ?? 0,
      lost: annotations?.lost ?? [],
      task_ids: tasks.map(({ id }) => id),
    };
  });
}

type PlacedImage = RestoredImageRow & Pick<Wanted, 'kept' | 'sha256'>;

/** Each under its own path, or the next number of it that is free. In the order of their ids. */
async function withPaths(
  transaction: Connection,
  dataset_id: number,
  found: readonly Wanted[],
): Promise<PlacedImage[]> {
  const ranges = found.map(({ path }) => siblingRange(path));
  const neighbours = await transaction.rows<{ path: string }>(NEIGHBOURS, [
    dataset_id,
    found.map(({ path }) => path),
    ranges.map(([lower]) => lower),
    ranges.map(([, upper]) => upper),
  ]);
  const taken = new Set(neighbours.map(({ path }) => path));
  // A number must not be what another one of these was called.
  const notFree = new Set([...taken, ...found.map(({ path }) => path)]);
  const placed = found.map(({ image_id, path: from_path, kept, sha256 }) => {
    const path = taken.has(from_path) ? freePath(from_path, notFree) : from_path;
    taken.add(path);
    notFree.add(path);
    return { id: image_id, path, from_path, kept, sha256 };
  });
  return placed.sort((a, b) => a.id - b.id);
}
