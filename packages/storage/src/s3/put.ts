import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  MAX_PARTS,
  type MultipartUpload,
  type PutBody,
  type PutOptions,
  type StoredObject,
  type UploadedPart,
} from '../driver.js';
import { contentDisposition } from '../download-name.js';
import { equalParts } from '../equal-parts.js';
import { SizeMismatch } from '../errors.js';
import type { S3Connection } from './connection.js';
import { unquoted } from './etag.js';

/** What one request carries: small enough to be kept for a retry, and 10,000 of them make 78 GiB. */
const PART_SIZE = 8 * 1024 * 1024;
/** Parts under way at once; with the two being read, a stream of any length takes five parts of memory. */
const PARTS_AT_ONCE = 3;

interface PutTarget {
  connection: S3Connection;
  bucket: string;
  key: string;
  options: PutOptions;
  /** Begins a multipart upload under `key`. */
  begin: () => Promise<MultipartUpload>;
}

/** Stores a body of any kind: one PUT when it fits into a part, else a multipart upload that is aborted on any failure. */
export async function putObject(target: PutTarget, body: PutBody): Promise<StoredObject> {
  const { key, options } = target;
  const part_size = Math.max(PART_SIZE, Math.ceil((options.size ?? 0) / MAX_PARTS));
  const parts = equalParts(body, part_size, options.signal);
  try {
    const first = await parts.next();
    const second = await parts.next();
    if (first.done || second.done) return await putWhole(target, first.done ? new Uint8Array() : first.value);
    return await putParts(target, async function* () {
      yield first.value;
      yield second.value;
      yield* parts;
    });
  } catch (error) {
    // The caller's own reason, also where the body failed because of it.
    if (options.signal?.aborted) throw options.signal.reason;
    throw error;
  } finally {
    await parts.return(undefined);
  }

  function checkSize(length: number): void {
    if (options.size === undefined || options.size === length) return;
    throw new SizeMismatch(`${JSON.stringify(key)}: announced ${options.size} bytes, got ${length}.`, { key });
  }

  async function putWhole({ connection, bucket }: PutTarget, bytes: Uint8Array): Promise<StoredObject> {
    checkSize(bytes.length);
    const { content_type, cache_control, download_name, signal } = options;
    return connection.attempt({ bucket, key, signal }, async () => {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentLength: bytes.length,
        ContentType: content_type,
        CacheControl: cache_control,
        ContentDisposition: download_name === undefined ? undefined : contentDisposition(download_name),
      });
      const { ETag } = await connection.client.send(command, { abortSignal: signal });
      return { size: bytes.length, etag: unquoted(ETag) };
    });
  }

  async function putParts({ begin }: PutTarget, read: () => AsyncIterable<Uint8Array>): Promise<StoredObject> {
    const upload = await begin();
    const failure = new AbortController();
    const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])]);
    const sent: UploadedPart[] = [];
    const under_way = new Set<Promise<void>>();
    let length = 0;
    let part_number = 0;
    try {
      for await (const bytes of read()) {
        length += bytes.length;
        if (options.size !== undefined && length > options.size) checkSize(length);
        if (++part_number > MAX_PARTS) {
          throw new SizeMismatch(
            `${JSON.stringify(key)}: a stream over ${MAX_PARTS * part_size} bytes needs its size announced.`,
          );
        }
        const sending: Promise<void> = upload
          .putPart(part_number, bytes, { signal })
          .then((part) => void (sent[part.part_number - 1] = part))
          .catch((error: unknown) => failure.abort(error))
          .finally(() => under_way.delete(sending));
        under_way.add(sending);
        if (under_way.size >= PARTS_AT_ONCE) await Promise.race(under_way);
        signal.throwIfAborted();
      }
      await Promise.all(under_way);
      signal.throwIfAborted();
      checkSize(length);
      return await upload.complete(sent);
    } catch (error) {
      failure.abort(error);
      await Promise.all(under_way);
      // The first error matters; parts left behind are forgotten by the server after seven days.
      await upload.abort().catch(() => undefined);
      throw error;
    }
  }
}
