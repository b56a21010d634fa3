import type { FileHandle } from 'node:fs/promises';
import type { ImageKind } from './image-signature.js';

// Decoders are content when they have the last row of pixels. A file that was cut or padded with zeros behind that row, or
// inside the last compressed block, is told by its format's own end mark.

const PIECE_BYTES = 64 * 1024;
const JPEG_START_OF_SCAN = 0xda;
const JPEG_END = Buffer.from([0xff, 0xd9]);

/** Whether the file holds its format's end: JPEG's EOI after the first scan, PNG's IEND chunk, WebP's whole RIFF chunk. */
export async function hasImageEnding(file: FileHandle, size: number, kind: ImageKind): Promise<boolean> {
  return ENDINGS[kind](file, size);
}

const ENDINGS: Readonly<Record<ImageKind, (file: FileHandle, size: number) => Promise<boolean>>> = {
  jpeg: async (file, size) => {
    // Programs append things (second pictures, videos, padding), so the mark may stand anywhere behind the first scan's
    // header. Before it, marks belong to embedded previews.
    const scan = await firstJpegScan(file, size);
    if (scan === null) return false;
    for (let start = Math.max(scan, size - PIECE_BYTES), end = size; ;) {
      const chunk = await readAt(file, start, Math.min(end + 1, size) - start);
      if (chunk.includes(JPEG_END)) return true;
      if (start === scan) return false;
      end = start;
      start = Math.max(scan, start - PIECE_BYTES);
    }
  },
  png: async (file, size) => {
    const start = Math.max(0, size - PIECE_BYTES);
    return (await readAt(file, start, size - start)).includes('IEND');
  },
  webp: async (file, size) => {
    const head = await readAt(file, 0, 8);
    return head.length === 8 && head.readUInt32LE(4) + 8 <= size;
  },
};

/**
 * Offset behind the header of the first scan; null when the segments lead out of the file. Read a window at a time: a file may
 * hold a segment, or a fill byte, every few bytes.
 */
async function firstJpegScan(file: FileHandle, size: number): Promise<number | null> {
  let window: Buffer = Buffer.alloc(0);
  let window_start = 0;
  for (let offset = 2; offset + 4 <= size;) {
    if (offset + 4 > window_start + window.length) {
      window_start = offset;
      window = await readAt(file, offset, Math.min(PIECE_BYTES, size - offset));
      if (window.length < 4) return null;
    }
    const at = offset - window_start;
    if (window[at] !== 0xff) return null;
    const marker = window[at + 1] as number;
    if (marker === 0xff) {
      // Fill bytes may stand before any marker.
      offset += 1;
      continue;
    }
    offset += 2 + window.readUInt16BE(at + 2);
    if (marker === JPEG_START_OF_SCAN) return offset;
  }
  return null;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
