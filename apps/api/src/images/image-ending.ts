import type { ImageKind } from './image-signature.js';
import type { PictureBytes } from './picture-bytes.js';

// Decoders are content when they have the last row of pixels. A file that was cut or padded with zeros behind that row, or
// inside the last compressed block, is told by its format's own end mark.

const PIECE_BYTES = 64 * 1024;
const JPEG_START_OF_SCAN = 0xda;
const JPEG_END = Buffer.from([0xff, 0xd9]);

/** Whether the file holds its format's end: JPEG's EOI after the first scan, PNG's IEND chunk, WebP's whole RIFF chunk. */
export async function hasImageEnding(bytes: PictureBytes, kind: ImageKind): Promise<boolean> {
  return ENDINGS[kind](bytes);
}

const ENDINGS: Readonly<Record<ImageKind, (bytes: PictureBytes) => Promise<boolean>>> = {
  jpeg: async (bytes) => {
    // Programs append things (second pictures, videos, padding), so the mark may stand anywhere behind the first scan's
    // header. Before it, marks belong to embedded previews.
    const scan = await firstJpegScan(bytes);
    if (scan === null) return false;
    for (let start = Math.max(scan, bytes.size - PIECE_BYTES), end = bytes.size; ;) {
      const chunk = await bytes.at(start, Math.min(end + 1, bytes.size) - start);
      if (chunk.includes(JPEG_END)) return true;
      if (start === scan) return false;
      end = start;
      start = Math.max(scan, start - PIECE_BYTES);
    }
  },
  png: async (bytes) => {
    const start = Math.max(0, bytes.size - PIECE_BYTES);
    return (await bytes.at(start, bytes.size - start)).includes('IEND');
  },
  webp: async (bytes) => {
    const head = await bytes.at(0, 8);
    return head.length === 8 && head.readUInt32LE(4) + 8 <= bytes.size;
  },
};

/**
 * Offset behind the header of the first scan; null when the segments lead out of the file. Read a window at a time: a file may
 * hold a segment, or a fill byte, every few bytes.
 */
async function firstJpegScan({ size, at }: PictureBytes): Promise<number | null> {
  let window: Buffer = Buffer.alloc(0);
  let window_start = 0;
  for (let offset = 2; offset + 4 <= size;) {
    if (offset + 4 > window_start + window.length) {
      window_start = offset;
      window = await at(offset, Math.min(PIECE_BYTES, size - offset));
      if (window.length < 4) return null;
    }
    const here = offset - window_start;
    if (window[here] !== 0xff) return null;
    const marker = window[here + 1] as number;
    if (marker === 0xff) {
      // Fill bytes may stand before any marker.
      offset += 1;
      continue;
    }
    offset += 2 + window.readUInt16BE(here + 2);
    if (marker === JPEG_START_OF_SCAN) return offset;
  }
  return null;
}
