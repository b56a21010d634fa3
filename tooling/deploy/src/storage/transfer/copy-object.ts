import { hash } from 'node:crypto';
import { SizeMismatch, type ObjectBody, type PutOptions, type StorageDriver } from '@labelyard/storage';
import type { CopiedView } from '../record/copied-object.js';
import { bytesOf, hashing } from './hashed-bytes.js';

/** Up to this size an object is held in memory and sent with its hash, so that the server refuses what was damaged on the way. */
export const WHOLE_BYTES = 1024 * 1024;

export interface CopyEnds {
  readonly source: StorageDriver;
  readonly target: StorageDriver;
  readonly signal: AbortSignal;
}

/**
 * Reads an object from the source and stores it on the target in one request, with everything that is kept with it. What the answer
 * says is what was copied, also where the source changed since it was listed. @throws ObjectNotFound when it is gone
 */
export async function copyObject({ source, target, signal }: CopyEnds, key: string): Promise<CopiedView> {
  const found = await source.get(key, { signal });
  const { size, content_type } = found;
  const { sha256, etag } = await (size <= WHOLE_BYTES ? putBytes(found) : putStream(found));
  return { key, size, sha256, content_type, source_etag: found.etag, target_etag: etag };

  async function putBytes({ body }: ObjectBody): Promise<{ sha256: string; etag: string }> {
    const bytes = await bytesOf(body);
    if (bytes.length !== size)
      throw new SizeMismatch(`${JSON.stringify(key)}: announced ${size} bytes, got ${bytes.length}.`, { key });
    const sha256 = hash('sha256', bytes, 'hex');
    const { etag } = await target.put(key, bytes, { ...options(found), sha256 });
    return { sha256, etag };
  }

  async function putStream({ body }: ObjectBody): Promise<{ sha256: string; etag: string }> {
    const passed = hashing(body);
    const { etag } = await target.put(key, body, { ...options(found), once: true });
    return { sha256: passed.sha256(), etag };
  }

  function options({ cache_control, download_name }: ObjectBody): PutOptions {
    return {
      content_type,
      size,
      signal,
      ...(cache_control !== undefined && { cache_control }),
      ...(download_name !== undefined && { download_name }),
    };
  }
}
