import { annotationJson, type AnnotationFields, fieldsOf, timeJson } from './annotation-json.js';
import { CREATE_PARAMETERS, createsTable, editsTable, type RoundKind } from './operation-columns.js';

/** Parameters of the statement: project, image, user, user as JSON, all op_ids, and then `operationsParameters`. */
const [PROJECT, IMAGE, USER, USER_JSON, OP_IDS, FIRST_COLUMN] = [
  '$1::bigint',
  '$2::bigint',
  '$3',
  '$4',
  '$5',
  6,
] as const;

const CONTENT = `version, task_type, annotation_type, class_id, bbox_x, bbox_y, bbox_w, bbox_h, area, confidence, state, source,
  created_at, created_by, confirmed_at, confirmed_by, geometry, attributes`;

/** What is the same for every row of the statement. */
const COMMON: Pick<AnnotationFields, 'project_id' | 'image_id' | 'updated_by' | 'updated_at'> = {
  project_id: '$1',
  image_id: '$2',
  updated_by: USER_JSON,
  updated_at: '(select json from clock)',
};

const confirmedAs = (value: string, otherwise: string) =>
  `case when x.state = 'draft' then ${otherwise} else ${value} end`;

const CREATED_JSON = annotationJson({
  ...fieldsOf('x'),
  ...COMMON,
  geometry: 'x.geometry',
  attributes: `coalesce(x.attributes::jsonb::text, '{}')`,
  version: `'1'`,
  created_by: USER_JSON,
  created_at: '(select json from clock)',
  confirmed_by: confirmedAs(USER_JSON, `'null'`),
  confirmed_at: confirmedAs('(select json from clock)', `'null'`),
});

const UPDATED_JSON = annotationJson({ ...fieldsOf('p'), ...COMMON, confirmed_by: `'null'`, confirmed_at: `'null'` });

/** Whether row `x` names a class that the project does not have for the task type. */
const unknownClass = (task_type: string) => `x.class_id is not null
      and (x.class_id, ${task_type}) not in (select id, task_type from classes where project_id = ${PROJECT})`;

const IS_NEW = `x.op_id is null or x.op_id not in (select op_id from known)`;

/** Annotations to make, and the making. */
const CREATED = `created as materialized (
  select x.*, case when x.verdict = 'applied' then ${CREATED_JSON} end as json
  from (
    select *, nextval('annotations_id_seq') as id, case
        when x.task_type not in (select task_type from image_statuses where image_id = ${IMAGE}) then 'task_type_not_of_project'
        when ${unknownClass('x.task_type')} then 'unknown_class'
        else 'applied'
      end as verdict
    from ${createsTable(FIRST_COLUMN)} where ${IS_NEW} order by x.n offset 0
  ) x
)`;
const INSERTED = `inserted as (
  insert into annotations (id, project_id, image_id, ${CONTENT}, updated_at, updated_by)
  select id, ${PROJECT}, ${IMAGE}, 1, task_type, annotation_type, class_id, bbox_x, bbox_y, bbox_w, bbox_h, area, confidence, state,
    source, clock.now, ${USER}, ${confirmedAs('clock.now', 'null')}, ${confirmedAs(USER, 'null')}, geometry::json,
    coalesce(attributes::jsonb, '{}'), clock.now, ${USER}
  from created x cross join clock where verdict = 'applied' returning 1
)`;

/** Annotations to change or delete; their parameters begin at `$first`. */
const edited = (first: number) => `edited as materialized (
  select p.*, case when p.verdict = 'applied' and p.op = 'update' then ${UPDATED_JSON} end as json
  from (
    select x.n, x.op, x.op_id, x.base, x.annotation_id as id,
      case
        when a.id is null then 'not_found'
        when a.version <> x.base then 'conflict'
        when ${unknownClass('a.task_type')} then 'unknown_class'
        else 'applied'
      end as verdict,
      a.version + 1 as version, a.task_type, coalesce(x.annotation_type, a.annotation_type) as annotation_type,
      case when x.has_class then x.class_id else a.class_id end as class_id,
      case when x.geometry is null then a.bbox_x else x.bbox_x end as bbox_x,
      case when x.geometry is null then a.bbox_y else x.bbox_y end as bbox_y,
      case when x.geometry is null then a.bbox_w else x.bbox_w end as bbox_w,
      case when x.geometry is null then a.bbox_h else x.bbox_h end as bbox_h,
      case when x.geometry is null then a.area else x.area end as area,
      case when x.has_confidence then x.confidence else a.confidence end as confidence,
      'draft' as state, a.source, a.created_at, a.created_by, coalesce(x.geometry::json, a.geometry) as geometry,
      coalesce(x.attributes::jsonb, a.attributes) as attributes, a.previous
    from ${editsTable(first)}
    left join lateral (
      select *, ${annotationJson('annotations')} as previous from annotations
      where id = x.annotation_id and image_id = ${IMAGE} and project_id = ${PROJECT} offset 0
    ) a on true
    where ${IS_NEW}
  ) p
)`;
const UPDATED_AND_DELETED = `updated as (
  update annotations a set
    class_id = p.class_id, version = p.version, annotation_type = p.annotation_type, state = p.state,
    bbox_x = p.bbox_x, bbox_y = p.bbox_y, bbox_w = p.bbox_w, bbox_h = p.bbox_h, area = p.area, confidence = p.confidence,
    updated_at = clock.now, confirmed_at = null, updated_by = ${USER}, confirmed_by = null,
    geometry = p.geometry, attributes = p.attributes
  from edited p cross join clock
  where p.op = 'update' and p.verdict = 'applied' and a.id = p.id and a.version = p.base returning 1
), deleted as (
  delete from annotations a using edited p
  where p.op = 'delete' and p.verdict = 'applied' and a.id = p.id and a.version = p.base returning 1
)`;

