import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** Whole body in memory. By its events: walking a stream costs as much as the rest of a small object's way. */
export function bytesOf(body: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    body
      .on('data', (chunk: Buffer) => void chunks.push(chunk))
      .once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
      .once('error', reject)
      // Nothing when it has ended.
      .once('close', () => reject(new Error('The body was closed before its end.')));
  });
}

/**
 * Hashes what whoever reads the body gets to see. It is listened to, not passed on through a stream of its own, which costs as much as
 * all the rest that happens to a piece.
 */
export function hashing(body: Readable): { sha256: () => string } {
  const hash = createHash('sha256');
  // Nothing flows before somebody reads.
  body.pause().on('data', (chunk: Buffer) => void hash.update(chunk));
  return { sha256: () => hash.digest('hex') };
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
