import { open } from 'node:fs/promises';
import type { FileContent } from './received-file.js';

/** A picture's bytes, to be looked at here and there. */
export interface PictureBytes {
  readonly size: number;
  /** Fewer than `length` where they end. */
  readonly at: (position: number, length: number) => Promise<Buffer> | Buffer;
}

/** The bytes of a file, wherever it lies. To be disposed of. */
export async function openBytes(content: FileContent): Promise<PictureBytes & AsyncDisposable> {
  if (typeof content !== 'string') {
    const at = (position: number, length: number) => content.subarray(position, position + length);
    return { size: content.length, at, [Symbol.asyncDispose]: async () => undefined };
  }
  const file = await open(content, 'r');
  const { size } = await file.stat();
  const at = async (position: number, length: number) => {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  };
  return { size, at, [Symbol.asyncDispose]: () => file.close() };
}
