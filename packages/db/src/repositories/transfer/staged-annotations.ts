import type { AnnotationSource, AnnotationState, GeometryType, TaskType } from '@labelyard/domain';
import type { Sql } from '../../connection/sql.js';
import { annotationJson } from '../annotation/annotation-json.js';

/** An annotation of an import before it is one of the project's. Ids of images and classes are known, also of those still to be made. */
export interface StagedAnnotation {
  readonly image_id: number;
  readonly class_id: number | null;
  readonly task_type: TaskType;
  readonly annotation_type: GeometryType;
  readonly state: AnnotationState;
  readonly source: AnnotationSource;
  readonly bbox: readonly [number, number, number, number] | null;
  readonly area: number | null;
  readonly confidence: number | null;
  /** JSON text. */
  readonly attributes: string;
  /** Canonical JSON text. */
  readonly geometry: string;
  /** Left out, the importer and the moment of the import. */
  readonly created_by?: string | undefined;
  readonly updated_by?: string | undefined;
  readonly confirmed_by?: string | null | undefined;
  readonly created_at?: string | undefined;
  readonly updated_at?: string | undefined;
  readonly confirmed_at?: string | null | undefined;
}

const COLUMNS = `image_id, class_id, task_type, annotation_type, state, source, bbox_x, bbox_y, bbox_w, bbox_h, area, confidence,
  attributes, geometry, created_by, updated_by, confirmed_by, created_at, updated_at, confirmed_at`;

/**
 * Where an import's annotations wait. A table of the session: a worker that dies leaves nothing behind, and nobody reads it but the
 * statement that makes them visible. Ids come from the sequence of the real table, so nothing is numbered again.
 */
export const STAGED_TABLE = {
  create: `create temporary table staged_annotations (
      id bigint not null default nextval('annotations_id_seq'),
      image_id bigint not null, class_id bigint, task_type text not null, annotation_type text not null, state text not null,
      source text not null, bbox_x float8, bbox_y float8, bbox_w float8, bbox_h float8, area float8, confidence float8,
      attributes jsonb not null, geometry json not null, created_by text, updated_by text, confirmed_by text,
      created_at timestamptz, updated_at timestamptz, confirmed_at timestamptz
    )`,
  copy: `copy staged_annotations (${COLUMNS}) from stdin`,
  /** Nobody else looks after temporary tables. */
  analyze: `analyze staged_annotations (image_id, task_type, annotation_type, class_id)`,
};

/** A line of `STAGED_TABLE.copy`. */
export function stagedLine(row: StagedAnnotation): string {
  const [x, y, w, h] = row.bbox ?? NOWHERE;
  return (
    `${row.image_id}\t${row.class_id ?? '\\N'}\t${row.task_type}\t${row.annotation_type}\t${row.state}\t${row.source}\t` +
    `${x}\t${y}\t${w}\t${h}\t${row.area ?? '\\N'}\t${row.confidence ?? '\\N'}\t${copyText(row.attributes)}\t` +
    `${copyText(row.geometry)}\t${copyText(row.created_by)}\t${copyText(row.updated_by)}\t${copyText(row.confirmed_by)}\t` +
    `${row.created_at ?? '\\N'}\t${row.updated_at ?? '\\N'}\t${row.confirmed_at ?? '\\N'}\n`
  );
}

const NOWHERE = ['\\N', '\\N', '\\N', '\\N'];
const ESCAPED = /[\\\t\n\r]/u;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function copyText(text: string | null | undefined): string {
  if (text === null || text === undefined) return '\\N';
  return ESCAPED.test(text) ? text.replace(/[\\\t\n\r]/gu, (found) => ESCAPES[found] as string) : text;
}

export interface ApplyScope {
  readonly import_id: number;
  readonly project_id: number;
  readonly user_id: string;
  /** What becomes of annotations that the images have: they stay beside the new, make room, or keep their images as they are. */
  readonly existing: 'keep' | 'replace' | 'skip';
}

export interface Applied {
  readonly annotations: number;
  readonly replaced: number;
  /** Left out by the rules of whole images, by code. */
  readonly dropped: readonly { readonly code: string; readonly count: number }[];
}

/**
 * Makes staged annotations annotations of the project, in the transaction of `sql`: with history, under the rules of whole images,
 * and written down for undo. Their images are held from here to the end of the transaction.
 */
