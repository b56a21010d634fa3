import type { Annotation } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { annotationJson } from '../annotation/annotation-json.js';
import type { VersionImageRow } from './version-row.js';

/**
 * JSON of the annotation in its version `x.version`: the current one from its table, an earlier one from the change that ended it. Null
 * when neither is there.
 */
export const CONTENT = `coalesce(
    (select ${annotationJson('a')} from annotations a where a.id = x.id and a.version = x.version),
    (select h.previous::text from annotation_history h where h.annotation_id = x.id and h.version = x.version + 1 limit 1))`;

const IMAGES = 500;

/** Images of a version by id, in batches. */
export async function* versionImages(connection: Connection, version_id: number): AsyncGenerator<VersionImageRow[]> {
  for (let after = 0; ;) {
    const rows = await connection.rows<VersionImageRow>(
      `select image_id as id, path, width, height, split from version_images
        where version_id = $1 and image_id > $2 order by image_id limit ${IMAGES}`,
      [version_id, after],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.id;
  }
}

const IMAGES_OF_ANNOTATIONS = 50;

/** Its annotations by image and id, in batches. Throws when the content of one is gone: better no file than one with less in it. */
export async function* versionAnnotations(connection: Connection, version_id: number): AsyncGenerator<Annotation[]> {
  for (let after = 0; ;) {
    const [row] = await connection.rows<{ last: number | null; json: string; missing: number }>(
      `with images as materialized (
          select * from version_images where version_id = $1 and image_id > $2 order by image_id
          limit ${IMAGES_OF_ANNOTATIONS}
        ), content as materialized (
          select i.image_id, x.id, ${CONTENT} as json
          from images i cross join unnest(i.annotation_ids, i.annotation_versions) as x (id, version)
        )
        select (select max(image_id) from images) as last, (select count(*) from content where json is null) as missing,
          (select coalesce('[' || string_agg(json, ',' order by image_id, id) || ']', '[]') from content) as json`,
      [version_id, after],
    );
    if (!row?.last) return;
    if (row.missing > 0) throw new Error(`${row.missing} annotations of version ${version_id} are in no history`);
    const annotations = JSON.parse(row.json) as Annotation[];
    if (annotations.length > 0) yield annotations;
    after = row.last;
  }
}
