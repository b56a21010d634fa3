import {
  boxOfPoints,
  canonicalGeometryJson,
  clampToImage,
  encodeRleCounts,
  rasterisePolygon,
  ringArea,
  rleArea,
  rleBounds,
  rotatedBoxCorners,
  type Geometry,
  type GeometryType,
  type Point,
} from '@labelyard/domain';
import { ascii, rounded, type ByteWriter } from '../byte-writer.js';
import { isFiniteNumber } from '../reading/record-fields.js';
import type { ExportAnnotation } from '../codec.js';
import { circleRing } from '../circle-ring.js';
import type { CocoOptions } from './coco-options.js';
import type { CocoDropped, CocoTally } from './coco-report.js';
import { attributesWith, isCrowd, ROTATION_ATTRIBUTE } from './coco-attributes.js';
import { writeFlatRings } from './flat-rings.js';
import { turnedBox } from './four-corners.js';
import type { ImageSizes } from './image-sizes.js';
import { writeAttributes } from './row-writers.js';

/** A row whose box and area are known. */
export type MeasuredAnnotation = ExportAnnotation & Record<'bbox_x' | 'bbox_y' | 'bbox_w' | 'bbox_h' | 'area', number>;

/**
 * Writes `"bbox":[…],"area":…,"iscrowd":0,"segmentation":…` and attributes, if any. Answers false, with the reason in the tally,
 * when the shape cannot be written; what it wrote until then is to be taken back. Throws `SyntaxError` when the geometry is no JSON.
 */
export type ShapeWriter = (row: MeasuredAnnotation, out: ByteWriter, images: ImageSizes, tally: CocoTally) => boolean;

const BBOX = ascii('"bbox":[');
const AREA = ascii('],"area":');
const SEGMENTATION = ascii(',"iscrowd":0,"segmentation":');
const CROWD_SEGMENTATION = ascii(',"iscrowd":1,"segmentation":');
const OPEN = ascii('[[');
const CLOSE = ascii(']]');
const COMMA = 0x2c;
const MASK_START = '{"type":"mask",';

const parse = <T extends GeometryType>({ geometry }: ExportAnnotation) =>
  JSON.parse(geometry) as Extract<Geometry, { type: T }>;

type Measures = Pick<MeasuredAnnotation, 'bbox_x' | 'bbox_y' | 'bbox_w' | 'bbox_h'>;

/** The box and area columns are the stored numbers: position as drawn; sizes of enclosing boxes and areas were computed. */
function writeMeasures(row: MeasuredAnnotation, area: number, out: ByteWriter, box: Measures = row): void {
  const drawn = row.annotation_type === 'bbox';
  out.ascii(BBOX);
  out.number(box.bbox_x);
  out.byte(COMMA);
  out.number(box.bbox_y);
  out.byte(COMMA);
  out.number(drawn ? box.bbox_w : rounded(box.bbox_w));
  out.byte(COMMA);
  out.number(drawn ? box.bbox_h : rounded(box.bbox_h));
  out.ascii(AREA);
  out.number(rounded(area));
  out.ascii(isCrowd(row) ? CROWD_SEGMENTATION : SEGMENTATION);
}

/** The four corners clockwise from the top left: readers that want masks find one, readers of boxes ignore it. */
function writeBbox(row: MeasuredAnnotation, out: ByteWriter, _images: ImageSizes, tally: CocoTally): boolean {
  const right = rounded(row.bbox_x + row.bbox_w);
  const bottom = rounded(row.bbox_y + row.bbox_h);
  const left_at = out.length + BBOX.length;
  writeMeasures(row, row.area, out);
  // Of eight numbers four are new: the others are the bytes written before.
  const left_end = out.indexOf(COMMA, left_at);
  const top_end = out.indexOf(COMMA, left_end + 1);
  out.ascii(OPEN);
  out.again(left_at, top_end);
  out.byte(COMMA);
  const right_at = out.length;
  out.number(right);
  const right_end = out.length;
  out.again(left_end, top_end);
  out.byte(COMMA);
  out.again(right_at, right_end);
  const bottom_at = out.length;
  out.byte(COMMA);
  out.number(bottom);
  const bottom_end = out.length;
  out.byte(COMMA);
  out.again(left_at, left_end);
  out.again(bottom_at, bottom_end);
  out.ascii(CLOSE);
  const attributes = attributesWith(ROTATION_ATTRIBUTE, row);
  if (attributes && isAngleOf(row, right, bottom, attributes[ROTATION_ATTRIBUTE])) {
    tally.converted('rotation_attribute', row.id);
    const { [ROTATION_ATTRIBUTE]: _, ...others } = attributes;
    writeAttributes({ attributes: JSON.stringify(others) }, out);
  } else {
    writeAttributes(row, out);
  }
  return true;
}

/** Whether an attribute `rotation` would make a rotated box of the corners it stands beside: it fits them. */
function isAngleOf(row: MeasuredAnnotation, right: number, bottom: number, rotation: unknown): boolean {
  const { bbox_x: x, bbox_y: y, bbox_w, bbox_h } = row;
  const ring = [x, y, right, y, right, bottom, x, bottom];
  return isFiniteNumber(rotation) && turnedBox([ring], [x, y, bbox_w, bbox_h], rotation) !== null;
}

