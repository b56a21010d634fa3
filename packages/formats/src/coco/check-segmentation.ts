import {
  boxOfPoints,
  decodeRleCounts,
  ringArea,
  rleArea,
  rleBounds,
  rleLength,
  type Box,
  type ImageSize,
  type Point,
} from '@labelyard/domain';
import type { CocoIssues } from './coco-issues.js';
import { isFiniteNumber, isObject, type Fields } from '../reading/record-fields.js';

/** What a sound segmentation covers. */
export interface SegmentationMeasures {
  readonly kind: 'polygon' | 'rle';
  readonly bounds: Box;
  readonly area: number;
}

/**
 * Checks one `segmentation` and measures it; null when it is unusable (then at least one issue was added).
 * @param tolerance pixels a coordinate may lie outside the image
 */
export function checkSegmentation(
  value: unknown,
  path: string,
  image: ImageSize | undefined,
  tolerance: number,
  issues: CocoIssues,
): SegmentationMeasures | null {
  if (Array.isArray(value)) return checkRings(value, path, image, tolerance, issues);
  if (isObject(value)) return checkRle(value, path, image, issues);
  issues.add('bad_segmentation', path, 'segmentation is a list of rings or an RLE object');
  return null;
}

function checkRings(
  rings: readonly unknown[],
  path: string,
  image: ImageSize | undefined,
  tolerance: number,
  issues: CocoIssues,
): SegmentationMeasures | null {
  if (rings.length === 0) {
    issues.add(
      'empty_segmentation',
      path,
      'an empty list fails in pycocotools: write the corners or leave the key out',
    );
    return null;
  }
  const all: Point[] = [];
  let area = 0;
  for (const [index, ring] of rings.entries()) {
    const points = ringPoints(ring, `${path}.${index}`, issues);
    if (!points) return null;
    area += ringArea(points);
    for (const point of points) all.push(point);
  }
  const bounds = boxOfPoints(all) as Box;
  if (image && !inImage(bounds, image, tolerance)) {
    issues.add('segmentation_outside_image', path, `reaches past the image of ${image.width} × ${image.height} pixels`);
  }
  return { kind: 'polygon', bounds, area };
}

function ringPoints(ring: unknown, path: string, issues: CocoIssues): Point[] | null {
  if (!Array.isArray(ring) || !ring.every(isFiniteNumber)) {
    issues.add('bad_segmentation', path, 'a ring is a flat list of finite numbers x, y, x, y, …');
    return null;
  }
  const numbers = ring;
  if (numbers.length % 2 === 1) {
    issues.add('odd_ring', path, `a ring has pairs of numbers, ${numbers.length} were given`);
    return null;
  }
  if (numbers.length < 6) {
    issues.add('short_ring', path, `a ring has at least 3 points; 4 numbers are taken for a box by pycocotools`);
    return null;
  }
  const points: Point[] = [];
  for (let at = 0; at < numbers.length; at += 2) points.push([numbers[at] as number, numbers[at + 1] as number]);
  return points;
}

function checkRle(
  { size, counts }: Fields,
  path: string,
  image: ImageSize | undefined,
  issues: CocoIssues,
): SegmentationMeasures | null {
  const [height, width] = Array.isArray(size) && size.length === 2 ? (size as unknown[]) : [];
  if (!Number.isInteger(height) || !Number.isInteger(width)) {
    issues.add('bad_rle', `${path}.size`, 'size is [height, width]');
    return null;
  }
  if (image && (height !== image.height || width !== image.width)) {
    issues.add('bad_rle', `${path}.size`, `size is [height, width] of the image: [${image.height}, ${image.width}]`);
    return null;
  }
  const runs = readRuns(counts);
  if (!runs || rleLength(runs) !== (height as number) * (width as number)) {
    issues.add(
      'bad_rle',
      `${path}.counts`,
      'counts must be runs (a list, or compressed text) that fill the image exactly',
    );
    return null;
  }
  const bounds = rleBounds(runs, height as number);
  if (!bounds) {
    issues.add('empty_mask', `${path}.counts`, 'the mask has no pixel set');
    return null;
  }
  return { kind: 'rle', bounds, area: rleArea(runs) };
}

function readRuns(counts: unknown): Uint32Array | null {
  if (typeof counts === 'string') return decodeRleCounts(counts);
  if (!Array.isArray(counts)) return null;
  const runs = counts as unknown[];
  if (!runs.every((run) => Number.isInteger(run) && (run as number) >= 0 && (run as number) <= 0xffff_ffff))
    return null;
  return Uint32Array.from(runs as number[]);
}

export function inImage([x, y, w, h]: Box, { width, height }: ImageSize, tolerance: number): boolean {
  return x >= -tolerance && y >= -tolerance && x + w <= width + tolerance && y + h <= height + tolerance;
}
