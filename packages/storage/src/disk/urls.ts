// Signed URLs of objects on disk: what presigning is for S3. The API serves them (object-server.ts).
//   {public_url}/api/v1/storage/{bucket}/{key}?{parameters by name}&signature={HMAC-SHA256, base64url}
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { InvalidKey } from '../errors.js';
import { assertKey } from '../keys.js';
import { repeatableDate } from '../signing-date.js';
import { encodeKey, encodeRfc3986 } from '../url-encoding.js';

/** Path under which the API serves objects on disk. */
export const DISK_URL_PATH = '/api/v1/storage';

export interface DiskUrlParameters {
  /** GET: overrides the stored type. PUT of a whole object: the upload's `Content-Type` must be this. */
  content_type?: string;
  /** GET: to be saved under this name. */
  download_name?: string;
  /** Seconds since 1970. */
  expires: number;
  /** PUT of one part. */
  part_number?: number;
  /** PUT: the upload's `Content-Length` must be this. */
  size?: number;
  upload_id?: string;
}

export type DiskUrlMethod = 'GET' | 'PUT';

/** The key for signing URLs, for nothing else: derived, so that a secret may serve other purposes too. */
export function diskSigningKey(signing_secret: string): KeyObject {
  return createSecretKey(createHmac('sha256', signing_secret).update('labelyard disk storage URL 1').digest());
}

export function signDiskUrl(
  signing_key: KeyObject,
  { public_url, bucket, key, method }: { public_url: string; bucket: string; key: string; method: DiskUrlMethod },
  parameters: DiskUrlParameters,
): string {
  const query = canonicalQuery(parameters);
  const path = `${public_url.replace(/\/+$/, '')}${DISK_URL_PATH}/${encodeRfc3986(bucket)}/${encodeKey(key)}`;
  return `${path}?${query}&signature=${sign(signing_key, method, bucket, key, query).toString('base64url')}`;
}

/** Like S3's presigned GETs: the same URL within a quarter of an hour. */
export function repeatableExpiry(now: number, expires_in: number): number {
  const repeatable = repeatableDate(now, expires_in);
  return repeatable.date.getTime() / 1000 + repeatable.expires_in;
}

export interface DiskUrlRequest {
  /** As received. A URL for GET also answers HEAD. */
  method: string;
  /** Path and query as received. */
  url: string;
  /** The `Content-Type` header, if any. */
  content_type?: string;
  /** The `Content-Length` header, if any. */
  content_length?: string;
  /** Milliseconds since 1970. */
  now: number;
}

export type DiskUrlRefusal = 'malformed' | 'bad_signature' | 'expired' | 'wrong_content_type' | 'wrong_size';
export type DiskUrlVerdict =
  | { ok: true; method: DiskUrlMethod; bucket: string; key: string; parameters: DiskUrlParameters }
  | { ok: false; reason: DiskUrlRefusal };

/**
 * Whether a request may do what it asks. Pure. A changed key, method or parameter is a `bad_signature`; the comparison
 * takes the same time wherever the signatures differ.
 */
export function verifyDiskUrl(signing_key: KeyObject, request: DiskUrlRequest): DiskUrlVerdict {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const parsed = parse(request.url);
  if (!parsed || (method !== 'GET' && method !== 'PUT')) return { ok: false, reason: 'malformed' };
  const { bucket, key, parameters, signature } = parsed;
  const wanted = sign(signing_key, method, bucket, key, canonicalQuery(parameters));
  if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) {
    return { ok: false, reason: 'bad_signature' };
  }
  if (request.now >= parameters.expires * 1000) return { ok: false, reason: 'expired' };
  if (
    method === 'PUT' &&
    parameters.content_type !== undefined &&
    request.content_type?.trim() !== parameters.content_type
  ) {
    return { ok: false, reason: 'wrong_content_type' };
  }
  if (method === 'PUT' && parameters.size !== undefined && request.content_length?.trim() !== `${parameters.size}`) {
    return { ok: false, reason: 'wrong_size' };
  }
  return { ok: true, method, bucket, key, parameters };
}

function sign(signing_key: KeyObject, method: DiskUrlMethod, bucket: string, key: string, query: string): Buffer {
  // Neither buckets nor keys hold line ends, so no two requests share a text.
  return createHmac('sha256', signing_key).update(`${method}\n${bucket}\n${key}\n${query}`).digest();
}

function canonicalQuery({
  content_type,
  download_name,
  expires,
  part_number,
  size,
  upload_id,
}: DiskUrlParameters): string {
  let query = '';
  if (content_type !== undefined) query += `content_type=${encodeRfc3986(content_type)}&`;
  if (download_name !== undefined) query += `download_name=${encodeRfc3986(download_name.toWellFormed())}&`;
  query += `expires=${expires}`;
  if (part_number !== undefined) query += `&part_number=${part_number}`;
  if (size !== undefined) query += `&size=${size}`;
  if (upload_id !== undefined) query += `&upload_id=${encodeRfc3986(upload_id)}`;
  return query;
}

function parse(url: string) {
  const start = url.indexOf(`${DISK_URL_PATH}/`);
  const query_start = url.indexOf('?');
  if (start < 0 || query_start < start) return undefined;
  const path = url.slice(start + DISK_URL_PATH.length + 1, query_start);
  const slash = path.indexOf('/');
  if (slash < 1) return undefined;
  const query = new URLSearchParams(url.slice(query_start + 1));
  const expires = Number(query.get('expires') ?? NaN);
  const [part, size] = [query.get('part_number'), query.get('size')];
  if (!Number.isSafeInteger(expires)) return undefined;
  try {
    const bucket = decodeURIComponent(path.slice(0, slash));
    const key = decodeURIComponent(path.slice(slash + 1));
    assertKey(key);
    return {
      bucket,
      key,
      signature: Buffer.from(query.get('signature') ?? '', 'base64url'),
      parameters: {
        content_type: query.get('content_type') ?? undefined,
        download_name: query.get('download_name') ?? undefined,
        expires,
        part_number: part === null ? undefined : Number(part),
        size: size === null ? undefined : Number(size),
        upload_id: query.get('upload_id') ?? undefined,
      },
    };
  } catch (error) {
    if (error instanceof URIError || error instanceof InvalidKey) return undefined;
    throw error;
  }
}
