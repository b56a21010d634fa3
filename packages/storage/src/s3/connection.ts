import { isIP } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { translateS3Error, type S3Context } from './errors.js';
import { openOrigin, type HttpOrigin } from './exchange.js';

export interface S3Options {
  /** `https://<account>.r2.cloudflarestorage.com`, `http://localhost:9000`, …; a base path is kept. */
  endpoint: string;
  /** `auto` when not given: right for R2, and servers without regions take it. */
  region?: string;
  access_key: string;
  secret_key: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Needed by MinIO; default true, which R2 takes as well. */
  force_path_style?: boolean;
  timeouts?: {
    /** Milliseconds to connect. Default 2,000; with two retries an unreachable server is reported after some 6 s. */
    connect_ms?: number;
    /** Milliseconds without a byte, or without an answer to a request. Default 60,000. */
    idle_ms?: number;
  };
  /** Total attempts of one request, with longer waits between them each time. Default 3; 1 for callers that repeat by themselves. */
  max_attempts?: number;
}

const MAX_ATTEMPTS = 3;

/** The SDK with a client for one server. */
export type S3Sdk = typeof import('@aws-sdk/client-s3') & { client: S3Client };

export interface S3Connection {
  /** For the requests that are few; loaded with the first of them: that takes as long as to copy a hundred objects. */
  sdk: () => Promise<S3Sdk>;
  region: string;
  access_key: string;
  secret_key: string;
  /** For messages; without credentials. */
  endpoint: string;
  /** URL under which a bucket's keys lie, without a `/` at the end. */
  bucketUrl: (bucket: string) => string;
  max_attempts: number;
  /** Kept connections to the server that holds a bucket. */
  originOf: (bucket: string) => HttpOrigin;
  /** Runs one request; what it throws is ours, or `signal.reason` when aborted. */
  attempt: <T>(
    context: Omit<S3Context, 'endpoint'> & { signal?: AbortSignal },
    request: () => Promise<T>,
  ) => Promise<T>;
  close: () => void;
}

/** One client for all buckets of one server. */
export function connectS3(options: S3Options): S3Connection {
  const {
    region = 'auto',
    access_key,
    secret_key,
    force_path_style = true,
    timeouts = {},
    max_attempts = MAX_ATTEMPTS,
  } = options;
  const { connect_ms = 2_000, idle_ms = 60_000 } = timeouts;
  const url = new URL(options.endpoint);
  const base_path = url.pathname.replace(/\/+$/, '');
  const endpoint = `${url.origin}${base_path}`;
  const path_style = force_path_style || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  let loaded: Promise<S3Sdk> | undefined;
  async function loadSdk(): Promise<S3Sdk> {
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client({
      endpoint,
      region,
      forcePathStyle: path_style,
      credentials: { accessKeyId: access_key, secretAccessKey: secret_key },
      // R2 and older Ceph refuse the checksums and the chunked bodies that the SDK adds on its own.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // Costs a fresh connection per upload, and saves nothing: bodies are in memory and small.
      expectContinueHeader: false,
      maxAttempts: max_attempts,
      requestHandler: {
        connectionTimeout: connect_ms,
        requestTimeout: idle_ms,
        throwOnRequestTimeout: true,
        socketTimeout: idle_ms,
        // Waiting for a free socket counts as connecting, so there must be more of them than callers use.
        httpAgent: { keepAlive: true, maxSockets: 256 },
        httpsAgent: { keepAlive: true, maxSockets: 256 },
      },
    });
    return { ...sdk, client };
  }
  const bucketUrl = (bucket: string) =>
    path_style ? `${endpoint}/${bucket}` : `${url.protocol}//${bucket}.${url.host}${base_path}`;
  const origins = new Map<string, HttpOrigin>();
  return {
    sdk: () => (loaded ??= loadSdk()),
    region,
    access_key,
    secret_key,
    endpoint,
    bucketUrl,
    max_attempts,
    originOf(bucket) {
      const bucket_url = new URL(bucketUrl(bucket));
      const known = origins.get(bucket_url.origin) ?? openOrigin(bucket_url, { connect_ms, idle_ms });
      origins.set(bucket_url.origin, known);
      return known;
    },
    async attempt({ signal, ...context }, request) {
      try {
        signal?.throwIfAborted();
        return await request();
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        throw translateS3Error(error, { endpoint, ...context });
      }
    },
    close: () => {
      void loaded?.then(({ client }) => client.destroy());
      for (const origin of origins.values()) origin.close();
    },
  };
}
