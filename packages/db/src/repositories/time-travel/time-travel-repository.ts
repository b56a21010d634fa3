import type { Connection, Sql } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { type DecidedRestore, readBatch, type RestoreBatch, writeRestored } from './apply-restore.js';
import { imageAsOf, imageMoments, type ImageMoment } from './past-image.js';
import {
  planOf,
  type RestoreCount,
  type RestoreScope,
  type RestoreSelection,
  scopeValues,
  targetsOf,
} from './restore-plan.js';

export type RestoreStatus = 'queued' | 'running' | 'completed' | 'failed';

/** What came of it: annotations per kind, and per obstacle those that stayed as they are. */
export type RestoreTally = Readonly<Record<string, number>>;

export interface RestoreRow {
  readonly id: number;
  readonly project_id: number;
  readonly selection: RestoreSelection;
  readonly overwrite: boolean;
  readonly may_edit_verified: boolean;
  readonly status: RestoreStatus;
  /** Images looked at, of how many; null before they are known. */
  readonly done: number;
  readonly images: number | null;
  readonly counts: RestoreTally;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly finished_at: string | null;
}

export interface RestorePreview {
  readonly counts: readonly RestoreCount[];
  readonly images: number;
  /** There is more than was counted. */
  readonly truncated: boolean;
  /** Who made the changes that would be undone, and how many. */
  readonly editors: readonly { readonly user_id: string; readonly count: number }[];
}

/** Annotations a preview looks at: it answers at once, however much there is. */
const PREVIEWED = 20_000;
const ORDER = 'restores';
const COLUMNS = `id, project_id, selection, overwrite, may_edit_verified, status, done, cardinality(image_ids) as images, counts, error,
  created_by, created_at, finished_at`;

/** Earlier states: looked at, and brought back. */
export class TimeTravelRepository {
  constructor(private readonly connection: Connection) {}

  /** JSON text of the array of an image's annotations right after `at`, by id: ready for the wire. */
  imageAsOf(scope: { project_id: number; image_id: number; at: string }): Promise<string> {
    return imageAsOf(this.connection, scope);
  }

  /** When an image was changed, newest first. */
  moments(scope: { project_id: number; image_id: number }, page: PageRequest): Promise<Page<ImageMoment>> {
    return imageMoments(this.connection, scope, page);
  }

  /** Where an annotation that has this version lies, or lay, and its newest version; null when there is no such version. */
  placeOfVersion(annotation_id: number, version: number): Promise<{ image_id: number; newest: number } | null> {
    return this.connection.one(
      `select h.image_id, (select max(n.version) from annotation_history n where n.annotation_id = $1) as newest
        from annotation_history h where h.annotation_id = $1 and h.version = $2 limit 1`,
      [annotation_id, version],
    );
  }

  /** Whether this person, who may have left, ever changed an annotation of the project. */
  async hasWorkOf(project_id: number, user_id: string): Promise<boolean> {
    const found = await this.connection.one(
      `select 1 from annotation_history where project_id = $1 and changed_by = $2 limit 1`,
      [project_id, user_id],
    );
    return found !== null;
  }

  /** What a restore would do, counted; changes nothing. */
  async preview(scope: RestoreScope, selection: RestoreSelection): Promise<RestorePreview> {
    const { text, values } = targetsOf(selection);
    const row = await this.connection.one<Omit<RestorePreview, 'truncated'> & { looked_at: number }>(
      `with ${planOf(`select * from (${text}) every_target limit ${PREVIEWED + 1}`)},
      counted as (
        select kind, class_id, task_type, annotation_type, obstacle, count(*) as count from plan group by 1, 2, 3, 4, 5
      ),
      editors as (
        select h.changed_by as user_id, count(*) as count
        from plan join annotation_history h on h.annotation_id = plan.annotation_id
          and h.version >= plan.first_undone ${selection.kind === 'person' ? 'and h.changed_by <> $6' : ''}
        group by h.changed_by order by count desc limit 50
      )
      select (select coalesce(json_agg(c order by c.task_type, c.class_id, c.kind), '[]') from counted c) as counts,
        (select count(distinct image_id) from plan) as images, (select count(*) from target) as looked_at,
        (select coalesce(json_agg(e), '[]') from editors e) as editors`,
      [...scopeValues(scope, null), ...values],
    );
    const { looked_at, ...preview } = row as Omit<RestorePreview, 'truncated'> & { looked_at: number };
    return { ...preview, truncated: looked_at > PREVIEWED };
  }

  /** Call it in the transaction that writes: locks the images until its end. */
  readBatch(scope: RestoreScope, selection: RestoreSelection, image_ids: readonly number[]): Promise<RestoreBatch> {
    return readBatch(this.connection, scope, selection, image_ids);
  }

