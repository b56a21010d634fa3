import type { GeometryType, Split } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { FROZEN_CONTENT, frozen } from '../version/version-export.js';
import type { ExportFilter } from './export-snapshot.js';

/** What passes a filter, counted. */
export interface ExportForecast {
  readonly images: number;
  /** Images, whether they pass or not. */
  readonly total: number;
  /** Of these, those that somebody put into a split; the others' follows from their paths. */
  readonly splits: Readonly<Partial<Record<Split, number>>>;
  /** Of the pictures of these images. */
  readonly size_bytes: number;
  readonly annotations: readonly {
    readonly annotation_type: GeometryType;
    readonly class_id: number | null;
    readonly count: number;
  }[];
  /** False when there are more annotations than were counted. */
  readonly complete: boolean;
}

/** Counting stops here, so that a look ahead never takes long. */
export const MOST_FORECAST = 300_000;

/** Counts what an export with this filter would read. Null: no such project or version. One statement. */
export async function forecastExport(connection: Connection, filter: ExportFilter): Promise<ExportForecast | null> {
  const row = await connection.one<{
    images: number;
    size_bytes: number;
    splits: ExportForecast['splits'];
    annotated_images: number;
    annotated_bytes: number;
    counted: number;
    annotations: ExportForecast['annotations'];
  }>(forecastOf(filter), [
    filter.project_id,
    filter.task_types ?? null,
    filter.states ?? null,
    filter.class_ids ?? null,
    MOST_FORECAST + 1,
    filter.annotated_only ?? false,
    ...(filter.version_id === undefined ? [] : [filter.version_id]),
  ]);
  if (!row) return null;
  return {
    images: filter.annotated_only ? row.annotated_images : row.images,
    total: row.images,
    splits: row.splits,
    size_bytes: filter.annotated_only ? row.annotated_bytes : row.size_bytes,
    annotations: row.annotations,
    complete: row.counted <= MOST_FORECAST,
  };
}

function forecastOf({ version_id }: ExportFilter): string {
  return version_id === undefined ? WORKING_COPY : VERSION;
}

// $1 project, $2 task types, $3 states, $4 classes, $5 most, $6 whether the annotated images are asked for, $7 version.

const COUNTS = `kinds as (
    select annotation_type, class_id, count(*) as count from passing group by annotation_type, class_id
  ), annotated as (
    select count(*) as images, coalesce(sum(i.size_bytes), 0)::bigint as size_bytes
    from images i where $6::boolean and i.id in (select image_id from passing)
  )`;

const FOUND = `(select images from annotated) as annotated_images, (select size_bytes from annotated) as annotated_bytes,
    (select count(*) from passing) as counted,
    (select coalesce(json_agg(k order by k.annotation_type, k.class_id), '[]') from kinds k) as annotations`;

/** The splits that images of a table were put into. */
function splitsOf(table: string, condition: string): string {
  return `(select coalesce(json_object_agg(split, n), '{}')
      from (select split, count(*) as n from ${table} where ${condition} and split is not null group by split) s) as splits`;
}

const WORKING_COPY = `with passing as materialized (
    select a.annotation_type, a.class_id, a.image_id from annotations a
    where a.project_id = $1 and ($2::text[] is null or a.task_type = any ($2)) and ($3::text[] is null or a.state = any ($3))
      and ($4::bigint[] is null or a.class_id = any ($4))
    limit $5
  ), images as not materialized (select id, size_bytes from image_metadata), ${COUNTS}
  select d.image_count as images, d.size_bytes, ${splitsOf('image_metadata', 'dataset_id = d.id')}, ${FOUND}
  from annotation_projects p join datasets d on d.id = p.dataset_id where p.id = $1 and d.deleted_at is null`;

const VERSION = `with images as not materialized (
    select image_id as id, size_bytes, annotation_ids, annotation_versions from version_images where version_id = $7
  ), passing as materialized (
    select ${frozen('annotation_type')} as annotation_type, ${frozen('class_id')}::bigint as class_id, i.id as image_id
    from images i cross join unnest(i.annotation_ids, i.annotation_versions) as x (id, version) ${FROZEN_CONTENT}
    where ($2::text[] is null or ${frozen('task_type')} = any ($2)) and ($3::text[] is null or ${frozen('state')} = any ($3))
      and ($4::bigint[] is null or ${frozen('class_id')}::bigint = any ($4))
    limit $5
  ), ${COUNTS}
  select (select count(*) from images) as images, (select coalesce(sum(size_bytes), 0)::bigint from images) as size_bytes,
    ${splitsOf('version_images', 'version_id = $7')}, ${FOUND}
  from annotation_versions v where v.id = $7 and v.project_id = $1 and v.status = 'published'`;
