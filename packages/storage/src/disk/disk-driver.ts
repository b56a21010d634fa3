import type { KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import type {
  CopyOptions,
  GetOptions,
  ListedObject,
  ObjectBody,
  PutBody,
  StorageDriver,
  StoredObject,
  UploadedPart,
} from '../driver.js';
import { abortable } from '../equal-parts.js';
import { ObjectChanged, ObjectNotFound, RangeNotSatisfiable, SizeMismatch } from '../errors.js';
import { guardedBody } from './guarded-body.js';
import { bucketFolder } from './bucket-folder.js';
import { byteStream, copyObjectFile, openObjectFile, writeObjectFile, type ObjectFacts } from './object-file.js';
import { ownFacts, walkObjects } from './tree.js';
import { diskUploads } from './uploads.js';
import { repeatableExpiry, signDiskUrl, type DiskUrlMethod, type DiskUrlParameters } from './urls.js';

export interface DiskBucketOptions {
  /** Folder of all buckets. */
  root: string;
  bucket: string;
  /** What signed URLs begin with: the API's origin as browsers reach it, or `''` for URLs relative to the page's origin. */
  public_url: string;
  signing_key: KeyObject;
  now: () => number;
}

/** An object's file: its facts and bytes stay together, also when the object is replaced or deleted meanwhile. */
export interface OpenedObject {
  facts: ObjectFacts;
  /** Bytes `start` to `end`, both included. Closes the file when read to the end or destroyed. */
  read: (start: number, end: number) => Promise<Readable>;
  /** Only when `read` was not called. */
  close: () => Promise<void>;
}

/** The driver, and what its HTTP side needs beyond it. */
export interface DiskBucket {
  driver: StorageDriver;
  /** @throws ObjectNotFound */
  open: (key: string, signal?: AbortSignal) => Promise<OpenedObject>;
  putPart: (
    key: string,
    upload_id: string,
    part_number: number,
    body: PutBody,
    signal?: AbortSignal,
  ) => Promise<UploadedPart>;
}

/** Driver for one bucket in a folder of this machine. names.ts and object-file.ts say how it looks there. */
export function createDiskBucket({ root, bucket, public_url, signing_key, now }: DiskBucketOptions): DiskBucket {
  const folder = bucketFolder(root, bucket);
  const { io } = folder;
  const uploads = diskUploads(folder);

  const missing = (key: string) =>
    new ObjectNotFound(`There is no object ${JSON.stringify(key)} in bucket "${bucket}".`, { bucket, key });
  const signUrl = (method: DiskUrlMethod, key: string, parameters: DiskUrlParameters) =>
    signDiskUrl(signing_key, { public_url, bucket, key, method }, parameters);
  const inSeconds = (expires_in: number) => Math.floor(now() / 1000) + expires_in;

  async function open(key: string, signal?: AbortSignal): Promise<OpenedObject> {
    signal?.throwIfAborted();
    const path = folder.objectFile(key);
    const opened = await openObjectFile(io, path);
    if (!opened) throw missing(key);
    const { file, facts } = opened;
    if (facts.key !== key) await file.close();
    return {
      facts: ownFacts(facts, key, path),
      read: async (start, end) => guardedBody(await byteStream(file, start, end), io.translate, signal),
      close: () => file.close(),
    };
  }

  async function get(key: string, { range, signal }: GetOptions = {}): Promise<ObjectBody> {
    const opened = await open(key, signal);
    const { size, content_type, cache_control, download_name, etag } = opened.facts;
    const start = range?.start ?? 0;
    const end = Math.min(range?.end ?? size - 1, size - 1);
    if (range && start >= size) {
      await opened.close();
      throw new RangeNotSatisfiable(`${JSON.stringify(key)} has ${size} bytes, none from ${start} on.`, { key, size });
    }
    return {
      body: await opened.read(start, end),
      size,
      etag,
      content_type,
      ...(cache_control !== undefined && { cache_control }),
      ...(download_name !== undefined && { download_name }),
      ...(range && { range: { start, end } }),
    };
  }

  async function put(key: string, body: PutBody, options: Parameters<StorageDriver['put']>[2]): Promise<StoredObject> {
    const { content_type, cache_control, download_name, size: announced, before_visible, signal } = options;
    signal?.throwIfAborted();
    await folder.prepare();
    const temporary = folder.temporaryPath();
    const source = body instanceof Uint8Array ? body : abortable(body, signal);
    const describe = (size: number, etag: string) => {
      if (announced !== undefined && announced !== size) {
        throw new SizeMismatch(`${JSON.stringify(key)}: announced ${announced} bytes, got ${size}.`, { key });
      }
      return { key, size, etag, content_type, cache_control, download_name, modified_at: Date.now() };
    };
    // Bytes whose hash is known need no other one to be told apart.
    const written = await writeObjectFile(
      io,
      temporary,
      source,
      describe,
      source === body ? options.sha256 : undefined,
    );
    await folder.commit(temporary, key, before_visible);
    return { size: written.size, etag: written.etag };
  }

  async function copy(
    from: string,
    to: string,
    { if_etag, metadata, before_visible }: CopyOptions = {},
  ): Promise<StoredObject> {
    await folder.prepare();
    const source = folder.objectFile(from);
    const temporary = folder.temporaryPath();
    const copied = await copyObjectFile(io, source, temporary, (found) => {
      const { content_type, cache_control, download_name, size, etag } = ownFacts(found, from, source);
      if (if_etag !== undefined && if_etag !== etag)
        throw new ObjectChanged(`${JSON.stringify(from)} in bucket "${bucket}" was replaced.`, { bucket, key: from });
      const kept = metadata ?? { content_type, cache_control, download_name };
      return { ...kept, key: to, size, etag, modified_at: Date.now() };
    });
    if (!copied) throw missing(from);
    await folder.commit(temporary, to, before_visible);
    return { size: copied.size, etag: copied.etag };
  }

  async function* list(
    prefix: string,
    { start_after = '', signal }: { start_after?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<ListedObject> {
    signal?.throwIfAborted();
    for await (const found of walkObjects(io, folder.objects, { prefix, start_after })) {
      const { key, size, etag, modified_at } = found;
      yield { key, size, etag, modified_at: new Date(modified_at) };
      signal?.throwIfAborted();
    }
  }

  const putPart: DiskBucket['putPart'] = (key, upload_id, part_number, body, signal) =>
    uploads.putPart(key, upload_id, part_number, chunksOf(body, signal));

  const resumeMultipart: StorageDriver['resumeMultipart'] = (key, upload_id) => ({
    key,
    upload_id,
    signPart: (part_number, { expires_in, size }) =>
      signUrl('PUT', key, { expires: inSeconds(expires_in), part_number, size, upload_id }),
    putPart: (part_number, bytes, { signal } = {}) => putPart(key, upload_id, part_number, bytes, signal),
    complete: (parts) => uploads.complete(key, upload_id, parts),
    abort: () => uploads.abort(key, upload_id),
  });

  const driver: StorageDriver = {
    bucket,
    put,
    get,
    head: async (key, { signal } = {}) => {
      const { facts, close } = await open(key, signal);
      await close();
      const { size, etag, content_type, modified_at } = facts;
      return { size, etag, content_type, modified_at: new Date(modified_at) };
    },
    delete: (key) => folder.remove(key),
    deleteMany: async (keys) => {
      const failures: unknown[] = [];
      for await (const key of keys) await folder.remove(key).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
    copy,
    list,
    signGet: (key, { expires_in, download_name, content_type }) =>
      signUrl('GET', key, { content_type, download_name, expires: repeatableExpiry(now(), expires_in) }),
    signPut: (key, { expires_in, content_type, size }) =>
      signUrl('PUT', key, { content_type, expires: inSeconds(expires_in), size }),
    async multipart(key, { content_type, cache_control, download_name, once }) {
      const upload_id = await uploads.begin({ key, content_type, cache_control, download_name });
      const upload = resumeMultipart(key, upload_id);
      return once ? { ...upload, ...uploads.inOrder(key, upload_id) } : upload;
    },
    resumeMultipart,
    ping: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      await folder.checkWritable();
    },
  };
  return { driver, open, putPart };
}

async function* chunksOf(body: PutBody, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  if (body instanceof Uint8Array) yield body;
  else yield* abortable(body, signal);
}
