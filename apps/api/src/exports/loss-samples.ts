import type { ExportCondition } from '@labelyard/contract';
import {
  encodeRleCounts,
  GEOMETRY_TYPES,
  needsClass,
  rasterisePolygon,
  type Geometry,
  type GeometryType,
  type PolygonPart,
  type Ring,
  type TextGeometry,
} from '@labelyard/domain';

/** Annotations of one kind on one image, all of which have something in particular. */
export interface LossSample {
  readonly when: ExportCondition;
  readonly kind: GeometryType;
  readonly rows: readonly SampleRow[];
  /** Names of the keypoints of each class of the project; two of the first when left out. */
  readonly keypoints?: readonly (readonly string[])[];
  /** How many classes the project has; 1 when left out. */
  readonly classes?: number;
}

export interface SampleRow {
  readonly geometry: Geometry;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Number of its class, from 1. */
  readonly named?: number;
  readonly confidence?: number;
}

export const SAMPLE_SIZE = { width: 64, height: 64 };

const SQUARE: Ring = [[8, 8], [40, 8], [40, 40], [8, 40]]; // prettier-ignore
const SECOND: Ring = [[44, 44], [60, 44], [60, 60], [44, 60]]; // prettier-ignore
const HOLE: Ring = [[16, 16], [24, 16], [24, 24], [16, 24]]; // prettier-ignore
/** Between the centres of pixels. */
const SPECK: PolygonPart = [[[8.1, 8.1], [8.4, 8.1], [8.4, 8.4], [8.1, 8.4]], [[[8.2, 8.2], [8.3, 8.2], [8.3, 8.3]]]]; // prettier-ignore

const polygon = (...polygons: PolygonPart[]): Geometry => ({ type: 'polygon', polygons });
const mask = (...parts: PolygonPart[]): Geometry => ({
  type: 'mask',
  size: [SAMPLE_SIZE.height, SAMPLE_SIZE.width],
  counts: encodeRleCounts(rasterisePolygon(parts, SAMPLE_SIZE)),
});
const caption: TextGeometry = { type: 'text', label_type: 'caption', text: 'A crossing.', language: 'en' };

/** One plain shape of each kind: whole pixels, inside the image. */
export const PLAIN: Readonly<Record<GeometryType, Geometry>> = {
  bbox: { type: 'bbox', bbox: [8, 8, 32, 32] },
  rotated_bbox: { type: 'rotated_bbox', center: [32, 32], size: [20, 10], angle: 30 },
  polygon: polygon([SQUARE, []]),
  mask: mask([[[8, 8], [9, 8], [9, 16], [8, 16]], []]), // prettier-ignore
  polyline: { type: 'polyline', points: [[8, 8], [40, 8], [40, 40]] }, // prettier-ignore
  circle: { type: 'circle', center: [32, 32], radius: 10 },
  keypoints: { type: 'keypoints', points: [[8, 8, 2], [40, 40, 2]] }, // prettier-ignore
  classification: { type: 'classification' },
  no_object: { type: 'no_object' },
  text: caption,
};

const of = (when: ExportCondition, ...geometries: Geometry[]): LossSample[] =>
  geometries.map((geometry) => ({ when, kind: geometry.type, rows: [{ geometry }] }));

const OF_KEYPOINTS: readonly Pick<LossSample, 'when' | 'rows' | 'keypoints'>[] = [
  { when: 'fewer_points', keypoints: [['a', 'b', 'c']], rows: [{ geometry: PLAIN.keypoints }] },
  { when: 'fewer_points', keypoints: [['a', 'b'], ['a', 'b', 'c']], rows: [{ geometry: PLAIN.keypoints }] }, // prettier-ignore
  { when: 'more_points', keypoints: [['a']], rows: [{ geometry: PLAIN.keypoints }] },
  { when: 'unnamed_points', keypoints: [[]], rows: [{ geometry: { type: 'keypoints', points: [[8, 8, 2], [40, 40, 1], [0, 0, 0]] } }] }, // prettier-ignore
];

/** One index more than a picture of indexes has. */
const MANY_CLASSES = 255;

/** What writers look at besides the kind. What has two causes is told with the first of them. */
export const PARTICULAR: readonly LossSample[] = [
  ...of(
    'fractions',
    { type: 'bbox', bbox: [8.3, 8.3, 31.5, 31.5] },
    polygon([[[8.3, 8.3], [40.5, 8.3], [40.5, 40.5]], []]), // prettier-ignore
    { type: 'polyline', points: [[8.3, 8.3], [40.5, 8.3], [40.5, 40.5]] }, // prettier-ignore
    { type: 'circle', center: [32.3, 32.3], radius: 10 },
  ),
  ...of('parts', polygon([SQUARE, []], [SECOND, []]), mask([SQUARE, []], [SECOND, []])),
  ...of('holes', polygon([SQUARE, [HOLE]]), mask([SQUARE, [HOLE]]), polygon(SPECK)),
  ...of(
    'outside',
    { type: 'rotated_bbox', center: [10.9, 32], size: [20, 10], angle: 30 },
    { type: 'rotated_bbox', center: [-0.2, 32], size: [0.2, 0.2], angle: 30 },
    { type: 'circle', center: [32, 10], radius: 10.4 },
    { type: 'circle', center: [-0.2, 32], radius: 0.1 },
  ),
  ...of('flat', { type: 'polyline', points: [[8, 8], [40, 40]] }), // prettier-ignore
  ...of('not_turned', { type: 'rotated_bbox', center: [32, 32], size: [20, 10], angle: 0 }),
  ...of('question', { ...caption, label_type: 'qa', question: 'What is it?' }),
  ...OF_KEYPOINTS.map((sample) => ({ ...sample, kind: 'keypoints' as const })),
  ...GEOMETRY_TYPES.map((kind): LossSample => {
    const attributes = { colour: 'red', size: 1.5, list: [1], rotation: 3 };
    return { when: 'attributes', kind, rows: [{ geometry: PLAIN[kind], attributes }] };
  }),
  // COCO: beside four corners it would be the angle of a box turned by nothing.
  { when: 'attributes', kind: 'bbox', rows: [{ geometry: PLAIN.bbox, attributes: { rotation: 0 } }] },
  ...GEOMETRY_TYPES.filter(needsClass).map((kind): LossSample => {
    const geometry = PLAIN[kind];
    const rows = [{ geometry }, { geometry }, { geometry, named: MANY_CLASSES }];
    return { when: 'others', kind, rows, classes: MANY_CLASSES };
  }),
  // One of two parts is that of another annotation.
  ...[polygon, mask].map((shape): LossSample => {
    const rows = [{ geometry: shape([SQUARE, []]) }, { geometry: shape([SQUARE, []], [SECOND, []]) }];
    return { when: 'others', kind: rows[0]!.geometry.type, rows };
  }),
  { when: 'others', kind: 'text', rows: [{ geometry: caption }, { geometry: caption, confidence: 0.5 }] },
];
