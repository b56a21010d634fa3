import type { Annotation, TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor } from '../paging.js';
import { annotationJson } from './annotation-json.js';
import type { AnnotationListQuery } from './annotation-repository.js';

const ORDER = 'annotations';

const ONE = `select ${annotationJson('a')} as json from annotations a where a.id = $1`;

/** The project is compared by what no index is used for: a plan made without statistics might read all of its annotations. */
const OF_IMAGE = `select coalesce('[' || string_agg(json, ',') || ']', '[]') as json from (
  select ${annotationJson('a')} as json from annotations a
  where a.image_id = $1 and a.project_id is not distinct from $2 and ($3::text[] is null or a.task_type = any ($3)) order by a.id
) items`;

/** One annotation as the wire has it. */
export async function oneAnnotation(connection: Connection, annotation_id: number): Promise<Annotation | null> {
  const [row] = await connection.hot<{ json: string }>(ONE, [annotation_id]);
  return row ? (JSON.parse(row.json) as Annotation) : null;
}

export async function loadImage(
  connection: Connection,
  scope: {
    readonly project_id: number;
    readonly image_id: number;
    readonly task_types?: readonly TaskType[] | undefined;
  },
): Promise<string> {
  const [row] = await connection.hot<{ json: string }>(OF_IMAGE, [
    scope.image_id,
    scope.project_id,
    scope.task_types ?? null,
  ]);
  return row?.json ?? '[]';
}

export async function listByProject(
  connection: Connection,
  query: AnnotationListQuery,
): Promise<{ items_json: string; next_cursor: string | null }> {
  const after = decodeCursor<[number]>(ORDER, ['number'], query.cursor);
  const values: unknown[] = [query.project_id, query.limit];
  const conditions = ['a.project_id = $1'];
  const filters = [
    ['a.image_id =', query.image_id],
    ['a.class_id =', query.class_id],
    ['a.task_type =', query.task_type],
    ['a.state =', query.state],
    ['a.id >', after?.[0]],
  ] as const;
  for (const [comparison, value] of filters) {
    if (value === undefined) continue;
    values.push(value);
    conditions.push(`${comparison} $${values.length}`);
  }
  const row = await connection.one<{ json: string; last_id: number | null; found: number }>(
    `select coalesce('[' || string_agg(json, ',') filter (where n <= $2) || ']', '[]') as json,
        max(id) filter (where n <= $2) as last_id, count(*) as found
      from (
        select a.id, row_number() over (order by a.id) as n, ${annotationJson('a')} as json
        from annotations a where ${conditions.join(' and ')} order by a.id limit $2::bigint + 1
      ) items`,
    values,
  );
  const more = row !== null && row.found > query.limit && row.last_id !== null;
  return { items_json: row?.json ?? '[]', next_cursor: more ? encodeCursor(ORDER, [row.last_id as number]) : null };
}
