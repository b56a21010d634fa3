import { boxOfPoints, rotatedBoxCorners } from './bounds.js';
import { checkKeypoints, checkPolygons, checkPolyline, isNumber, outside } from './check-points.js';
import type {
  BboxGeometry,
  CircleGeometry,
  Geometry,
  GeometryType,
  ImageSize,
  MaskGeometry,
  RotatedBboxGeometry,
  TextGeometry,
} from './geometry.js';
import {
  GEOMETRY_LIMITS,
  geometryIssue,
  MIN_EXTENT,
  NOISE,
  type GeometryIssue,
  type GeometryLimits,
} from './geometry-issue.js';
import { decodeRleCounts, rleArea, rleLength } from './rle.js';

export type GeometryCheck =
  | { readonly ok: true; readonly geometry: Geometry }
  | { readonly ok: false; readonly issues: readonly GeometryIssue[] };

/** Called with what came in: the type and the keys are known, the values are not yet what their types say. */
type Check<G> = (value: G, image: ImageSize, limits: GeometryLimits) => G | GeometryIssue;

/** Four numbers; width and height above zero; clipped to the image. */
function checkBbox(given: BboxGeometry, image: ImageSize, limits: GeometryLimits): BboxGeometry | GeometryIssue {
  const issue = checkNumbers(given.bbox, 4, 'bbox', '[x, y, width, height]');
  if (issue) return issue;
  const [x, y, w, h] = given.bbox;
  if (w < MIN_EXTENT) return tooSmall('bbox.2', 'width');
  if (h < MIN_EXTENT) return tooSmall('bbox.3', 'height');
  if (isOutside(x, y, x + w, y + h, image, limits.outside_px)) return outside('bbox', image);
  if (x >= 0 && y >= 0 && !isOutside(x, y, x + w, y + h, image, 0)) return given;
  const left = Math.max(x, 0);
  const top = Math.max(y, 0);
  // A side that needs no clipping keeps its number: right − left would add noise.
  const width = x + w > image.width + NOISE ? image.width - left : x < 0 ? x + w : w;
  const height = y + h > image.height + NOISE ? image.height - top : y < 0 ? y + h : h;
  if (width < MIN_EXTENT || height < MIN_EXTENT) return outside('bbox', image);
  return { type: 'bbox', bbox: [left, top, width, height] };
}

/** Cannot be clipped and stay what it is: corners may stick out by the tolerance, writers of formats clip the outline. */
function checkRotatedBbox(
  given: RotatedBboxGeometry,
  image: ImageSize,
  limits: GeometryLimits,
): RotatedBboxGeometry | GeometryIssue {
  const issue =
    checkNumbers(given.center, 2, 'center', '[x, y]') ?? checkNumbers(given.size, 2, 'size', '[width, height]');
  if (issue) return issue;
  if (!isNumber(given.angle)) return geometryIssue('angle', 'not_a_number', 'angle must be a finite number of degrees');
  if (given.size[0] < MIN_EXTENT) return tooSmall('size.0', 'width');
  if (given.size[1] < MIN_EXTENT) return tooSmall('size.1', 'height');
  const angle = normaliseAngle(given.angle);
  const geometry = angle === given.angle ? given : { ...given, angle };
  const box = boxOfPoints(rotatedBoxCorners(geometry));
  if (!box || isOutside(box[0], box[1], box[0] + box[2], box[1] + box[3], image, limits.outside_px)) {
    return outside('center', image);
  }
  return geometry;
}

function checkCircle(given: CircleGeometry, image: ImageSize, limits: GeometryLimits): CircleGeometry | GeometryIssue {
  const issue = checkNumbers(given.center, 2, 'center', '[x, y]');
  if (issue) return issue;
  const { center, radius: r } = given;
  if (!isNumber(r)) return geometryIssue('radius', 'not_a_number', 'radius must be a finite number');
  if (r < MIN_EXTENT) return tooSmall('radius', 'radius');
  const [x, y] = center;
  return isOutside(x - r, y - r, x + r, y + r, image, limits.outside_px) ? outside('center', image) : given;
}

/** The size must be the image's; the runs must fill it exactly and set at least one pixel. */
function checkMask(given: MaskGeometry, image: ImageSize, limits: GeometryLimits): MaskGeometry | GeometryIssue {
  const issue = checkNumbers(given.size, 2, 'size', '[height, width]');
  if (issue) return issue;
  const [h, w] = given.size;
  if (h !== image.height || w !== image.width) {
    return geometryIssue(
      'size',
      'bad_mask',
      `the mask is ${w} × ${h} pixels, the image ${image.width} × ${image.height}`,
    );
  }
  const text: unknown = given.counts;
  if (typeof text !== 'string') return geometryIssue('counts', 'not_text', 'counts must be a COCO compressed RLE text');
  if (text.length > limits.max_mask_characters) {
    return geometryIssue('counts', 'too_large', `at most ${limits.max_mask_characters} characters are allowed`);
  }
  const counts = decodeRleCounts(text);
  if (!counts) return geometryIssue('counts', 'bad_mask', 'counts is not a COCO compressed RLE text');
  const length = rleLength(counts);
  if (length !== h * w) {
    return geometryIssue('counts', 'bad_mask', `the runs cover ${length} pixels, the image has ${h * w}`);
  }
  return rleArea(counts) > 0 ? given : geometryIssue('counts', 'degenerate', 'the mask has no pixel set');
}

const LABEL_TYPES: readonly unknown[] = ['caption', 'description', 'qa'] satisfies TextGeometry['label_type'][];

