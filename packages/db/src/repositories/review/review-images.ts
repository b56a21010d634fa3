import { REVIEWED_FROM, type ReviewDecision } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { judge } from './review-annotations.js';
import { LOCK_IMAGES, type ReviewedImage, type ReviewOutcome, type ReviewScope } from './review-scope.js';

const NOW = `date_trunc('milliseconds', now())`;

/** What becomes of the status row `s` of an image; `r` is its outcome. */
const IMAGE_SETS: Readonly<Record<ReviewDecision, string>> = {
  verify: `reviewed_at = ${NOW}`,
  reject: `rejected_at = ${NOW}, reviewed_at = null, confirmed_at = null, confirmed_by = null, rework_by = r.annotator_id`,
};

/** A status in which the decision can be made of a whole image. */
const WAITING: Readonly<Record<ReviewDecision, string>> = {
  verify: `('completed')`,
  reject: `('completed', 'reviewed')`,
};

/** See `ReviewRepository.images`. */
export async function reviewImages(
  connection: Connection,
  { project_id, user_id, decision }: ReviewScope,
  reviewed: readonly ReviewedImage[],
): Promise<ReviewOutcome[]> {
  const ids = reviewed.map(({ image_id }) => image_id);
  await connection.rows(LOCK_IMAGES, [ids, project_id]);
  const from = REVIEWED_FROM[decision].map((state) => `'${state}'`).join(', ');
  return connection.rows<ReviewOutcome>(
    `with wish as materialized (
      select x.image_id, x.task_type, x.seen, x.n
      from unnest($3::bigint[], $4::text[], $5::timestamptz[]) with ordinality as x (image_id, task_type, seen, n)
    ), before as materialized (
      select w.n, w.image_id, w.task_type, s.task_id, coalesce(t.assignee_id, s.confirmed_by) as annotator_id,
        case when s.image_id is null then 'not_found'
          when s.status not in ${WAITING[decision]} then 'not_waiting'
          when w.seen is distinct from s.confirmed_at and w.seen is not null then 'version_conflict' end as problem
      from wish w
      left join image_statuses s on s.image_id = w.image_id and s.task_type = w.task_type and s.project_id = $2
      left join annotation_tasks t on t.id = s.task_id
    ), target as materialized (
      select a.id from annotations a
      join (select distinct image_id, task_type from before where problem is null) b
        on b.image_id = a.image_id and b.task_type = a.task_type
      where a.state in (${from})
    ), ${judge(decision)}, image as (
      update image_statuses s set ${IMAGE_SETS[decision]}
      from (select distinct on (image_id, task_type) * from before where problem is null order by image_id, task_type, n) r
      where s.image_id = r.image_id and s.task_type = r.task_type
    )
    select b.image_id, b.task_type, null::bigint as annotation_id, b.problem, b.annotator_id, b.task_id,
      (select count(*) from changed c where c.image_id = b.image_id and c.task_type = b.task_type)::integer as changed,
      null::json as at, null as annotation_json
    from before b order by b.n`,
    [
      user_id,
      project_id,
      ids,
      reviewed.map(({ task_type }) => task_type),
      reviewed.map(({ confirmed_at }) => confirmed_at ?? null),
    ],
  );
}