export async function applyStaged(sql: Sql, scope: ApplyScope): Promise<Applied> {
  const { import_id, project_id, user_id, existing } = scope;
  await sql.run(
    `create temporary table staged_images on commit drop as select distinct image_id from staged_annotations`,
  );
  await sql.run(
    `select from image_metadata where id in (select image_id from staged_images) order by id for no key update`,
  );
  const dropped: { code: string; count: number }[] = [];
  const drop = async (code: string, statement: string) => {
    const count = await sql.run(statement);
    if (count > 0) dropped.push({ code, count });
  };
  if (existing === 'skip') await drop('image_has_labels', SKIP_LABELED);
  const replaced = existing === 'replace' ? await replace(sql, scope) : 0;
  await sql.run(
    `create temporary table labeled_images on commit drop as select image_id, task_type from image_statuses
      where annotation_count > 0 and image_id in (select image_id from staged_images)`,
  );
  await drop('class_assigned_twice', DROP_ASSIGNED_TWICE);
  await drop('no_object_present', DROP_BESIDE_NO_OBJECT);
  await drop('objects_present', DROP_NO_OBJECT);
  const annotations = await sql.run(INSERT, [project_id, user_id]);
  await sql.run(HISTORY, [project_id, user_id]);
  await sql.run(RANGES, [import_id]);
  return { annotations, replaced, dropped };
}

const SKIP_LABELED = `delete from staged_annotations s
  where s.image_id in (select image_id from image_statuses where annotation_count > 0
    and image_id in (select image_id from staged_images))`;

async function replace(sql: Sql, { import_id, project_id, user_id }: ApplyScope): Promise<number> {
  const row = await sql.one<{ count: number }>(
    `with gone as (
        delete from annotations a using (select distinct image_id, task_type from staged_annotations) s
        where a.image_id = s.image_id and a.task_type = s.task_type and a.project_id = $2 returning a.*
      ), kept as (
        insert into import_replaced (import_id, annotation_id, row) select $1, id, row_to_json(gone) from gone
      ), told as (
        insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by, previous)
        select $2, image_id, id, version + 1, 'delete', $3, (${annotationJson('gone')})::json from gone
      ) select count(*) as count from gone`,
    [import_id, project_id, user_id],
  );
  return row?.count ?? 0;
}

/** A class is assigned to an image once. */
const DROP_ASSIGNED_TWICE = `delete from staged_annotations s
  where s.annotation_type = 'classification' and (
    exists (select from staged_annotations o where o.annotation_type = 'classification'
      and o.image_id = s.image_id and o.class_id = s.class_id and o.id < s.id)
    or exists (select from labeled_images l join annotations a on a.image_id = l.image_id
      where l.image_id = s.image_id and l.task_type = 'classification' and a.annotation_type = 'classification'
        and a.class_id = s.class_id))`;

/** Somebody stated that there is nothing to see. */
const DROP_BESIDE_NO_OBJECT = `delete from staged_annotations s
  using labeled_images l, annotations a
  where l.image_id = s.image_id and l.task_type = s.task_type and a.image_id = l.image_id
    and a.task_type = l.task_type and a.annotation_type = 'no_object'`;

const DROP_NO_OBJECT = `delete from staged_annotations s
  where s.annotation_type = 'no_object' and (
    exists (select from labeled_images l where l.image_id = s.image_id and l.task_type = s.task_type)
    or exists (select from staged_annotations o where o.image_id = s.image_id and o.task_type = s.task_type
      and (o.annotation_type <> 'no_object' or o.id < s.id)))`;

const INSERT = `insert into annotations (id, project_id, image_id, class_id, version, task_type, annotation_type, state, source,
    bbox_x, bbox_y, bbox_w, bbox_h, area, confidence, created_at, updated_at, confirmed_at, created_by, updated_by, confirmed_by,
    geometry, attributes)
  select id, $1, image_id, class_id, 1, task_type, annotation_type, state, source, bbox_x, bbox_y, bbox_w, bbox_h, area, confidence,
    coalesce(created_at, now()), coalesce(updated_at, now()),
    case when state <> 'draft' then coalesce(confirmed_at, now()) end, coalesce(created_by, $2), coalesce(updated_by, $2),
    case when state <> 'draft' then coalesce(confirmed_by, $2) end, geometry, attributes
  from staged_annotations`;

const HISTORY = `insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by)
  select $1, image_id, id, 1, 'create', $2 from staged_annotations`;

const RANGES = `insert into import_ranges (import_id, kind, first_id, last_id)
  select $1, 'annotation', min(id), max(id)
  from (select id, id - row_number() over (order by id) as run from staged_annotations) numbered group by run`;
