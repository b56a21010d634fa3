import type { MultipartUpload } from '../driver.js';
import { UploadNotFound } from '../errors.js';
import type { S3Connection } from './connection.js';
import { unquoted } from './etag.js';
import { passOver } from './exchange.js';
import type { SendObjectRequest } from './object-requests.js';
import type { Presign } from './sigv4.js';

interface UploadPlace {
  connection: S3Connection;
  presign: Presign;
  send: SendObjectRequest;
  bucket: string;
  now: () => number;
}

/** A multipart upload on the server, by its id. Uses neither ListParts nor ListMultipartUploads: local R2 has none. */
export function s3MultipartUpload(place: UploadPlace, key: string, upload_id: string): MultipartUpload {
  const { connection, presign, send, bucket, now } = place;
  const { sdk, attempt } = connection;
  const target = { Bucket: bucket, Key: key };
  return {
    key,
    upload_id,
    signPart: (part_number, { expires_in, size }) =>
      presign({
        method: 'PUT',
        key,
        date: new Date(now()),
        expires_in,
        signed_content_length: size,
        query: [
          ['partNumber', `${part_number}`],
          ['uploadId', upload_id],
          ['x-id', 'UploadPart'],
        ],
      }),
    putPart: (part_number, bytes, { signal } = {}) =>
      send({
        method: 'PUT',
        key,
        query: [
          ['partNumber', `${part_number}`],
          ['uploadId', upload_id],
        ],
        body: bytes,
        signal,
      }).then((answer) => {
        passOver(answer);
        return { part_number, etag: unquoted(answer.headers.etag) };
      }),
    complete: (parts) =>
      attempt({ bucket, key }, async () => {
        const Parts = parts.map(({ part_number, etag }) => ({ PartNumber: part_number, ETag: `"${etag}"` }));
        const { client, CompleteMultipartUploadCommand, HeadObjectCommand } = await sdk();
        const done = await client.send(
          new CompleteMultipartUploadCommand({ ...target, UploadId: upload_id, MultipartUpload: { Parts } }),
        );
        const { ContentLength = 0, ETag } = await client.send(new HeadObjectCommand(target));
        // Ceph 16 leaves the etag out of its answer to the completion.
        return { size: ContentLength, etag: unquoted(done.ETag || ETag) };
      }),
    async abort() {
      try {
        await attempt({ bucket, key }, async () => {
          const { client, AbortMultipartUploadCommand } = await sdk();
          await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: upload_id }));
        });
      } catch (error) {
        if (!(error instanceof UploadNotFound)) throw error;
      }
    },
  };
}
