import { DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { OnDuplicate } from '../image/image-row.js';

export type UploadFileStatus = 'pending' | 'completed' | 'skipped' | 'rejected';

export type UploadPurpose = 'images' | 'import';

export interface UploadRow {
  readonly id: number;
  readonly dataset_id: number;
  readonly created_by: string;
  readonly on_duplicate: OnDuplicate;
  /** What its files become: images, or the material of an import. */
  readonly purpose: UploadPurpose;
  readonly status: 'open' | 'completed' | 'expired';
  readonly created_at: string;
  readonly expires_at: string;
}

export interface UploadFileRow {
  readonly upload_id: number;
  /** Place in the request, from 0. */
  readonly n: number;
  readonly path: string;
  readonly size_bytes: number;
  readonly content_type: string;
  readonly sha256: string | null;
  readonly status: UploadFileStatus;
  /** Where the bytes wait until the file is completed. */
  readonly storage_key: string | null;
  readonly multipart_upload_id: string | null;
  readonly part_size: number | null;
  readonly image_id: number | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** A file as it is announced; what is left out is null. */
export type NewUploadFile = Pick<UploadFileRow, 'path' | 'size_bytes' | 'content_type'> &
  Partial<Omit<UploadFileRow, 'upload_id' | 'n' | 'image_id'>>;

/** What may change while a file is uploaded and completed. */
export type UploadFileChange = Pick<UploadFileRow, 'n'> &
  Partial<
    Pick<
      UploadFileRow,
      | 'status'
      | 'storage_key'
      | 'multipart_upload_id'
      | 'part_size'
      | 'image_id'
      | 'code'
      | 'message'
      | 'sha256'
      | 'path'
    >
  >;

const CHANGEABLE = [
  'status',
  'storage_key',
  'multipart_upload_id',
  'part_size',
  'image_id',
  'code',
  'message',
  'sha256',
  'path',
] as const;

const UPLOAD = `id, dataset_id, created_by, on_duplicate, purpose, status, created_at, expires_at`;
const FILE = `f.upload_id, f.n, f.path, f.size_bytes, f.content_type, f.sha256, f.status, f.storage_key, f.multipart_upload_id,
  f.part_size, f.image_id, f.code, f.message`;
const RECORD = `n integer, path text, size_bytes bigint, content_type text, sha256 text, status text, storage_key text,
  multipart_upload_id text, part_size bigint, image_id bigint, code text, message text`;

/** Upload sessions: which files were announced, where their bytes wait, what became of them. */
export class UploadRepository {
  constructor(private readonly connection: Connection) {}

  async create(
    upload: Pick<UploadRow, 'dataset_id' | 'created_by' | 'on_duplicate' | 'expires_at'> & { purpose?: UploadPurpose },
    files: readonly NewUploadFile[],
  ): Promise<{ upload: UploadRow; files: UploadFileRow[] }> {
    return this.connection.atomic(async (transaction) => {
      const row = await transaction.one<UploadRow>(
        `insert into uploads (dataset_id, created_by, on_duplicate, expires_at, purpose) values ($1, $2, $3, $4, $5)
          returning ${UPLOAD}`,
        [upload.dataset_id, upload.created_by, upload.on_duplicate, upload.expires_at, upload.purpose ?? 'images'],
      );
      const stored = await transaction.rows<UploadFileRow>(
        `insert into upload_files as f (upload_id, n, path, size_bytes, content_type, sha256, status, storage_key,
            multipart_upload_id, part_size, code, message)
          select $1, x.n, x.path, x.size_bytes, x.content_type, x.sha256, coalesce(x.status, 'pending'), x.storage_key,
            x.multipart_upload_id, x.part_size, x.code, x.message
          from json_to_recordset($2::json) as x (${RECORD}) returning ${FILE}`,
        [(row as UploadRow).id, JSON.stringify(files.map((file, n) => ({ ...file, n })))],
      );
      return { upload: row as UploadRow, files: stored.sort((a, b) => a.n - b.n) };
    });
  }

  async get(upload_id: number): Promise<{ upload: UploadRow; files: UploadFileRow[] } | null> {
    const upload = await this.connection.one<UploadRow>(`select ${UPLOAD} from uploads where id = $1`, [upload_id]);
    if (!upload) return null;
    const files = await this.connection.rows<UploadFileRow>(
      `select ${FILE} from upload_files f where f.upload_id = $1 order by f.n`,
      [upload_id],
    );
    return { upload, files };
  }

  /**
   * Files to complete (all, or those of `paths`), held until the transaction ends: a second request waits here and then sees what the
   * first one made of them. Only useful inside a transaction.
   */
  lockFiles(upload_id: number, paths?: readonly string[]): Promise<UploadFileRow[]> {
    return this.connection.rows(
      `select ${FILE} from upload_files f where f.upload_id = $1 and ($2::text[] is null or f.path = any ($2))
        order by f.n for update`,
      [upload_id, paths ?? null],
    );
  }

  /** Fields that are absent stay as they are; null clears. */
  async updateFiles(upload_id: number, files: readonly UploadFileChange[]): Promise<void> {
    if (files.length === 0) return;
    const sets = CHANGEABLE.map(
      (column) => `${column} = case when r.o ? '${column}' then x.${column} else f.${column} end`,
    );
    await this.connection.run(
      `update upload_files f set ${sets.join(', ')}
        from jsonb_array_elements($2::jsonb) as r (o) cross join lateral jsonb_to_record(r.o) as x (${RECORD})
        where f.upload_id = $1 and f.n = x.n`,
      [upload_id, JSON.stringify(files)],
    );
  }

  /** open → completed when no file is pending any more. Throws not_found. */
  async settle(upload_id: number): Promise<UploadRow> {
    const row = await this.connection.one<UploadRow>(
      `update uploads u set status = case
          when u.status = 'open'
            and not exists (select from upload_files f where f.upload_id = u.id and f.status = 'pending')
          then 'completed' else u.status end
        where u.id = $1 returning ${UPLOAD}`,
      [upload_id],
    );
    if (!row) throw new DomainError('not_found', 'The upload does not exist any more', { upload_id });
    return row;
  }

  /** Marks open uploads that ended before `now` as expired and answers them with their pending files, whose bytes are to be removed. */
  async expire(now: string, limit: number): Promise<{ upload_id: number; files: UploadFileRow[] }[]> {
    const files = await this.connection.rows<UploadFileRow & { expired_id: number }>(
      `with expired as (
        update uploads set status = 'expired' where id in (
          select id from uploads where status = 'open' and expires_at <= $1 order by expires_at limit $2 for update skip locked
        ) returning id
      )
      select e.id as expired_id, ${FILE} from expired e
      left join upload_files f on f.upload_id = e.id and f.status = 'pending' order by e.id, f.n`,
      [now, limit],
    );
    const uploads = new Map<number, UploadFileRow[]>();
    for (const { expired_id, ...file } of files) {
      const of = uploads.get(expired_id) ?? [];
      if (file.n !== null) of.push(file);
      uploads.set(expired_id, of);
    }
    return [...uploads].map(([upload_id, pending]) => ({ upload_id, files: pending }));
  }
}