/** Non-empty text, a question exactly when it is an answer, a language tag such as `en` or `ko-KR`. */
function checkText(given: TextGeometry, _image: ImageSize, limits: GeometryLimits): TextGeometry | GeometryIssue {
  if (!LABEL_TYPES.includes(given.label_type)) {
    return geometryIssue('label_type', 'bad_value', `label_type is one of ${LABEL_TYPES.join(', ')}`);
  }
  const isAnswer = given.label_type === 'qa';
  if (!isAnswer && given.question !== undefined) {
    return geometryIssue('question', 'bad_value', 'only label_type "qa" has a question');
  }
  return (
    checkWords(given.text, 'text', limits.max_text_characters) ??
    (isAnswer ? checkWords(given.question, 'question', limits.max_text_characters) : null) ??
    (isLanguageTag(given.language)
      ? given
      : geometryIssue('language', 'bad_value', 'language is a tag such as "en" or "ko-KR"'))
  );
}

const CHECKS: { readonly [T in GeometryType]: Check<Extract<Geometry, { type: T }>> } = {
  bbox: checkBbox,
  rotated_bbox: checkRotatedBbox,
  polygon: checkPolygons,
  mask: checkMask,
  polyline: checkPolyline,
  circle: checkCircle,
  keypoints: checkKeypoints,
  classification: (given) => given,
  no_object: (given) => given,
  text: checkText,
};

const KEYS: { readonly [T in GeometryType]: ReadonlySet<string> } = {
  bbox: new Set(['type', 'bbox']),
  rotated_bbox: new Set(['type', 'center', 'size', 'angle']),
  polygon: new Set(['type', 'polygons']),
  mask: new Set(['type', 'size', 'counts']),
  polyline: new Set(['type', 'points']),
  circle: new Set(['type', 'center', 'radius']),
  keypoints: new Set(['type', 'points']),
  classification: new Set(['type']),
  no_object: new Set(['type']),
  text: new Set(['type', 'label_type', 'text', 'question', 'language']),
};

/**
 * Checks untrusted JSON and answers a geometry that may be stored: every key known, every number finite, no shape without extent,
 * nothing outside the image by more than `outside_px` (what is less far out is clipped to the image), angles in (-180, 180].
 * Numbers are kept as they came. The very same object comes back when nothing had to change. Stops at the first issue.
 *
 * @param image size of the displayed image in pixels
 * @param limits overrides of {@link GEOMETRY_LIMITS}
 */
export function checkGeometry(value: unknown, image: ImageSize, limits?: Partial<GeometryLimits>): GeometryCheck {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(geometryIssue('', 'not_an_object', 'a geometry is an object with a type'));
  }
  const type = (value as { type?: unknown }).type;
  if (typeof type !== 'string' || !Object.hasOwn(CHECKS, type)) {
    return refused(geometryIssue('type', 'unknown_type', `type is one of ${Object.keys(CHECKS).join(', ')}`));
  }
  const keys = KEYS[type as GeometryType];
  for (const key in value) {
    if (!keys.has(key)) return refused(geometryIssue(key, 'unknown_key', `a ${type} has no key "${key}"`));
  }
  const check = CHECKS[type as GeometryType] as Check<Geometry>;
  const result = check(value as Geometry, image, limits ? { ...GEOMETRY_LIMITS, ...limits } : GEOMETRY_LIMITS);
  return 'code' in result ? refused(result) : { ok: true, geometry: result };
}

function refused(issue: GeometryIssue): GeometryCheck {
  return { ok: false, issues: [issue] };
}

function checkNumbers(value: unknown, length: number, path: string, shape: string): GeometryIssue | null {
  if (!Array.isArray(value)) return geometryIssue(path, 'not_a_list', `${path} is ${shape}`);
  if (value.length !== length) return geometryIssue(path, 'wrong_length', `${path} is ${shape}`);
  for (let index = 0; index < length; index++) {
    if (!isNumber(value[index])) {
      return geometryIssue(`${path}.${index}`, 'not_a_number', `${path} is ${shape}, all finite numbers`);
    }
  }
  return null;
}

function tooSmall(path: string, what: string): GeometryIssue {
  return geometryIssue(path, 'degenerate', `${what} must be above zero (at least ${MIN_EXTENT} px)`);
}

function isOutside(left: number, top: number, right: number, bottom: number, image: ImageSize, by: number): boolean {
  const far = by + NOISE;
  return left < -far || top < -far || right > image.width + far || bottom > image.height + far;
}

/** The same direction in (-180, 180]. */
export function normaliseAngle(degrees: number): number {
  const turned = degrees % 360;
  if (turned <= -180) return turned + 360;
  return turned > 180 ? turned - 360 : turned;
}

function checkWords(value: unknown, path: string, longest: number): GeometryIssue | null {
  if (typeof value !== 'string') return geometryIssue(path, 'not_text', `${path} must be a text`);
  if (value.length > longest) return geometryIssue(path, 'too_large', `${path} may have at most ${longest} characters`);
  if (value.trim() === '') return geometryIssue(path, 'degenerate', `${path} is empty`);
  // Neither can be stored: Postgres refuses NUL, and half a surrogate pair is no character.
  if (value.includes('\0') || !value.isWellFormed()) {
    return geometryIssue(path, 'bad_value', `${path} holds a NUL character or half a character`);
  }
  return null;
}

/** Whether a text can be a language: letters, then letters, digits and hyphens, 2 to 35 characters. */
export function isLanguageTag(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 2 || value.length > 35) return false;
  for (let index = 0; index < value.length; index++) {
    const character = value[index] as string;
    const letter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    const later = character === '-' || (character >= '0' && character <= '9');
    if (!letter && !(later && index > 1)) return false;
  }
  return !value.endsWith('-');
}
