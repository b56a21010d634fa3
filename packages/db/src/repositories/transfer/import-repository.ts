import type { Connection } from '../../connection/sql.js';
import { lockDataset } from '../image/lock-dataset.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { undoPreview, type UndoPreview } from './undo-import.js';

export type ImportStatus =
  'checking' | 'ready' | 'applying' | 'completed' | 'failed' | 'cancelled' | 'undoing' | 'undone';

export interface ImportRow {
  readonly id: number;
  readonly project_id: number;
  readonly source: Record<string, unknown>;
  /** As asked: a format, or `auto`. */
  readonly format: string;
  /** The format it is read as. */
  readonly recognised: string | null;
  readonly choices: Record<string, unknown>;
  readonly status: ImportStatus;
  /** 0 to 1 */
  readonly progress: number;
  readonly sha256: string | null;
  readonly report: Record<string, unknown> | null;
  readonly result: Record<string, unknown> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly undone_by: string | null;
  readonly undone_at: string | null;
}

export type NewImport = Pick<ImportRow, 'project_id' | 'source' | 'format' | 'choices' | 'created_by'>;

export interface ImportIssueRow {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly file: string;
  readonly line?: number | null | undefined;
  readonly path?: string | null | undefined;
  readonly message: string;
}

/** As it is listed. */
export interface ListedIssue extends ImportIssueRow {
  readonly n: number;
  readonly line: number | null;
  readonly path: string | null;
}

export type PictureFate = 'new' | 'matched_by_name' | 'matched_by_hash' | 'rejected';

export interface ImportPictureRow {
  readonly n: number;
  /** What the files call it. */
  readonly file: string;
  /** Its path in the dataset, now or then. */
  readonly path: string;
  readonly fate: PictureFate;
  readonly image_id: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly content_type: string | null;
  /** Its bytes lie under a staging key, ready to be copied. */
  readonly staged: boolean;
  readonly code: string | null;
  readonly message: string | null;
}

/** An annotation that an import made and somebody changed since. */
export interface ChangedSince {
  readonly annotation_id: number;
  readonly image_id: number;
  readonly path: string;
  readonly version: number;
  readonly updated_by: string;
  readonly updated_at: string;
}

const COLUMNS = `id, project_id, source, format, recognised, choices, status, progress, sha256, report, result, error, created_by,
  created_at, started_at, finished_at, undone_by, undone_at`;
const PICTURE = `n, file, path, fate, image_id, width, height, size_bytes, sha256, content_type, staged, code, message`;
const PICTURE_RECORD = `n integer, file text, path text, fate text, image_id bigint, width integer, height integer,
  size_bytes bigint, sha256 text, content_type text, staged boolean, code text, message text`;

/** Imports and how far they are. The job's steps answer false once the import was cancelled or is finished. */
export class ImportRepository {
  constructor(private readonly connection: Connection) {}

  async create(values: NewImport, status: 'checking' | 'applying'): Promise<ImportRow> {
    return (await this.connection.one<ImportRow>(
      `insert into imports (project_id, source, format, choices, created_by, status) values ($1, $2, $3, $4, $5, $6)
        returning ${COLUMNS}`,
      [
        values.project_id,
        JSON.stringify(values.source),
        values.format,
        JSON.stringify(values.choices),
        values.created_by,
        status,
      ],
    )) as ImportRow;
  }

  get(import_id: number): Promise<ImportRow | null> {
    return this.connection.one(`select ${COLUMNS} from imports where id = $1`, [import_id]);
  }

  /** Held until the transaction ends. */
  lock(import_id: number): Promise<ImportRow | null> {
    return this.connection.one(`select ${COLUMNS} from imports where id = $1 for update`, [import_id]);
  }

