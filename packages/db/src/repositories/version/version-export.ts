import { type Annotation, canonicalGeometryJson, DomainError, geometryArea, geometryBounds } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { annotationJson } from '../annotation/annotation-json.js';
import type { CopiedRows } from '../annotation/copied-rows.js';
import { anyOf, integer } from '../annotation/export-query.js';
import { readImage } from '../annotation/export-rows.js';
import type { ExportAnnotation, ExportFilter, ExportImage, ExportOrigin } from '../annotation/export-snapshot.js';
import type { FrozenClass } from './version-row.js';

type VersionFilter = ExportFilter & { readonly version_id: number };

/**
 * A published version as an export reads it: what was frozen, whatever became of the project since. Its annotations come from where their
 * content is kept, and are measured again, so that it makes no difference whether that is the table or the history.
 */
export async function versionOrigin(connection: Connection, filter: VersionFilter): Promise<ExportOrigin> {
  const head = await connection.one<Head>(HEAD, [filter.version_id, filter.project_id]);
  if (!head) {
    const { version_id } = filter;
    throw new DomainError('not_found', 'The version is not published any more: its content is not there', {
      version_id,
    });
  }
  const { classes, number, frozen_at, images, annotations, ...project } = head;
  return {
    project,
    version: { label: `v${number}`, published_at: frozen_at },
    classes: filter.class_ids ? classes.filter(({ id }) => filter.class_ids?.includes(id)) : classes,
    counts: { images, annotations },
    images: { text: imagesQuery(filter), readRow: readFrozenImage },
    annotations: (order) => ({ text: annotationsQuery(filter, order), readRow: readFrozen }),
  };
}

interface Head {
  readonly id: number;
  readonly dataset_id: number;
  readonly name: string;
  readonly task_types: ExportOrigin['project']['task_types'];
  readonly classes: FrozenClass[];
  readonly number: number;
  readonly frozen_at: string;
  readonly images: number;
  readonly annotations: number;
}

/** $1 version, $2 project. */
const HEAD = `select p.id, p.dataset_id, coalesce(v.project_name, p.name) as name, v.task_types, v.classes, v.number, v.frozen_at,
    (v.manifest->'counts'->>'images')::bigint as images, (v.manifest->'counts'->>'annotations')::bigint as annotations
  from annotation_versions v join annotation_projects p on p.id = v.project_id join datasets d on d.id = p.dataset_id
  where v.id = $1 and v.project_id = $2 and v.status = 'published' and d.deleted_at is null`;

/** Content of the annotation version `x`: the row `a` while it is the current one, later the change `h` that ended it. */
export const FROZEN_CONTENT = `left join annotations a on a.id = x.id and a.version = x.version
  left join lateral (
    select previous from annotation_history
    where a.id is null and annotation_id = x.id and annotation_history.version = x.version + 1 limit 1
  ) h on true`;

/** A field of {@link FROZEN_CONTENT}. */
export function frozen(field: 'task_type' | 'state' | 'class_id' | 'annotation_type'): string {
  return `coalesce(a.${field}::text, h.previous->>'${field}')`;
}

/** Lets through what is in no history as well: reading it fails, rather than leave it out. */
function passes({ task_types, states, class_ids }: VersionFilter): string {
  const classes = anyOf(frozen('class_id'), class_ids?.map(integer));
  const filters = anyOf(frozen('task_type'), task_types) + anyOf(frozen('state'), states) + classes;
  return filters && ` and (a.id is null and h.previous is null or true${filters})`;
}

function imagesQuery(filter: VersionFilter): string {
  const annotated = filter.annotated_only
    ? ` and exists (select from unnest(i.annotation_ids, i.annotation_versions) as x (id, version) ${FROZEN_CONTENT}
        where true${passes(filter)})`
    : '';
  return `select image_id, path, width, height, size_bytes, sha256, content_type, split, (
      select count(*)::integer from kept_pictures k where k.image_id = i.image_id and k.sha256 = i.sha256)
    from version_images i
    where version_id = ${integer(filter.version_id)}${annotated} order by image_id`;
}

/** Its picture lies elsewhere when something else took its place since. */
function readFrozenImage(row: CopiedRows): ExportImage {
  return { ...readImage(row), kept: row.int4() > 0 };
}

/** Ordered while rows are small, and filled afterwards. */
function annotationsQuery(filter: VersionFilter, order: 'id' | 'image'): string {
  const by = order === 'id' ? 'id' : 'image_id, id';
  return `select x.id, coalesce(${annotationJson('a')}, h.previous::text)
    from (
      select i.image_id, held.id, held.version
      from version_images i cross join unnest(i.annotation_ids, i.annotation_versions) as held (id, version)
      where i.version_id = ${integer(filter.version_id)} order by ${by} offset 0
    ) x ${FROZEN_CONTENT}
    where true${passes(filter)} order by ${by.replaceAll(/\w+/gu, 'x.$&')}`;
}

function readFrozen(row: CopiedRows): ExportAnnotation {
  const id = row.int8();
  const json = row.textOrNull();
  if (json === null) throw new Error(`Annotation ${id} of the version is in no history`);
  return exportedAnnotation(JSON.parse(json) as Annotation);
}

/** An annotation of the wire as a writer reads it. */
export function exportedAnnotation({
  geometry,
  attributes,
  version: _,
  project_id: __,
  ...annotation
}: Annotation): ExportAnnotation {
  const [bbox_x, bbox_y, bbox_w, bbox_h] = geometryBounds(geometry) ?? [null, null, null, null];
  return {
    ...annotation,
    geometry: canonicalGeometryJson(geometry),
    ...{ bbox_x, bbox_y, bbox_w, bbox_h },
    area: geometryArea(geometry),
    attributes: JSON.stringify(attributes),
  };
}
