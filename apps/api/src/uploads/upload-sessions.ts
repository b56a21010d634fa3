import { randomUUID } from 'node:crypto';
import type { RejectionCode, Upload } from '@labelyard/contract';
import type {
  LabelerDb,
  OnDuplicate,
  TransactionOptions,
  UploadFileRow,
  UploadPurpose,
  UploadRow,
} from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { normaliseImagePath, stagedUploadPrefix, type StorageDriver } from '@labelyard/storage';
import { enqueue } from '../jobs/task.js';
import { inParallel } from '../concurrency/in-parallel.js';
import { CLEAN_UPLOAD } from './upload-clean-job.js';
import { planUpload, type AnnouncedFile, type PlannedFile } from './upload-plan.js';

/** How long an upload may be resumed; what is unfinished then is thrown away. */
const LIFETIME_MS = 3 * 24 * 3600_000;
/** How long one URL works. Resuming gives new ones. */
const URL_SECONDS = 6 * 3600;
/** Storage requests at once while an upload is prepared. */
const AT_ONCE = 16;

/** Uploads straight to the storage: announced here, sent by presigned URLs, completed by `UploadCompletion`. */
export class UploadSessions {
  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
    private readonly options: { readonly max_bytes: number; readonly max_import_bytes: number },
  ) {}

  async create(
    { dataset_id, project_id, user_id }: { dataset_id: number; project_id: number; user_id: string },
    {
      files,
      on_duplicate,
      purpose = 'images',
    }: { files: readonly AnnouncedFile[]; on_duplicate: OnDuplicate; purpose?: UploadPurpose },
    options?: TransactionOptions,
  ): Promise<Upload> {
    const paths = files.flatMap((file) => {
      const result = normaliseImagePath(file.path);
      return result.ok ? [result.path] : [];
    });
    const of_import = purpose === 'import';
    // Files of an import are named as they like.
    const known = of_import ? [] : await this.db.images.byPaths(dataset_id, paths);
    const existing = new Set(known.map(({ path }) => path));
    const max_bytes = of_import ? this.options.max_import_bytes : this.options.max_bytes;
    const folder = randomUUID();
    const plan = planUpload(files, { dataset_id, folder, on_duplicate, max_bytes, existing });
    const begun = await this.beginParts(plan);
    try {
      const expires_at = new Date(Date.now() + LIFETIME_MS).toISOString();
      const upload = { dataset_id, created_by: user_id, on_duplicate, purpose, expires_at };
      const created = await this.db.transaction(async (tx) => {
        const rows = await tx.uploads.create(upload, begun);
        const cleaning = { upload_id: rows.upload.id, prefix: stagedUploadPrefix(dataset_id, folder) };
        await enqueue(tx.sql, CLEAN_UPLOAD, cleaning, { run_at: expires_at });
        await tx.audit.record({
          project_id,
          actor_id: user_id,
          action: 'upload.create',
          subject_type: 'upload',
          subject_id: rows.upload.id,
          details: { count: files.length, on_duplicate, purpose },
        });
        return rows;
      }, options);
      return this.toUpload(created);
    } catch (error) {
      await inParallel(begun, AT_ONCE, (file) => this.abortParts(file)).catch(() => undefined);
      throw error;
    }
  }

  /** Fresh URLs for what is still missing. */
  async get(upload_id: number): Promise<Upload> {
    const found = await this.db.uploads.get(upload_id);
    if (!found) throw new DomainError('not_found', 'The upload does not exist', { upload_id });
    return this.toUpload(found);
  }

  private async beginParts(plan: readonly PlannedFile[]): Promise<PlannedFile[]> {
    const begun: PlannedFile[] = [];
    try {
      return await inParallel(plan, AT_ONCE, async (file) => {
        if (!file.storage_key || file.part_size === null) return file;
        const { upload_id } = await this.datasets.multipart(file.storage_key, { content_type: file.content_type });
        const started = { ...file, multipart_upload_id: upload_id };
        begun.push(started);
        return started;
      });
    } catch (error) {
      await inParallel(begun, AT_ONCE, (file) => this.abortParts(file)).catch(() => undefined);
      throw error;
    }
  }

  private async abortParts({ storage_key, multipart_upload_id }: PlannedFile): Promise<void> {
    if (storage_key && multipart_upload_id)
      await this.datasets.resumeMultipart(storage_key, multipart_upload_id).abort();
  }

  private toUpload({ upload, files }: { upload: UploadRow; files: readonly UploadFileRow[] }): Upload {
    const { id, dataset_id, on_duplicate, purpose, created_at, expires_at } = upload;
    const open = upload.status === 'open';
    return {
      id,
      dataset_id,
      on_duplicate,
      purpose,
      created_at,
      expires_at,
      files: files.map((file) => ({
        path: file.path,
        size: file.size_bytes,
        status: file.status,
        content_type: file.content_type,
        ...(open && file.status === 'pending' && this.targets(file)),
        ...(file.code && { code: file.code as RejectionCode }),
        ...(file.message && { message: file.message }),
      })),
    };
  }

  private targets({ storage_key, multipart_upload_id, part_size, size_bytes, content_type }: UploadFileRow) {
    if (!storage_key) return {};
    const expires_in = URL_SECONDS;
    if (!multipart_upload_id || !part_size) {
      return { put_url: this.datasets.signPut(storage_key, { expires_in, content_type, size: size_bytes }) };
    }
    const parts = this.datasets.resumeMultipart(storage_key, multipart_upload_id);
    return {
      parts: Array.from({ length: Math.ceil(size_bytes / part_size) }, (_, index) => {
        const [number, offset] = [index + 1, index * part_size];
        const size = Math.min(part_size, size_bytes - offset);
        return { number, url: parts.signPart(number, { expires_in, size }), offset, size };
      }),
    };
  }
}
