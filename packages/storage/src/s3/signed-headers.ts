// Signature Version 4 in the Authorization header: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
import { createHmac, hash, type KeyObject } from 'node:crypto';
import { encodeKey, encodeRfc3986 } from '../url-encoding.js';
import { deriveKey, type PresignerOptions } from './sigv4.js';

/** What stands for the body's SHA-256 when it is not known before the last byte has gone out. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

export interface SignableRequest {
  method: string;
  key: string;
  date: Date;
  /** Query parameters in the order of their names' bytes. */
  query?: readonly (readonly [name: string, value: string])[];
  content_type?: string;
  /** SHA-256 of the body in hexadecimal, or `UNSIGNED_PAYLOAD`. */
  payload_hash: string;
}

/** Where a request goes and the headers that prove who sends it. */
export interface SignedRequest {
  /** Encoded path and query. */
  path: string;
  headers: Record<string, string>;
}

export type SignHeaders = (request: SignableRequest) => SignedRequest;

/** Makes a signer for one bucket. The signing key is derived once per day. */
export function createHeaderSigner(options: PresignerOptions): SignHeaders {
  const { host, pathname } = new URL(options.bucket_url);
  const base_path = pathname.replace(/\/$/, '');
  let cached: { day: string; key: KeyObject } | undefined;

  return ({ method, key, date, query = [], content_type, payload_hash }) => {
    const amz_date = date.toISOString().replace(/\.\d+|[:-]/g, '');
    const day = amz_date.slice(0, 8);
    if (cached?.day !== day) cached = { day, key: deriveKey(options, day) };
    const scope = `${day}/${options.region}/s3/aws4_request`;
    const path = `${base_path}/${encodeKey(key)}`;
    const search = query.map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`).join('&');
    const typed = content_type === undefined ? '' : `content-type:${content_type}\n`;
    const names = `${typed && 'content-type;'}host;x-amz-content-sha256;x-amz-date`;
    const signed = `${typed}host:${host}\nx-amz-content-sha256:${payload_hash}\nx-amz-date:${amz_date}\n`;
    const canonical = `${method}\n${path}\n${search}\n${signed}\n${names}\n${payload_hash}`;
    const signature = createHmac('sha256', cached.key)
      .update(`AWS4-HMAC-SHA256\n${amz_date}\n${scope}\n${hash('sha256', canonical, 'hex')}`)
      .digest('hex');
    return {
      path: search ? `${path}?${search}` : path,
      headers: {
        host,
        ...(content_type !== undefined && { 'content-type': content_type }),
        'x-amz-content-sha256': payload_hash,
        'x-amz-date': amz_date,
        authorization: `AWS4-HMAC-SHA256 Credential=${options.access_key}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
      },
    };
  };
}
