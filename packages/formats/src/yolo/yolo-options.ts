import type { GeometryType, TaskType } from '@labelyard/domain';
import type { ExportClass, ExportHead } from '../codec.js';
import { ExportTally } from '../export-tally.js';
import type { SplitShares } from '../splits.js';

/** What a YOLO dataset is for. One export holds one kind: a trainer reads every row of a file in the same way. */
export const YOLO_KINDS = ['detect', 'segment', 'obb', 'pose', 'classify'] as const;
export type YoloKind = (typeof YOLO_KINDS)[number];

export interface YoloOptions {
  readonly kind: YoloKind;
  /** For images whose split nobody chose; 80 : 20 : 0 unless said otherwise. */
  readonly shares?: SplitShares;
  /** Circles as their box (detect, obb) or a polygon of 64 points (segment); else they are dropped. */
  readonly circles?: boolean;
  /** Holes of polygons joined to the outline by a cut of no width (`bridge`), or filled. */
  readonly holes?: 'bridge' | 'fill';
}

const TASK_OF_KIND: Readonly<Record<YoloKind, TaskType>> = {
  detect: 'detection',
  segment: 'segmentation',
  obb: 'detection',
  pose: 'keypoint',
  classify: 'classification',
};

export const KIND_TAKES: Readonly<Record<YoloKind, readonly GeometryType[]>> = {
  detect: ['bbox', 'rotated_bbox', 'circle'],
  segment: ['polygon', 'mask', 'circle'],
  obb: ['bbox', 'rotated_bbox', 'circle'],
  pose: ['keypoints'],
  classify: ['classification'],
};

export function takesCircles({ kind, circles }: YoloOptions): boolean {
  return circles === true && KIND_TAKES[kind].includes('circle');
}

export function isTaskOf({ kind }: YoloOptions, task_type: TaskType): boolean {
  return TASK_OF_KIND[kind] === task_type;
}

/** Classes of the dataset in project order; those of circles behind the others, so that the option does not renumber. */
export function yoloClasses({ classes, task_types }: ExportHead, options: YoloOptions): ExportClass[] {
  const tasks: TaskType[] = [TASK_OF_KIND[options.kind], ...(takesCircles(options) ? (['geometry'] as const) : [])];
  return tasks
    .filter((task) => task_types.includes(task))
    .flatMap((task) => classes.filter(({ task_type }) => task_type === task));
}

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    other_kind: 'A YOLO dataset holds one kind of rows only, and this is another one.',
    classification: 'An image-level class has no place here: export it as a dataset of kind "classify".',
    text: 'YOLO has no place for captions and answers.',
    polyline: 'YOLO has no lines.',
    circle: 'YOLO has no circles; an option writes them as boxes or polygons.',
    no_object: 'The statement is about another task than this dataset.',
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
    unreadable_geometry: 'The stored geometry is not JSON.',
    no_extent: 'The shape has no extent inside the image.',
    duplicate_row: 'Another annotation of the image gives the same row; trainers remove the second one.',
    wrong_keypoints: 'The annotation has more keypoints than its class.',
    several_classes: 'The image has several classes; in a folder per class it can stand once only.',
  },
  converted: {
    no_object: 'Said by an empty label file.',
    rotated_as_box: 'The rotated box was written as the upright box around it; kind "obb" keeps the angle.',
    bbox_as_obb: 'The upright box was written as its four corners.',
    circle_as_box: 'The circle was written as the box around it.',
    circle_as_polygon: 'The circle was written as a polygon of 64 points.',
    clipped: 'What reaches past the image was cut off.',
    mask_as_polygon: 'The mask was written as the outlines of its pixels.',
    several_rows: 'Each part became a row of its own: YOLO rows are single rings.',
    duplicate_part: 'A part whose row another annotation of the image gives already was left out; trainers remove it.',
    holes_bridged: 'Holes were joined to the outline by a cut of no width.',
    holes_filled: 'Holes were filled.',
    keypoints_padded:
      'Keypoints that other classes have were added as 0 0 0: all rows of a dataset have the same length.',
    attributes: 'YOLO has no attributes; they were left out.',
  },
  noted: {
    thin: 'shape thinner than one pixel: trainers leave such boxes out',
    image_renamed:
      'image renamed, because another one differs in the extension only, a folder is called images or labels, or a name is too long',
    image_small: 'image smaller than 10 × 10 pixels: trainers call such images corrupt',
    image_format: 'image in a format that trainers do not read',
  },
} as const;

export type YoloTally = ExportTally<
  keyof typeof REASONS.dropped,
  keyof typeof REASONS.converted,
  keyof typeof REASONS.noted
>;
export type YoloDropped = keyof typeof REASONS.dropped;

export function openYoloTally(classes: readonly ExportClass[]): YoloTally {
  const tally: YoloTally = new ExportTally('yolo', classes, REASONS);
  if (classes.length === 0) tally.note('No class of this kind is part of this export.', 'no_classes');
  return tally;
}

/** What Ultralytics opens. */
export const YOLO_IMAGE_EXTENSIONS: readonly string[] = [
  'bmp', 'dng', 'heic', 'jpeg', 'jpg', 'mpo', 'pfm', 'png', 'tif', 'tiff', 'webp',
]; // prettier-ignore
