import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ListedObject } from '../driver.js';
import { StorageUnavailable } from '../errors.js';
import type { S3Connection } from './connection.js';
import { unquoted } from './etag.js';

/** All objects under a prefix, page by page. A page that cannot be followed is an error, never an early end. */
export async function* listObjects(
  { client, endpoint, attempt }: S3Connection,
  bucket: string,
  prefix: string,
  { start_after, signal }: { start_after?: string; signal?: AbortSignal },
): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const page = await attempt({ bucket, key: prefix, signal }, () =>
      client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          // A token carries the position; sending both is not portable.
          StartAfter: token === undefined ? start_after : undefined,
          ContinuationToken: token,
          // XML cannot carry every key.
          EncodingType: 'url',
        }),
        { abortSignal: signal },
      ),
    );
    const decode = page.EncodingType === 'url' ? decodeListed : (text: string) => text;
    for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
      if (Key === undefined || Size === undefined || LastModified === undefined) {
        throw broken('an entry without key, size or date');
      }
      yield { key: decode(Key), size: Size, etag: unquoted(ETag), modified_at: LastModified };
    }
    if (page.IsTruncated && (!page.NextContinuationToken || page.NextContinuationToken === token)) {
      throw broken('a truncated page without a way to the next one');
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);

  function broken(what: string): StorageUnavailable {
    return new StorageUnavailable(`The listing of bucket "${bucket}" at ${endpoint} holds ${what}.`, {
      endpoint,
      bucket,
    });
  }
}

/** AWS writes spaces as `+` here, others as `%20`; a real plus is `%2B` everywhere. */
function decodeListed(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
