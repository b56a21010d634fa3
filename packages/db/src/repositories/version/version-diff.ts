import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { CONTENT } from './version-content.js';

/** A version, or what the project is now, drafts and all: an edited annotation is a draft, not gone. */
export type DiffSide = { readonly version_id: number } | { readonly working: { readonly project_id: number } };

export const DIFF_KINDS = ['added', 'removed', 'geometry', 'class', 'attributes'] as const;
/** An annotation that differs in several ways counts once for each of them. */
export type DiffCounts = Readonly<Record<(typeof DIFF_KINDS)[number] | 'changed', number>>;

export interface DiffSummary {
  readonly images: number;
  readonly total: DiffCounts;
  readonly by_class: readonly (DiffCounts & { readonly class_id: number | null; readonly annotation_type: string })[];
}

export interface DiffImage extends DiffCounts {
  readonly image_id: number;
  readonly path: string;
}

const ORDER = 'version_diff';

/** Rows of image_id, path, ids, versions; $n is the side's id. */
function sideSql(side: DiffSide, parameter: string): string {
  if ('version_id' in side) {
    return `select image_id, path, annotation_ids as ids, annotation_versions as versions
      from version_images where version_id = ${parameter}::bigint`;
  }
  return `select i.id as image_id, i.path, coalesce(array_agg(a.id order by a.id) filter (where a.id is not null), '{}') as ids,
      coalesce(array_agg(a.version order by a.id) filter (where a.id is not null), '{}') as versions
    from annotation_projects p join image_metadata i on i.dataset_id = p.dataset_id
    left join annotations a on a.image_id = i.id
    where p.id = ${parameter}::bigint group by i.id`;
}

const idOf = (side: DiffSide) => ('version_id' in side ? side.version_id : side.working.project_id);

/** Images whose lists of annotations differ at all: the others are compared by their lists alone and never opened. */
const touched = (from: DiffSide, to: DiffSide) => `touched as (
    select coalesce(f.image_id, t.image_id) as image_id, coalesce(t.path, f.path) as path,
      coalesce(f.ids, '{}') as from_ids, coalesce(f.versions, '{}') as from_versions,
      coalesce(t.ids, '{}') as to_ids, coalesce(t.versions, '{}') as to_versions
    from (${sideSql(from, '$1')}) f full join (${sideSql(to, '$2')}) t on t.image_id = f.image_id
    where (f.ids, f.versions) is distinct from (t.ids, t.versions)
  )`;

/** Annotations of `images` that differ in what they say; who confirmed them does not count. */
const compared = (images: string) => `compared as (
    select d.image_id, d.path, d.id, d.before, d.after,
      d.before is null as added, d.after is null as removed,
      (d.before->'geometry')::text is distinct from (d.after->'geometry')::text as geometry,
      d.before->>'class_id' is distinct from d.after->>'class_id' as class,
      (d.before->'attributes')::jsonb is distinct from (d.after->'attributes')::jsonb
        or d.before->>'confidence' is distinct from d.after->>'confidence' as attributes
    from (
      select c.image_id, c.path, c.id,
        (select ${CONTENT} from (select c.id, c.from_version as version) x where c.from_version is not null)::json as before,
        (select ${CONTENT} from (select c.id, c.to_version as version) x where c.to_version is not null)::json as after
      from (
        select i.image_id, i.path, p.id, p.from_version, p.to_version
        from ${images} i cross join lateral (
          select coalesce(f.id, t.id) as id, f.version as from_version, t.version as to_version
          from unnest(i.from_ids, i.from_versions) as f (id, version)
          full join unnest(i.to_ids, i.to_versions) as t (id, version) on t.id = f.id
          where f.version is distinct from t.version
        ) p
      ) c
    ) d
  ), differing as (
    select * from compared where added or removed or geometry or class or attributes
  )`;

const SUMS = `count(*) filter (where added) as added, count(*) filter (where removed) as removed,
  count(*) filter (where not added and not removed) as changed,
  count(*) filter (where not added and not removed and geometry) as geometry,
  count(*) filter (where not added and not removed and class) as class,
  count(*) filter (where not added and not removed and attributes) as attributes`;

export async function diffSummary(connection: Connection, from: DiffSide, to: DiffSide): Promise<DiffSummary> {
  const row = await connection.one<DiffSummary>(
    `with ${touched(from, to)}, ${compared('touched')},
      by_class as (
        select (coalesce(after, before)->>'class_id')::bigint as class_id, coalesce(after, before)->>'annotation_type' as annotation_type,
          ${SUMS} from differing group by 1, 2
      )
      select (select count(distinct image_id) from differing) as images,
        (select row_to_json(t) from (select ${SUMS} from differing) t) as total,
        (select coalesce(json_agg(b order by b.class_id, b.annotation_type), '[]') from by_class b) as by_class`,
    [idOf(from), idOf(to)],
  );
  return row as DiffSummary;
}

export async function listDiff(
  connection: Connection,
  from: DiffSide,
  to: DiffSide,
  { limit, cursor }: PageRequest,
): Promise<Page<DiffImage>> {
  const after = decodeCursor<[number]>(ORDER, ['number'], cursor);
  const rows = await connection.rows<DiffImage>(
    `with ${touched(from, to)},
      picked as materialized (select * from touched where image_id > $3::bigint order by image_id limit $4),
      ${compared('picked')}
      select s.image_id, s.path, ${SUMS} from picked s left join differing d using (image_id)
      group by s.image_id, s.path order by s.image_id`,
    [idOf(from), idOf(to), after?.[0] ?? 0, limit + 1],
  );
  const page = pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.image_id]));
  // Confirmed or reviewed since, and nothing else: no difference.
  return { ...page, items: page.items.filter(({ added, removed, changed }) => added + removed + changed > 0) };
}

export async function imageDiff(
  connection: Connection,
  from: DiffSide,
  to: DiffSide,
  image_id: number,
): Promise<string> {
  const row = await connection.one<{ json: string }>(
    `with ${touched(from, to)}, one as materialized (select * from touched where image_id = $3::bigint), ${compared('one')}
      select coalesce('[' || string_agg('{"before":' || coalesce(before::text, 'null') || ',"after":' || coalesce(after::text, 'null') || '}',
        ',' order by id) || ']', '[]') as json from differing`,
    [idOf(from), idOf(to), image_id],
  );
  return row?.json ?? '[]';
}
