import { encodeRleCounts, type ImageSize, type MaskGeometry, type RleCounts } from '@labelyard/domain';

/** A part of an image in whole pixels. */
export interface PixelWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Larger masks than this are not unfolded: they come from files that say anything. */
export const MOST_MASK_PIXELS = 200_000_000;

/** Pixels of a mask inside a window, row by row, 1 where it is set. */
export function pixelsInWindow(counts: RleCounts, { height }: ImageSize, window: PixelWindow): Uint8Array {
  const pixels = new Uint8Array(window.width * window.height);
  let at = 0;
  counts.forEach((count, run) => {
    if (run % 2) {
      for (let pixel = at; pixel < at + count; pixel++) {
        const x = Math.floor(pixel / height) - window.left;
        const y = (pixel % height) - window.top;
        if (x >= 0 && x < window.width && y >= 0 && y < window.height) pixels[y * window.width + x] = 1;
      }
    }
    at += count;
  });
  return pixels;
}

/** The mask of a whole image out of the pixels of a window, row by row; whatever is not 0 is set. */
export function maskOfWindow(
  pixels: ArrayLike<number>,
  window: PixelWindow,
  { width, height }: ImageSize,
): MaskGeometry {
  const runs: number[] = [];
  let end = 0;
  let start = -1;
  const close = (to: number) => {
    if (start < 0) return;
    runs.push(start - end, to - start);
    end = to;
    start = -1;
  };
  for (let x = 0; x < window.width; x++) {
    const column = (window.left + x) * height + window.top;
    for (let y = 0; y < window.height; y++) {
      if (pixels[y * window.width + x] === 0) close(column + y);
      else if (start < 0) start = column + y;
    }
    // The next column of the window does not follow the last pixel of this one, unless both reach the image's edge.
    if (window.height !== height) close(column + window.height);
  }
  close((window.left + window.width) * height);
  if (end < width * height) runs.push(width * height - end);
  return { type: 'mask', size: [height, width], counts: encodeRleCounts(runs) };
}

/** Lengths of the runs of equal pixels, those that are not set first (0 when the first pixel is set). */
export function runLengths(pixels: Uint8Array): number[] {
  const runs: number[] = [];
  let value = 0;
  let length = 0;
  for (const pixel of pixels) {
    if (pixel !== value) {
      runs.push(length);
      length = 0;
      value = pixel;
    }
    length++;
  }
  runs.push(length);
  return runs;
}
