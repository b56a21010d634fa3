import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

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

/** Passes a body on and hashes what goes by. Who ends one of the two ends the other. */
export function hashing(body: Readable): { chunks: Readable; sha256: () => string } {
  const hash = createHash('sha256');
  const chunks = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // What breaks the body breaks `chunks`.
  pipeline(body, chunks).catch(() => undefined);
  return { chunks, sha256: () => hash.digest('hex') };
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
