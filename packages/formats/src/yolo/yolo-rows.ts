import {
  clampToImage,
  decodeRleCounts,
  ringArea,
  rotatedBoxCorners,
  type Geometry,
  type ImageSize,
  type Point,
  type PolygonPart,
  type Ring,
} from '@labelyard/domain';
import { bridgedRing } from '../bridged-ring.js';
import { circleRing } from '../circle-ring.js';
import type { ExportAnnotation } from '../codec.js';
import { keypointBox } from '../keypoint-box.js';
import { maskRings } from '../mask-rings.js';
import type { LabelLines } from './label-lines.js';
import type { YoloDropped, YoloOptions, YoloTally } from './yolo-options.js';

interface RowScope {
  readonly id: number;
  readonly class_index: number;
  readonly image: ImageSize;
  readonly options: YoloOptions;
  /** Keypoints of every row of the dataset. */
  readonly keypoints: number;
  readonly tally: YoloTally;
  readonly lines: LabelLines;
}

/** Writes the rows that say `geometry`, or answers why there are none. */
export function writeYoloRows(geometry: Geometry, scope: RowScope): YoloDropped | null {
  const { kind } = scope.options;
  if (kind === 'pose') return geometry.type === 'keypoints' ? writePose(geometry, scope) : 'other_kind';
  if (kind === 'segment') return writeSegments(geometry, scope);
  const corners = cornersOf(geometry, scope);
  if (!corners) return 'other_kind';
  if (kind === 'obb') return writeObb(corners, scope);
  const box = boxOf(corners, scope);
  if (!box) return 'no_extent';
  writeBox(box, scope);
  scope.lines.end();
  return null;
}

/**
 * Writes the row of an upright box that lies within its image, from the columns alone, as `writeYoloRows` would; nine of ten annotations
 * are such. Answers false, having written nothing, for everything else.
 */
export function writeInnerBox(
  { id, annotation_type, bbox_x: left, bbox_y: top, bbox_w, bbox_h }: ExportAnnotation,
  class_index: number,
  { width, height }: ImageSize,
  { options, lines, tally }: Pick<RowScope, 'options' | 'lines' | 'tally'>,
): boolean {
  if (annotation_type !== 'bbox' || options.kind !== 'detect') return false;
  if (left === null || top === null || bbox_w === null || bbox_h === null) return false;
  const right = left + bbox_w;
  const bottom = top + bbox_h;
  if (!(left >= 0 && top >= 0 && right <= width && bottom <= height && right > left && bottom > top)) return false;
  if (right - left < 1 || bottom - top < 1) tally.noted('thin', id);
  lines.begin(class_index);
  lines.share((left + right) / 2, width);
  lines.share((top + bottom) / 2, height);
  lines.share(right - left, width);
  lines.share(bottom - top, height);
  lines.end();
  return true;
}

function writePoints(points: readonly Point[], { image: { width, height }, lines }: RowScope): void {
  for (const [x, y] of points) {
    lines.share(x, width);
    lines.share(y, height);
  }
}

function writeRing(points: readonly Point[], scope: RowScope): void {
  scope.lines.begin(scope.class_index);
  writePoints(points, scope);
  scope.lines.end();
}

/** The box of a shape as four corners, top left before the rotation first, then clockwise. */
function cornersOf(geometry: Geometry, { id, options, tally }: RowScope): Point[] | null {
  switch (geometry.type) {
    case 'bbox': {
      const [x, y, w, h] = geometry.bbox;
      if (options.kind === 'obb') tally.converted('bbox_as_obb', id);
      return upright(x, y, x + w, y + h);
    }
    case 'rotated_bbox':
      if (options.kind === 'detect') tally.converted('rotated_as_box', id);
      return rotatedBoxCorners(geometry);
    case 'circle': {
      const { center, radius } = geometry;
      tally.converted('circle_as_box', id);
      return upright(center[0] - radius, center[1] - radius, center[0] + radius, center[1] + radius);
    }
    default:
      return null;
  }
}

