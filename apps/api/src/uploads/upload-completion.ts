import type { RejectionCode, UploadAnswer } from '@labelyard/contract';
import type { ImageRow, LabelerDb, LabelerTransaction, UploadFileRow, UploadRow } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import {
  InvalidPart,
  normaliseImagePath,
  ObjectChanged,
  ObjectNotFound,
  UploadNotFound,
  type Settling,
  type StorageDriver,
} from '@labelyard/storage';
import type { Admission, ImageIntake } from '../images/image-intake.js';
import { IMAGE_CACHE_CONTROL } from '../images/image-placing.js';
import type { ImageReader } from '../images/image-reader.js';
import { recordUpload } from '../images/record-upload.js';
import { UploadReport } from '../images/upload-report.js';
import type { LogLine } from '../jobs/queue-log.js';
import { inParallel } from '../concurrency/in-parallel.js';

export type PartTags = Readonly<Record<string, readonly { readonly number: number; readonly etag: string }[]>>;

/** Files of one request that are looked at together. */
const AT_ONCE = 4;

type Pending = UploadFileRow & { readonly storage_key: string };

/** Rejections after which the client may send the bytes again and complete once more. */
const MAY_RETRY: readonly RejectionCode[] = ['not_uploaded', 'size_mismatch', 'hash_mismatch'];

/**
 * Checks what arrived in the staging folder and makes images of it. Each file by itself: its row is locked in the transaction
 * that makes the image, so completing twice, also at the same moment, makes one image.
 */
