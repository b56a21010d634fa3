import type { Connection, Sql } from '../../connection/sql.js';
import { annotationJson } from '../annotation/annotation-json.js';
import { leavePictures } from '../deletion/kept-pictures.js';
import { lockDataset } from '../image/lock-dataset.js';
import { asMade } from './as-made.js';
import { handOnKept, handOnReplaced, NOT_TAKEN, passOverSplits } from './later-imports.js';

/** What taking an import back would do now. */
export interface UndoPreview {
  /** As the import made them: they go. */
  readonly unchanged: number;
  /** Changed since by somebody: they stay unless that is asked for. */
  readonly changed: number;
  /** Deleted since. */
  readonly gone: number;
  /** Annotations that the import had replaced and that come back. */
  readonly restored: number;
  /** Images that came with it and have no other labels or comments: they go. */
  readonly images: number;
  /** Images that came with it and stay. */
  readonly images_kept: number;
  /** Images that go back into the split they were in. */
  readonly splits: number;
  readonly classes: number;
  readonly classes_kept: number;
}

export interface UndoScope {
  readonly import_id: number;
  readonly project_id: number;
  readonly dataset_id: number;
  readonly user_id: string;
  readonly remove_changed: boolean;
}

/** $1 import, $2 project. */
const MADE = `import_ranges r join annotations a on a.id between r.first_id and r.last_id and a.project_id = $2
  where r.import_id = $1 and r.kind = 'annotation'`;

/** Rows of import $1 that can be put back: their image and class are still there, and no later import took their place. $2 project. */
const RETURNING = `import_replaced x cross join lateral json_populate_record(null::annotations, x.row) b
  join image_metadata i on i.id = b.image_id
  where x.import_id = $1 and (b.class_id is null or exists (select from classes c where c.id = b.class_id))
    and not exists (select from annotations a where a.id = b.id) and ${NOT_TAKEN}`;

const COMMENTED = `exists (select from comments c where c.image_id = i.id)`;

/** Whether annotation `o` stays: somebody changed it, or import $1 did not make it. */
const STAYS = `(not exists (
      select from import_ranges m where m.import_id = $1 and m.kind = 'annotation' and o.id between m.first_id and m.last_id)
    or not ${asMade('o.id', 'o.version')})`;

export async function undoPreview(sql: Sql, import_id: number, project_id: number): Promise<UndoPreview> {
  const row = await sql.one<UndoPreview & { made: number }>(
    `select m.unchanged, m.changed,
        (select coalesce(sum(last_id - first_id + 1), 0)::bigint from import_ranges
          where import_id = $1 and kind = 'annotation') - m.unchanged - m.changed as gone,
        (select count(*) from ${RETURNING}) as restored, g.images, g.images_kept,
        (select count(*) from import_splits s join image_metadata i on i.id = s.image_id
          where s.import_id = $1 and i.split = s.split) as splits, k.classes, k.classes_kept
      from (select count(*) filter (where as_made) as unchanged, count(*) filter (where not as_made) as changed
          from (select ${asMade('a.id', 'a.version')} as as_made from ${MADE}) made) m,
        (select count(*) filter (where not kept) as images, count(*) filter (where kept) as images_kept
          from (select ${COMMENTED} or exists (select from annotations o where o.image_id = i.id and ${STAYS}) as kept
            from import_ranges r join image_metadata i on i.id between r.first_id and r.last_id
            where r.import_id = $1 and r.kind = 'image') images) g,
        (select count(*) filter (where not kept) as classes, count(*) filter (where kept) as classes_kept
          from (select exists (select from annotations o where o.class_id = c.id and ${STAYS}) as kept
            from import_ranges r join classes c on c.id between r.first_id and r.last_id
            where r.import_id = $1 and r.kind = 'class') classes) k`,
    [import_id, project_id],
  );
  if (!row) throw new Error('a count has no row');
  return row;
}

