import { createHash } from 'node:crypto';
import {
  MAX_PARTS,
  SizeMismatch,
  type MultipartUpload,
  type ObjectBody,
  type UploadedPart,
  UploadNotFound,
} from '@labelyard/storage';
import type { BatchedJournal } from '../record/batched-journal.js';
import type { CopiedView, Direction } from '../record/copied-object.js';
import type { CopyRecord } from '../record/copy-record.js';
import type { CopyEnds } from './copy-object.js';
import { bytesOf } from './hashed-bytes.js';
import { withRetries, type RetryOptions } from './retries.js';

/** From this size on an object goes in parts, so that what breaks costs one of them. */
export const PARTS_FROM = 64 * 1024 * 1024;
const PART_SIZE = 16 * 1024 * 1024;
const PART_SIZE_STEP = 1024 * 1024;
/** Parts of one object on their way to the target while the next is read. */
const PARTS_AT_ONCE = 3;

export interface PartsContext extends CopyEnds {
  readonly direction: Direction;
  readonly record: Pick<CopyRecord, 'uploads'>;
  readonly journal: BatchedJournal;
  readonly retry: RetryOptions;
}

/** All parts but the last are equal (R2's rule) and there are at most 10,000. */
export function partSizeOf(size: number): number {
  const least = Math.ceil(size / MAX_PARTS / PART_SIZE_STEP) * PART_SIZE_STEP;
  return Math.max(PART_SIZE, least);
}

/**
 * Copies a large object part by part. Each part that arrived is journaled, so a run that was killed sends only the others; what had
 * arrived is read once more, for the hash of the whole.
 */
export async function copyInParts(context: PartsContext, key: string): Promise<CopiedView> {
  const { source, target, direction, record, journal, signal } = context;
  const first = await source.get(key, { range: { start: 0, end: 0 }, signal });
  first.body.destroy();
  const known = record.uploads.get(key);
  if (
    known?.direction === direction &&
    known.source_etag === first.etag &&
    known.part_size === partSizeOf(first.size)
  ) {
    try {
      const sent = new Map(known.parts.map((part) => [part.part_number, part]));
      return await sendParts(context, first, target.resumeMultipart(key, known.upload_id), sent);
    } catch (error) {
      if (!(error instanceof UploadNotFound)) throw error;
      void journal.append({ event: 'upload ended', key, upload_id: known.upload_id });
    }
  }
  const { content_type, cache_control, download_name } = first;
  const upload = await target.multipart(key, {
    content_type,
    ...(cache_control !== undefined && { cache_control }),
    ...(download_name !== undefined && { download_name }),
  });
  const { upload_id } = upload;
  const part_size = partSizeOf(first.size);
  await journal.append({ event: 'upload', key, direction, upload_id, part_size, source_etag: first.etag });
  return sendParts(context, first, upload, new Map());
}

async function sendParts(
  { source, journal, retry, signal }: PartsContext,
  { size, etag: source_etag, content_type }: ObjectBody,
  upload: MultipartUpload,
  sent: Map<number, UploadedPart>,
): Promise<CopiedView> {
  const { key, upload_id } = upload;
  const part_size = partSizeOf(size);
  const hash = createHash('sha256');
  const under_way = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  for (let part = 1; (part - 1) * part_size < size && !failure; part++) {
    const start = (part - 1) * part_size;
    const bytes = await withRetries(() => readPart(start, Math.min(start + part_size, size) - 1), retry);
    hash.update(bytes);
    if (sent.has(part)) continue;
    const sending = withRetries(() => upload.putPart(part, bytes, { signal }), retry)
      .then(async (done) => {
        sent.set(part, done);
        await journal.append({ event: 'part', key, upload_id, part, etag: done.etag });
      })
      .catch((error: unknown) => void (failure ??= { error }));
    const tracked: Promise<void> = sending.finally(() => under_way.delete(tracked));
    under_way.add(tracked);
    if (under_way.size >= PARTS_AT_ONCE) await Promise.race(under_way);
  }
  await Promise.all(under_way);
  if (failure) throw failure.error;
  const stored = await upload.complete([...sent.values()]);
  void journal.append({ event: 'upload ended', key, upload_id });
  if (stored.size !== size)
    throw new SizeMismatch(`${JSON.stringify(key)}: sent ${size} bytes, stored ${stored.size}.`, { key });
  return { key, size, content_type, sha256: hash.digest('hex'), source_etag, target_etag: stored.etag };

  async function readPart(start: number, end: number): Promise<Buffer> {
    const { body, etag } = await source.get(key, { range: { start, end }, signal });
    const bytes = await bytesOf(body);
    if (etag === source_etag && bytes.length === end - start + 1) return bytes;
    throw new SizeMismatch(`${JSON.stringify(key)} changed while it was read.`, { key });
  }
}
