import {
  BOX_HANDLES,
  boxOfPoints,
  clampToImage,
  resizeBox,
  translateGeometry,
  type BboxGeometry,
  type BoxHandle,
  type Point,
} from '@labelyard/domain';
import { roundCoordinate } from './rounding.js';
import type { Handle, ShapeKind } from './shape-kind.js';

/** Sides below this many pixels are a slip of the hand, not a box. */
export const MIN_BOX_SIDE = 1;

const CURSORS: Readonly<Record<BoxHandle, string>> = {
  nw: 'nwse-resize',
  n: 'ns-resize',
  ne: 'nesw-resize',
  e: 'ew-resize',
  se: 'nwse-resize',
  s: 'ns-resize',
  sw: 'nesw-resize',
  w: 'ew-resize',
};

/** Axis-parallel box: made from two corners, resized by eight grips. */
export const bboxKind: ShapeKind<BboxGeometry> = {
  type: 'bbox',

  create(points, image) {
    const box = boxOfPoints(points.map((point) => clampToImage(point, image)));
    if (points.length < 2 || !box) return null;
    const geometry = bboxKind.round({ type: 'bbox', bbox: box });
    return geometry.bbox[2] < MIN_BOX_SIDE || geometry.bbox[3] < MIN_BOX_SIDE ? null : geometry;
  },

  hit({ bbox: [x, y, w, h] }, [px, py], tolerance) {
    return px >= x - tolerance && px <= x + w + tolerance && py >= y - tolerance && py <= y + h + tolerance;
  },

  handles({ bbox }) {
    return BOX_HANDLES.map((id): Handle => ({
      id,
      role: id.length === 2 ? 'corner' : 'edge',
      point: handlePoint(bbox, id),
      cursor: CURSORS[id],
    }));
  },

  moveHandle: (geometry, handle_id, to, image) => resizeBox(geometry, handle_id as BoxHandle, to, image),

  removeHandle: () => null,

  translate: translateGeometry<BboxGeometry>,

  /** Rounds the corners, not the size: the far edge must not move past the image. */
  round({ bbox: [x, y, w, h] }) {
    const [left, top] = [roundCoordinate(x), roundCoordinate(y)];
    return {
      type: 'bbox',
      bbox: [left, top, roundCoordinate(roundCoordinate(x + w) - left), roundCoordinate(roundCoordinate(y + h) - top)],
    };
  },

  path({ bbox: [x, y, w, h] }, sink) {
    sink.moveTo(x, y);
    sink.lineTo(x + w, y);
    sink.lineTo(x + w, y + h);
    sink.lineTo(x, y + h);
    sink.closePath();
  },

  fillRule: () => 'nonzero',
};

function handlePoint([x, y, w, h]: BboxGeometry['bbox'], id: BoxHandle): Point {
  const px = id.includes('w') ? x : id.includes('e') ? x + w : x + w / 2;
  const py = id.startsWith('n') ? y : id.startsWith('s') ? y + h : y + h / 2;
  return [px, py];
}
