import type { KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import { contentDisposition } from '../download-name.js';
import type { ByteRange } from '../driver.js';
import { ObjectNotFound, SizeMismatch, UploadNotFound } from '../errors.js';
import type { DiskBucket } from './disk-driver.js';
import { verifyDiskUrl, type DiskUrlParameters, type DiskUrlRefusal } from './urls.js';

/** Largest body of one PUT: what S3 and R2 take. */
const MAX_PUT_BYTES = 5 * 1024 ** 3;

export interface DiskObjectRequest {
  method: string;
  /** Path and query exactly as received, percent-encoding included. */
  url: string;
  headers: {
    range?: string;
    'if-range'?: string;
    'if-none-match'?: string;
    'content-type'?: string;
    'content-length'?: string;
  };
  /** Read for PUT only; left unread (but not destroyed) when the request is refused. */
  body: Readable;
  signal?: AbortSignal;
}

export type DiskObjectAnswer =
  | { status: 200 | 206 | 304; headers: Record<string, string>; body: Readable | null; error: null }
  | {
      status: 400 | 403 | 404 | 413 | 416;
      headers: Record<string, string>;
      body: null;
      error: { code: string; message: string };
    };

/** HTTP side of the disk driver, free of any framework: the API's route for `DISK_URL_PATH` hands requests to it. */
export interface DiskObjectServer {
  /**
   * Answers GET, HEAD and PUT on signed URLs; `body` must be sent or destroyed. Throws only what is not the client's
   * fault (`StorageUnavailable`, `StorageDamaged`, the abort's reason).
   */
  handle: (request: DiskObjectRequest) => Promise<DiskObjectAnswer>;
}

const REFUSALS: Record<DiskUrlRefusal, string> = {
  malformed: 'Not a URL of this storage.',
  bad_signature: 'The signature does not belong to this request: the URL, method or a parameter was changed.',
  expired: 'The link has expired; ask for a new one.',
  wrong_content_type: 'The Content-Type is not the one the URL was made for.',
  wrong_size: 'The Content-Length is not the one the URL was made for.',
};

/** Uploaded files come from the API's own origin: none may ever run as a page there. */
const INERT = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
};

export function createDiskObjectServer(
  buckets: ReadonlyMap<string, DiskBucket>,
  {
    signing_key,
    now,
    max_put_bytes = MAX_PUT_BYTES,
  }: { signing_key: KeyObject; now: () => number; max_put_bytes?: number },
): DiskObjectServer {
  return {
    async handle(request) {
      const { method, url, headers } = request;
      const verdict = verifyDiskUrl(signing_key, {
        method,
        url,
        content_type: headers['content-type'],
        content_length: headers['content-length'],
        now: now(),
      });
      if (!verdict.ok) return refuse(403, verdict.reason, REFUSALS[verdict.reason]);
      const bucket = buckets.get(verdict.bucket);
      if (!bucket) return refuse(404, 'not_found', 'There is no such bucket.');
      try {
        return verdict.method === 'GET'
          ? await read(bucket, verdict.key, verdict.parameters, request)
          : await write(bucket, verdict.key, verdict.parameters, request, max_put_bytes);
      } catch (error) {
        return answerTo(error);
      }
    },
  };
}

async function read(
  bucket: DiskBucket,
  key: string,
  { content_type, download_name }: DiskUrlParameters,
  { method, headers, signal }: DiskObjectRequest,
): Promise<DiskObjectAnswer> {
  const opened = await bucket.open(key, signal);
  const { size, etag: plain_etag, cache_control, modified_at, ...facts } = opened.facts;
  let body: Readable | null = null;
  try {
    const etag = `"${plain_etag}"`;
    const answer: Record<string, string> = {
      etag,
      'last-modified': new Date(modified_at).toUTCString(),
      'cache-control': cache_control ?? 'private, no-cache',
      'accept-ranges': 'bytes',
    };
    if (matches(headers['if-none-match'], etag)) return { status: 304, headers: answer, body, error: null };

    const is_current = headers['if-range'] === undefined || headers['if-range'] === etag;
    const range = is_current ? parseRange(headers.range, size) : undefined;
    if (range === 'unsatisfiable') {
      return refuse(416, 'range_not_satisfiable', `The object has ${size} bytes.`, {
        'content-range': `bytes */${size}`,
      });
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    if (range) answer['content-range'] = `bytes ${start}-${end}/${size}`;
    answer['content-length'] = `${end - start + 1}`;
    answer['content-type'] = content_type ?? facts.content_type;
    const name = download_name ?? facts.download_name;
    if (name !== undefined) answer['content-disposition'] = contentDisposition(name);
    Object.assign(answer, INERT);
    if (method !== 'HEAD') body = await opened.read(start, end);
    return { status: range ? 206 : 200, headers: answer, body, error: null };
  } finally {
    if (!body) await opened.close();
  }
}

async function write(
  bucket: DiskBucket,
  key: string,
  { content_type = 'application/octet-stream', part_number, upload_id }: DiskUrlParameters,
  { headers, body, signal }: DiskObjectRequest,
  max_bytes: number,
): Promise<DiskObjectAnswer> {
  const announced = headers['content-length'];
  const size = announced === undefined ? undefined : Number(announced);
  if (size !== undefined && size > max_bytes) return tooLarge(max_bytes);
  const chunks = limited(body, max_bytes);
  const { etag } =
    part_number !== undefined && upload_id !== undefined
      ? await bucket.putPart(key, upload_id, part_number, chunks, signal)
      : await bucket.driver.put(key, chunks, { content_type, size, signal });
  return { status: 200, headers: { etag: `"${etag}"`, 'content-length': '0' }, body: null, error: null };
}

class BodyTooLarge extends Error {
  constructor(readonly max_bytes: number) {
    super(`The body is over ${max_bytes} bytes.`);
  }
}

/** The request's body, up to a limit. Ending early leaves the request open, so that it can still be answered. */
async function* limited(body: Readable, max_bytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > max_bytes) throw new BodyTooLarge(max_bytes);
    yield chunk;
  }
}

/** One range as HTTP has it (RFC 9110 §14); what is not understood is ignored, as it says, and the whole is sent. */
function parseRange(header: string | undefined, size: number): Required<ByteRange> | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const start = Math.max(0, size - Number(last));
    return start < size ? { start, end: size - 1 } : 'unsatisfiable';
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start < size ? { start, end } : 'unsatisfiable';
}

function matches(if_none_match: string | undefined, etag: string): boolean {
  if (if_none_match === undefined) return false;
  const tags = if_none_match.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

type Refusal = Extract<DiskObjectAnswer, { body: null; error: object }>;

function refuse(
  status: Refusal['status'],
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Refusal {
  return { status, headers, body: null, error: { code, message } };
}

const tooLarge = (max_bytes: number) => refuse(413, 'payload_too_large', `At most ${max_bytes} bytes are taken.`);

/** What went wrong through the client's own doing; anything else is thrown on. */
function answerTo(error: unknown): DiskObjectAnswer {
  if (error instanceof BodyTooLarge) return tooLarge(error.max_bytes);
  if (error instanceof ObjectNotFound || error instanceof UploadNotFound)
    return refuse(404, 'not_found', error.message);
  if (error instanceof SizeMismatch) return refuse(400, error.code, error.message);
  throw error;
}
