import { createCipheriv, createHash } from 'node:crypto';
import type { StorageDriver } from '../driver.js';
import type { Readable } from 'node:stream';

/** `length` bytes that look random and are the same in every run. */
export function sampleBytes(length: number, seed = 1): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(length));
}

export async function readAll(body: Readable): Promise<Buffer> {
  return Buffer.concat((await body.toArray()) as Buffer[]);
}

/** The object's bytes through the driver. */
export async function bytesAt(driver: StorageDriver, key: string): Promise<Buffer> {
  return readAll((await driver.get(key)).body);
}

/** Short enough to compare in a failed test's output. */
export function digest(bytes: Uint8Array): string {
  return `${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Chunks of uneven size, as sockets give them; fails with `error` at the end when given. */
export async function* inChunks(bytes: Buffer, error?: Error): AsyncGenerator<Uint8Array> {
  for (let start = 0, size = 1; start < bytes.length;) {
    yield bytes.subarray(start, start + size);
    start += size;
    size = ((size * 7) % 90_001) + 1;
  }
  if (error) throw error;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
