import type { Readable } from 'node:stream';
import { hash } from 'node:crypto';
import type { S3Connection } from './connection.js';
import { refusalOf, type Answer } from './exchange.js';
import { isPassing, pauseBefore } from './retry.js';
import { createHeaderSigner, UNSIGNED_PAYLOAD } from './signed-headers.js';

/** The requests about one object, and listings. All others are few, and the SDK's. */
export interface ObjectRequest {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** `''` for the bucket itself. */
  key: string;
  /** In the order of their names' bytes. */
  query?: readonly (readonly [name: string, value: string])[];
  content_type?: string;
  headers?: Record<string, string | undefined>;
  body?: Uint8Array;
  /** SHA-256 of `body` where the caller knows it. */
  sha256?: string;
  /** Instead of `body`: goes out as it comes and is never sent twice. */
  stream?: { readable: Readable; size: number };
  signal?: AbortSignal;
  /** What the answer's body fails with, from what the socket throws. */
  translate?: (error: unknown) => unknown;
}

export type SendObjectRequest = (request: ObjectRequest) => Promise<Answer>;

/**
 * Sends requests to one bucket, each until it is answered or may not be repeated. Bytes in memory are signed with their SHA-256, so a
 * server refuses what was damaged on the way.
 */
export function objectRequests(connection: S3Connection, bucket: string): SendObjectRequest {
  const sign = createHeaderSigner({ ...connection, bucket_url: connection.bucketUrl(bucket) });
  const origin = connection.originOf(bucket);

  async function sendOnce(request: ObjectRequest): Promise<Answer> {
    const { method, key, query, content_type, headers = {}, body, stream, signal, translate } = request;
    const payload_hash = stream ? UNSIGNED_PAYLOAD : (request.sha256 ?? hash('sha256', body ?? '', 'hex'));
    const signed = sign({ method, key, query, content_type, payload_hash, date: new Date() });
    const all = signed.headers;
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) all[name] = value;
    const length = stream?.size ?? body?.length;
    if (length !== undefined) all['content-length'] = `${length}`;
    const answer = await origin.exchange({
      method,
      path: signed.path,
      headers: all,
      body: stream?.readable ?? body,
      signal,
      translate,
    });
    if (answer.status >= 300) throw await refusalOf(answer);
    return answer;
  }

  return (request) =>
    connection.attempt(
      { bucket, key: request.key, signal: request.signal, bodiless: request.method === 'HEAD' },
      async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await sendOnce(request);
          } catch (error) {
            const last = attempt >= connection.max_attempts || request.stream !== undefined;
            if (last || request.signal?.aborted || !isPassing(error, request.method)) throw error;
            await pauseBefore(attempt + 1, error, request.signal);
          }
        }
      },
    );
}