interface Part {
  /** Queries that read and decide, and those that write. */
  readonly decide: string;
  readonly write: string;
  /** Rows for the history. */
  readonly history: string;
  /** How many changes were planned, less those made. */
  readonly missed: string;
  readonly answer: string;
  /** Number and id of each operation. */
  readonly operations: string;
}

const CREATES: Part = {
  decide: CREATED,
  write: INSERTED,
  history: `select n, id, op_id, 1 as version, 'create' as action, null::json as previous from created where verdict = 'applied'`,
  missed: `(select count(*) from created where verdict = 'applied') - (select count(*) from inserted)`,
  answer: `select n, verdict, false as replayed, case when verdict = 'applied' then id end as annotation_id, json from created`,
  operations: `select n, op_id from ${createsTable(FIRST_COLUMN)}`,
};

const edits = (first: number): Part => ({
  decide: edited(first),
  write: UPDATED_AND_DELETED,
  history: `select n, id, op_id, version, op as action, previous::json as previous from edited where verdict = 'applied'`,
  missed: `(select count(*) from edited where verdict = 'applied') - (select count(*) from updated) - (select count(*) from deleted)`,
  answer: `select n, verdict, false as replayed, id as annotation_id,
    case when verdict = 'conflict' then previous else json end as json from edited`,
  operations: `select n, op_id from ${editsTable(first)}`,
});

/**
 * One round of operations on one image. Expects the image's row to be locked, so that nothing read here can change before it is written.
 *
 * Answers one row of lists, one entry per operation in any order: n, verdict, replayed (0 or 1), annotation_id, json (the annotation on
 * the wire); nothing stands for null. It fails, dividing by zero, when a change that was planned was not made: only a writer that did not
 * lock the image can cause that, and nothing is better then than a wrong answer.
 *
 * `offset 0` makes the look-up of annotations what it is, one row by primary key each: left to itself the planner may compare every
 * operation with every annotation of the image.
 */
function applyRound(parts: readonly Part[]): string {
  const all = (key: keyof Part, between: string) => parts.map((part) => part[key]).join(between);
  const unionOf = (key: keyof Part) => all(key, '\nunion all\n');
  return `
with known as materialized (
  select op_id, annotation_id, version, image_id = ${IMAGE} as ours from annotation_history where op_id = any (${OP_IDS}::uuid[])
), clock as materialized (
  select date_trunc('milliseconds', now()) as now, ${timeJson(`date_trunc('milliseconds', now())`)} as json
), ${all('decide', ', ')}, ${all('write', ', ')}, history as (
  insert into annotation_history (project_id, image_id, annotation_id, changed_at, op_id, version, action, changed_by, previous)
  select ${PROJECT}, ${IMAGE}, id, clock.now, op_id, version, action, ${USER}, previous
  from (${unionOf('history')}) change cross join clock
)
select string_agg(n::text, ',') as n, string_agg(verdict, ',') as verdict, string_agg(replayed::integer::text, ',') as replayed,
  string_agg(coalesce(annotation_id::text, ''), ',') as annotation_id, string_agg(coalesce(json, ''), e'\\x1e') as json,
  1 / (${all('missed', ' + ')} = 0)::integer as complete
from (
${unionOf('answer')}
union all
select x.n, case when ours then 'applied' else 'op_id_taken' end, ours, case when ours then k.annotation_id end, case when ours then coalesce(
    (select h.previous::text from annotation_history h where h.annotation_id = k.annotation_id and h.version = k.version + 1 limit 1),
    (select ${annotationJson('a')} from annotations a where a.id = k.annotation_id and a.version = k.version)
  ) end
from (${unionOf('operations')}) x join known k using (op_id)
) answer`;
}

/**
 * Saves mostly create or edit and seldom do both; Postgres sets up, and fires the triggers of, whatever a statement could do, which
 * is most of what a small save costs.
 */
export const APPLY_ROUND: Readonly<Record<RoundKind, string>> = {
  creates: applyRound([CREATES]),
  edits: applyRound([edits(FIRST_COLUMN)]),
  both: applyRound([CREATES, edits(FIRST_COLUMN + CREATE_PARAMETERS)]),
};
