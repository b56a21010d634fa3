import { annotationJson, type AnnotationFields, fieldsOf, timeJson } from './annotation-json.js';
import { CREATE_PARAMETERS, createsTable, editsTable, type RoundKind } from './operation-columns.js';

/** Parameters of the statement: project, image, user, user as JSON, and then `operationsParameters`. */
const [PROJECT, IMAGE, USER, USER_JSON, FIRST_COLUMN] = ['$1::bigint', '$2::bigint', '$3', '$4', 5] as const;

const CONTENT = `version, task_type, annotation_type, class_id, bbox_x, bbox_y, bbox_w, bbox_h, area, confidence, state, source,
  created_at, created_by, confirmed_at, confirmed_by, geometry, attributes`;

/** Joined to the operations: the moment of the transaction, as it is stored and as JSON. */
const CLOCK = `(select date_trunc('milliseconds', now()) as now, ${timeJson(`date_trunc('milliseconds', now())`)} as now_json) clock`;

/** What is the same for every row of the statement. */
const common = (row: string): Pick<AnnotationFields, 'project_id' | 'image_id' | 'updated_by' | 'updated_at'> => ({
  project_id: '$1',
  image_id: '$2',
  updated_by: USER_JSON,
  updated_at: `${row}.now_json`,
});

const confirmedAs = (value: string, otherwise: string) =>
  `case when x.state = 'draft' then ${otherwise} else ${value} end`;

const CREATED_JSON = annotationJson({
  ...fieldsOf('x'),
  ...common('x'),
  geometry: 'x.geometry',
  attributes: `coalesce(x.attributes::jsonb::text, '{}')`,
  version: `'1'`,
  created_by: USER_JSON,
  created_at: 'x.now_json',
  confirmed_by: confirmedAs(USER_JSON, `'null'`),
  confirmed_at: confirmedAs('x.now_json', `'null'`),
});

const UPDATED_JSON = annotationJson({
  ...fieldsOf('p'),
  ...common('p'),
  confirmed_by: `'null'`,
  confirmed_at: `'null'`,
});

/** Whether row `x` names a class that the project does not have for the task type. */
const unknownClass = (task_type: string) => `x.class_id is not null and not exists (
      select from classes c where c.id = x.class_id and c.project_id = ${PROJECT} and c.task_type = ${task_type})`;

/** Annotations to make, in the order of the request, and the making. */
const CREATED = `created as materialized (
  select x.*, case when x.verdict = 'applied' then ${CREATED_JSON} end as json
  from (
    select x.*, clock.*, nextval('annotations_id_seq') as id, case
        when x.task_type not in (select task_type from image_statuses where image_id = ${IMAGE}) then 'task_type_not_of_project'
        when ${unknownClass('x.task_type')} then 'unknown_class'
        else 'applied'
      end as verdict
    from ${createsTable(FIRST_COLUMN)} cross join ${CLOCK} offset 0
  ) x
)`;
const INSERTED = `inserted as (
  insert into annotations (id, project_id, image_id, ${CONTENT}, updated_at, updated_by)
  select id, ${PROJECT}, ${IMAGE}, 1, task_type, annotation_type, class_id, bbox_x, bbox_y, bbox_w, bbox_h, area, confidence, state,
    source, now, ${USER}, ${confirmedAs('now', 'null')}, ${confirmedAs(USER, 'null')}, geometry::json,
    coalesce(attributes::jsonb, '{}'), now, ${USER}
  from created x where verdict = 'applied'
)`;

/** Annotations to change or delete; their parameters begin at `$first`. */
const edited = (first: number) => `edited as materialized (
  select p.*, case when p.verdict = 'applied' and p.op = 'update' then ${UPDATED_JSON} end as json
  from (
    select x.n, x.op, x.op_id, x.base, x.annotation_id as id, clock.*,
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
    from ${editsTable(first)} cross join ${CLOCK}
    left join lateral (
      select *, ${annotationJson('annotations')} as previous from annotations
      where id = x.annotation_id and image_id = ${IMAGE} and project_id = ${PROJECT} offset 0
    ) a on true
  ) p
)`;
const UPDATED = `updated as (
  update annotations a set
    class_id = p.class_id, version = p.version, annotation_type = p.annotation_type, state = p.state,
    bbox_x = p.bbox_x, bbox_y = p.bbox_y, bbox_w = p.bbox_w, bbox_h = p.bbox_h, area = p.area, confidence = p.confidence,
    updated_at = p.now, confirmed_at = null, updated_by = ${USER}, confirmed_by = null,
    geometry = p.geometry, attributes = p.attributes
  from edited p
  where p.op = 'update' and p.verdict = 'applied' and a.id = p.id and a.version = p.base returning 1
)`;
const DELETED = `deleted as (
  delete from annotations a using edited p
  where p.op = 'delete' and p.verdict = 'applied' and a.id = p.id and a.version = p.base returning 1
)`;