export class UploadCompletion {
  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
    private readonly intake: ImageIntake,
    private readonly reader: ImageReader,
    private readonly log: LogLine,
  ) {}

  /** Completes the named files, or all. Files that were completed before are answered again. */
  async complete(
    { upload_id, project_id, user_id }: { upload_id: number; project_id: number; user_id: string },
    { paths, etags = {} }: { paths?: readonly string[] | undefined; etags?: PartTags | undefined },
  ): Promise<Omit<UploadAnswer, 'error'>> {
    const found = await this.db.uploads.get(upload_id);
    if (!found) throw new DomainError('not_found', 'The upload does not exist', { upload_id });
    const { upload, files } = found;
    if (upload.status === 'expired') {
      throw new DomainError('not_found', 'The upload has expired; announce the files again', { upload_id });
    }
    const asked = paths && new Set(paths.map(canonicalPath));
    const report = new UploadReport();
    const tags = new Map(Object.entries(etags).map(([path, parts]) => [canonicalPath(path), parts]));
    if (upload.purpose === 'import') return this.stage(found, asked, tags);
    const wanted = files.filter((file) => !asked || asked.has(file.path));
    const earlier = await this.settled(
      upload,
      wanted.filter((file) => !isPending(file)),
    );
    const by = { project_id, user_id };
    const outcomes = await inParallel(
      wanted,
      AT_ONCE,
      async (file) =>
        earlier.get(file.n) ?? (await this.completeFile(upload, by, file as Pending, tags.get(file.path) ?? [])),
    );
    const meanwhile = await this.settledMeanwhile(
      upload,
      wanted.filter((_, index) => isMissing(outcomes[index])),
    );
    for (const [index, { n, path }] of wanted.entries())
      report.reserve()(path, meanwhile.get(n) ?? (outcomes[index] as Admission));
    const announced = new Set(files.map(({ path }) => path));
    for (const name of paths ?? []) {
      if (announced.has(canonicalPath(name))) continue;
      report.reject({ name, code: 'not_uploaded', message: 'This upload has no file of this name.' });
    }
    const answer = report.answer();
    await this.db.transaction(async (tx) => {
      await tx.uploads.settle(upload_id);
      await recordUpload(tx, { project_id, user_id, upload_id }, answer);
    });
    return answer;
  }

  /** Files of an import stay where they are until it is done with them; each must have arrived whole. */
  private async stage(
    { upload, files }: { upload: UploadRow; files: readonly UploadFileRow[] },
    asked: ReadonlySet<string> | undefined,
    tags: ReadonlyMap<string, PartTags[string]>,
  ): Promise<Omit<UploadAnswer, 'error'>> {
    const wanted = files.filter(isPending).filter(({ path }) => !asked || asked.has(path));
    const refused = await inParallel(wanted, AT_ONCE, async (file) => {
      const refusal = await this.joinParts(file, tags.get(file.path) ?? []);
      if (refusal) return refusal;
      const head = await this.datasets.head(file.storage_key).catch(ignoreMissing);
      if (!head) return rejection('not_uploaded', 'The bytes of this file have not arrived.');
      if (head.size === file.size_bytes) return null;
      const message = `${head.size} bytes arrived, ${file.size_bytes} were announced: send the file again.`;
      return this.startOver(file, rejection('size_mismatch', message));
    });
    await this.db.transaction(async (tx) => {
      const arrived = wanted.filter((_, index) => !refused[index]);
      await tx.uploads.updateFiles(upload.id, arrived.map(({ n }) => ({ n, status: 'completed' }))); // prettier-ignore
      await tx.uploads.settle(upload.id);
    });
    const rejected = refused.flatMap((refusal, index) =>
      refusal?.outcome === 'rejected'
        ? [{ name: wanted[index]?.path ?? '', code: refusal.code, message: refusal.message }]
        : [],
    );
    return { items: [], skipped: [], rejected };
  }

  private async completeFile(
    upload: UploadRow,
    by: { readonly project_id: number; readonly user_id: string },
    file: Pending,
    tags: PartTags[string],
  ): Promise<Admission> {
    const refusal = await this.joinParts(file, tags);
    if (refusal) return refusal;
    const checked = await this.check(file);
    if ('outcome' in checked) return this.refuse(file, checked);
    const { dataset_id, on_duplicate } = upload;
    const { path, storage_key, n, upload_id } = file;
    const sound = {
      path,
      file: checked,
      facts: checked.facts,
      place: async (key: string, settling: Settling) => {
        // Its URL takes bytes still: only those that were looked at become the image, as what they are.
        const metadata = { content_type: checked.facts.content_type, cache_control: IMAGE_CACHE_CONTROL };
        await this.datasets.copy(storage_key, key, { if_etag: checked.etag, metadata, ...settling });
      },
    };
    const admitted = this.intake.admit({ dataset_id, ...by, on_duplicate }, sound, {
      before: async (tx) => {
        const other = await takenMeanwhile(tx, file);
        return other ? ((await this.settled(upload, [other], tx)).get(n) ?? null) : null;
      },
      after: (tx, result) => tx.uploads.updateFiles(upload_id, [{ n, ...outcomeOf(result) }]),
    });
    const admission = await admitted.catch((error: unknown) => {
      if (error instanceof ObjectChanged) return null;
      throw error;
    });
    if (!admission)
      return rejection('hash_mismatch', 'Other bytes arrived while these were looked at: complete the upload again.');
    await this.discard(storage_key);
    return admission;
  }

  /** Files in parts become one object. Null when there is an object to look at, or was one before. */
  private async joinParts(
    { storage_key, multipart_upload_id, path }: Pending,
    tags: PartTags[string],
  ): Promise<Admission | null> {
    if (!multipart_upload_id) return null;
    const parts = tags.map(({ number, etag }) => ({ part_number: number, etag: etag.replaceAll('"', '') }));
    parts.sort((a, b) => a.part_number - b.part_number);
    if (parts.length === 0) {
      const there = await this.datasets.head(storage_key).catch(ignoreMissing);
      return there
        ? null
        : rejection('not_uploaded', `The ETags of the parts of ${path} are missing from the request.`);
    }
    try {
      await this.datasets.resumeMultipart(storage_key, multipart_upload_id).complete(parts);
      return null;
    } catch (error) {
      // Joined by an earlier request that did not get further; the object is looked for next.
      if (error instanceof UploadNotFound) return null;
      if (error instanceof InvalidPart)
        return rejection('not_uploaded', `Parts of ${path} are missing or damaged: send them again.`);
      throw error;
    }
  }

  private async check({ storage_key, size_bytes, sha256 }: Pending) {
    const found = await this.reader.read(storage_key, { expected_size: size_bytes }).catch(ignoreMissing);
    if (!found) return rejection('not_uploaded', 'The bytes of this file have not arrived.');
    const { inspection } = found;
    // Before the image itself is judged: bytes that were damaged on their way can be sent again.
    if (sha256 && found.sha256 && found.sha256 !== sha256) {
      return rejection(
        'hash_mismatch',
        'The bytes that arrived have another SHA-256 than was announced: send the file again.',
      );
    }
    if (!inspection.ok) return rejection(inspection.code, inspection.message);
    return { size_bytes, sha256: found.sha256, etag: found.etag, facts: inspection.facts };
  }

  private async refuse(file: Pending, refusal: Admission & { outcome: 'rejected' }): Promise<Admission> {
    if (refusal.code === 'not_uploaded') return refusal;
    if (MAY_RETRY.includes(refusal.code)) return this.startOver(file, refusal);
    await this.db.transaction(async (tx) => {
      if (await takenMeanwhile(tx, file)) return;
      await tx.uploads.updateFiles(file.upload_id, [{ n: file.n, ...outcomeOf(refusal) }]);
    });
    await this.discard(file.storage_key);
    return refusal;
  }

  /** The client may send the bytes again. Parts that were joined are gone, so a file in parts gets a new upload. */
  private async startOver(file: Pending, refusal: Admission): Promise<Admission> {
    const { upload_id, n, storage_key, content_type } = file;
    if (!file.multipart_upload_id) return refusal;
    await this.discard(storage_key);
    const { upload_id: multipart_upload_id } = await this.datasets.multipart(storage_key, { content_type });
    await this.db.uploads.updateFiles(upload_id, [{ n, multipart_upload_id }]);
    return refusal;
  }

  /** Bytes that are missing may be those that another request had done with a moment ago. */
  private async settledMeanwhile(
    upload: UploadRow,
    missing: readonly UploadFileRow[],
  ): Promise<ReadonlyMap<number, Admission>> {
    if (missing.length === 0) return new Map();
    const numbers = new Set(missing.map(({ n }) => n));
    const now = (await this.db.uploads.get(upload.id))?.files ?? [];
    return this.settled(
      upload,
      now.filter((file) => numbers.has(file.n) && !isPending(file)),
    );
  }

  /** What an earlier request made of these files, by their number. */
  private async settled(
    { dataset_id }: UploadRow,
    files: readonly UploadFileRow[],
    { images: known }: Pick<LabelerTransaction, 'images'> = this.db,
  ): Promise<ReadonlyMap<number, Admission>> {
    if (files.length === 0) return new Map();
    const kept = files.filter(({ status }) => status !== 'rejected');
    const ids = kept.flatMap(({ image_id }) => image_id ?? []);
    const paths = kept.flatMap(({ image_id, path }) => (image_id ? [] : [path]));
    const images = [
      ...(ids.length > 0 ? await known.byIds(dataset_id, ids) : []),
      ...(paths.length > 0 ? await known.byPaths(dataset_id, paths) : []),
    ];
    const byId = new Map(images.map((image) => [image.id, image]));
    const byPath = new Map(images.map((image) => [image.path, image]));
    return new Map(
      files.map((file) => [
        file.n,
        outcomeBefore(file, file.image_id ? byId.get(file.image_id) : byPath.get(file.path)),
      ]),
    );
  }

  /** What stays behind here is swept when the upload's time is over. */
  private async discard(storage_key: string): Promise<void> {
    await this.datasets.delete(storage_key).catch((error: unknown) => {
      this.log('warn', 'A staged file could not be deleted; the sweep will do it', { storage_key, err: error });
    });
  }
}

