import {
  decodeRleCounts,
  encodeRleCounts,
  rasterisePolygon,
  type Box,
  type Geometry,
  type ImageSize,
  type MaskGeometry,
  type RleCounts,
} from '@labelyard/domain';

/** Pixels of a polygon or mask, null for other kinds and unreadable masks. */
export function pixelsOf(geometry: Geometry, image: ImageSize): RleCounts | null {
  if (geometry.type === 'polygon') return rasterisePolygon(geometry.polygons, image);
  return geometry.type === 'mask' ? decodeRleCounts(geometry.counts) : null;
}

/** Calls back with the place (row by row) of each pixel that is set. */
export function eachPixel(counts: RleCounts, { width, height }: ImageSize, visit: (place: number) => void): void {
  let at = 0;
  counts.forEach((count, run) => {
    if (run % 2) {
      for (let pixel = at; pixel < at + count; pixel++) visit((pixel % height) * width + Math.floor(pixel / height));
    }
    at += count;
  });
}

/** The pixels of `values` that are `wanted`, as a mask. */
export function maskOf(values: Uint32Array, wanted: number, { width, height }: ImageSize): MaskGeometry {
  const runs: number[] = [];
  let set = false;
  let length = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if ((values[y * width + x] === wanted) !== set) {
        runs.push(length);
        length = 0;
        set = !set;
      }
      length++;
    }
  }
  runs.push(length);
  return { type: 'mask', size: [height, width], counts: encodeRleCounts(runs) };
}

export interface Region {
  readonly value: number;
  /** Its first pixel, row by row. */
  readonly first: number;
  readonly box: Box;
}

/** The values of pixels in ascending order, each with the box around its pixels. */
export function regionsOf(values: Uint32Array, { width, height }: ImageSize): Region[] {
  const found = new Map<number, { first: number; left: number; top: number; right: number; bottom: number }>();
  for (let y = 0, place = 0; y < height; y++) {
    for (let x = 0; x < width; x++, place++) {
      const value = values[place] as number;
      const seen = found.get(value);
      if (!seen) found.set(value, { first: place, left: x, top: y, right: x + 1, bottom: y + 1 });
      else {
        if (x < seen.left) seen.left = x;
        if (x >= seen.right) seen.right = x + 1;
        seen.bottom = y + 1;
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([value, { first, left, top, right, bottom }]) => ({
      value,
      first,
      box: [left, top, right - left, bottom - top],
    }));
}
