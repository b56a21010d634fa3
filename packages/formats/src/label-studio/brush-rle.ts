import { rleLength, type ImageSize, type MaskGeometry, type RleCounts } from '@labelyard/domain';
import { maskOfWindow, MOST_MASK_PIXELS, pixelsInWindow, runLengths } from '../mask-window.js';
import { UnreadableFile } from '../reading/unreadable-file.js';

/**
 * Masks as Label Studio keeps them: the bytes of an RGBA picture of the image's size, row by row, packed by runs into a stream of bits:
 *
 * - 32 bits: number of bytes of the picture; 5 bits: bits per byte less 1; four times 4 bits: bits of a run's length less 1
 * - then runs: 1 bit whether one value is repeated, 2 bits which of the four lengths follows, the length less 1, and the value (or,
 *   when nothing is repeated, as many values)
 */

const CHANNELS = 4;
const ALPHA = 3;
const SET = 255;
/** Edges of a brush are soft: what it covers at least half belongs to the mask. */
const HALF = 128;
const BITS_OF_LENGTH = [3, 4, 8, 16] as const;
const LONGEST = 2 ** 16;

/** Null when the mask does not fit the image. */
export function brushOfMask(counts: RleCounts, { width, height }: ImageSize): number[] | null {
  const pixels = width * height;
  if (rleLength(counts) !== pixels || pixels > MOST_MASK_PIXELS) return null;
  const out = new BitWriter();
  out.write(pixels * CHANNELS, 32);
  out.write(8 - 1, 5);
  for (const bits of BITS_OF_LENGTH) out.write(bits - 1, 4);
  let value = 0;
  for (const run of runLengths(pixelsInWindow(counts, { width, height }, { left: 0, top: 0, width, height }))) {
    for (let left = run * CHANNELS; left > 0; left -= LONGEST) {
      const length = Math.min(left, LONGEST);
      const size = BITS_OF_LENGTH.findIndex((bits) => length <= 2 ** bits);
      out.write(1, 1);
      out.write(size, 2);
      out.write(length - 1, BITS_OF_LENGTH[size] as number);
      out.write(value, 8);
    }
    value = SET - value;
  }
  return out.bytes();
}

/** Throws `UnreadableFile` when the stream is broken or belongs to another image. */
export function maskOfBrush(bytes: readonly unknown[], { width, height }: ImageSize): MaskGeometry {
  const pixels = width * height;
  if (pixels > MOST_MASK_PIXELS) throw new UnreadableFile('too_large', `A mask has at most ${MOST_MASK_PIXELS} pixels`);
  const bits = new BitReader(bytes);
  const total = bits.read(32);
  if (total !== pixels * CHANNELS) {
    throw new UnreadableFile('bad_mask', `The brush covers ${total / CHANNELS} pixels, the image has ${pixels}`);
  }
  const word = bits.read(5) + 1;
  const sizes = BITS_OF_LENGTH.map(() => bits.read(4) + 1);
  const set = new Uint8Array(pixels);
  for (let at = 0; at < total;) {
    const repeats = bits.read(1) === 1;
    const end = at + 1 + bits.read(sizes[bits.read(2)] as number);
    if (end > total) throw new UnreadableFile('bad_mask', 'The brush has more pixels than it says');
    if (repeats) {
      if (bits.read(word) >= HALF) {
        // Pixels whose alpha lies in the run.
        const first = Math.ceil((at - ALPHA) / CHANNELS);
        const last = Math.floor((end - 1 - ALPHA) / CHANNELS);
        set.fill(1, Math.max(first, 0), last + 1);
      }
      at = end;
    } else {
      for (; at < end; at++) {
        if (bits.read(word) >= HALF && at % CHANNELS === ALPHA) set[(at - ALPHA) / CHANNELS] = 1;
      }
    }
  }
  return maskOfWindow(set, { left: 0, top: 0, width, height }, { width, height });
}

class BitWriter {
  private readonly out: number[] = [];
  private filled = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      if (this.filled % 8 === 0) this.out.push(0);
      // Division: shifts know 32 signed bits only.
      if (Math.floor(value / 2 ** bit) % 2 === 1) {
        this.out[this.out.length - 1] = (this.out.at(-1) as number) | (0x80 >> (this.filled % 8));
      }
      this.filled++;
    }
  }

  bytes(): number[] {
    return this.out;
  }
}

class BitReader {
  private at = 0;

  constructor(private readonly bytes: readonly unknown[]) {}

  read(bits: number): number {
    let value = 0;
    for (let bit = 0; bit < bits; bit++, this.at++) {
      const byte = this.bytes[this.at >> 3];
      if (byte === undefined) throw new UnreadableFile('truncated', 'The brush ends in the middle');
      if (!(typeof byte === 'number' && Number.isInteger(byte) && byte >= 0 && byte <= SET)) {
        throw new UnreadableFile('bad_mask', 'A brush is a list of whole numbers from 0 to 255');
      }
      value = value * 2 + ((byte >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }
}
