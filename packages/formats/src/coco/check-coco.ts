import type { ImageSize } from '@labelyard/domain';
import {
  checkCaption,
  checkImageLabel,
  checkInstance,
  checkOwnId,
  isImageLabel,
  type CheckedCategory,
  type CocoFrame,
} from './check-annotation.js';
import { CocoIssues, type CocoIssue } from './coco-issues.js';
import { isObject, type Fields } from '../reading/record-fields.js';

export interface CocoCheckOptions {
  /** Pixels by which stated boxes, areas and the image's edge may be missed. Official COCO files round to 0.01. */
  readonly tolerance_px?: number;
  readonly max_issues?: number;
}

/**
 * Checks a parsed COCO file (instances, keypoints, captions or image-level labels) against the rules that its consumers rely on: README.md names them
 * with the failure each one prevents. Answers every breach, at most `max_issues` (1,000); an empty list means sound.
 */
export function checkCoco(
  file: unknown,
  { tolerance_px = 0.01, max_issues = 1_000 }: CocoCheckOptions = {},
): CocoIssue[] {
  const issues = new CocoIssues(max_issues);
  if (!isObject(file)) {
    issues.add('not_an_object', '', 'a COCO file is an object with images, annotations and categories');
    return issues.list;
  }
  if (!isObject(file['info'])) issues.add('missing_key', 'info', 'info is an object');
  rowsOf(file, 'licenses', issues);
  const images = checkImages(file, issues);
  const annotations = rowsOf(file, 'annotations', issues);
  const isCaptions = annotations.some((row) => isObject(row) && Object.hasOwn(row, 'caption'));
  const categories = isCaptions ? refuseCategories(file, issues) : checkCategories(file, issues);
  const frame: CocoFrame = { images, categories, tolerance: tolerance_px };
  // Image-level labels are told by every row being one: a single row without a shape is one that lost it.
  const isLabels = annotations.length > 0 && annotations.every((row) => isObject(row) && isImageLabel(row));
  const check = isCaptions ? checkCaption : isLabels ? checkImageLabel : checkInstance;
  const seen = new Set<number>();
  for (const [index, row] of annotations.entries()) {
    const path = `annotations.${index}`;
    if (!isObject(row)) {
      issues.add('not_an_object', path, 'an annotation is an object');
      continue;
    }
    const id = checkOwnId(row, path, seen, issues);
    if (id !== null) seen.add(id);
    check(row, path, frame, issues);
  }
  return issues.list;
}

function rowsOf(file: Fields, key: string, issues: CocoIssues): readonly unknown[] {
  const rows = file[key];
  if (Array.isArray(rows)) return rows as unknown[];
  if (rows === undefined) issues.add('missing_key', key, `the file has no ${key}`);
  else issues.add('not_a_list', key, `${key} is a list`);
  return [];
}

function checkImages(file: Fields, issues: CocoIssues): Map<number, ImageSize> {
  const images = new Map<number, ImageSize>();
  const names = new Set<string>();
  for (const [index, row] of rowsOf(file, 'images', issues).entries()) {
    const path = `images.${index}`;
    if (!isObject(row)) {
      issues.add('not_an_object', path, 'an image is an object');
      continue;
    }
    const id = checkOwnId(row, path, images, issues);
    const { width, height, file_name } = row;
    const sized = isPixelCount(width) && isPixelCount(height);
    if (!sized) issues.add('bad_size', path, 'width and height are whole numbers above 0, of the image as displayed');
    if (id !== null && sized) images.set(id, { width, height });
    checkFileName(file_name, `${path}.file_name`, names, issues);
  }
  return images;
}

function isPixelCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Joined to the images folder by readers: relative, forward slashes, never out of the folder. */
function checkFileName(name: unknown, path: string, seen: Set<string>, issues: CocoIssues): void {
  if (typeof name !== 'string' || name === '') {
    return issues.add('bad_file_name', path, 'file_name is a text that is not empty');
  }
  const segments = name.split('/');
  const isDrive = /^[a-z]:$/iu.test(segments[0] as string);
  if (isDrive || name.includes('\\') || segments.some((part) => ['', '.', '..'].includes(part))) {
    issues.add('bad_file_name', path, 'file_name is relative to the images folder, with forward slashes');
  }
  if (seen.has(name)) issues.add('duplicate_file_name', path, `${JSON.stringify(name)} was used before`);
  seen.add(name);
}

/** By id. */
function checkCategories(file: Fields, issues: CocoIssues): Map<number, CheckedCategory> {
  const categories = new Map<number, CheckedCategory>();
  for (const [index, row] of rowsOf(file, 'categories', issues).entries()) {
    const path = `categories.${index}`;
    if (!isObject(row)) {
      issues.add('not_an_object', path, 'a category is an object');
      continue;
    }
    const id = checkOwnId(row, path, categories, issues);
    if (typeof row['name'] !== 'string' || row['name'].trim() === '') {
      issues.add('bad_name', `${path}.name`, 'a category has a name');
    }
    const keypoints = checkSkeleton(row, path, issues);
    if (id !== null) categories.set(id, { keypoints, isDetection: row['supercategory'] === 'detection' });
  }
  return categories;
}

function checkSkeleton({ keypoints, skeleton }: Fields, path: string, issues: CocoIssues): number {
  if (keypoints === undefined) return 0;
  if (!Array.isArray(keypoints) || !keypoints.every((name) => typeof name === 'string')) {
    issues.add('bad_skeleton', `${path}.keypoints`, 'keypoints is a list of names');
    return 0;
  }
  const count = keypoints.length;
  const isBone = (bone: unknown) =>
    Array.isArray(bone) && bone.length === 2 && bone.every((end) => Number.isInteger(end) && end >= 1 && end <= count);
  if (!Array.isArray(skeleton) || !skeleton.every(isBone)) {
    issues.add('bad_skeleton', `${path}.skeleton`, `skeleton is a list of pairs of keypoints, numbered 1 to ${count}`);
  }
  return count;
}

/** pycocotools looks for a category id in every row as soon as the key is there. */
function refuseCategories(file: Fields, issues: CocoIssues): Map<number, CheckedCategory> {
  if (Object.hasOwn(file, 'categories')) {
    issues.add('categories_in_captions', 'categories', 'a captions file must not have categories');
  }
  return new Map();
}
