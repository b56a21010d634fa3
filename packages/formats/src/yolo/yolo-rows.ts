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
import { keypointBox } from '../keypoint-box.js';
import { maskRings } from '../mask-rings.js';
import type { YoloDropped, YoloOptions, YoloTally } from './yolo-options.js';

/** Rows (without the class) that say `geometry`, or why there are none. */
export type YoloRows = readonly string[] | YoloDropped;

interface RowScope {
  readonly id: number;
  readonly image: ImageSize;
  readonly options: YoloOptions;
  /** Keypoints of every row of the dataset. */
  readonly keypoints: number;
  readonly tally: YoloTally;
}

/** Trainers need 6 decimals; 8 keep a hundredth of a pixel apart in any image. */
const DECIMALS = 8;
const LEAST = '0.000000'.length;
const ZERO = '0'.charCodeAt(0);

function share(value: number, of: number): string {
  const fixed = Math.min(Math.max(value / of, 0), 1).toFixed(DECIMALS);
  let end = fixed.length;
  while (end > LEAST && fixed.charCodeAt(end - 1) === ZERO) end--;
  return fixed.slice(0, end);
}

function row(points: readonly Point[], { width, height }: ImageSize): string {
  return points.map(([x, y]) => `${share(x, width)} ${share(y, height)}`).join(' ');
}

export function yoloRows(geometry: Geometry, scope: RowScope): YoloRows {
  const { kind } = scope.options;
  if (kind === 'pose') return geometry.type === 'keypoints' ? poseRows(geometry, scope) : 'other_kind';
  if (kind === 'segment') return segmentRows(geometry, scope);
  const corners = cornersOf(geometry, scope);
  if (!corners) return 'other_kind';
  return kind === 'obb' ? obbRows(corners, scope) : boxRows(corners, scope);
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

function clipped(points: readonly Point[], { id, image, tally }: RowScope): Point[] {
  const inside = points.map((point) => clampToImage(point, image));
  if (inside.some(([x, y], n) => Math.hypot(x - points[n]![0], y - points[n]![1]) > 1e-6))
    tally.converted('clipped', id);
  return inside;
}

function boxRows(corners: readonly Point[], scope: RowScope): YoloRows {
  const points = clipped(corners, scope);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (!(right > left && bottom > top)) return 'no_extent';
  if (right - left < 1 || bottom - top < 1) scope.tally.noted('thin', scope.id);
  const { width, height } = scope.image;
  return [
    `${row([[(left + right) / 2, (top + bottom) / 2]], scope.image)} ${share(right - left, width)} ${share(bottom - top, height)}`,
  ];
}

function obbRows(corners: readonly Point[], scope: RowScope): YoloRows {
  const points = clipped(corners, scope);
  return ringArea(points) > 0 ? [row(points, scope.image)] : 'no_extent';
}

function segmentRows(geometry: Geometry, scope: RowScope): YoloRows {
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
  return rings.length > 0 ? rings.map((ring) => row(ring, image)) : 'no_extent';
}

function poseRows(geometry: Extract<Geometry, { type: 'keypoints' }>, scope: RowScope): YoloRows {
  const { id, image, keypoints, tally } = scope;
  const points = [...geometry.points];
  if (points.length > keypoints) return 'wrong_keypoints';
  if (points.length < keypoints) tally.converted('keypoints_padded', id);
  while (points.length < keypoints) points.push([0, 0, 0]);
  const box = keypointBox(geometry, image);
  if (!box) return 'no_extent';
  const [x, y, w, h] = box;
  const head = boxRows(upright(x, y, x + w, y + h), scope);
  if (typeof head === 'string') return head;
  const tail = points.map(([px, py, v]) => (v === 0 ? '0 0 0' : `${row([[px, py]], image)} ${v}`));
  return [`${head[0]} ${tail.join(' ')}`];
}
