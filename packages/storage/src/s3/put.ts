import { Readable } from 'node:stream';
import {
  MAX_PARTS,
  MAX_PUT_SIZE,
  type MultipartUpload,
  type PutBody,
  type PutOptions,
  type StoredObject,
  type UploadedPart,
} from '../driver.js';
import { contentDisposition } from '../download-name.js';
import { equalParts } from '../equal-parts.js';
import { SizeMismatch } from '../errors.js';
import { unquoted } from './etag.js';
import { passOver } from './exchange.js';
import type { ObjectRequest, SendObjectRequest } from './object-requests.js';

/** What one request carries: small enough to be kept for a retry, and 10,000 of them make 78 GiB. */
const PART_SIZE = 8 * 1024 * 1024;
/** Parts under way at once; with the two being read, a stream of any length takes five parts of memory. */
const PARTS_AT_ONCE = 3;

interface PutTarget {
  send: SendObjectRequest;
  key: string;
  options: PutOptions;
  /** Begins a multipart upload under `key`. */
  begin: () => Promise<MultipartUpload>;
}

/** Stores a body of any kind: one PUT when it fits into a part, else a multipart upload that is aborted on any failure. */
export async function putObject(target: PutTarget, body: PutBody): Promise<StoredObject> {
  const { key, options } = target;
  await options.before_visible?.();
  if (body instanceof Uint8Array && body.length <= PART_SIZE) return putWhole(target, body);
  if (!(body instanceof Uint8Array) && options.once && options.size !== undefined && options.size <= MAX_PUT_SIZE) {
    return putAsItComes(target, body, options.size);
  }
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
        if (options.size !== undefined && length > options.size) checkSize(target, length);
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
      checkSize(target, length);
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

function checkSize({ key, options }: Pick<PutTarget, 'key' | 'options'>, length: number): void {
  if (options.size === undefined || options.size === length) return;
  throw mismatch({ key, options }, length);
}

function mismatch({ key, options }: Pick<PutTarget, 'key' | 'options'>, length: number): SizeMismatch {
  return new SizeMismatch(`${JSON.stringify(key)}: announced ${options.size} bytes, got ${length}.`, { key });
}

async function putWhole(target: PutTarget, body: Uint8Array): Promise<StoredObject> {
  checkSize(target, body.length);
  return sendWhole(target, body.length, { body, sha256: target.options.sha256 });
}

/** One request that takes the bytes from the stream; a stream of another length breaks it off, and the server keeps nothing. */
async function putAsItComes(
  target: PutTarget,
  source: Exclude<PutBody, Uint8Array>,
  size: number,
): Promise<StoredObject> {
  const readable = source instanceof Readable ? source : Readable.from(source, { objectMode: false });
  // Listened to on its way, not passed through a stream of our own: that takes as much again as everything else that happens to a piece.
  let length = 0;
  readable.pause().on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    if (length > size) readable.destroy(mismatch(target, length));
  });
  try {
    return await sendWhole(target, size, { stream: { readable, size } });
  } catch (error) {
    if (target.options.signal?.aborted) throw target.options.signal.reason;
    // The connection cannot say more than that it was promised more.
    if (readable.readableEnded && length !== size) throw mismatch(target, length);
    throw error;
  } finally {
    readable.destroy();
  }
}

async function sendWhole(
  { send, key, options }: PutTarget,
  size: number,
  carrying: Pick<ObjectRequest, 'body' | 'sha256' | 'stream'>,
): Promise<StoredObject> {
  const { content_type, cache_control, download_name, signal } = options;
  const answer = await send({
    method: 'PUT',
    key,
    content_type,
    headers: {
      'cache-control': cache_control,
      'content-disposition': download_name === undefined ? undefined : contentDisposition(download_name),
    },
    ...carrying,
    signal,
  });
  passOver(answer);
  return { size, etag: unquoted(answer.headers.etag) };
}