function upright(left: number, top: number, right: number, bottom: number): Point[] {
  return [[left, top], [right, top], [right, bottom], [left, bottom]]; // prettier-ignore
}

function clipped(points: readonly Point[], { id, image, tally }: RowScope): readonly Point[] {
  const { width, height } = image;
  if (points.every(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height)) return points;
  const inside = points.map((point) => clampToImage(point, image));
  if (inside.some(([x, y], n) => Math.hypot(x - points[n]![0], y - points[n]![1]) > 1e-6))
    tally.converted('clipped', id);
  return inside;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The upright box around the corners, inside the image; null when nothing of it is. */
function boxOf(corners: readonly Point[], scope: RowScope): Box | null {
  const points = clipped(corners, scope);
  let [left, top] = points[0]!;
  let [right, bottom] = [left, top];
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  if (!(right > left && bottom > top)) return null;
  if (right - left < 1 || bottom - top < 1) scope.tally.noted('thin', scope.id);
  return { left, top, right, bottom };
}

/** Class, centre and size: the beginning of a row, or all of it. */
function writeBox({ left, top, right, bottom }: Box, { class_index, image, lines }: RowScope): void {
  lines.begin(class_index);
  lines.share((left + right) / 2, image.width);
  lines.share((top + bottom) / 2, image.height);
  lines.share(right - left, image.width);
  lines.share(bottom - top, image.height);
}

function writeObb(corners: readonly Point[], scope: RowScope): YoloDropped | null {
  const points = clipped(corners, scope);
  if (!(ringArea(points) > 0)) return 'no_extent';
  writeRing(points, scope);
  return null;
}

function writeSegments(geometry: Geometry, scope: RowScope): YoloDropped | null {
  const { id, image, options, tally } = scope;
  let parts: readonly PolygonPart[];
  if (geometry.type === 'polygon') {
    parts = geometry.polygons;
  } else if (geometry.type === 'mask') {
    const counts = decodeRleCounts(geometry.counts);
    if (!counts) return 'unreadable_geometry';
    parts = maskRings(counts, image);
    tally.converted('mask_as_polygon', id);
  } else if (geometry.type === 'circle') {
    parts = [[circleRing(geometry), []]];
    tally.converted('circle_as_polygon', id);
  } else {
    return 'other_kind';
  }
  if (parts.some(([, holes]) => holes.length > 0)) {
    tally.converted(options.holes === 'fill' ? 'holes_filled' : 'holes_bridged', id);
  }
  const rings = parts
    .map((part): Ring => clipped(options.holes === 'fill' ? part[0] : bridgedRing(part), scope))
    .filter((ring) => ringArea(ring) > 0);
  if (rings.length > 1) tally.converted('several_rows', id);
  for (const ring of rings) writeRing(ring, scope);
  return rings.length > 0 ? null : 'no_extent';
}

function writePose(geometry: Extract<Geometry, { type: 'keypoints' }>, scope: RowScope): YoloDropped | null {
  const { id, image, keypoints, tally, lines } = scope;
  const points = [...geometry.points];
  if (points.length > keypoints) return 'wrong_keypoints';
  if (points.length < keypoints) tally.converted('keypoints_padded', id);
  while (points.length < keypoints) points.push([0, 0, 0]);
  const around = keypointBox(geometry, image);
  if (!around) return 'no_extent';
  const [x, y, w, h] = around;
  const box = boxOf(upright(x, y, x + w, y + h), scope);
  if (!box) return 'no_extent';
  writeBox(box, scope);
  for (const [px, py, visibility] of points) {
    if (visibility === 0) {
      lines.word('0 0 0');
    } else {
      writePoints([[px, py]], scope);
      lines.word(String(visibility));
    }
  }
  lines.end();
  return null;
}
