import { normaliseAngle, type ImageSize, type Point, type TaskType } from '@labelyard/domain';
import { rounded } from '../byte-writer.js';
import { ellipseGeometry } from '../ellipse.js';
import type { ImportIssueCode } from '../reading/import-issues.js';
import { isObject, type Fields } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';
import { maskOfBrush } from './brush-rle.js';
import { pixelsOf } from './percent.js';

/** What the value of a result says of a shape. */
export type ResultShape =
  | {
      readonly geometry: object;
      readonly task_type: TaskType;
      readonly remark?: readonly [code: ImportIssueCode, message: string];
    }
  | { readonly code: ImportIssueCode; readonly message: string };

const bad = (message: string, code: ImportIssueCode = 'bad_geometry') => ({ code, message });

/** Kinds of results that are shapes on the image, by the beginning of their type. */
const SHAPES = ['rectangle', 'polygon', 'brush', 'ellipse', 'vector', 'keypoint'] as const;
type Shape = (typeof SHAPES)[number];

/** Null for results that are no shapes. With `<Labels>` beside a tool, the value alone tells which shape it is. */
export function shapeKind(type: string, value: Fields): Shape | null {
  const named = SHAPES.find((shape) => type === shape || type === `${shape}labels`);
  if (named) return named;
  if (type !== 'labels') return null;
  if (value['rle'] !== undefined) return 'brush';
  if (value['points'] !== undefined) return 'polygon';
  if (value['vertices'] !== undefined) return 'vector';
  if (value['radiusX'] !== undefined) return 'ellipse';
  if (value['height'] !== undefined) return 'rectangle';
  return value['x'] === undefined ? null : 'keypoint';
}

/** Names in the value of a result: `rectanglelabels`, `labels`, … */
export function labelsIn(value: Fields): unknown[] {
  const [, labels] = Object.entries(value).find(([key, one]) => key.endsWith('labels') && Array.isArray(one)) ?? [];
  return (labels as unknown[] | undefined) ?? [];
}

/** A label or remark as text; whatever stands there instead, as JSON: objects may have no text of their own. */
export function wordOf(given: unknown): string {
  return typeof given === 'string' ? given : (JSON.stringify(given) ?? '');
}

export function geometryOfResult(shape: Exclude<Shape, 'keypoint'>, value: Fields, image: ImageSize): ResultShape {
  switch (shape) {
    case 'rectangle':
      return rectangleOf(value, image);
    case 'polygon':
      return polygonOf(value, image);
    case 'brush':
      return brushOf(value, image);
    case 'ellipse':
      return ellipseOf(value, image);
    case 'vector':
      return vectorOf(value, image);
  }
}

/** Where a point lies, null when the value does not say. */
export function pointOfValue({ x, y }: Fields, { width, height }: ImageSize): Point | null {
  const point: Point = [pixelsOf(x, width), pixelsOf(y, height)];
  return point.every(Number.isFinite) ? point : null;
}

function rectangleOf(value: Fields, image: ImageSize): ResultShape {
  const corner = pointOfValue(value, image);
  const [w, h] = [pixelsOf(value['width'], image.width), pixelsOf(value['height'], image.height)];
  const rotation = value['rotation'] ?? 0;
  if (!corner || !Number.isFinite(w) || !Number.isFinite(h))
    return bad('A rectangle has x, y, width and height, numbers in percent');
  if (typeof rotation !== 'number' || !Number.isFinite(rotation)) return bad('rotation is a number of degrees');
  if (rotation === 0) return { task_type: 'detection', geometry: { type: 'bbox', bbox: [...corner, w, h] } };
  // Turned about the corner, not about the centre.
  const turn = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const center = [corner[0] + (w * cos - h * sin) / 2, corner[1] + (w * sin + h * cos) / 2].map(rounded);
  return {
    task_type: 'detection',
    geometry: { type: 'rotated_bbox', center, size: [w, h], angle: rounded(normaliseAngle(rotation)) },
  };
}

function polygonOf({ points, closed }: Fields, { width, height }: ImageSize): ResultShape {
  if (!Array.isArray(points)) return bad('points are pairs of numbers in percent');
  const ring = points.map((point: unknown) =>
    Array.isArray(point) && point.length === 2 ? [pixelsOf(point[0], width), pixelsOf(point[1], height)] : null,
  );
  if (!ring.every((point) => point?.every(Number.isFinite))) return bad('points are pairs of numbers in percent');
  const made = { task_type: 'segmentation', geometry: { type: 'polygon', polygons: [[ring, []]] } } as const;
  return closed === false ? { ...made, remark: ['changed_kind', 'The polygon was not finished: it was closed'] } : made;
}

function brushOf({ format, rle }: Fields, image: ImageSize): ResultShape {
  if (!Array.isArray(rle) || (format !== undefined && format !== 'rle'))
    return bad('A brush has format "rle" and a list of bytes', 'bad_mask');
  try {
    return { task_type: 'segmentation', geometry: maskOfBrush(rle, image) };
  } catch (error) {
    if (error instanceof UnreadableFile) return bad(error.message, error.code);
    throw error;
  }
}

function ellipseOf(value: Fields, image: ImageSize): ResultShape {
  const center = pointOfValue(value, image);
  const radii: Point = [pixelsOf(value['radiusX'], image.width), pixelsOf(value['radiusY'], image.height)];
  const rotation = value['rotation'] ?? 0;
  if (!center || !radii.every(Number.isFinite) || typeof rotation !== 'number') {
    return bad('An ellipse has x, y, radiusX and radiusY, numbers in percent');
  }
  const { geometry, isCircle } = ellipseGeometry({ center, radii, rotation });
  if (isCircle) return { task_type: 'geometry', geometry };
  return {
    task_type: 'segmentation',
    geometry,
    remark: ['changed_kind', 'The ellipse became a polygon of 64 points: we have circles only'],
  };
}

function vectorOf({ vertices, closed }: Fields, image: ImageSize): ResultShape {
  if (!Array.isArray(vertices)) return bad('vertices are objects with x and y in percent');
  const points = vertices.map((vertex: unknown) => (isObject(vertex) ? pointOfValue(vertex, image) : null));
  if (!points.every((point) => point !== null)) return bad('vertices are objects with x and y in percent');
  const isCurved = vertices.some((vertex: Fields) => vertex['isBezier'] === true);
  const remark = isCurved ? { remark: ['changed_kind', 'Curves became straight lines'] as const } : {};
  if (closed !== true) return { task_type: 'geometry', geometry: { type: 'polyline', points }, ...remark };
  return { task_type: 'segmentation', geometry: { type: 'polygon', polygons: [[points, []]] }, ...remark };
}