  writeRestored(scope: RestoreScope, decided: readonly DecidedRestore[]): Promise<void> {
    return writeRestored(this.connection, scope, decided);
  }

  /** `enqueue` puts the job into the queue in the same transaction. */
  create(
    scope: RestoreScope,
    selection: RestoreSelection,
    enqueue?: (sql: Sql, created: RestoreRow) => Promise<unknown>,
  ): Promise<RestoreRow> {
    return this.connection.atomic(async (transaction) => {
      const row = (await transaction.one<RestoreRow>(
        `insert into restores (project_id, selection, overwrite, may_edit_verified, created_by, created_at)
          values ($1, $2, $3, $4, $5, date_trunc('milliseconds', now())) returning ${COLUMNS}`,
        [scope.project_id, JSON.stringify(selection), scope.overwrite, scope.may_edit_verified, scope.user_id],
      )) as RestoreRow;
      await enqueue?.(transaction, row);
      return row;
    });
  }

  /** Done in the transaction that did it. */
  async completed(restore_id: number, images: readonly number[], counts: RestoreTally): Promise<RestoreRow> {
    const row = await this.connection.one<RestoreRow>(
      `update restores set status = 'completed', image_ids = $2, done = cardinality($2::bigint[]), counts = $3,
          finished_at = clock_timestamp() where id = $1 returning ${COLUMNS}`,
      [restore_id, images, JSON.stringify(counts)],
    );
    return row as RestoreRow;
  }

  get(restore_id: number): Promise<RestoreRow | null> {
    return this.connection.one(`select ${COLUMNS} from restores where id = $1`, [restore_id]);
  }

  /** Newest first; with `jobs` only those of a person's work and of versions. */
  async list(
    project_id: number,
    { limit, cursor, jobs = false }: PageRequest & { readonly jobs?: boolean | undefined },
  ): Promise<Page<RestoreRow>> {
    const before = decodeCursor<[number]>(ORDER, ['number'], cursor);
    const rows = await this.connection.rows<RestoreRow>(
      `select ${COLUMNS} from restores where project_id = $1 and ($2::bigint is null or id < $2)
          and (not $4::boolean or selection->>'kind' in ('person', 'version'))
        order by id desc limit $3`,
      [project_id, before?.[0] ?? null, limit + 1, jobs],
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.id]));
  }

  /** queued → running, with the images that are to be looked at; running after a crash goes on where it was. Null: nothing to do. */
  async start(restore_id: number): Promise<RestoreRow | null> {
    const row = await this.connection.one<RestoreRow>(
      `update restores set status = 'running' where id = $1 and status in ('queued', 'running') returning ${COLUMNS}`,
      [restore_id],
    );
    if (!row || row.images !== null) return row;
    const { text, values } = targetsOf(row.selection);
    return this.connection.one<RestoreRow>(
      `update restores set image_ids = coalesce((
            select array_agg(image_id order by image_id) from (select distinct image_id from (${text}) t) i), '{}')
          where id = $${6 + values.length}::bigint and $3::text is not null and $4::boolean is not null and $5::boolean is not null
          returning ${COLUMNS}`,
      [...scopeValues({ ...row, user_id: row.created_by }, null), ...values, restore_id],
    );
  }

  /** The images that come next; holds the row until the transaction ends, so that no batch is done twice. */
  async nextImages(restore_id: number, count: number): Promise<number[]> {
    const row = await this.connection.one<{ image_ids: number[] }>(
      `select image_ids[done + 1 : done + $2] as image_ids from restores where id = $1 and status = 'running' for update`,
      [restore_id, count],
    );
    return row?.image_ids ?? [];
  }

  /** A batch is done; adds `counts` to what stands there. */
  async advance(restore_id: number, images: number, counts: RestoreTally): Promise<void> {
    await this.connection.run(
      `update restores r set done = done + $2, counts = (
          select coalesce(jsonb_object_agg(key, n), '{}') from (
            select key, sum(value::bigint) as n from (
              select * from jsonb_each_text(r.counts) union all select * from jsonb_each_text($3::jsonb)) both_counts
            group by key
          ) sums)
        where id = $1`,
      [restore_id, images, JSON.stringify(counts)],
    );
  }

  async finish(restore_id: number, error: { code: string; message: string } | null = null): Promise<void> {
    await this.connection.run(
      `update restores set status = case when $2::jsonb is null then 'completed' else 'failed' end, error = $2,
          finished_at = clock_timestamp() where id = $1 and status in ('queued', 'running')`,
      [restore_id, error && JSON.stringify(error)],
    );
  }
}
