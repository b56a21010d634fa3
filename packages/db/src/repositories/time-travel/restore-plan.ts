import type { Annotation, AnnotationHead, RestoreKind, RestoreObstacle, TaskType } from '@labelyard/domain';
import { annotationJson } from '../annotation/annotation-json.js';
import { CONTENT } from '../version/version-content.js';

/** What is brought back. Times are ISO 8601. */
export type RestoreSelection =
  /** One annotation as this version of it was; a version that deleted it deletes it again. */
  | {
      readonly kind: 'annotation';
      readonly annotation_id: number;
      readonly version: number;
      /** What it was when this was asked for. */
      readonly from_version: number;
    }
  /** An image as it was right after `at`. */
  | { readonly kind: 'image'; readonly image_id: number; readonly at: string }
  /** What a person changed from `since` to `until`, to what it was before. */
  | {
      readonly kind: 'person';
      readonly user_id: string;
      readonly since: string;
      readonly until?: string | undefined;
      readonly image_id?: number | undefined;
    }
  /** All annotations as a published version has them. */
  | { readonly kind: 'version'; readonly version_id: number };

/** Whose request it is and what it may do. */
export interface RestoreScope {
  readonly project_id: number;
  readonly user_id: string;
  readonly may_edit_verified: boolean;
  /** Bring back also what somebody else worked on since. */
  readonly overwrite: boolean;
}

/** One annotation that is not as it was. */
export interface PlannedRestore {
  readonly annotation_id: number;
  readonly image_id: number;
  readonly kind: RestoreKind;
  readonly obstacle: RestoreObstacle | null;
  /** Its newest version so far. */
  readonly version: number;
  readonly past: Annotation | null;
  readonly now: AnnotationHead | null;
}

/** Parameters every statement here begins with: project, images (null: all), user, may edit verified, overwrite. */
export function scopeValues(scope: RestoreScope, image_ids: readonly number[] | null): unknown[] {
  return [scope.project_id, image_ids, scope.user_id, scope.may_edit_verified, scope.overwrite];
}

interface Targets {
  /** SQL for rows of annotation_id, image_id, past (json), first_undone (version), contested; each annotation once. */
  readonly text: string;
  /** Parameters from $6 on. */
  readonly values: readonly unknown[];
}

const ON_IMAGES = `($2::bigint[] is null or h.image_id = any ($2))`;

/** What `selection` names: annotations touched since, and what they were. */
export function targetsOf(selection: RestoreSelection): Targets {
  switch (selection.kind) {
    case 'annotation':
      return {
        text: `select h.annotation_id, h.image_id, case when n.version is not null then n.previous else (
              select (${annotationJson('a')})::json from annotations a where a.id = h.annotation_id and a.version = h.version
            ) end as past, h.version + 1 as first_undone,
            false as contested
          from annotation_history h
          left join annotation_history n on n.annotation_id = h.annotation_id and n.version = h.version + 1
          where h.annotation_id = $6::bigint and h.version = $7::integer and h.project_id = $1 and ${ON_IMAGES}`,
        values: [selection.annotation_id, selection.version],
      };
    case 'image':
      return {
        text: `select distinct on (h.annotation_id) h.annotation_id, h.image_id, h.previous as past,
            h.version as first_undone, false as contested
          from annotation_history h
          where h.image_id = $6::bigint and h.project_id = $1 and h.changed_at > $7::timestamptz and ${ON_IMAGES}
          order by h.annotation_id, h.version`,
        values: [selection.image_id, selection.at],
      };
    case 'person':
      return {
        text: `select f.annotation_id, f.image_id, f.past, f.version as first_undone, exists (
              select from annotation_history o where o.annotation_id = f.annotation_id and o.version > f.version
                and (o.changed_by <> $6 or o.changed_at > $8::timestamptz)
            ) as contested
          from (
            select distinct on (h.annotation_id) h.annotation_id, h.image_id, h.previous as past, h.version
            from annotation_history h
            where h.project_id = $1 and h.changed_by = $6 and h.changed_at >= $7::timestamptz
              and ($8::timestamptz is null or h.changed_at <= $8) and ($9::bigint is null or h.image_id = $9) and ${ON_IMAGES}
            order by h.annotation_id, h.version
          ) f`,
        values: [selection.user_id, selection.since, selection.until ?? null, selection.image_id ?? null],
      };
    case 'version':
      return {
        text: `select coalesce(x.id, x.live_id) as annotation_id, x.image_id, ${CONTENT}::json as past,
            coalesce(x.version, 0) + 1 as first_undone, false as contested
          from (
            select i.image_id, f.id, f.version, a.id as live_id, a.version as live_version
            from (
              select image_id, annotation_ids, annotation_versions from version_images h
              where h.version_id = $6::bigint and ${ON_IMAGES}
            ) i cross join lateral (
              select f.id, f.version from unnest(i.annotation_ids, i.annotation_versions) as f (id, version)
            ) f left join annotations a on a.id = f.id
            where a.version is distinct from f.version
            union all
            select a.image_id, null, null, a.id, a.version from annotations a
            join version_images h on h.version_id = $6::bigint and h.image_id = a.image_id and ${ON_IMAGES}
            where a.project_id = $1 and a.id <> all (h.annotation_ids)
          ) x`,
        values: [selection.version_id],
      };
  }
}

/** `with … plan` over `targets`: what differs from now, how, and what is in the way. Content counts, not state. */
export function planOf(targets: string): string {
  return `target as materialized (${targets}),
  compared as (
    select t.*, i.id is not null as on_image, a.version as now_version, a.state, a.task_type as now_task_type,
      a.annotation_type as now_type, a.class_id as now_class_id,
      coalesce(t.past->>'task_type', a.task_type) as task_type,
      coalesce(t.past->>'annotation_type', a.annotation_type) as annotation_type,
      case when t.past is null then a.class_id else (t.past->>'class_id')::bigint end as class_id,
      case
        when t.past is null and a.id is null then null
        when t.past is null then 'delete'
        when a.id is null then 'create'
        when (t.past->'geometry')::text = a.geometry::text and (t.past->>'class_id')::bigint is not distinct from a.class_id
          and (t.past->'attributes')::jsonb = a.attributes
          and (t.past->>'confidence')::double precision is not distinct from a.confidence then null
        else 'update'
      end as kind
    from target t
    left join image_metadata i on i.id = t.image_id
    left join lateral (select * from annotations where id = t.annotation_id offset 0) a on true
  ),
  plan as (
    select c.*, case
        when not c.on_image then 'image_gone'
        when c.kind = 'create' and c.task_type <> all (p.task_types) then 'task_type_gone'
        when c.past is not null and c.class_id is not null and not exists (
          select from classes k where k.id = c.class_id and k.project_id = $1 and k.task_type = c.task_type) then 'class_gone'
        when c.state = 'verified' and not $4::boolean then 'verified'
        when c.contested and not $5::boolean then 'edited_later'
        when exists (select from image_locks l where l.image_id = c.image_id and l.user_id <> $3::text
          and l.expires_at > clock_timestamp()) then 'locked'
      end as obstacle
    from compared c join annotation_projects p on p.id = $1 where c.kind is not null
  )`;
}

/** A change of the preview: how many annotations of a class and kind it concerns. */
export interface RestoreCount {
  readonly kind: RestoreKind;
  readonly class_id: number | null;
  readonly task_type: TaskType;
  readonly annotation_type: string;
  readonly obstacle: RestoreObstacle | null;
  readonly count: number;
}
