import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { asMade } from './as-made.js';
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
        where r.import_id = $1 and r.kind = 'annotation' and not ${asMade('a.id', 'a.version')} and a.id > $3
        order by a.id limit $4`,
      [import_id, project_id, after?.[0] ?? 0, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor('import_changed', [last.annotation_id]));
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
