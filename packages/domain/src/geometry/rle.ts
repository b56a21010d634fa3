/**
 * COCO run-length masks. A mask is read column by column (top to bottom, then the next column to the right); its runs alternate
 * between background and foreground, beginning with background (a first run of 0 when pixel 0 is set).
 *
 * The compressed text is defined by pycocotools (`rleToString`/`rleFrString` in common/maskApi.c of cocodataset/cocoapi,
 * Simplified BSD, P. Dollár and T.-Y. Lin 2015): like LEB128, 5 bits per character plus a "more follows" bit, offset by 48 to
 * printable ASCII, sign-extended; from the fourth run on, the difference to the run two places before is written.
 */

/** Lengths of the alternating runs, background first. They add up to height × width. */
export type RleCounts = Uint32Array;

const OFFSET = 48;
const MORE = 0x20;
const SIGN = 0x10;
const PAYLOAD = 0x1f;
/** 7 × 5 bits hold any difference of two 32-bit runs with its sign. */
const MAX_CHARACTERS_PER_RUN = 7;
const MAX_RUN = 0xffff_ffff;
const FIRST_DIFFERENCE = 3;

const CHARACTERS = Array.from({ length: 64 }, (_, code) => String.fromCharCode(OFFSET + code));

/** Runs → compressed text. */
export function encodeRleCounts(counts: ArrayLike<number>): string {
  let text = '';
  for (let run = 0; run < counts.length; run++) {
    let rest = counts[run] as number;
    if (run >= FIRST_DIFFERENCE) rest -= counts[run - 2] as number;
    for (;;) {
      // Division instead of a shift: differences need more than 32 signed bits.
      const next = Math.floor(rest / 32);
      const bits = rest - next * 32;
      const last = bits & SIGN ? next === -1 : next === 0;
      text += CHARACTERS[last ? bits : bits | MORE] as string;
      if (last) break;
      rest = next;
    }
  }
  return text;
}

/** Compressed text → runs. Null when the text is not a valid run list: foreign characters, cut off, a run below 0 or above 2³²−1. */
export function decodeRleCounts(text: string): RleCounts | null {
  const counts = new Uint32Array(text.length);
  let runs = 0;
  let at = 0;
  while (at < text.length) {
    let value = 0;
    let weight = 1;
    for (let character = 0; ; character++) {
      const code = text.charCodeAt(at++) - OFFSET;
      // NaN past the end fails this comparison as well.
      if (!(code >= 0 && code < 64) || character >= MAX_CHARACTERS_PER_RUN) return null;
      value += (code & PAYLOAD) * weight;
      weight *= 32;
      if (code & MORE) continue;
      if (code & SIGN) value -= weight;
      break;
    }
    if (runs >= FIRST_DIFFERENCE) value += counts[runs - 2] as number;
    if (value < 0 || value > MAX_RUN) return null;
    counts[runs++] = value;
  }
  return counts.subarray(0, runs);
}

/** Number of pixels all runs cover together: height × width of a sound mask. */
export function rleLength(counts: RleCounts): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** Number of foreground pixels. */
export function rleArea(counts: RleCounts): number {
  let sum = 0;
  for (let run = 1; run < counts.length; run += 2) sum += counts[run] as number;
  return sum;
}

/** Tight box around the foreground in whole pixels, null when there is none. */
export function rleBounds(
  counts: RleCounts,
  height: number,
): readonly [x: number, y: number, w: number, h: number] | null {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  let start = 0;
  for (let run = 0; run < counts.length; run++) {
    const count = counts[run] as number;
    if (run % 2 === 1 && count > 0) {
      const last = start + count - 1;
      const firstColumn = Math.floor(start / height);
      const lastColumn = Math.floor(last / height);
      if (firstColumn < left) left = firstColumn;
      if (lastColumn > right) right = lastColumn;
      // A run that goes on in the next column covers the bottom of one and the top of the other.
      const wraps = firstColumn !== lastColumn;
      top = Math.min(top, wraps ? 0 : start % height);
      bottom = Math.max(bottom, wraps ? height - 1 : last % height);
    }
    start += count;
  }
  return left === Infinity ? null : [left, top, right - left + 1, bottom - top + 1];
}

/**
 * Combines two masks of the same size run by run: the result is foreground where `keep(a, b)` says so
 * (union `a || b`, difference `a && !b`).
 */
export function combineRle(a: RleCounts, b: RleCounts, keep: (a: boolean, b: boolean) => boolean): RleCounts {
  const out: number[] = [];
  let runA = 0;
  let runB = 0;
  let leftA = a[0] ?? 0;
  let leftB = b[0] ?? 0;
  let value = false;
  let length = 0;
  while (runA < a.length && runB < b.length) {
    const step = Math.min(leftA, leftB);
    if (step > 0) {
      const now = keep(runA % 2 === 1, runB % 2 === 1);
      if (now !== value) {
        out.push(length);
        length = 0;
        value = now;
      }
      length += step;
      leftA -= step;
      leftB -= step;
    }
    if (leftA === 0) leftA = a[++runA] ?? 0;
    if (leftB === 0) leftB = b[++runB] ?? 0;
  }
  out.push(length);
  return Uint32Array.from(out);
}
