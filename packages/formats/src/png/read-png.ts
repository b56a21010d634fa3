import { UnreadableFile } from '../reading/unreadable-file.js';
import { drain, GRAY, PALETTE, PNG_SIGNATURE, RGB, RGBA } from './png-chunks.js';

/** Pixels of a mask: one number each, an index or grey, or a colour as 0xrrggbb. */
export interface PngPixels {
  readonly width: number;
  readonly height: number;
  readonly kind: 'index' | 'gray' | 'color';
  readonly values: Uint32Array;
}

interface PngSize {
  readonly width: number;
  readonly height: number;
}

const MAX_PIXELS = 200_000_000;
const LARGEST: PngSize = { width: MAX_PIXELS, height: MAX_PIXELS };
const SAMPLES: Readonly<Record<number, number>> = { [GRAY]: 1, [RGB]: 3, [PALETTE]: 1, 4: 2, [RGBA]: 4 };

/**
 * Reads what masks are saved as: 1 to 8 bits, grey, palette or colour, not interlaced.
 *
 * @param most the size a mask can have at most; a larger one is refused before it is unpacked
 * @throws UnreadableFile
 */
export async function readPng(bytes: Uint8Array, most: PngSize = LARGEST): Promise<PngPixels> {
  if (PNG_SIGNATURE.some((byte, n) => bytes[n] !== byte)) throw bad('The file is no PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | null = null;
  const data: Uint8Array[] = [];
  let ended = false;
  for (let at = PNG_SIGNATURE.length; at + 12 <= bytes.length && !ended;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) throw new UnreadableFile('truncated', 'The PNG ends in the middle');
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') header = headerOf(content, most);
    else if (name === 'IDAT') data.push(content);
    else if (name === 'IEND') ended = true;
    at += 12 + length;
  }
  if (!header) throw bad('The PNG has no header');
  if (!ended) throw new UnreadableFile('truncated', 'The PNG ends in the middle');
  return pixelsOf(header, await inflated(data, header));
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly color: number;
  readonly stride: number;
  /** Bytes from a sample to the same one of the pixel before. */
  readonly step: number;
}

function headerOf(content: Uint8Array, most: PngSize): Header {
  if (content.length !== 13) throw bad('The header of the PNG is broken');
  const view = new DataView(content.buffer, content.byteOffset, 13);
  const [width, height, depth, color] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)];
  const samples = SAMPLES[color];
  if (!width || !height || width > most.width || height > most.height || width * height > MAX_PIXELS)
    throw new UnreadableFile('too_large', `The PNG says ${width} × ${height} pixels`);
  if (!samples || view.getUint8(12) !== 0 || ![1, 2, 4, 8].includes(depth) || (depth < 8 && samples > 1)) {
    throw bad('Masks are PNGs of 1 to 8 bits, not interlaced');
  }
  return { width, height, depth, color, stride: Math.ceil((width * samples * depth) / 8), step: samples };
}

async function inflated(data: readonly Uint8Array[], { height, stride }: Header): Promise<Uint8Array> {
  const expected = (stride + 1) * height;
  let rows: Uint8Array | null;
  try {
    const blob = new Blob(data as Uint8Array<ArrayBuffer>[]);
    rows = await drain(blob.stream().pipeThrough(new DecompressionStream('deflate')), expected);
  } catch {
    throw bad('The pixels of the PNG cannot be unpacked');
  }
  if (rows?.length !== expected) throw bad('The PNG has more or fewer pixels than its header says');
  return rows;
}

function pixelsOf(header: Header, rows: Uint8Array): PngPixels {
  const { width, height, depth, color, stride, step } = header;
  const values = new Uint32Array(width * height);
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const row = rows.subarray(from + 1, from + 1 + stride);
    unfilter(rows[from] as number, row, above, step);
    for (let x = 0; x < width; x++) values[y * width + x] = sample(row, x, depth, color, step);
    above = row;
  }
  const kind = color === PALETTE ? 'index' : color === RGB || color === RGBA ? 'color' : 'gray';
  return { width, height, kind, values };
}

function sample(row: Uint8Array, x: number, depth: number, color: number, step: number): number {
  const at = x * step;
  if (color === RGB || color === RGBA) {
    return ((row[at] as number) << 16) | ((row[at + 1] as number) << 8) | (row[at + 2] as number);
  }
  if (depth === 8) return row[at] as number;
  const perByte = 8 / depth;
  const shift = 8 - depth - (x % perByte) * depth;
  return ((row[Math.floor(x / perByte)] as number) >> shift) & ((1 << depth) - 1);
}

/** Undoes the filter of a row in place. */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw bad('The PNG has a filter that does not exist');
  for (let n = 0; n < row.length; n++) {
    const left = n >= step ? (row[n - step] as number) : 0;
    const up = above[n] as number;
    const corner = n >= step ? (above[n - step] as number) : 0;
    const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter] as number;
    row[n] = (row[n] as number) + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function bad(message: string): UnreadableFile {
  return new UnreadableFile('bad_png', message);
}
