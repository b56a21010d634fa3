import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';

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

const PICTURE = `n, file, path, fate, image_id, width, height, size_bytes, sha256, content_type, staged, code, message`;
const PICTURE_RECORD = `n integer, file text, path text, fate text, image_id bigint, width integer, height integer,
  size_bytes bigint, sha256 text, content_type text, staged boolean, code text, message text`;

/** What looking at an import's files found: what is wrong with them, and what becomes of each picture. */
export class ImportFindingsRepository {
  constructor(private readonly connection: Connection) {}

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
}
