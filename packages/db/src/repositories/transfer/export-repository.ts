import type { Connection, Sql } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';

export type ExportStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface ExportRow {
  readonly id: number;
  readonly project_id: number;
  readonly format: string;
  readonly options: Record<string, unknown>;
  readonly status: ExportStatus;
  /** 0 to 1 */
  readonly progress: number;
  readonly storage_key: string | null;
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
  readonly storage_key: string;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly report: object;
  /** When the file may be removed; null keeps it. */
  readonly expires_at?: string | null;
}

const ORDER = 'exports';
const COLUMNS = `id, project_id, format, options, status, progress, storage_key, size_bytes, sha256, report, error, created_by,
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
    const [row] = await this.connection.hot<ExportRow>(`select ${COLUMNS} from exports where id = $1`, [export_id]);
    return row ?? null;
  }

  /** Newest first. */
  async list(project_id: number, { limit, cursor }: PageRequest): Promise<Page<ExportRow>> {
    const before = decodeCursor<[number]>(ORDER, ['number'], cursor);
    const rows = await this.connection.rows<ExportRow>(
      `select ${COLUMNS} from exports where project_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
      [project_id, before?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.id]));
  }

  /** queued → running; running → running again after a crash. Null when it is finished, cancelled or gone: nothing to do. */
  start(export_id: number): Promise<ExportRow | null> {
    return this.connection.one(
      `update exports set status = 'running', progress = 0, started_at = now()
        where id = $1 and status in ('queued', 'running') returning ${COLUMNS}`,
      [export_id],
    );
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
      `update exports set status = 'completed', progress = 1, finished_at = now(), storage_key = $2, size_bytes = $3,
          sha256 = $4, report = $5, expires_at = $6
        where id = $1 and status = 'running'`,
      [
        export_id,
        result.storage_key,
        result.size_bytes,
        result.sha256,
        JSON.stringify(result.report),
        result.expires_at ?? null,
      ],
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

  private async changed(text: string, values: readonly unknown[]): Promise<boolean> {
    return (await this.connection.run(text, values)) > 0;
  }
}