/** Takes the file for this transaction; answers its row when another request was faster. */
async function takenMeanwhile(
  tx: LabelerTransaction,
  { upload_id, path, n }: UploadFileRow,
): Promise<UploadFileRow | undefined> {
  const rows = await tx.uploads.lockFiles(upload_id, [path]);
  const row = rows.find((candidate) => candidate.n === n);
  return row?.status === 'pending' ? undefined : row;
}

function outcomeBefore({ status, code, message }: UploadFileRow, image: ImageRow | undefined): Admission {
  if (status === 'rejected') return rejection((code ?? 'damaged_image') as RejectionCode, message ?? '');
  if (!image) return rejection('not_uploaded', 'The image was deleted since it was uploaded.');
  return { outcome: status === 'skipped' ? 'skipped' : 'same', image };
}

function outcomeOf(admission: Admission): Partial<UploadFileRow> {
  if (admission.outcome === 'rejected') return { status: 'rejected', code: admission.code, message: admission.message };
  return { status: admission.outcome === 'skipped' ? 'skipped' : 'completed', image_id: admission.image.id };
}

function rejection(code: RejectionCode, message: string): Admission & { outcome: 'rejected' } {
  return { outcome: 'rejected', code, message };
}

function isMissing(admission: Admission | undefined): boolean {
  return admission?.outcome === 'rejected' && admission.code === 'not_uploaded';
}

function isPending(file: UploadFileRow): file is Pending {
  return file.status === 'pending' && file.storage_key !== null;
}

function ignoreMissing(error: unknown): null {
  if (error instanceof ObjectNotFound) return null;
  throw error;
}

function canonicalPath(path: string): string {
  const result = normaliseImagePath(path);
  return result.ok ? result.path : path;
}
