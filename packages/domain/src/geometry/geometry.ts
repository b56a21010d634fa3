/**
 * Geometry as it is stored and sent: pixels of the displayed image (EXIF orientation applied), floats, origin top-left,
 * x to the right, y down. The wire uses the same shapes (`Geometry` in the OpenAPI document).
 */
export const GEOMETRY_TYPES = [
  'bbox',
  'rotated_bbox',
  'polygon',
  'mask',
  'polyline',
  'circle',
  'keypoints',
  'classification',
  'no_object',
  'text',
] as const;
export type GeometryType = (typeof GEOMETRY_TYPES)[number];

export type Point = readonly [x: number, y: number];
/** At least three points, implicitly closed. */
export type Ring = readonly Point[];
/** Outer ring and its holes. */
export type PolygonPart = readonly [outer: Ring, holes: readonly Ring[]];
/** [x, y, width, height] */
export type Box = readonly [x: number, y: number, w: number, h: number];

export interface BboxGeometry {
  readonly type: 'bbox';
  readonly bbox: Box;
}
/** `angle` in degrees, clockwise on screen, in (-180, 180]. */
export interface RotatedBboxGeometry {
  readonly type: 'rotated_bbox';
  readonly center: Point;
  readonly size: readonly [w: number, h: number];
  readonly angle: number;
}
/** One entry per part: `[outer, [hole, …]]`. */
export interface PolygonGeometry {
  readonly type: 'polygon';
  readonly polygons: readonly PolygonPart[];
}
/** COCO compressed RLE, `size` is [height, width]. */
export interface MaskGeometry {
  readonly type: 'mask';
  readonly size: readonly [h: number, w: number];
  readonly counts: string;
}
export interface PolylineGeometry {
  readonly type: 'polyline';
  readonly points: readonly Point[];
}
export interface CircleGeometry {
  readonly type: 'circle';
  readonly center: Point;
  readonly radius: number;
}
/** v: 0 absent, 1 hidden, 2 visible; in the order of the class's keypoint names. */
export interface KeypointsGeometry {
  readonly type: 'keypoints';
  readonly points: readonly (readonly [x: number, y: number, v: 0 | 1 | 2])[];
}
export interface ClassificationGeometry {
  readonly type: 'classification';
}
export interface NoObjectGeometry {
  readonly type: 'no_object';
}
export interface TextGeometry {
  readonly type: 'text';
  readonly label_type: 'caption' | 'description' | 'qa';
  readonly text: string;
  readonly question?: string;
  readonly language: string;
}

export type Geometry =
  | BboxGeometry
  | RotatedBboxGeometry
  | PolygonGeometry
  | MaskGeometry
  | PolylineGeometry
  | CircleGeometry
  | KeypointsGeometry
  | ClassificationGeometry
  | NoObjectGeometry
  | TextGeometry;

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}
