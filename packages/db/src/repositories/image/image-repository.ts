import type { Split, TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { type Page, pageOf, type PageRequest } from '../paging.js';
import {
  IMAGE_COLUMNS,
  type ImageFilter,
  ImageListSql,
  type ImageWalk,
  type ProjectHead,
  progressOf,
} from './image-list-sql.js';
import type { ImageRow, InsertedImage, ListedImage, NewImage, OnDuplicate, ThumbnailOutcome } from './image-row.js';
import { insertImages } from './insert-images.js';
import { nextImages } from './next-images.js';

type Progress = Pick<ListedImage, 'statuses' | 'annotation_count' | 'locked_by'>;

/** Images of datasets, seen through their project. */
export class ImageRepository {
  constructor(private readonly connection: Connection) {}

  /**
   * One query however many filters (an anchor costs one more); pages are keyset pages and cost the same at any depth. Items keep the
   * order of the sort in both directions; the cursor goes on in the direction of its page.
   */
  async list(project: ProjectHead, query: ImageFilter & ImageWalk & PageRequest): Promise<Page<ListedImage>> {
    const backwards = query.direction === 'backward';
    const sql = new ImageListSql(project, query);
    const anchor = await this.anchorOf(project, query);
    const keys = anchor ? sql.keysOf(anchor) : sql.keysIn(query.cursor);
    const inclusive = anchor !== null && !backwards;
    const page = sql.select(keys, sql.parameter(query.limit + 1), { backwards, inclusive });
    const text = `select i.*, progress.* from (${page}) i ${progressOf(sql.parameter(query.task_type ?? null))}`;
    // A plan made once fits every page of a plain list; with filters it depends on their values.
    const run = sql.filtered ? 'rows' : 'hot';
    const rows = await this.connection[run]<ImageRow & Progress>(text, sql.values);
    const listed = rows.map((row) => forTask(row, query.task_type));
    const { items, next_cursor } = pageOf(listed, query.limit, (last) => sql.cursorOf(last));
    return { items: backwards ? items.reverse() : items, next_cursor };
  }

  /** `status` of the asked task type, else overall. */
  async get(image_id: number, task_type?: TaskType): Promise<ListedImage | null> {
    const [row] = await this.connection.hot<ImageRow & Progress>(
      `select ${IMAGE_COLUMNS}, progress.* from image_metadata i ${progressOf('$2')} where i.id = $1`,
      [image_id, task_type ?? null],
    );
    return row ? forTask(row, task_type) : null;
  }

  /** In the order of their ids; ids of other datasets are left out. */
  byIds(dataset_id: number, image_ids: readonly number[]): Promise<ImageRow[]> {
    return this.connection.rows(
      `select ${IMAGE_COLUMNS} from image_metadata i where i.dataset_id = $1 and i.id = any ($2) order by i.id`,
      [dataset_id, image_ids],
    );
  }

  /** Those of `paths` (NFC) the dataset has. */
  byPaths(dataset_id: number, paths: readonly string[]): Promise<ImageRow[]> {
    return this.connection.hot(
      `select ${IMAGE_COLUMNS} from image_metadata i where i.dataset_id = $1 and i.path = any ($2) order by i.path`,
      [dataset_id, paths],
    );
  }

  /** Holds a path until the end of the transaction, then answers who has it: uploads of one path happen one after another. */
  async holdPath(dataset_id: number, path: string): Promise<ImageRow | null> {
    const [, [image]] = await Promise.all([
      this.connection.hot('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`image:${dataset_id}/${path}`]),
      this.byPaths(dataset_id, [path]),
    ]);
    return image ?? null;
  }

  /**
   * One result per image, in the order given. Safe against uploads of the same names at the same moment. An overwritten image keeps its
   * id and annotations and its revision grows. Called inside a transaction it holds the names until the end,
   * so bytes can be put in place before anybody sees the rows. `once_held` asks what must be known of the dataset as it is then: when nobody
   * else can add or remove images of it any more, and no row is made yet.
   */
  insertMany(
    dataset_id: number,
    user_id: string,
    on_duplicate: OnDuplicate,
    images: readonly NewImage[],
    once_held?: () => Promise<unknown>,
  ): Promise<InsertedImage[]> {
    return insertImages(this.connection, dataset_id, user_id, on_duplicate, images, once_held);
  }

  /** See `nextImages`. */
  next(
    project: ProjectHead,
    filter: Omit<ImageFilter, 'sort'>,
    page: { readonly limit: number; readonly cursor: string | null },
  ): Promise<{ image_ids: number[]; next_cursor: string | null }> {
    return nextImages(this.connection, project, filter, page);
  }

  /** Puts images of a dataset into a split, or (null) leaves it to their paths; answers how many were in another one. */
  setSplit(dataset_id: number, image_ids: readonly number[], split: Split | null): Promise<number> {
    return this.connection.run(
      `with chosen as (
          select id from image_metadata where dataset_id = $1 and id = any ($2) order by id for no key update
        )
        update image_metadata i set split = $3 from chosen where i.id = chosen.id and i.split is distinct from $3`,
      [dataset_id, image_ids, split],
    );
  }

  /** Images without a thumbnail that were tried fewer than `max_attempts` times, oldest first; for the back-fill. */
  thumbnailWork(options: { limit: number; max_attempts: number; dataset_id?: number }): Promise<ImageRow[]> {
    return this.connection.rows(
      `select ${IMAGE_COLUMNS} from image_metadata i
        where i.thumbnail_state <> 'ready' and i.thumbnail_attempts < $2 and ($3::bigint is null or i.dataset_id = $3)
        order by i.id limit $1`,
      [options.limit, options.max_attempts, options.dataset_id ?? null],
    );
  }

  /** Takes `ready` back, in the transaction that made the row. */
  async oweThumbnail(id: number): Promise<void> {
    await this.connection.run(`update image_metadata set thumbnail_state = 'pending' where id = $1`, [id]);
  }

  /** False when the image is gone or was overwritten since `revision`. `failed` counts an attempt. */
  async setThumbnail(id: number, revision: number, state: ThumbnailOutcome['state']): Promise<boolean> {
    return (await this.setThumbnails([{ id, revision, state }])).length > 0;
  }

  /** The same for many, in one statement; answers those that are there still as they were. */
  async setThumbnails(outcomes: readonly ThumbnailOutcome[]): Promise<number[]> {
    if (outcomes.length === 0) return [];
    const rows = await this.connection.rows<{ id: number }>(
      `update image_metadata i set thumbnail_state = x.state,
          thumbnail_attempts = i.thumbnail_attempts + (x.state = 'failed')::integer
        from unnest($1::bigint[], $2::integer[], $3::text[]) as x (id, revision, state)
        where i.id = x.id and i.revision = x.revision returning i.id`,
      [outcomes.map(({ id }) => id), outcomes.map(({ revision }) => revision), outcomes.map(({ state }) => state)],
    );
    return rows.map(({ id }) => id);
  }

  /** An anchor that is gone (deleted since the link was made) is no anchor: the list begins at its start. */
  private async anchorOf(project: ProjectHead, { cursor, anchor }: ImageWalk & PageRequest): Promise<ImageRow | null> {
    if (cursor || anchor === undefined) return null;
    const [row] = await this.byIds(project.dataset_id, [anchor]);
    return row ?? null;
  }
}

function forTask(row: ImageRow & Progress, task_type: TaskType | undefined): ListedImage {
  const status = task_type && row.statuses[task_type];
  return status ? { ...row, status } : row;
}
