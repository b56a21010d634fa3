import type { AnnotationHead, TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { StoredGeometry } from '../annotation/annotation-operation.js';
import { annotationJson } from '../annotation/annotation-json.js';
import { LOCK_IMAGES } from '../review/review-scope.js';
import {
  planOf,
  scopeValues,
  targetsOf,
  type PlannedRestore,
  type RestoreScope,
  type RestoreSelection,
} from './restore-plan.js';

/** An image whose annotations are brought back, as far as they limit each other. */
export interface RestoredImage {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** Annotations whose kind or class limits others. */
  readonly limiting: readonly AnnotationHead[];
  readonly counts: readonly { readonly task_type: TaskType; readonly count: number }[];
}

/** All that a batch is decided by; nothing of it can change before the transaction ends. */
export interface RestoreBatch {
  readonly task_types: readonly TaskType[];
  readonly classes: readonly { readonly id: number; readonly task_type: TaskType; readonly keypoints: string[] }[];
  readonly images: readonly RestoredImage[];
  /** By image and annotation. */
  readonly plan: readonly PlannedRestore[];
}

/** What was decided for one annotation; `shape` is what a create or an update brings back. */
export type DecidedRestore = Pick<PlannedRestore, 'annotation_id' | 'image_id' | 'kind' | 'version' | 'past'> & {
  readonly shape: StoredGeometry | null;
};

/** Locks the images, in the order of their ids, until the transaction ends. */
export async function readBatch(
  transaction: Connection,
  scope: RestoreScope,
  selection: RestoreSelection,
  image_ids: readonly number[],
): Promise<RestoreBatch> {
  await transaction.rows(LOCK_IMAGES, [image_ids, scope.project_id]);
  const { text, values } = targetsOf(selection);
  // Statements of their own: only what begins after the locks were granted sees what their last holders did.
  const plan = await transaction.rows<PlannedRestore>(
    `with ${planOf(text)}
      select annotation_id, image_id, kind, obstacle, past,
        coalesce(now_version, (select max(h.version) from annotation_history h where h.annotation_id = plan.annotation_id)) as version,
        case when now_version is not null then json_build_object(
          'task_type', now_task_type, 'annotation_type', now_type, 'class_id', now_class_id) end as now
      from plan order by image_id, annotation_id`,
    [...scopeValues(scope, image_ids), ...values],
  );
  const head = await transaction.one<Omit<RestoreBatch, 'plan'>>(CONTEXT, [
    scope.project_id,
    [...new Set(plan.map(({ image_id }) => image_id))],
    [...new Set(plan.flatMap(({ past }) => past?.class_id ?? []))],
  ]);
  return { ...(head as Omit<RestoreBatch, 'plan'>), plan };
}

const HEAD = `'task_type', a.task_type, 'annotation_type', a.annotation_type, 'class_id', a.class_id`;

/** $1 project, $2 images, $3 classes named. See `changeContext`. */
const CONTEXT = `select p.task_types,
    (select coalesce(json_agg(json_build_object('id', c.id, 'task_type', c.task_type, 'keypoints', c.keypoints)), '[]')
      from classes c where c.project_id = $1 and c.id = any ($3::bigint[])) as classes,
    (select coalesce(json_agg(json_build_object('id', i.id, 'width', i.width, 'height', i.height,
        'limiting', (select coalesce(json_agg(json_build_object(${HEAD})), '[]')
          from image_statuses s join annotations a on a.image_id = i.id and a.task_type = s.task_type
          where s.image_id = i.id and (s.annotation_count = 1 or s.task_type = 'classification')),
        'counts', (select coalesce(json_agg(json_build_object('task_type', s.task_type, 'count', s.annotation_count)), '[]')
          from image_statuses s where s.image_id = i.id))), '[]')
      from image_metadata i where i.id = any ($2::bigint[])) as images
  from annotation_projects p where p.id = $1`;

/** Writes what was decided, in one statement, as changes of their own: what was brought back is history like any edit. */
export async function writeRestored(
  transaction: Connection,
  { project_id, user_id }: RestoreScope,
  decided: readonly DecidedRestore[],
): Promise<void> {
  const rows = decided.map(({ annotation_id, image_id, kind, version, past, shape }) => ({
    id: annotation_id,
    image_id,
    kind,
    base: version,
    task_type: past?.task_type,
    class_id: past?.class_id,
    confidence: past?.confidence,
    source: past?.source,
    created_by: past?.created_by,
    created_at: past?.created_at,
    attributes: past?.attributes,
    annotation_type: shape?.annotation_type,
    geometry: shape?.geometry,
    bbox_x: shape?.bbox?.[0],
    bbox_y: shape?.bbox?.[1],
    bbox_w: shape?.bbox?.[2],
    bbox_h: shape?.bbox?.[3],
    area: shape?.area,
  }));
  const row = await transaction.one<{ done: number }>(WRITE, [project_id, user_id, JSON.stringify(rows)]);
  // Only a writer that did not lock the image can cause this; better nothing than half.
  if (row?.done !== decided.length) throw new Error('annotations changed while their image was locked');
}

const NOW = `date_trunc('milliseconds', now())`;

const WRITE = `
with wish as materialized (
  select * from json_to_recordset($3::json) as x (id bigint, image_id bigint, kind text, base integer, task_type text,
    class_id bigint, confidence double precision, source text, created_by text, created_at timestamptz, attributes jsonb,
    annotation_type text, geometry text, bbox_x double precision, bbox_y double precision, bbox_w double precision,
    bbox_h double precision, area double precision)
), before as materialized (
  select a.id, ${annotationJson('a')} as json from wish w
  join annotations a on a.id = w.id and a.version = w.base and a.image_id = w.image_id where w.kind <> 'create'
), created as (
  insert into annotations (id, project_id, image_id, version, task_type, annotation_type, class_id, bbox_x, bbox_y, bbox_w, bbox_h, area,
    confidence, state, source, created_at, created_by, updated_at, updated_by, geometry, attributes)
  select id, $1, image_id, base + 1, task_type, annotation_type, class_id, bbox_x, bbox_y, bbox_w, bbox_h, area,
    confidence, 'draft', source, created_at, created_by, ${NOW}, $2, geometry::json, attributes
  from wish where kind = 'create' order by image_id, id returning id
), updated as (
  update annotations a set version = a.version + 1, class_id = w.class_id, annotation_type = w.annotation_type, state = 'draft',
    bbox_x = w.bbox_x, bbox_y = w.bbox_y, bbox_w = w.bbox_w, bbox_h = w.bbox_h, area = w.area, confidence = w.confidence,
    updated_at = ${NOW}, updated_by = $2, confirmed_at = null, confirmed_by = null, geometry = w.geometry::json,
    attributes = w.attributes
  from wish w where w.kind = 'update' and a.id = w.id and a.version = w.base returning a.id
), deleted as (
  delete from annotations a using wish w where w.kind = 'delete' and a.id = w.id and a.version = w.base returning a.id
), history as (
  insert into annotation_history (project_id, image_id, annotation_id, changed_at, version, action, changed_by, previous)
  select $1, w.image_id, w.id, ${NOW}, w.base + 1, case when w.kind = 'delete' then 'delete' else 'restore' end, $2, b.json::json
  from wish w left join before b on b.id = w.id order by w.image_id, w.id
)
select (select count(*) from created) + (select count(*) from updated) + (select count(*) from deleted) as done`;
