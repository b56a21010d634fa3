import type { HistoryAction } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { annotationJson } from '../annotation/annotation-json.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';

/** Changes of one person to one image that were committed together. */
export interface ImageMoment {
  readonly at: string;
  readonly changed_by: string;
  readonly counts: Partial<Record<HistoryAction, number>>;
}

const MOMENTS = 'moments';

/**
 * An image's annotations right after `at`, as JSON text of an array by id. An annotation was then what it was before its first change
 * after that time; what was not changed since is as it is. `version` decides what is first: clocks of two transactions may overlap.
 */
export async function imageAsOf(
  connection: Connection,
  { project_id, image_id, at }: { readonly project_id: number; readonly image_id: number; readonly at: string },
): Promise<string> {
  const [row] = await connection.hot<{ json: string }>(AS_OF, [image_id, project_id, at]);
  return row?.json ?? '[]';
}

const AS_OF = `
with later as materialized (
  select distinct on (h.annotation_id) h.annotation_id, h.previous::text as json from annotation_history h
  where h.image_id = $1 and h.project_id = $2 and h.changed_at > $3 order by h.annotation_id, h.version
)
select coalesce('[' || string_agg(json, ',' order by annotation_id) || ']', '[]') as json from (
  select annotation_id, json from later where json is not null
  union all
  select a.id, ${annotationJson('a')} from annotations a
  where a.image_id = $1 and a.project_id = $2 and a.created_at <= $3 and a.id not in (select annotation_id from later)
) state`;

/** When an image was changed, by whom and how, newest first: what a slider through its time stops at. */
export async function imageMoments(
  connection: Connection,
  { project_id, image_id }: { readonly project_id: number; readonly image_id: number },
  { limit, cursor }: PageRequest,
): Promise<Page<ImageMoment>> {
  const before = decodeCursor<[string, string]>(MOMENTS, ['string', 'string'], cursor);
  const rows = await connection.rows<ImageMoment>(
    `select changed_at as at, changed_by, json_object_agg(action, n) as counts from (
        select changed_at, changed_by, action, count(*) as n from annotation_history
        where image_id = $1 and project_id = $2
          and ($3::timestamptz is null or (changed_at, changed_by) < ($3, $4))
        group by changed_at, changed_by, action
      ) changes
      group by changed_at, changed_by order by changed_at desc, changed_by desc limit $5`,
    [image_id, project_id, before?.[0] ?? null, before?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (last) => encodeCursor(MOMENTS, [last.at, last.changed_by]));
}
