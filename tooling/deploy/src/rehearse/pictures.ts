import { writePng } from '@labelyard/formats';

const SIZE = { width: 500, height: 400 };

/** A small picture of coarse noise, another one for each number and always the same for one. */
export function noisePicture(number: number): Uint8Array {
  const pixels = new Uint8Array(SIZE.width * SIZE.height);
  let state = (number + 1) * 2_654_435_761;
  for (let y = 0; y < SIZE.height; y += 1) {
    for (let x = 0; x < SIZE.width; x += 1) {
      // One value for a tile: noise that deflates to some kilobytes.
      if (x % 4 === 0 && y % 4 === 0) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      pixels[y * SIZE.width + x] = y % 4 === 0 ? state >>> 24 : (pixels[(y - (y % 4)) * SIZE.width + x] ?? 0);
    }
  }
  return writePng(pixels, SIZE, null);
}

export { SIZE as PICTURE_SIZE };
