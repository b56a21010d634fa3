import type { Connection, Sql } from '../../connection/sql.js';
import { type ExportForecast, forecastExport } from '../annotation/export-forecast.js';
import type { ExportFilter } from '../annotation/export-snapshot.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';

export type ExportStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'expired';

export interface ExportRow {
  readonly id: number;
  readonly project_id: number;
  readonly format: string;
  readonly options: Record<string, unknown>;
  readonly status: ExportStatus;
  /** 0 to 1 */
  readonly progress: number;
  /** Where it is being written, or was; there is an object under it when the status is completed. */
  readonly storage_key: string | null;
  /** Of the upload in parts that is under way, or was when the worker died. */
  readonly multipart_upload_id: string | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly report: Record<string, unknown> | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly expires_at: string | null;
}

export interface NewExport {
  readonly project_id: number;
  readonly format: string;
  readonly options: Record<string, unknown>;
  readonly created_by: string;
}

export interface ExportResult {
  readonly size_bytes: number;
  readonly sha256: string;
  readonly report: object;
  /** When the file may be removed; null keeps it. */
  readonly expires_at?: string | null;
}

const ORDER = 'exports';
/** What an export left in the storage that nobody will ask for again. */
export type ExportRemains = Pick<ExportRow, 'id' | 'project_id' | 'storage_key' | 'multipart_upload_id'>;

const COLUMNS = `id, project_id, format, options, status, progress, storage_key, multipart_upload_id, size_bytes, sha256, report, error, created_by,
  created_at, started_at, finished_at, expires_at`;

/** Exports and how far they are. The job's steps answer false once the export was cancelled or is finished. */
export class ExportRepository {
  constructor(private readonly connection: Connection) {}

  /** `enqueue` puts the job into the queue in the same transaction: neither exists without the other. */
  create(values: NewExport, enqueue?: (sql: Sql, created: ExportRow) => Promise<unknown>): Promise<ExportRow> {
    return this.connection.atomic(async (transaction) => {
      const row = (await transaction.one<ExportRow>(
        `insert into exports (project_id, format, options, created_by) values ($1, $2, $3, $4) returning ${COLUMNS}`,
        [values.project_id, values.format, JSON.stringify(values.options), values.created_by],
      )) as ExportRow;
      await enqueue?.(transaction, row);
      return row;
    });
  }

  async get(export_id: number): Promise<ExportRow | null> {
    const [row] = await this.connection.hot<ExportRow>(
      `select ${COLUMNS} from exports where id = $1 and deleted_at is null`,
      [export_id],
    );
    return row ?? null;
  }

  /** What an export with this filter would read. Null: no such project. */
  forecast(filter: ExportFilter): Promise<ExportForecast | null> {
    return forecastExport(this.connection, filter);
  }

  /** Newest first. */
  async list(project_id: number, { limit, cursor }: PageRequest): Promise<Page<ExportRow>> {
    const before = decodeCursor<[number]>(ORDER, ['number'], cursor);
    const rows = await this.connection.rows<ExportRow>(
      `select ${COLUMNS} from exports
        where project_id = $1 and deleted_at is null and ($2::bigint is null or id < $2) order by id desc limit $3`,
      [project_id, before?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.id]));
  }

  /**
   * queued → running; running → running again after a crash, with the id of the upload that was under way then. Null when it is
   * finished, cancelled or gone: nothing to do.
   */
  start(export_id: number, storage_key: string): Promise<ExportRow | null> {
    return this.connection.one(
      `update exports set status = 'running', progress = 0, started_at = now(), storage_key = $2
        where id = $1 and deleted_at is null and status in ('queued', 'running') returning ${COLUMNS}`,
      [export_id, storage_key],
    );
  }

  /** An upload in parts has begun (an id), or none is under way any more (null). */
  uploading(export_id: number, multipart_upload_id: string | null): Promise<boolean> {
    return this.changed(`update exports set multipart_upload_id = $2 where id = $1 and status = 'running'`, [
      export_id,
      multipart_upload_id,
    ]);
  }

  /** 0 to 1. */
  progress(export_id: number, progress: number): Promise<boolean> {
    return this.changed(
      `update exports set progress = least(1, greatest(0, $2::real)) where id = $1 and status = 'running'`,
      [export_id, progress],
    );
  }

  complete(export_id: number, result: ExportResult): Promise<boolean> {
    return this.changed(
      `update exports set status = 'completed', progress = 1, finished_at = now(), size_bytes = $2, sha256 = $3, report = $4,
          expires_at = $5, multipart_upload_id = null
        where id = $1 and status = 'running'`,
      [export_id, result.size_bytes, result.sha256, JSON.stringify(result.report), result.expires_at ?? null],
    );
  }

  fail(export_id: number, error: { code: string; message: string }): Promise<boolean> {
    return this.changed(
      `update exports set status = 'failed', finished_at = now(), error = $2
        where id = $1 and status in ('queued', 'running')`,
      [export_id, JSON.stringify(error)],
    );
  }

  cancel(export_id: number): Promise<boolean> {
    return this.changed(
      `update exports set status = 'cancelled', finished_at = now() where id = $1 and status in ('queued', 'running')`,
      [export_id],
    );
  }

  /** Marks a finished export as deleted; its row goes when its file is gone. False while it is waiting or running. */
  delete(export_id: number): Promise<boolean> {
    return this.changed(
      `update exports set deleted_at = now(), cleaned_at = null
        where id = $1 and deleted_at is null and status not in ('queued', 'running')`,
      [export_id],
    );
  }

  /** completed → expired, for those whose time is over. */
  async expire(now: string, limit: number): Promise<{ id: number; project_id: number }[]> {
    return this.connection.rows(
      `update exports set status = 'expired' where id in (
        select id from exports where status = 'completed' and expires_at <= $1 order by expires_at limit $2 for update skip locked
      ) returning id, project_id`,
      [now, limit],
    );
  }

  /** Ended without a file or outlived it, and not cleaned yet: oldest first; with `busy_job` those that no worker is busy with. */
  remains(busy_job: ((id_column: string) => string) | null, limit: number): Promise<ExportRemains[]> {
    return this.connection.rows(
      `select id, project_id, storage_key, multipart_upload_id from exports
        where cleaned_at is null and (deleted_at is not null or status in ('failed', 'cancelled', 'expired'))
          ${busy_job ? `and not exists (${busy_job('exports.id')})` : ''}
        order by id limit $1`,
      [limit],
    );
  }

  /** Nothing of these is in the storage any more; the rows of deleted ones go. */
  async cleaned(export_ids: readonly number[]): Promise<void> {
    await this.connection.run(`delete from exports where id = any ($1) and deleted_at is not null`, [export_ids]);
    await this.connection.run(`update exports set cleaned_at = now(), multipart_upload_id = null where id = any ($1)`, [
      export_ids,
    ]);
  }

  private async changed(text: string, values: readonly unknown[]): Promise<boolean> {
    return (await this.connection.run(text, values)) > 0;
  }
}
