import { encodeRleCounts, normaliseAngle, type TaskType } from '@labelyard/domain';
import type { AnnotationDraft } from '../reading/import-desk.js';
import type { ImportIssueCode } from '../reading/import-issues.js';
import { isFiniteNumber, isNumberList, isObject, pointsOf, type Fields } from '../reading/record-fields.js';
import { CROWD_ATTRIBUTE, ROTATION_ATTRIBUTE } from './coco-attributes.js';
import { isBoxOutline, NEAR, turnedBox } from './four-corners.js';

export interface CocoCategory {
  readonly name: string;
  readonly supercategory: unknown;
  readonly keypoints: readonly string[];
}

type Remark = readonly [code: ImportIssueCode, message: string];

/** What a row says, or why it says nothing. `remarks` go with what is imported all the same. */
export type RowShape =
  | { readonly draft: AnnotationDraft; readonly remarks?: readonly Remark[] }
  | { readonly code: ImportIssueCode; readonly message: string };

/** Turns one row of a COCO file into an annotation. The geometry is checked later, against the image. */
export function shapeOfRow(row: Fields, category: CocoCategory | null, language: string): RowShape {
  const { caption } = row;
  if (caption === undefined) return shapeIn(row, category);
  if (!hasShape(row)) return captionOf(row, language);
  if (isBlank(caption)) return shapeIn(row, category);
  return category
    ? remarked(shapeIn(row, category), 'The shape was taken; the caption beside it was not')
    : remarked(captionOf(row, language), 'The caption was taken; the shape beside it, which has no class, was not');
}

function remarked(shape: RowShape, left_out: string): RowShape {
  if ('code' in shape) return shape;
  return { ...shape, remarks: [...(shape.remarks ?? []), ['left_out', left_out]] };
}

function isBlank(caption: unknown): boolean {
  return caption === null || (typeof caption === 'string' && caption.trim() === '');
}

