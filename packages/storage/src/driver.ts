import type { Readable } from 'node:stream';

/** What may be stored: bytes, or a stream of them that is read once and never buffered whole. */
export type PutBody = Uint8Array | Readable | AsyncIterable<Uint8Array>;

/** What is kept with an object and sent to whoever fetches it. */
export interface ObjectMetadata {
  content_type: string;
  /** Sent as `Cache-Control`. */
  cache_control?: string;
  /** Makes browsers save the object under this name, also where a server ignores what the URL asks for. */
  download_name?: string;
}

/** For what must happen between bytes that are as good as stored and bytes that are there. */
export interface Settling {
  /**
   * Awaited before anything is visible under the key: by a disk when one step is left, by a server's driver before it sends. What it
   * throws comes out, and nothing is stored.
   */
  before_visible?: () => Promise<void>;
}

export interface PutOptions extends ObjectMetadata, Settling {
  /** Exact length in bytes when known. A body of another length is refused (`SizeMismatch`) and nothing is stored. */
  size?: number;
  /** SHA-256 of bytes in memory, in hexadecimal, when known: sent along, so that a server refuses what was damaged on the way. */
  sha256?: string;
  /** The caller repeats by itself: a stream of known `size` (at most `MAX_PUT_SIZE`) goes out as it comes, nothing is kept. */
  once?: boolean;
  signal?: AbortSignal;
}

export interface MultipartOptions extends ObjectMetadata {
  /**
   * The parts come in order, from what `multipart` answers alone: after a failure the caller begins anew rather than resume. A disk then
   * writes them where they will stay.
   */
  once?: boolean;
}

export interface CopyOptions extends Settling {
  /** Copies the source only as long as it has this etag. */
  if_etag?: string;
  /** What the copy is kept with, instead of what its source is kept with. */
  metadata?: ObjectMetadata;
}

export interface StoredObject {
  /** Length in bytes. */
  size: number;
  /** Opaque, without quotes. Equal etags of one key mean equal bytes; never compare etags between servers. */
  etag: string;
}

/** Byte positions as in HTTP: `end` is inclusive, and absent means to the last byte. */
export interface ByteRange {
  start: number;
  end?: number;
}

export interface GetOptions {
  range?: ByteRange;
  signal?: AbortSignal;
}

export interface ObjectBody extends ObjectMetadata {
  /** Must be read to the end or destroyed, else its connection or file stays open. */
  body: Readable;
  /** Length of the whole object in bytes, also for a range. */
  size: number;
  etag: string;
  /** The bytes that `body` carries; only when a range was asked for. */
  range?: Required<ByteRange>;
}

export interface ObjectHead extends StoredObject {
  content_type: string;
  modified_at: Date;
}

export interface ListedObject extends StoredObject {
  key: string;
  modified_at: Date;
}

export interface SignGetOptions {
  /** Seconds from now during which the URL works at least, 1 to `MAX_EXPIRES_IN`. */
  expires_in: number;
  /** Makes browsers save the object under this name (any Unicode) instead of showing it. */
  download_name?: string;
  /** Overrides the stored content type in the answer. */
  content_type?: string;
}

export interface SignPutOptions {
  /** Seconds from now, 1 to `MAX_EXPIRES_IN`. */
  expires_in: number;
  /** Signed: the upload must carry exactly this `Content-Type`. */
  content_type: string;
  /** Signed: the body must be of exactly this length. Any length when absent. */
  size?: number;
}

export type SignPartOptions = Pick<SignPutOptions, 'expires_in' | 'size'>;

export interface UploadedPart {
  /** 1 to 10,000. */
  part_number: number;
  etag: string;
}

/**
 * An upload in parts. All parts but the last are of one size, at least `MIN_PART_SIZE` (R2's rule, enforced by the disk
 * driver too). Nothing is visible under the key before `complete`. Servers forget an upload after seven days.
 */
export interface MultipartUpload {
  key: string;
  upload_id: string;
  /** URL for a `PUT` of one part; its answer's `ETag` header (without quotes) is the part's etag. */
  signPart(part_number: number, options: SignPartOptions): string;
  putPart(part_number: number, bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<UploadedPart>;
  /** @throws UploadNotFound, InvalidPart (unknown part or etag, part too small, parts of unequal size) */
  complete(parts: readonly UploadedPart[]): Promise<StoredObject>;
  /** Forgets the parts. Repeating it, or aborting a completed upload, does nothing. */
  abort(): Promise<void>;
}

/**
 * Object storage bound to ONE bucket; keys are relative to it and come from `keys.ts`. Every driver behaves as
 * `storageContract` (from `@labelyard/storage/testing`) says. All methods throw the errors of `errors.ts`, or
 * `signal.reason` when aborted.
 */
export interface StorageDriver {
  /** Name of the bucket, for messages and logs. */
  bucket: string;
  /**
   * Stores or replaces the object atomically: readers see the old bytes or the new, and after a failure the old.
   * A stream that could not be stored is destroyed; errors of the stream itself come through unchanged.
   */
  put(key: string, body: PutBody, options: PutOptions): Promise<StoredObject>;
  /** @throws ObjectNotFound, RangeNotSatisfiable (start beyond the last byte) */
  get(key: string, options?: GetOptions): Promise<ObjectBody>;
  /** @throws ObjectNotFound */
  head(key: string, options?: { signal?: AbortSignal }): Promise<ObjectHead>;
  /** Deleting what is not there succeeds. */
  delete(key: string): Promise<void>;
  /** Any number of keys. When some fail the others are still deleted, then one error is thrown. */
  deleteMany(keys: Iterable<string> | AsyncIterable<string>): Promise<void>;
  /**
   * Copies within the bucket without the bytes passing through this process, content type included. At most 5 GiB.
   *
   * @throws ObjectNotFound, ObjectChanged (another etag than `if_etag`)
   */
  copy(from: string, to: string, options?: CopyOptions): Promise<StoredObject>;
  /** Objects whose key starts with `prefix` (may be empty), in bytewise order of the key. Throws rather than ending early. */
  list(prefix: string, options?: { start_after?: string; signal?: AbortSignal }): AsyncIterable<ListedObject>;
  /** URL for `GET`. The same within a quarter of an hour and on every replica, so that a browser can cache what it fetches. */
  signGet(key: string, options: SignGetOptions): string;
  /** URL for one `PUT` of the whole object. */
  signPut(key: string, options: SignPutOptions): string;
  multipart(key: string, options: MultipartOptions): Promise<MultipartUpload>;
  /** Goes on with an upload begun earlier, perhaps by another process. Nothing is checked before its methods are called. */
  resumeMultipart(key: string, upload_id: string): MultipartUpload;
  /** For readiness: resolves when the bucket answers. @throws StorageUnavailable, StorageRefused */
  ping(options?: { signal?: AbortSignal }): Promise<void>;
}

/** Smallest part of a multipart upload except its last, in bytes (S3's and R2's rule). */
export const MIN_PART_SIZE = 5 * 1024 * 1024;
/** Most parts of a multipart upload (S3's and R2's rule). */
export const MAX_PARTS = 10_000;
/** Largest body of one PUT (S3's and R2's rule). */
export const MAX_PUT_SIZE = 5 * 1024 ** 3;
/** Longest life of a signed URL in seconds: seven days less the quarter of an hour that repeatable URLs round by. */
export const MAX_EXPIRES_IN = 7 * 24 * 3600 - 15 * 60;
