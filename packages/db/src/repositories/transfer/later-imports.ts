import type { Sql } from '../../connection/sql.js';
import { asMade } from './as-made.js';

/** An import that is taken back while later ones stay. In whichever order they go, the dataset ends as it was before them. */
interface Leaving {
  readonly import_id: number;
  readonly project_id: number;
  readonly remove_changed: boolean;
}

/** Other imports `l` of project $2 that stand, also those that are about to be taken back: one goes at a time. */
const STANDING = `l.project_id = $2 and l.id <> $1 and l.status in ('completed', 'undoing')`;

/** Rows `x` of other imports: annotations that import $1 made and they replaced. */
const REPLACED_SINCE = `import_ranges r join import_replaced x on x.annotation_id between r.first_id and r.last_id
    join imports l on l.id = x.import_id and ${STANDING}
  where r.import_id = $1 and r.kind = 'annotation'`;

const PLACE = `(x.row->>'image_id')::bigint, x.row->>'task_type'`;

/** Whether row `x` of import $1 has its place for itself: no other import put its labels where those of $1 stood. */
export const NOT_TAKEN = `(${PLACE}) not in (select ${PLACE} from ${REPLACED_SINCE})`;

/**
 * What the import had replaced comes back with the one that took its place; what it made itself comes back no more, except what somebody
 * had changed.
 */
export async function handOnReplaced(sql: Sql, { import_id, project_id, remove_changed }: Leaving): Promise<void> {
  await sql.run(
    `with taken as materialized (
        select min(x.import_id) as import_id, (x.row->>'image_id')::bigint as image_id, x.row->>'task_type' as task_type
        from ${REPLACED_SINCE} group by 2, 3
      ), moved as (
        delete from import_replaced x using taken t where x.import_id = $1 and (t.image_id, t.task_type) = (${PLACE})
        returning t.import_id, x.annotation_id, x.row
      )
      insert into import_replaced (import_id, annotation_id, row) select * from moved on conflict do nothing`,
    [import_id, project_id],
  );
  await sql.run(
    `delete from import_replaced d using (
        select x.import_id, x.annotation_id from ${REPLACED_SINCE}
          and ($3 or ${asMade('x.annotation_id', `(x.row->>'version')::integer`)})
      ) made
      where d.import_id = made.import_id and d.annotation_id = made.annotation_id`,
    [import_id, project_id, remove_changed],
  );
}

/** Where the next import put an image from the split that this one chose, it goes back into the one from before both. */
export async function passOverSplits(sql: Sql, { import_id, project_id }: Leaving): Promise<void> {
  await sql.run(
    `update import_splits n set previous = s.previous from import_splits s
      where s.import_id = $1 and n.image_id = s.image_id and n.previous = s.split and n.import_id = (
        select min(o.import_id) from import_splits o join imports l on l.id = o.import_id and ${STANDING}
        where o.image_id = s.image_id and o.import_id > $1)`,
    [import_id, project_id],
  );
}

/** Images and classes that stay for the labels of another import go with that one. */
export async function handOnKept(sql: Sql, { import_id, project_id }: Leaving): Promise<void> {
  for (const [kind, table, column] of [
    ['image', 'image_metadata', 'image_id'],
    ['class', 'classes', 'class_id'],
  ] as const) {
    await sql.run(
      `insert into import_ranges (import_id, kind, first_id, last_id)
        select heir.id, '${kind}', k.id, k.id
        from import_ranges r join ${table} k on k.id between r.first_id and r.last_id
        cross join lateral (
          select l.id from imports l where ${STANDING} and exists (
            select from annotations a join import_ranges m on a.id between m.first_id and m.last_id
            where m.import_id = l.id and m.kind = 'annotation' and a.${column} = k.id)
          order by l.id desc limit 1
        ) heir
        where r.import_id = $1 and r.kind = '${kind}'`,
      [import_id, project_id],
    );
  }
}
