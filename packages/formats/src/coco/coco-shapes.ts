import { encodeRleCounts, normaliseAngle, type TaskType } from '@labelyard/domain';
import type { AnnotationDraft } from '../reading/import-desk.js';
import type { ImportIssueCode } from '../reading/import-issues.js';
import { isFiniteNumber, isNumberList, isObject, pointsOf, type Fields } from '../reading/record-fields.js';
import { CROWD_ATTRIBUTE } from './shape-writers.js';

export interface CocoCategory {
  readonly name: string;
  readonly supercategory: unknown;
  readonly keypoints: readonly string[];
}

/** What a row says, or why it says nothing. `remark` goes with what is imported all the same. */
export type RowShape =
  | { readonly draft: AnnotationDraft; readonly remark?: readonly [code: ImportIssueCode, message: string] }
  | { readonly code: ImportIssueCode; readonly message: string };

/** Turns one row of a COCO file into an annotation. The geometry is checked later, against the image. */
export function shapeOfRow(row: Fields, category: CocoCategory | null, language: string): RowShape {
  if (row['caption'] !== undefined) return captionOf(row, language);
  if (!category) return { code: 'unknown_class', message: 'No category has the id of category_id' };
  const attributes = isObject(row['attributes']) ? row['attributes'] : undefined;
  const base = { class_name: category.name, confidence: row['score'], ...(attributes && { attributes }) };
  const { segmentation, bbox, keypoints } = row;
  if (isNumberList(keypoints) && keypoints.some((value, n) => n % 3 === 2 && value > 0)) {
    return keypointsOf(keypoints, row, { ...base, task_type: 'keypoint' });
  }
  if (isObject(segmentation)) return maskOf(segmentation, row, base);
  const rings = ringsIn(segmentation);
  if (rings.length > 0) return ringsOf(rings, row, category, base);
  if (segmentation !== undefined && segmentation !== null && !Array.isArray(segmentation)) {
    return { code: 'bad_geometry', message: 'segmentation is a list of rings or a run-length mask' };
  }
  if (bbox !== undefined) return { draft: { ...base, task_type: 'detection', geometry: { type: 'bbox', bbox } } };
  if (category.supercategory === 'classification') {
    return { draft: { ...base, task_type: 'classification', geometry: { type: 'classification' } } };
  }
  return { code: 'missing_key', message: 'The annotation has neither bbox, segmentation, keypoints nor caption' };
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
  const { segmentation } = row;
  const rings = ringsIn(segmentation);
  const beside = isObject(segmentation) || rings.length > 0;
  return beside && !isBoxOutline(rings, row['bbox'])
    ? { draft, remark: ['left_out', 'The keypoints were taken; the outline beside them was not'] }
    : { draft };
}

/** A plain list of runs and compressed text are the same mask. */
function maskOf({ size, counts }: Fields, row: Fields, base: Base): RowShape {
  let text = counts;
  if (Array.isArray(counts)) {
    if (!counts.every((run) => Number.isSafeInteger(run) && (run as number) >= 0 && (run as number) < 2 ** 32)) {
      return { code: 'bad_mask', message: 'Runs of a mask are whole numbers from 0 up' };
    }
    text = encodeRleCounts(counts as number[]);
  }
  const isCrowd = row['iscrowd'] === 1;
  return {
    draft: {
      ...base,
      task_type: 'segmentation',
      ...(isCrowd && { attributes: { ...base.attributes, [CROWD_ATTRIBUTE]: 1 } }),
      geometry: { type: 'mask', size, counts: text },
    },
  };
}

function ringsOf(rings: readonly unknown[], row: Fields, category: CocoCategory, base: Base): RowShape {
  const flat: (readonly number[])[] = [];
  for (const ring of rings) {
    if (!isNumberList(ring)) return { code: 'bad_geometry', message: 'A ring is a flat list of finite numbers' };
    if (ring.length % 2) return { code: 'bad_geometry', message: 'A ring has pairs of numbers: x, y, x, y, …' };
    flat.push(ring);
  }
  const angle = base.attributes?.['rotation'];
  if (flat.length === 1 && flat[0]?.length === 8 && isFiniteNumber(angle)) {
    const { rotation: _, ...attributes } = base.attributes as Fields;
    return { draft: { ...base, task_type: 'detection', attributes, geometry: rotatedBox(flat[0], angle) } };
  }
  const bbox = row['bbox'];
  if (category.supercategory !== 'segmentation' && isBoxOutline(rings, bbox)) {
    const draft: AnnotationDraft = { ...base, task_type: 'detection', geometry: { type: 'bbox', bbox } };
    return category.supercategory === 'detection'
      ? { draft }
      : { draft, remark: ['changed_kind', 'The polygon is exactly its box: it was taken for a box'] };
  }
  const polygons = flat.map((ring) => [pointsOf(ring), []]);
  return { draft: { ...base, task_type: 'segmentation', geometry: { type: 'polygon', polygons } } };
}

function rotatedBox(ring: readonly number[], angle: number) {
  const [ax, ay, bx, by, cx, cy] = ring as [number, number, number, number, number, number];
  return {
    type: 'rotated_bbox',
    center: [(ax + cx) / 2, (ay + cy) / 2],
    size: [Math.hypot(bx - ax, by - ay), Math.hypot(cx - bx, cy - by)],
    angle: normaliseAngle(angle),
  };
}

/** Whether rings are nothing but the four corners of the box. */
function isBoxOutline(rings: readonly unknown[], bbox: unknown): boolean {
  const [ring, ...others] = rings;
  if (others.length > 0 || !isNumberList(bbox) || bbox.length !== 4) return false;
  if (!isNumberList(ring) || ring.length !== 8) return false;
  const [x, y, w, h] = bbox as [number, number, number, number];
  const corners = [x, y, x + w, y, x + w, y + h, x, y + h];
  return ring.every((value, n) => Math.abs(value - (corners[n] as number)) < 1e-3);
}
