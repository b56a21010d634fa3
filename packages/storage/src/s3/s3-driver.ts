import { batchesOf } from '../batches.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { ObjectMetadata, StorageDriver } from '../driver.js';
import { contentDisposition, dispositionName } from '../download-name.js';
import { ObjectNotFound, StorageUnavailable } from '../errors.js';
import { repeatableDate } from '../signing-date.js';
import { encodeKey } from '../url-encoding.js';
import type { S3Connection } from './connection.js';
import { translateS3Error } from './errors.js';
import { unquoted } from './etag.js';
import { passOver } from './exchange.js';
import { listObjects } from './listing.js';
import { s3MultipartUpload } from './multipart.js';
import { objectRequests } from './object-requests.js';
import { putObject } from './put.js';
import { createPresigner } from './sigv4.js';

/** Most keys of one DeleteObjects request. */
const DELETE_BATCH = 1000;
/** Servers may drop such spaces when they read a list of keys from XML, and delete another object. Local R2 does. */
const SPACE_AT_EDGE = /^\s|\s$/;
/** Key nobody writes; asking for it proves address, credentials and bucket with an object-level permission. */
const PROBE_KEY = '.labelyard/probe';
/** Readiness must not wait longer for a server that accepts connections and says nothing. */
const PING_MS = 5_000;
const DEFAULT_TYPE = 'application/octet-stream';

/**
 * Driver for one bucket of an S3-compatible server (Cloudflare R2, Ceph, MinIO, AWS). Keeps to what R2 has: no ACLs, no
 * tags, no listing of uploads, no checksums beyond the required.
 */
export function createS3Driver(connection: S3Connection, bucket: string, now: () => number): StorageDriver {
  const { sdk, endpoint, attempt } = connection;
  const presign = createPresigner({ ...connection, bucket_url: connection.bucketUrl(bucket) });
  const send = objectRequests(connection, bucket);
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  const resumeMultipart: StorageDriver['resumeMultipart'] = (key, upload_id) =>
    s3MultipartUpload({ connection, presign, send, bucket, now }, key, upload_id);

  const driver: StorageDriver = {
    bucket,

    put: (key, body, options) => putObject({ send, key, options, begin: () => driver.multipart(key, options) }, body),

    async get(key, { range, signal } = {}) {
      const wanted = range && `bytes=${range.start}-${range.end ?? ''}`;
      const translate = (error: unknown) => translateS3Error(error, { endpoint, bucket, key });
      const { headers, body } = await send({ method: 'GET', key, headers: { range: wanted }, signal, translate });
      const facts = { body, ...metadataOf(headers), etag: unquoted(headers.etag) };
      if (!range) return { ...facts, size: Number(headers['content-length'] ?? 0) };
      const [, start, end, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
      if (size === undefined) {
        body.destroy();
        throw new StorageUnavailable(`The server at ${endpoint} answered a range without Content-Range.`, {
          endpoint,
        });
      }
      return { ...facts, size: Number(size), range: { start: Number(start), end: Number(end) } };
    },

    async head(key, { signal } = {}) {
      const answer = await send({ method: 'HEAD', key, signal });
      passOver(answer);
      const { headers } = answer;
      return {
        size: Number(headers['content-length'] ?? 0),
        etag: unquoted(headers.etag),
        content_type: headers['content-type'] ?? DEFAULT_TYPE,
        modified_at: new Date(headers['last-modified'] ?? 0),
      };
    },

    async delete(key) {
      passOver(await send({ method: 'DELETE', key }));
    },

    async deleteMany(keys) {
      const failures: unknown[] = [];
      for await (const batch of batchesOf(keys, DELETE_BATCH)) {
        const { spaced = [], plain = [] } = Object.groupBy(batch, (key) =>
          SPACE_AT_EDGE.test(key) ? 'spaced' : 'plain',
        );
        for (const key of spaced) await driver.delete(key).catch((error: unknown) => failures.push(error));
        if (plain.length > 0) await deleteBatch(plain).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },

    async copy(from, to, { if_etag, metadata, before_visible } = {}) {
      await before_visible?.();
      return attempt({ bucket, key: from }, async () => {
        const source = `${bucket}/${encodeKey(from)}`;
        if (from !== to || metadata) {
          const { client, CopyObjectCommand } = await sdk();
          await client.send(
            new CopyObjectCommand({
              ...at(to),
              CopySource: source,
              CopySourceIfMatch: if_etag === undefined ? undefined : `"${if_etag}"`,
              ...(metadata && { MetadataDirective: 'REPLACE', ...metadataFields(metadata) }),
            }),
          );
        }
        const { size, etag } = await driver.head(to);
        return { size, etag };
      });
    },

    list: (prefix, options = {}) => listObjects({ connection, send, bucket }, prefix, options),

    signGet(key, { expires_in, download_name, content_type }) {
      const query: [string, string][] = [];
      if (download_name !== undefined) query.push(['response-content-disposition', contentDisposition(download_name)]);
      if (content_type !== undefined) query.push(['response-content-type', content_type]);
      query.push(['x-id', 'GetObject']);
      return presign({ method: 'GET', key, ...repeatableDate(now(), expires_in), query });
    },

    signPut: (key, { expires_in, content_type, size }) =>
      presign({
        method: 'PUT',
        key,
        date: new Date(now()),
        expires_in,
        signed_content_type: content_type,
        signed_content_length: size,
        query: [['x-id', 'PutObject']],
      }),

    multipart: (key, metadata) =>
      attempt({ bucket, key }, async () => {
        const { client, CreateMultipartUploadCommand } = await sdk();
        const { UploadId } = await client.send(
          new CreateMultipartUploadCommand({
            ...at(key),
            ...metadataFields(metadata),
          }),
        );
        if (!UploadId)
          throw new StorageUnavailable(`The server at ${endpoint} began an upload without an id.`, { endpoint });
        return resumeMultipart(key, UploadId);
      }),

    resumeMultipart,

    async ping({ signal } = {}) {
      const limit = AbortSignal.timeout(PING_MS);
      try {
        const { body } = await driver.get(PROBE_KEY, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
        body.destroy();
      } catch (error) {
        if (error instanceof ObjectNotFound) return;
        if (error !== limit.reason) throw error;
        const message = `No answer from bucket "${bucket}" at ${endpoint} within ${PING_MS / 1000} s.`;
        throw new StorageUnavailable(message, { endpoint, bucket }, { cause: error });
      }
    },
  };
  return driver;

  async function deleteBatch(keys: string[]): Promise<void> {
    await attempt({ bucket }, async () => {
      const { client, DeleteObjectsCommand } = await sdk();
      const Objects = keys.map((Key) => ({ Key }));
      const { Errors } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors ?? [];
      if (!first) return;
      throw new StorageUnavailable(
        `${Errors?.length} of ${keys.length} objects were not deleted; first ${JSON.stringify(first.Key)}: ${first.Code}.`,
        { endpoint, bucket, s3_code: first.Code ?? '' },
      );
    });
  }
}

function metadataOf(headers: IncomingHttpHeaders): ObjectMetadata {
  const cache_control = headers['cache-control'];
  const download_name = dispositionName(headers['content-disposition']);
  return {
    content_type: headers['content-type'] ?? DEFAULT_TYPE,
    ...(cache_control !== undefined && { cache_control }),
    ...(download_name !== undefined && { download_name }),
  };
}

function metadataFields({ content_type, cache_control, download_name }: ObjectMetadata) {
  return {
    ContentType: content_type,
    CacheControl: cache_control,
    ContentDisposition: download_name === undefined ? undefined : contentDisposition(download_name),
  };
}
