import type { Split, TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { ImageRow } from '../image/image-row.js';
import { lockDataset } from '../image/lock-dataset.js';

/** A class that an import brings, under an id that was reserved. */
export interface NewImportClass {
  readonly id: number;
  readonly task_type: TaskType;
  readonly name: string;
  readonly color: string;
  readonly keypoints: readonly string[];
  readonly skeleton: readonly (readonly [number, number])[];
}

/** An image of the dataset as an import looks for it. */
export type KnownImageRow = Pick<ImageRow, 'id' | 'path' | 'width' | 'height' | 'size_bytes' | 'split'>;

/** The dataset an import goes into: what is there already, and the images and classes it brings. */
export class ImportTargetRepository {
  constructor(private readonly connection: Connection) {}

  /** Ids for images or classes still to be made. */
  async reserveIds(table: 'image_metadata' | 'classes', count: number): Promise<number[]> {
    const rows = await this.connection.rows<{ id: number }>(
      `select nextval('${table}_id_seq')::bigint as id from generate_series(1, $1)`,
      [count],
    );
    return rows.map(({ id }) => id);
  }

  /** The new pictures become images, under the ids they have. A path that somebody took meanwhile throws duplicate. */
  async insertImages(import_id: number, dataset_id: number, user_id: string): Promise<number> {
    await lockDataset(this.connection, dataset_id);
    const images = await this.connection.run(
      `insert into image_metadata (id, dataset_id, path, width, height, size_bytes, sha256, content_type, uploaded_by)
        select image_id, $2, path, width, height, size_bytes, sha256, content_type, $3
        from import_pictures where import_id = $1 and fate = 'new' order by path collate "C"`,
      [import_id, dataset_id, user_id],
    );
    await this.connection.run(
      `insert into import_ranges (import_id, kind, first_id, last_id)
        select $1, 'image', min(image_id), max(image_id)
        from (select image_id, image_id - row_number() over (order by image_id) as run
          from import_pictures where import_id = $1 and fate = 'new') numbered group by run`,
      [import_id],
    );
    return images;
  }

  /** Classes under ids that were reserved, in their order behind those that are there. A name that somebody took meanwhile throws duplicate. */
  async insertClasses(import_id: number, project_id: number, classes: readonly NewImportClass[]): Promise<void> {
    if (classes.length === 0) return;
    await this.connection.run(`select from annotation_projects where id = $1 for no key update`, [project_id]);
    await this.connection.run(
      `insert into classes (id, project_id, task_type, name, color, position, keypoints, skeleton)
        select x.id, $1, x.task_type, x.name, x.color,
          coalesce((select max(position) + 1 from classes c where c.project_id = $1 and c.task_type = x.task_type), 0)
            + row_number() over (partition by x.task_type order by x.n) - 1, x.keypoints, x.skeleton
        from json_to_recordset($2::json)
          as x (n integer, id bigint, task_type text, name text, color text, keypoints jsonb, skeleton jsonb)`,
      [project_id, JSON.stringify(classes.map((one, n) => ({ ...one, n })))],
    );
    await this.connection.run(
      `insert into import_ranges (import_id, kind, first_id, last_id)
        select $1, 'class', id, id from unnest($2::bigint[]) as made (id)`,
      [import_id, classes.map(({ id }) => id)],
    );
  }

  /**
   * Puts images into the splits that the files name; what was chosen before is kept for taking the import back. Holds these images and
   * those of the staged annotations, in the order everybody takes them. Answers how many changed.
   */
  async applySplits(import_id: number, dataset_id: number, splits: ReadonlyMap<number, Split>): Promise<number> {
    if (splits.size === 0) return 0;
    const values = [import_id, dataset_id, [...splits.keys()], [...splits.values()]];
    await this.connection.run(
      `select from image_metadata where id = any ($1) or id in (select image_id from staged_annotations)
        order by id for no key update`,
      [values[2]],
    );
    return this.connection.run(
      `with chosen as (
          select i.id, x.split, i.split as previous
          from unnest($3::bigint[], $4::text[]) as x (id, split) join image_metadata i on i.id = x.id
          where i.dataset_id = $2 and i.split is distinct from x.split
        ), kept as (
          insert into import_splits (import_id, image_id, split, previous) select $1, id, split, previous from chosen
        )
        update image_metadata i set split = chosen.split from chosen where i.id = chosen.id`,
      values,
    );
  }

  /** Images of the dataset with these contents. */
  byHashes(dataset_id: number, hashes: readonly string[]): Promise<{ id: number; path: string; sha256: string }[]> {
    return this.connection.rows(
      `select id, path, sha256 from image_metadata where dataset_id = $1 and sha256 = any ($2) order by id`,
      [dataset_id, hashes],
    );
  }

  /** The images of a dataset as an import looks for them, a part at a time. */
  async *walkImages(dataset_id: number): AsyncGenerator<KnownImageRow[]> {
    let after = 0;
    for (;;) {
      const rows = await this.connection.rows<KnownImageRow>(
        `select id, path, width, height, size_bytes, split from image_metadata where dataset_id = $1 and id > $2
          order by id limit 20000`,
        [dataset_id, after],
      );
      if (rows.length > 0) yield rows;
      if (rows.length < 20_000) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  /** How many of these images have labels. */
  async countLabeled(image_ids: readonly number[]): Promise<number> {
    if (image_ids.length === 0) return 0;
    const row = await this.connection.one<{ count: number }>(
      `select count(distinct image_id) as count from image_statuses where image_id = any ($1) and annotation_count > 0`,
      [image_ids],
    );
    return row?.count ?? 0;
  }
}
