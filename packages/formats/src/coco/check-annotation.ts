import type { Box, ImageSize } from '@labelyard/domain';
import { checkSegmentation, inImage, type SegmentationMeasures } from './check-segmentation.js';
import { isId, type CocoIssues } from './coco-issues.js';
import { isFiniteNumber, isNumberList, isObject, type Fields } from '../reading/record-fields.js';
import { CROWD_ATTRIBUTE, ROTATION_ATTRIBUTE } from './coco-attributes.js';
import { isBoxOutline, turnedBox } from './four-corners.js';

/** What annotations refer to. */
export interface CocoFrame {
  readonly images: ReadonlyMap<number, ImageSize>;
  readonly categories: ReadonlyMap<number, CheckedCategory>;
  /** Pixels by which computed and stated numbers may differ. */
  readonly tolerance: number;
}

export interface CheckedCategory {
  /** How many it has. */
  readonly keypoints: number;
  /** Holds boxes, upright and rotated, and nothing else: our own files say it. */
  readonly isDetection: boolean;
}

/** Absent area, iscrowd or bbox end scoring with a KeyError; the others end loading. */
const KEYS = ['id', 'image_id', 'category_id', 'bbox', 'area', 'iscrowd', 'segmentation'];
/** A box stated for pixels may be that of the outline they were made from. */
const PIXEL = 1;

/** One annotation of an instances or keypoints file. Its own id was checked before. */
export function checkInstance(annotation: Fields, path: string, frame: CocoFrame, issues: CocoIssues): void {
  for (const key of KEYS) {
    if (!Object.hasOwn(annotation, key)) issues.add('missing_key', `${path}.${key}`, `every annotation needs ${key}`);
  }
  const image = checkImageId(annotation, path, frame, issues);
  const category = checkCategoryId(annotation, path, frame, issues);
  const segmentation =
    annotation['segmentation'] === undefined
      ? null
      : checkSegmentation(annotation['segmentation'], `${path}.segmentation`, image, frame.tolerance, issues);
  if (annotation['bbox'] !== undefined)
    checkBbox(annotation['bbox'], path, image, segmentation, frame.tolerance, issues);
  if (annotation['area'] !== undefined) checkArea(annotation['area'], path, segmentation, frame.tolerance, issues);
  const attributes = isObject(annotation['attributes']) ? annotation['attributes'] : {};
  checkCrowd(annotation['iscrowd'], attributes, path, segmentation, issues);
  if (category?.isDetection) checkRotation(annotation, attributes[ROTATION_ATTRIBUTE], path, issues);
  if (category?.keypoints) checkKeypoints(annotation, path, category.keypoints, issues);
}

const SHAPE_KEYS = ['bbox', 'area', 'iscrowd', 'segmentation', 'keypoints'];

/** A row that tells an image's class and nothing about a place on it. */
export function isImageLabel(annotation: Fields): boolean {
  return Object.hasOwn(annotation, 'category_id') && !SHAPE_KEYS.some((key) => Object.hasOwn(annotation, key));
}

/** One annotation of a file of image-level labels, which is our own: COCO has none. */
export function checkImageLabel(annotation: Fields, path: string, frame: CocoFrame, issues: CocoIssues): void {
  checkImageId(annotation, path, frame, issues);
  checkCategoryId(annotation, path, frame, issues);
}

/** Its category, undefined when there is no such. */
function checkCategoryId(
  { category_id }: Fields,
  path: string,
  { categories }: CocoFrame,
  issues: CocoIssues,
): CheckedCategory | undefined {
  const category = categories.get(category_id as number);
  if (category_id !== undefined && !category) {
    issues.add('unknown_id', `${path}.category_id`, 'no category has this id');
  }
  return category;
}

/** One annotation of a captions file. */
export function checkCaption(annotation: Fields, path: string, frame: CocoFrame, issues: CocoIssues): void {
  checkImageId(annotation, path, frame, issues);
  const { caption } = annotation;
  if (typeof caption !== 'string' || caption.trim() === '') {
    issues.add('bad_caption', `${path}.caption`, 'a caption is a text that is not empty');
  }
}

function checkImageId(
  { image_id }: Fields,
  path: string,
  { images }: CocoFrame,
  issues: CocoIssues,
): ImageSize | undefined {
  const image = images.get(image_id as number);
  if (image_id !== undefined && !image) issues.add('unknown_id', `${path}.image_id`, 'no image has this id');
  return image;
}

function checkBbox(
  value: unknown,
  path: string,
  image: ImageSize | undefined,
  segmentation: SegmentationMeasures | null,
  tolerance: number,
  issues: CocoIssues,
): void {
  if (!Array.isArray(value) || value.length !== 4 || !value.every(isFiniteNumber)) {
    return issues.add('bad_bbox', `${path}.bbox`, 'bbox is [x, y, width, height], all finite numbers');
  }
  const bbox = value as unknown as Box;
  if (bbox[2] <= 0 || bbox[3] <= 0) {
    return issues.add('bad_bbox', `${path}.bbox`, 'width and height must be above 0');
  }
  if (image && !inImage(bbox, image, tolerance)) {
    issues.add(
      'bbox_outside_image',
      `${path}.bbox`,
      `reaches past the image of ${image.width} × ${image.height} pixels`,
    );
  }
  if (segmentation) {
    const allowed = tolerance + (segmentation.kind === 'rle' ? PIXEL : 0);
    const [x, y, w, h] = segmentation.bounds;
    const off = [x - bbox[0], y - bbox[1], x + w - bbox[0] - bbox[2], y + h - bbox[1] - bbox[3]];
    if (off.some((distance) => Math.abs(distance) > allowed)) {
      issues.add('bbox_not_tight', `${path}.bbox`, `the segmentation lies in [${segmentation.bounds.join(', ')}]`);
    }
  }
}

