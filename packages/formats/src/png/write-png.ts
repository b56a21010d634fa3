import { zlibSync } from 'fflate';
import { crc32, GRAY, PALETTE, PNG_SIGNATURE } from './png-chunks.js';

export type Color = readonly [red: number, green: number, blue: number];

/**
 * A PNG of one byte per pixel, row by row: an index into `palette`, or without one a grey. Equal pixels give equal bytes on every
 * machine: the platform's own deflate would find other matches with each version and processor.
 */
export function writePng(
  pixels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  palette: readonly Color[] | null,
): Uint8Array {
  const rows = new Uint8Array((width + 1) * height);
  // Each row begins with the number of its filter, 0 for none.
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, palette ? PALETTE : GRAY, 0, 0, 0], 8);
  const chunks = [
    PNG_SIGNATURE,
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', Uint8Array.from(palette.flat()))] : []),
    chunk('IDAT', zlibSync(rows)),
    chunk('IEND', new Uint8Array()),
  ];
  const png = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of chunks) {
    png.set(bytes, at);
    at += bytes.length;
  }
  return png;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let n = 0; n < 4; n++) bytes[4 + n] = name.charCodeAt(n);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}