  /** Newest first. */
  async list(project_id: number, { limit, cursor }: PageRequest): Promise<Page<ImportRow>> {
    const before = decodeCursor<[number]>('imports', ['number'], cursor);
    const rows = await this.connection.rows<ImportRow>(
      `select ${COLUMNS} from imports where project_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
      [project_id, before?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor('imports', [last.id]));
  }

  /** The job begins, or begins again after a crash. Null when there is nothing to do. */
  begin(import_id: number, status: ImportStatus): Promise<ImportRow | null> {
    return this.connection.one(
      `update imports set progress = 0, started_at = now(), error = null where id = $1 and status = $2 returning ${COLUMNS}`,
      [import_id, status],
    );
  }

  progress(import_id: number, status: ImportStatus, progress: number): Promise<boolean> {
    return this.changed(`update imports set progress = least(1, greatest(0, $3::real)) where id = $1 and status = $2`, [
      import_id,
      status,
      progress,
    ]);
  }

  /** From one status to the next, with what is known then. False when it has another status meanwhile. */
  advance(
    import_id: number,
    from: readonly ImportStatus[],
    to: ImportStatus,
    values: {
      readonly recognised?: string | null;
      readonly sha256?: string | null;
      readonly choices?: object;
      readonly report?: object;
      readonly result?: object;
      readonly error?: { readonly code: string; readonly message: string } | null;
      readonly undone_by?: string;
    } = {},
  ): Promise<boolean> {
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    return this.changed(
      `update imports set status = $3, recognised = coalesce($4, recognised), sha256 = coalesce($5, sha256),
          choices = coalesce($6, choices), report = coalesce($7, report), result = coalesce($8, result), error = $9,
          undone_by = coalesce($10, undone_by), undone_at = case when $3 = 'undone' then now() else undone_at end,
          progress = case when $3 in ('ready', 'completed', 'undone') then 1
            when $3 in ('applying', 'undoing') then 0 else progress end,
          finished_at = case when $3 in ('checking', 'applying', 'undoing') then null else now() end
        where id = $1 and status = any ($2)`,
      [
        import_id,
        from,
        to,
        values.recognised ?? null,
        values.sha256 ?? null,
        json(values.choices),
        json(values.report),
        json(values.result),
        values.error ? JSON.stringify(values.error) : null,
        values.undone_by ?? null,
      ],
    );
  }

  /** All at once, in place of what an earlier look found. */
  async replaceIssues(import_id: number, issues: readonly ImportIssueRow[]): Promise<void> {
    await this.connection.run(`delete from import_issues where import_id = $1`, [import_id]);
    await this.connection.run(
      `insert into import_issues (import_id, n, severity, code, file, line, path, message)
        select $1, x.n, x.severity, x.code, x.file, x.line, x.path, x.message
        from json_to_recordset($2::json)
          as x (n integer, severity text, code text, file text, line integer, path text, message text)`,
      [import_id, JSON.stringify(issues.map((issue, n) => ({ ...issue, n })))],
    );
  }

  async issues(
    import_id: number,
    { code, severity }: { code?: string | undefined; severity?: string | undefined },
    { limit, cursor }: PageRequest,
  ): Promise<Page<ListedIssue>> {
    const after = decodeCursor<[number]>('import_issues', ['number'], cursor);
    const rows = await this.connection.rows<ListedIssue>(
      `select n, severity, code, file, line, path, message from import_issues
        where import_id = $1 and n > $2 and ($3::text is null or code = $3) and ($4::text is null or severity = $4)
        order by n limit $5`,
      [import_id, after?.[0] ?? -1, code ?? null, severity ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor('import_issues', [last.n]));
  }

  async removePictures(import_id: number): Promise<void> {
    await this.connection.run(`delete from import_pictures where import_id = $1`, [import_id]);
  }

  /** New ones, and changes of those that are there. */
  async putPictures(import_id: number, pictures: readonly ImportPictureRow[]): Promise<void> {
    if (pictures.length === 0) return;
    await this.connection.run(
      `insert into import_pictures (import_id, ${PICTURE})
        select $1, x.* from json_to_recordset($2::json) as x (${PICTURE_RECORD})
        on conflict (import_id, n) do update set path = excluded.path, fate = excluded.fate, image_id = excluded.image_id,
          width = excluded.width, height = excluded.height, size_bytes = excluded.size_bytes, sha256 = excluded.sha256,
          content_type = excluded.content_type, staged = excluded.staged, code = excluded.code, message = excluded.message`,
      [import_id, JSON.stringify(pictures)],
    );
  }

  async pictures(
    import_id: number,
    fate: PictureFate | undefined,
    { limit, cursor }: PageRequest,
  ): Promise<Page<ImportPictureRow>> {
    const after = decodeCursor<[number]>('import_pictures', ['number'], cursor);
    const rows = await this.connection.rows<ImportPictureRow>(
      `select ${PICTURE} from import_pictures
        where import_id = $1 and n > $2 and ($3::text is null or fate = $3) order by n limit $4`,
      [import_id, after?.[0] ?? -1, fate ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor('import_pictures', [last.n]));
  }

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

  /** Classes under ids that were reserved, behind those that are there. A name that somebody took meanwhile throws duplicate. */
  async insertClasses(
    import_id: number,
    project_id: number,
    classes: readonly {
      readonly id: number;
      readonly task_type: string;
      readonly name: string;
      readonly color: string;
      readonly keypoints: readonly string[];
      readonly skeleton: readonly (readonly [number, number])[];
    }[],
  ): Promise<void> {
    if (classes.length === 0) return;
    await this.connection.run(`select from annotation_projects where id = $1 for no key update`, [project_id]);
    await this.connection.run(
      `insert into classes (id, project_id, task_type, name, color, position, keypoints, skeleton)
        select x.id, $1, x.task_type, x.name, x.color,
          coalesce((select max(position) + 1 from classes c where c.project_id = $1 and c.task_type = x.task_type), 0)
            + row_number() over (partition by x.task_type order by x.id) - 1, x.keypoints, x.skeleton
        from json_to_recordset($2::json)
          as x (id bigint, task_type text, name text, color text, keypoints jsonb, skeleton jsonb)`,
      [project_id, JSON.stringify(classes)],
    );
    await this.connection.run(
      `insert into import_ranges (import_id, kind, first_id, last_id)
        select $1, 'class', id, id from unnest($2::bigint[]) as made (id)`,
      [import_id, classes.map(({ id }) => id)],
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
  async *walkImages(
    dataset_id: number,
  ): AsyncGenerator<{ id: number; path: string; width: number; height: number; size_bytes: number }[]> {
    let after = 0;
    for (;;) {
      const rows = await this.connection.rows<{
        id: number;
        path: string;
        width: number;
        height: number;
        size_bytes: number;
      }>(
        `select id, path, width, height, size_bytes from image_metadata where dataset_id = $1 and id > $2
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

  preview(import_id: number, project_id: number): Promise<UndoPreview> {
    return undoPreview(this.connection, import_id, project_id);
  }

  async changedSince(
    import_id: number,
    project_id: number,
    { limit, cursor }: PageRequest,
  ): Promise<Page<ChangedSince>> {
    const after = decodeCursor<[number]>('import_changed', ['number'], cursor);
    const rows = await this.connection.rows<ChangedSince>(
      `select a.id as annotation_id, a.image_id, i.path, a.version, a.updated_by, a.updated_at
        from import_ranges r join annotations a on a.id between r.first_id and r.last_id and a.project_id = $2
        join image_metadata i on i.id = a.image_id
        where r.import_id = $1 and r.kind = 'annotation' and a.version > 1 and a.id > $3 order by a.id limit $4`,
      [import_id, project_id, after?.[0] ?? 0, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor('import_changed', [last.annotation_id]));
  }

  /** Pictures of an import whose images are gone again and whose path nobody has taken since: their bytes can go. */
  async orphanPaths(import_id: number, dataset_id: number): Promise<string[]> {
    const rows = await this.connection.rows<{ path: string }>(
      `select p.path from import_pictures p where p.import_id = $1 and p.fate = 'new'
        and not exists (select from image_metadata i where i.dataset_id = $2 and i.path = p.path)`,
      [import_id, dataset_id],
    );
    return rows.map(({ path }) => path);
  }

  /** A completed export of the project, to be read again. */
  exportObject(
    project_id: number,
    key: string,
  ): Promise<{ storage_key: string; size_bytes: number; sha256: string } | null> {
    return this.connection.one(
      `select storage_key, size_bytes, sha256 from exports
        where project_id = $1 and storage_key = $2 and status = 'completed' limit 1`,
      [project_id, key],
    );
  }

  private async changed(text: string, values: readonly unknown[]): Promise<boolean> {
    return (await this.connection.run(text, values)) > 0;
  }
}
