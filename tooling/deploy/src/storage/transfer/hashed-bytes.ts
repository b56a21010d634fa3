import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** Whole body in memory. */
export async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** Passes a body on and hashes what goes by. */
export function hashing(body: Readable): { chunks: AsyncIterable<Uint8Array>; sha256: () => string } {
  const hash = createHash('sha256');
  return {
    chunks: (async function* () {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        hash.update(chunk);
        yield chunk;
      }
    })(),
    sha256: () => hash.digest('hex'),
  };
}

export async function sha256Of(body: Readable): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
}