/** One flat ring per part. COCO unites rings, so a polygon with holes is written as its pixels, with their box and area. */
function writePolygon(row: MeasuredAnnotation, out: ByteWriter, images: ImageSizes, tally: CocoTally): boolean {
  const start = out.length;
  writeMeasures(row, row.area, out);
  if (!writeFlatRings(row.geometry_utf8 ?? row.geometry, out)) {
    const geometry = parse<'polygon'>(row);
    if (geometry.polygons.some(([, holes]) => holes.length > 0)) {
      out.length = start;
      return writePixels(row, geometry, out, images, tally);
    }
    writeFlatRings(canonicalGeometryJson(geometry), out);
  }
  writeAttributes(row, out);
  return true;
}

function writePixels(
  row: MeasuredAnnotation,
  { polygons }: Extract<Geometry, { type: 'polygon' }>,
  out: ByteWriter,
  images: ImageSizes,
  tally: CocoTally,
): boolean {
  const size = images.sizeOf(row.image_id);
  const counts = rasterisePolygon(polygons, size);
  const bounds = rleBounds(counts, size.height);
  if (!bounds) {
    tally.dropped('no_pixels', row.id);
    return false;
  }
  tally.converted('polygon_holes', row.id);
  // A sharp tip between two pixel centres covers none: the box must be that of the mask beside it.
  const [bbox_x, bbox_y, bbox_w, bbox_h] = bounds;
  writeMeasures(row, rleArea(counts), out, { bbox_x, bbox_y, bbox_w, bbox_h });
  out.text(JSON.stringify({ size: [size.height, size.width], counts: encodeRleCounts(counts) }));
  writeAttributes(row, out);
  return true;
}

/** Stored masks are COCO RLE already. */
function writeMask(row: MeasuredAnnotation, out: ByteWriter): boolean {
  const canonical = row.geometry.startsWith(MASK_START) ? row.geometry : canonicalGeometryJson(parse<'mask'>(row));
  writeMeasures(row, row.area, out);
  out.text(`{${canonical.slice(MASK_START.length)}`);
  writeAttributes(row, out);
  return true;
}

/** The four corners and the box around them, both in pixels; corners a little outside the image are moved to its edge. */
function writeRotatedBbox(row: MeasuredAnnotation, out: ByteWriter, images: ImageSizes, tally: CocoTally): boolean {
  const geometry = parse<'rotated_bbox'>(row);
  const size = images.sizeOf(row.image_id);
  const corners = rotatedBoxCorners(geometry).map((corner) => clampToImage(corner, size));
  const bounds = boxOfPoints(corners);
  const area = ringArea(corners);
  if (!bounds || !(area > 0)) {
    tally.dropped('no_extent', row.id);
    return false;
  }
  tally.converted('rotated_bbox', row.id);
  const attributes = JSON.parse(row.attributes) as Record<string, unknown>;
  if (Object.hasOwn(attributes, ROTATION_ATTRIBUTE)) tally.converted('rotation_attribute', row.id);
  const [bbox_x, bbox_y, bbox_w, bbox_h] = bounds;
  writeMeasures(row, area, out, { bbox_x: rounded(bbox_x), bbox_y: rounded(bbox_y), bbox_w, bbox_h });
  const angle = JSON.stringify({ ...attributes, [ROTATION_ATTRIBUTE]: geometry.angle });
  out.text(`[[${corners.flat().map(rounded).join()}]],"attributes":${angle}`);
  return true;
}

/** The area a closed outline encloses. */
function writeOutline(
  row: MeasuredAnnotation,
  points: readonly Point[],
  out: ByteWriter,
  tally: CocoTally,
  how: 'polyline_as_polygon' | 'circle_as_polygon',
): boolean {
  const bounds = boxOfPoints(points);
  const area = ringArea(points);
  if (!bounds || points.length < 3 || !(bounds[2] > 0 && bounds[3] > 0 && area > 0)) {
    tally.dropped('no_extent', row.id);
    return false;
  }
  tally.converted(how, row.id);
  const [bbox_x, bbox_y, bbox_w, bbox_h] = bounds;
  writeMeasures(row, area, out, { bbox_x, bbox_y, bbox_w, bbox_h });
  out.text(`[[${points.flat().join()}]]`);
  writeAttributes(row, out);
  return true;
}

function writePolyline(row: MeasuredAnnotation, out: ByteWriter, _images: ImageSizes, tally: CocoTally): boolean {
  return writeOutline(row, parse<'polyline'>(row).points, out, tally, 'polyline_as_polygon');
}

function writeCircle(row: MeasuredAnnotation, out: ByteWriter, images: ImageSizes, tally: CocoTally): boolean {
  const size = images.sizeOf(row.image_id);
  const drawn = circleRing(parse<'circle'>(row));
  const ring = drawn.map((point) => clampToImage(point, size).map(rounded) as unknown as Point);
  if (drawn.some(([x, y]) => x < 0 || y < 0 || x > size.width || y > size.height)) {
    tally.converted('circle_clipped', row.id);
  }
  return writeOutline(row, ring, out, tally, 'circle_as_polygon');
}

/** How each kind is written into an instances file, or why it is not. */
export function shapeWriters({ outlines_as_polygons }: CocoOptions): ShapeWriters {
  return outlines_as_polygons ? { ...SHAPE_WRITERS, polyline: writePolyline, circle: writeCircle } : SHAPE_WRITERS;
}

export type ShapeWriters = Readonly<Record<GeometryType, ShapeWriter | CocoDropped>>;

const SHAPE_WRITERS: ShapeWriters = {
  bbox: writeBbox,
  rotated_bbox: writeRotatedBbox,
  polygon: writePolygon,
  mask: writeMask,
  polyline: 'polyline',
  circle: 'circle',
  keypoints: 'keypoints',
  classification: 'classification',
  no_object: 'no_object',
  text: 'text',
};
