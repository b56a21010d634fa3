import { normaliseAngle, type ImageSize } from '@labelyard/domain';
import { ellipseGeometry } from '../ellipse.js';
import { maskOfWindow, MOST_MASK_PIXELS } from '../mask-window.js';
import type { AnnotationDraft } from '../reading/import-desk.js';
import type { ImportIssueCode } from '../reading/import-issues.js';
import type { XmlElement } from '../reading/xml-elements.js';
import type { CvatLabel } from './cvat-labels.js';

/** What a shape says, or why it says nothing. `remark` goes with what is imported all the same. */
export type CvatShape =
  | {
      readonly draft: Pick<AnnotationDraft, 'geometry' | 'task_type'>;
      readonly remark?: readonly [code: ImportIssueCode, message: string];
    }
  | { readonly code: ImportIssueCode; readonly message: string };

const bad = (message: string, code: ImportIssueCode = 'bad_geometry') => ({ code, message });

/** Text that is no number becomes NaN, which the check of geometries refuses; `Number('')` would be 0. */
const number = (text: string | undefined): number =>
  text === undefined || !/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/iu.test(text) ? NaN : Number(text);

/** Elements of an `<image>` that are shapes; null for other elements. */
export function shapeOf(element: XmlElement, image: ImageSize, label: CvatLabel | undefined): CvatShape | null {
  const { name, attributes } = element;
  switch (name) {
    case 'box':
      return boxOf(attributes);
    case 'polygon':
    case 'polyline':
    case 'points':
      return pointsShape(name, attributes);
    case 'mask':
      return maskShape(attributes, image);
    case 'ellipse':
      return ellipseShape(attributes);
    case 'skeleton':
      return skeletonShape(element, label);
    case 'tag':
      return { draft: { task_type: 'classification', geometry: { type: 'classification' } } };
    case 'cuboid':
      return bad('Cuboids have no place with us', 'unsupported_shape');
    default:
      return null;
  }
}

type Values = XmlElement['attributes'];

function boxOf(values: Values): CvatShape {
  const keys = ['xtl', 'ytl', 'xbr', 'ybr'];
  const missing = keys.find((key) => values[key] === undefined);
  if (missing !== undefined)
    return bad(`A box has the attributes ${keys.join(', ')}; ${missing} is missing`, 'missing_key');
  const [left, top, right, bottom] = keys.map((key) => number(values[key])) as [number, number, number, number];
  const [w, h] = [right - left, bottom - top];
  if (values['rotation'] === undefined)
    return { draft: { task_type: 'detection', geometry: { type: 'bbox', bbox: [left, top, w, h] } } };
  const angle = number(values['rotation']);
  if (!Number.isFinite(angle)) return bad('rotation is a number of degrees');
  const center = [(left + right) / 2, (top + bottom) / 2];
  return {
    draft: {
      task_type: 'detection',
      geometry: { type: 'rotated_bbox', center, size: [w, h], angle: normaliseAngle(angle) },
    },
  };
}

/** Null when the text is no list of points. */
function pointsOf(text: string | undefined): [number, number][] | null {
  if (text === undefined || text.trim() === '') return null;
  const points = text.split(';').map((pair) => pair.split(',').map(number));
  return points.every((pair) => pair.length === 2 && pair.every(Number.isFinite))
    ? (points as [number, number][])
    : null;
}

function pointsShape(name: 'polygon' | 'polyline' | 'points', values: Values): CvatShape {
  if (values['points'] === undefined) return bad(`A ${name} has the attribute points`, 'missing_key');
  const points = pointsOf(values['points']);
  if (!points) return bad('points are pairs of numbers: x,y;x,y;…');
  if (name === 'polygon')
    return { draft: { task_type: 'segmentation', geometry: { type: 'polygon', polygons: [[points, []]] } } };
  if (name === 'polyline') return { draft: { task_type: 'geometry', geometry: { type: 'polyline', points } } };
  const v = values['occluded'] === '1' ? 1 : 2;
  return {
    draft: { task_type: 'keypoint', geometry: { type: 'keypoints', points: points.map(([x, y]) => [x, y, v]) } },
  };
}

function ellipseShape(values: Values): CvatShape {
  const numbers = ['cx', 'cy', 'rx', 'ry'].map((key) => number(values[key]));
  const rotation = values['rotation'] === undefined ? 0 : number(values['rotation']);
  if (![...numbers, rotation].every(Number.isFinite)) return bad('An ellipse has cx, cy, rx and ry');
  const [cx, cy, rx, ry] = numbers as [number, number, number, number];
  const { geometry, isCircle } = ellipseGeometry({ center: [cx, cy], radii: [rx, ry], rotation });
  if (isCircle) return { draft: { task_type: 'geometry', geometry } };
  return {
    draft: { task_type: 'segmentation', geometry },
    remark: ['changed_kind', 'The ellipse became a polygon of 64 points: we have circles only'],
  };
}

function maskShape(values: Values, image: ImageSize): CvatShape {
  const places = ['left', 'top', 'width', 'height'].map((key) => number(values[key]));
  if (values['rle'] === undefined || places.some((place) => !Number.isSafeInteger(place))) {
    return bad('A mask has rle, left, top, width and height, whole numbers', 'bad_mask');
  }
  const [left, top, width, height] = places as [number, number, number, number];
  if (width < 1 || height < 1) return bad('The mask has no pixels', 'degenerate');
  if (left < 0 || top < 0 || left + width > image.width || top + height > image.height) {
    return bad('The mask reaches past the image', 'outside_image');
  }
  if (width * height > MOST_MASK_PIXELS) return bad(`A mask has at most ${MOST_MASK_PIXELS} pixels`, 'too_large');
  const runs = values['rle'].split(',').map(number);
  if (!runs.every((run) => Number.isSafeInteger(run) && run >= 0))
    return bad('rle is a list of whole numbers from 0 up', 'bad_mask');
  const total = runs.reduce((sum, run) => sum + run, 0);
  // CVAT leaves out a last run of pixels that are not set.
  if (total > width * height) return bad(`The runs cover ${total} pixels, the mask has ${width * height}`, 'bad_mask');
  const pixels = new Uint8Array(width * height);
  let at = 0;
  runs.forEach((run, n) => {
    if (n % 2) pixels.fill(1, at, at + run);
    at += run;
  });
  return { draft: { task_type: 'segmentation', geometry: maskOfWindow(pixels, { left, top, width, height }, image) } };
}

function skeletonShape({ children }: XmlElement, label: CvatLabel | undefined): CvatShape {
  const elements = children.filter(({ name }) => name === 'points');
  const names = label?.points ?? [];
  const points: unknown[] = names.map(() => [0, 0, 0]);
  const strangers: string[] = [];
  for (const [n, { attributes }] of elements.entries()) {
    const name = attributes['label'] ?? '';
    const index = names.length > 0 ? names.indexOf(name) : n;
    if (index < 0) {
      strangers.push(name);
      continue;
    }
    if (attributes['outside'] === '1') {
      points[index] = [0, 0, 0];
      continue;
    }
    const [place] = pointsOf(attributes['points']) ?? [];
    if (!place) return bad(`The point "${name.slice(0, 50)}" of the skeleton has no place`);
    points[index] = [...place, attributes['occluded'] === '1' ? 1 : 2];
  }
  const draft = { task_type: 'keypoint', geometry: { type: 'keypoints', points } } as const;
  if (strangers.length === 0) return { draft };
  const named = strangers.slice(0, 5).map((name) => `"${name.slice(0, 50)}"`);
  return { draft, remark: ['left_out', `The skeleton of this label has no point ${named.join(', ')}`] };
}
