import {
  decodeRleCounts,
  encodeRleCounts,
  rasterisePolygon,
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