/** Takes an import back, in the transaction of `sql`. Answers what was done, in the words of the preview. */
export async function undoImport(sql: Connection, scope: UndoScope): Promise<UndoPreview> {
  const { import_id, project_id, dataset_id, user_id, remove_changed } = scope;
  await lockDataset(sql, dataset_id);
  await sql.run(`select from annotation_projects where id = $1 for no key update`, [project_id]);
  await sql.run(
    `select from image_metadata where id in (
        select a.image_id from ${MADE} union select (row->>'image_id')::bigint from import_replaced where import_id = $1
        union select i.id from import_ranges r join image_metadata i on i.id between r.first_id and r.last_id
          where r.import_id = $1 and r.kind = 'image'
        union select image_id from import_splits where import_id = $1
      ) order by id for no key update`,
    [import_id, project_id],
  );
  const before = await undoPreview(sql, import_id, project_id);
  await sql.run(
    `with gone as (
        delete from annotations where id in (select a.id from ${MADE} and ($4 or ${asMade('a.id', 'a.version')})) returning *
      )
      insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by, previous)
      select $2, image_id, id, version + 1, 'delete', $3, (${annotationJson('gone')})::json from gone`,
    [import_id, project_id, user_id, remove_changed],
  );
  await handOnReplaced(sql, scope);
  // The version goes on from the last that was ever made, so that nobody's old copy fits.
  const restored = await sql.run(
    `with back as (
        insert into annotations (id, project_id, image_id, class_id, version, task_type, annotation_type, state, source, bbox_x,
          bbox_y, bbox_w, bbox_h, area, confidence, created_at, updated_at, confirmed_at, created_by, updated_by, confirmed_by,
          geometry, attributes)
        select b.id, $2, b.image_id, b.class_id,
          greatest(b.version + 1, (select max(h.version) from annotation_history h where h.annotation_id = b.id)) + 1,
          b.task_type, b.annotation_type, b.state, b.source, b.bbox_x, b.bbox_y, b.bbox_w, b.bbox_h, b.area, b.confidence,
          b.created_at, now(), b.confirmed_at, b.created_by, $3, b.confirmed_by, b.geometry, b.attributes
        from ${RETURNING} order by b.id
        returning id, image_id, version
      )
      insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by)
      select $2, image_id, id, version, 'restore', $3 from back`,
    [import_id, project_id, user_id],
  );
  await passOverSplits(sql, scope);
  // Who chose another split since keeps it.
  const splits = await sql.run(
    `update image_metadata i set split = s.previous from import_splits s
      where s.import_id = $1 and i.id = s.image_id and i.split = s.split`,
    [import_id],
  );
  // Versions may have their pictures (docs/adr/0017): who purges deleted images decides what can go, and when nobody takes the place.
  const images = await sql.run(
    `with gone as (
        delete from image_metadata i using import_ranges r
        where r.import_id = $1 and r.kind = 'image' and i.id between r.first_id and r.last_id
          and not exists (select from annotations a where a.image_id = i.id) and not ${COMMENTED}
        returning i.*
      )
      ${leavePictures('gone', '$2', '$3')}`,
    [import_id, project_id, user_id],
  );
  const classes = await sql.run(
    `delete from classes c using import_ranges r
      where r.import_id = $1 and r.kind = 'class' and c.id between r.first_id and r.last_id
        and not exists (select from annotations a where a.class_id = c.id)`,
    [import_id],
  );
  if (classes > 0) {
    await sql.run(
      `update classes c set position = o.n - 1
        from (select id, row_number() over (partition by task_type order by position, id) as n
          from classes where project_id = $1) o
        where c.id = o.id and c.position <> o.n - 1`,
      [project_id],
    );
  }
  await handOnKept(sql, scope);
  await sql.run(`delete from import_replaced where import_id = $1`, [import_id]);
  await sql.run(`delete from import_splits where import_id = $1`, [import_id]);
  return {
    ...before,
    unchanged: before.unchanged + (remove_changed ? before.changed : 0),
    changed: remove_changed ? 0 : before.changed,
    restored,
    splits,
    images,
    images_kept: before.images + before.images_kept - images,
    classes,
    classes_kept: before.classes + before.classes_kept - classes,
  };
}
