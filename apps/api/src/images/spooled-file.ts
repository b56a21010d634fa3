import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes from outside, on the local disk while they are looked at. Disposing removes them. */
export interface SpooledFile extends AsyncDisposable {
  readonly path: string;
  readonly size_bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Writes a stream to a file of its own in `folder`, hashing as it goes. Null, with nothing left behind, when it is longer
 * than `max_bytes`; the stream is destroyed then.
 */
export async function spool(
  source: Readable,
  { folder, max_bytes, signal }: { folder: string; max_bytes: number; signal?: AbortSignal | undefined },
): Promise<SpooledFile | null> {
  const path = join(folder, randomUUID());
  const remove = () => rm(path, { force: true });
  const hash = createHash('sha256');
  let size_bytes = 0;
  try {
    await pipeline(
      source,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          size_bytes += chunk.length;
          if (size_bytes > max_bytes) throw new TooLong();
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
  } catch (error) {
    await remove();
    if (error instanceof TooLong) return null;
    throw error;
  }
  return { path, size_bytes, sha256: hash.digest('hex'), [Symbol.asyncDispose]: remove };
}

class TooLong extends Error {}
