import type { TaskType } from '@labelyard/domain';
import type { ExportHead } from '../codec.js';
import { ExportTally } from '../export-tally.js';

/** Task types whose annotations a COCO instances file can hold; the classes of the others are not categories in it. */
const TASK_TYPES_IN_FILE: readonly TaskType[] = ['detection', 'segmentation'];

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    classification: 'An image-level class has no shape; a COCO instances file holds shapes only.',
    no_object: '"No object" is said by the image having no annotations; COCO has no place for the statement itself.',
    polyline: 'COCO segmentations are areas; a line has none.',
    circle: 'COCO has no circles.',
    keypoints: 'Keypoints need a COCO keypoints file; this is an instances file.',
    text: 'Captions and answers need a COCO captions file; this is an instances file.',
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
    no_extent: 'The shape has no width, height or area.',
    no_pixels: 'The polygon with holes is too small to cover the centre of any pixel.',
    unreadable_geometry: 'The stored geometry is not JSON.',
  },
  converted: {
    rotated_bbox: 'Written as its four corners with the box around them; the angle is in attributes.rotation.',
    rotation_attribute: 'An attribute named "rotation" gave way to the angle of the rotated box.',
    polygon_holes: 'Written as a pixel mask (RLE): COCO unites the rings of a polygon, so a hole would be filled.',
  },
  noted: {
    thin: 'shape thinner than one pixel: a mask made from it can be empty',
  },
} as const;

export type CocoDropped = keyof typeof REASONS.dropped;
export type CocoTally = ExportTally<CocoDropped, keyof typeof REASONS.converted, keyof typeof REASONS.noted>;

/** Starts counting for the classes that are categories of the file. */
export function openCocoTally(head: ExportHead): CocoTally {
  const classes = cocoClasses(head);
  const tally: CocoTally = new ExportTally('coco', classes, REASONS);
  noteClasses(classes, tally);
  return tally;
}

/** Classes that are categories of the file, in project order. */
export function cocoClasses({ classes, task_types }: ExportHead): ExportHead['classes'] {
  return classes.filter(({ task_type }) => TASK_TYPES_IN_FILE.includes(task_type) && task_types.includes(task_type));
}

/**
 * Our class id → category id: 1, 2, 3 … over the project's classes in their order. Converters take `category_id - 1` for the
 * class index, so ids must be small and begin at 1. Counted over all task types, so that a filter does not renumber.
 */
export function cocoCategoryIds({ classes }: ExportHead): ReadonlyMap<number, number> {
  const inFile = classes.filter(({ task_type }) => TASK_TYPES_IN_FILE.includes(task_type));
  return new Map(inFile.map(({ id }, index) => [id, index + 1]));
}

function noteClasses(classes: ExportHead['classes'], tally: CocoTally): void {
  if (classes.length === 0) {
    tally.note('No class of detection or segmentation is part of this export: the file has no categories.');
  }
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of classes) (seen.has(name) ? twice : seen).add(name);
  for (const name of twice) {
    tally.note(`Two categories are named "${name}": supercategory says which one holds boxes and which one polygons.`);
  }
}