function checkArea(
  area: unknown,
  path: string,
  segmentation: SegmentationMeasures | null,
  tolerance: number,
  issues: CocoIssues,
): void {
  if (!isFiniteNumber(area) || area <= 0) {
    return issues.add(
      'bad_area',
      `${path}.area`,
      'area is a number above 0: 0 puts every object in the size class "small"',
    );
  }
  if (!segmentation) return;
  // Moving the outline by the tolerance changes the area by about its circumference times that.
  const [, , w, h] = segmentation.bounds;
  const allowed = segmentation.kind === 'rle' ? 0 : tolerance * 2 * (w + h);
  if (Math.abs(area - segmentation.area) > allowed) {
    const what = segmentation.kind === 'rle' ? 'the mask has that many pixels' : 'the rings enclose that much';
    issues.add('wrong_area', `${path}.area`, `${segmentation.area} expected, ${what}`);
  }
}

/** An outline with 1 is mostly one object by mistake, unless its attributes say again that it is meant. */
function checkCrowd(
  value: unknown,
  attributes: Fields,
  path: string,
  segmentation: SegmentationMeasures | null,
  issues: CocoIssues,
): void {
  if (value === undefined) return;
  if (value !== 0 && value !== 1) {
    issues.add('bad_iscrowd', `${path}.iscrowd`, 'iscrowd is 0 for one object, 1 for a crowd');
  } else if (value === 1 && segmentation?.kind === 'polygon' && attributes[CROWD_ATTRIBUTE] !== 1) {
    issues.add('bad_iscrowd', `${path}.iscrowd`, 'a crowd is a mask; objects with iscrowd 1 are left out of scores');
  }
}

/** A rotated box: its four corners and the angle they are turned by. Beside an upright box, `rotation` is an attribute like any other. */
function checkRotation({ segmentation, bbox }: Fields, angle: unknown, path: string, issues: CocoIssues): void {
  if (angle === undefined || !Array.isArray(segmentation) || isBoxOutline(segmentation, bbox)) return;
  const [ring, ...others] = segmentation as readonly unknown[];
  if (!isFiniteNumber(angle)) {
    issues.add('bad_rotation', `${path}.attributes.rotation`, 'rotation is a number of degrees');
  } else if (others.length > 0 || !isNumberList(ring) || ring.length !== 8) {
    issues.add('bad_rotation', `${path}.segmentation`, 'a rotated box is written as its four corners');
  } else if (!turnedBox([ring], bbox, angle)) {
    issues.add('bad_rotation', `${path}.attributes.rotation`, 'the four corners are not those of a box turned by it');
  }
}

function checkKeypoints(annotation: Fields, path: string, expected: number, issues: CocoIssues): void {
  const { keypoints, num_keypoints } = annotation;
  if (keypoints === undefined) return;
  if (!Array.isArray(keypoints) || keypoints.length !== expected * 3 || !keypoints.every(isFiniteNumber)) {
    return issues.add(
      'bad_keypoints',
      `${path}.keypoints`,
      `three numbers for each of the ${expected} keypoints of the category`,
    );
  }
  const numbers = keypoints;
  let labeled = 0;
  for (let at = 0; at < numbers.length; at += 3) {
    const v = numbers[at + 2];
    if (v !== 0 && v !== 1 && v !== 2) {
      return issues.add('bad_keypoints', `${path}.keypoints.${at + 2}`, 'visibility is 0, 1 or 2');
    }
    if (v === 0 && (numbers[at] !== 0 || numbers[at + 1] !== 0)) {
      return issues.add('bad_keypoints', `${path}.keypoints.${at}`, 'a keypoint that is not labeled is 0, 0, 0');
    }
    if (v > 0) labeled++;
  }
  if (num_keypoints !== labeled) {
    issues.add('wrong_num_keypoints', `${path}.num_keypoints`, `${labeled} keypoints are labeled`);
  }
}

/** Adds issues about `id` and answers it when it is usable and new. */
export function checkOwnId(
  row: Fields,
  path: string,
  seen: ReadonlySet<number> | ReadonlyMap<number, unknown>,
  issues: CocoIssues,
): number | null {
  const { id } = row;
  if (!isId(id)) {
    issues.add('bad_id', `${path}.id`, 'id is an integer from 1 to 2^53 − 1: scorers take 0 for "no match"');
    return null;
  }
  if (seen.has(id)) {
    issues.add('duplicate_id', `${path}.id`, `${id} was used before; the later row would replace the earlier one`);
    return null;
  }
  return id;
}