/** Whether a row says anything about a place, be it wrong: `[]` and a box of zeros are ways to write that there is none. */
function hasShape({ segmentation, bbox, keypoints }: Fields): boolean {
  if (Array.isArray(segmentation) ? ringsIn(segmentation).length > 0 : isGiven(segmentation)) return true;
  return hasLabeled(keypoints) || (Array.isArray(bbox) ? bbox.some((value) => value !== 0) : isGiven(bbox));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function hasLabeled(keypoints: unknown): keypoints is readonly number[] {
  return isNumberList(keypoints) && keypoints.some((value, n) => n % 3 === 2 && value > 0);
}

function shapeIn(row: Fields, category: CocoCategory | null): RowShape {
  if (!category) return { code: 'unknown_class', message: 'No category has the id of category_id' };
  const attributes = attributesOf(row);
  const base = { class_name: category.name, confidence: row['score'], ...(attributes && { attributes }) };
  const { segmentation, bbox, keypoints } = row;
  if (hasLabeled(keypoints)) return keypointsOf(keypoints, row, { ...base, task_type: 'keypoint' });
  if (isObject(segmentation)) return maskOf(segmentation, base);
  const rings = ringsIn(segmentation);
  if (rings.length > 0) return ringsOf(rings, row, category, base);
  if (isGiven(segmentation) && !Array.isArray(segmentation)) {
    return { code: 'bad_geometry', message: 'segmentation is a list of rings or a run-length mask' };
  }
  if (bbox !== undefined) return { draft: boxOf(bbox, base) };
  if (category.supercategory === 'classification') {
    return { draft: { ...base, task_type: 'classification', geometry: { type: 'classification' } } };
  }
  return { code: 'missing_key', message: 'The annotation has neither bbox, segmentation, keypoints nor caption' };
}

function attributesOf({ attributes, iscrowd }: Fields): Fields | undefined {
  const given = isObject(attributes) ? attributes : undefined;
  return iscrowd === 1 ? { ...given, [CROWD_ATTRIBUTE]: 1 } : given;
}

/** Rings that say something: `[]` and `[[]]` are ways to write that there is none. */
function ringsIn(segmentation: unknown): readonly unknown[] {
  if (!Array.isArray(segmentation)) return [];
  return segmentation.filter((ring) => !(Array.isArray(ring) && ring.length === 0));
}

function captionOf(row: Fields, language: string): RowShape {
  const { caption, question, label_type, attributes } = row;
  return {
    draft: {
      task_type: 'captioning',
      ...(isObject(attributes) && { attributes }),
      geometry: {
        type: 'text',
        label_type: label_type ?? 'caption',
        text: caption,
        ...(question !== undefined && { question }),
        language: row['language'] ?? language,
      },
    },
  };
}

type Base = Omit<AnnotationDraft, 'geometry'> & { readonly task_type?: TaskType };

function keypointsOf(keypoints: readonly number[], row: Fields, base: Base): RowShape {
  const points = Array.from({ length: Math.ceil(keypoints.length / 3) }, (_, n) => keypoints.slice(3 * n, 3 * n + 3));
  const draft = { ...base, geometry: { type: 'keypoints', points } };
  const remarks = besideKeypoints(keypoints, row);
  return remarks ? { draft, remarks } : { draft };
}

const OUTLINE_LEFT_OUT = [['left_out', 'The keypoints were taken; the outline beside them was not']] as const;
const BOX_LEFT_OUT = [['left_out', 'The keypoints were taken; the box beside them was not']] as const;

/** Keypoints have no place for an outline or a box of the object; the box around them says no more than they do. */
function besideKeypoints(keypoints: readonly number[], { segmentation, bbox }: Fields): readonly Remark[] | null {
  const rings = ringsIn(segmentation);
  if ((isObject(segmentation) || rings.length > 0) && !isBoxOutline(rings, bbox)) return OUTLINE_LEFT_OUT;
  const isMore = isNumberList(bbox) && !isAround(keypoints, bbox) && bbox.some((value) => value !== 0);
  return isMore ? BOX_LEFT_OUT : null;
}

/** Whether a box is that around the labeled keypoints, a pixel wide and high at least, as `keypointBox` makes it. */
function isAround(keypoints: readonly number[], [x, y, w, h]: readonly number[]): boolean {
  return isSpan(x as number, w as number, keypoints, 0) && isSpan(y as number, h as number, keypoints, 1);
}

/** Across (`axis` 0) or down (1). A loop, for keypoints come by the million. */
function isSpan(start: number, length: number, keypoints: readonly number[], axis: 0 | 1): boolean {
  let first = Infinity;
  let last = -Infinity;
  for (let at = 0; at < keypoints.length; at += 3) {
    const value = keypoints[at + axis] as number;
    if (!((keypoints[at + 2] as number) > 0)) continue;
    if (value < first) first = value;
    if (value > last) last = value;
  }
  return start < first + NEAR && start + length > last - NEAR && length < Math.max(last - first, 1) + NEAR;
}

/** A box alone. CVAT writes a turned one as it is before its turn, and an angle with every box. */
function boxOf(bbox: unknown, base: Base): AnnotationDraft {
  const angle = base.attributes?.[ROTATION_ATTRIBUTE];
  if (!isFiniteNumber(angle)) return { ...base, task_type: 'detection', geometry: { type: 'bbox', bbox } };
  return { ...base, task_type: 'detection', attributes: unturned(base), geometry: turned(bbox, normaliseAngle(angle)) };
}

function turned(bbox: unknown, angle: number): object {
  if (angle === 0 || !isNumberList(bbox) || bbox.length !== 4) return { type: 'bbox', bbox };
  const [x, y, w, h] = bbox as [number, number, number, number];
  return { type: 'rotated_bbox', center: [x + w / 2, y + h / 2], size: [w, h], angle };
}

/** The attributes of a box whose angle is part of its geometry. */
function unturned({ attributes }: Base): Fields {
  const { [ROTATION_ATTRIBUTE]: _, ...others } = attributes as Fields;
  return others;
}

/** A plain list of runs and compressed text are the same mask. */
function maskOf({ size, counts }: Fields, base: Base): RowShape {
  let text = counts;
  if (Array.isArray(counts)) {
    if (!counts.every((run) => Number.isSafeInteger(run) && (run as number) >= 0 && (run as number) < 2 ** 32)) {
      return { code: 'bad_mask', message: 'Runs of a mask are whole numbers from 0 up' };
    }
    text = encodeRleCounts(counts as number[]);
  }
  return { draft: { ...base, task_type: 'segmentation', geometry: { type: 'mask', size, counts: text } } };
}

function ringsOf(rings: readonly unknown[], row: Fields, category: CocoCategory, base: Base): RowShape {
  const flat: (readonly number[])[] = [];
  for (const ring of rings) {
    if (!isNumberList(ring)) return { code: 'bad_geometry', message: 'A ring is a flat list of finite numbers' };
    if (ring.length % 2) return { code: 'bad_geometry', message: 'A ring has pairs of numbers: x, y, x, y, …' };
    flat.push(ring);
  }
  const box = category.supercategory === 'segmentation' ? null : boxIn(flat, row, category, base);
  if (box) return box;
  const polygons = flat.map((ring) => [pointsOf(ring), []]);
  return { draft: { ...base, task_type: 'segmentation', geometry: { type: 'polygon', polygons } } };
}

/** The box that rings are, null when they are more than that. */
function boxIn(
  rings: readonly (readonly number[])[],
  { bbox }: Fields,
  { supercategory }: CocoCategory,
  base: Base,
): RowShape | null {
  const angle = base.attributes?.[ROTATION_ATTRIBUTE];
  const geometry = isFiniteNumber(angle) ? turnedBox(rings, bbox, angle) : null;
  if (geometry) return { draft: { ...base, task_type: 'detection', attributes: unturned(base), geometry } };
  if (!isBoxOutline(rings, bbox)) return null;
  const draft: AnnotationDraft = { ...base, task_type: 'detection', geometry: { type: 'bbox', bbox } };
  return supercategory === 'detection'
    ? { draft }
    : { draft, remarks: [['changed_kind', 'The polygon is exactly its box: it was taken for a box']] };
}