/** One of the two tables of operations, and what becomes of its rows. */
interface Part {
  /** The query that reads and decides. */
  readonly decide: string;
  readonly writes: readonly string[];
  /** Rows for the history. */
  readonly history: string;
  /** How many of its rows a query made; not those of a plain INSERT, which makes all there are. */
  readonly made: readonly string[];
  /** How many it had to make. */
  readonly due: string;
  readonly answer: string;
}

const CREATES: Part = {
  decide: CREATED,
  writes: [INSERTED],
  history: `select id, now, op_id, 1 as version, 'create' as action, null::json as previous from created where verdict = 'applied'`,
  made: [],
  due: '0',
  answer: `select n, verdict, case when verdict = 'applied' then id end as annotation_id, json from created`,
};

const count = (rows: string) => `(select count(*) from ${rows})`;

const edits = (first: number, writes: Readonly<Record<string, string>>): Part => ({
  decide: edited(first),
  writes: Object.values(writes),
  history: `select id, now, op_id, version, op as action, previous::json as previous from edited where verdict = 'applied'`,
  made: Object.keys(writes).map(count),
  due: count(`edited where verdict = 'applied'`),
  answer: `select n, verdict, id as annotation_id, case when verdict = 'conflict' then previous else json end as json from edited`,
});

/**
 * One round of operations on one image, none of which was applied before. Expects the image's row to be locked, so that nothing read
 * here can change before it is written.
 *
 * Answers one row of lists, one entry per operation in any order: n, verdict, annotation_id, json (the annotation on the wire);
 * nothing stands for null. It fails, dividing by zero, when a change that was planned was not made: only a writer that did not
 * lock the image can cause that, and nothing is better then than a wrong answer.
 *
 * `offset 0` makes the look-up of annotations what it is, one row by primary key each: left to itself the planner may compare every
 * operation with every annotation of the image.
 */
function applyRound(...parts: readonly Part[]): string {
  const unionOf = (key: 'history' | 'answer') => parts.map((part) => part[key]).join('\nunion all\n');
  const due = parts.map((part) => part.due).join(' + ');
  const made = ['0', ...parts.flatMap((part) => part.made)].join(' + ');
  return `
with ${parts.flatMap(({ decide, writes }) => [decide, ...writes]).join(', ')}, history as (
  insert into annotation_history (project_id, image_id, annotation_id, changed_at, op_id, version, action, changed_by, previous)
  select ${PROJECT}, ${IMAGE}, id, now, op_id, version, action, ${USER}, previous from (${unionOf('history')}) change
)
select string_agg(n::text, ',') as n, string_agg(verdict, ',') as verdict,
  string_agg(coalesce(annotation_id::text, ''), ',') as annotation_id, string_agg(coalesce(json, ''), e'\\x1e') as json,
  1 / (${due} = ${made})::integer as complete
from (${unionOf('answer')}) answer`;
}

/**
 * Saves mostly create or change and seldom do both; Postgres sets up, and fires the triggers of, whatever a statement could do, which
 * is most of what a small save costs.
 */
export const APPLY_ROUND: Readonly<Record<RoundKind, string>> = {
  creates: applyRound(CREATES),
  updates: applyRound(edits(FIRST_COLUMN, { updated: UPDATED })),
  deletes: applyRound(edits(FIRST_COLUMN, { deleted: DELETED })),
  mixed: applyRound(CREATES, edits(FIRST_COLUMN + CREATE_PARAMETERS, { updated: UPDATED, deleted: DELETED })),
};
