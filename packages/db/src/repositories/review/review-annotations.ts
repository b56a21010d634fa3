import { REVIEWED_FROM, STATE_AFTER_REVIEW, type ReviewDecision } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { annotationJson } from '../annotation/annotation-json.js';
import { LOCK_IMAGES, type ReviewedAnnotation, type ReviewOutcome, type ReviewScope } from './review-scope.js';

const NOW = `date_trunc('milliseconds', now())`;

const SETS: Readonly<Record<ReviewDecision, string>> = {
  // Who confirmed it and when stays: a verdict does not take the work from its author.
  verify: 'rejected_at = null',
  reject: `rejected_at = ${NOW}, confirmed_at = null, confirmed_by = null`,
};

const inList = (states: readonly string[]) => `('${states.join(`', '`)}')`;

/**
 * Changes state and version of `target` (id, image_id) and writes history; $1 is the user, $2 the project. Leaves `changed`, the
 * annotations as they are now.
 */
export function judge(decision: ReviewDecision): string {
  return `judged as materialized (
      select a.id, a.image_id, a.version, ${annotationJson('a')} as json from annotations a join target t on t.id = a.id
    ), changed as (
      update annotations a set state = '${STATE_AFTER_REVIEW[decision]}', version = a.version + 1, ${SETS[decision]},
        updated_at = ${NOW}, updated_by = $1
      from judged where a.id = judged.id returning a.*
    ), history as (
      insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by, previous)
      select $2::bigint, image_id, id, version + 1, '${decision}', $1, json::json from judged order by id
    )`;
}

/** See `ReviewRepository.annotations`. */
export async function reviewAnnotations(
  connection: Connection,
  { project_id, user_id, decision }: ReviewScope,
  reviewed: readonly ReviewedAnnotation[],
): Promise<ReviewOutcome[]> {
  const ids = reviewed.map(({ annotation_id }) => annotation_id);
  const images = await connection.rows<{ image_id: number }>(
    `select distinct image_id from annotations where id = any ($1::bigint[]) and project_id = $2`,
    [ids, project_id],
  );
  await connection.rows(LOCK_IMAGES, [images.map(({ image_id }) => image_id), project_id]);
  // A statement of its own: only what begins after the locks were granted sees what their last holders did.
  return connection.rows<ReviewOutcome>(
    `with wish as materialized (
      select x.id, x.version, x.n from unnest($3::bigint[], $4::integer[]) with ordinality as x (id, version, n)
    ), before as materialized (
      select w.n, w.id, a.image_id, a.task_type, s.task_id, a.bbox_x, a.bbox_y,
        case when a.id is null then 'not_found' when a.version <> w.version then 'version_conflict'
          when a.state not in ${inList(REVIEWED_FROM[decision])} then 'not_waiting' end as problem,
        coalesce(t.assignee_id, a.confirmed_by, s.confirmed_by, a.created_by) as annotator_id,
        case when a.id is not null then ${annotationJson('a')} end as json
      from wish w
      left join annotations a on a.id = w.id and a.project_id = $2
      left join image_statuses s on s.image_id = a.image_id and s.task_type = a.task_type
      left join annotation_tasks t on t.id = s.task_id
    ), target as materialized (
      select distinct on (id) id from before where problem is null
    ), ${judge(decision)}${
      decision === 'reject'
        ? `, rework as (
      update image_statuses s set rework_by = coalesce(s.rework_by, r.annotator_id)
      from (
        select distinct on (image_id, task_type) image_id, task_type, annotator_id from before where problem is null
        order by image_id, task_type, n
      ) r
      where s.image_id = r.image_id and s.task_type = r.task_type
    )`
        : ''
    }
    select coalesce(b.image_id, 0) as image_id, coalesce(b.task_type, '') as task_type, b.id as annotation_id, b.problem,
      b.annotator_id, b.task_id, (b.problem is null)::integer as changed,
      case when b.bbox_x is not null then json_build_array(b.bbox_x, b.bbox_y) end as at,
      coalesce((select ${annotationJson('c')} from changed c where c.id = b.id), b.json) as annotation_json
    from before b order by b.n`,
    [user_id, project_id, ids, reviewed.map(({ version }) => version)],
  );
}
