import type { ExportClass, ExportHead } from '../codec.js';
import { ExportTally } from '../export-tally.js';
import { cocoCategories, type CocoFileName, type CocoOptions } from './coco-options.js';

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
    other_file: 'The file that holds this kind was not asked for.',
    unreadable_geometry: 'The stored geometry is not JSON.',
    wrong_keypoints: 'The annotation has more keypoints than its class.',
  },
  converted: {
    rotated_bbox: 'Written as its four corners with the box around them; the angle is in attributes.rotation.',
    rotation_attribute: 'An attribute named "rotation" was left out: in the file it tells the angle of a box.',
    polygon_holes: 'Written as a pixel mask (RLE): COCO unites the rings of a polygon, so a hole would be filled.',
    polyline_as_polygon: 'The line was written as the area it encloses.',
    circle_as_polygon: 'The circle was written as a polygon of 64 points.',
    circle_clipped: 'The circle reaches past the image: the polygon was cut at its edge.',
    keypoints_padded: 'Keypoints that the class has and the annotation has not were written as not labeled.',
    qa_as_caption: 'The answer was written as a caption; its question stands beside it.',
  },
  noted: {
    thin: 'shape thinner than one pixel: a mask made from it can be empty',
  },
} as const;

export type CocoDropped = keyof typeof REASONS.dropped;
export type CocoTally = ExportTally<CocoDropped, keyof typeof REASONS.converted, keyof typeof REASONS.noted>;

/** Starts counting for the classes that are categories of the files. */
export function openCocoTally(head: ExportHead, files: readonly CocoFileName[], options: CocoOptions): CocoTally {
  const groups = files.map((file) => cocoCategories(head, file, options).map(({ category }) => category));
  const tally: CocoTally = new ExportTally('coco', groups.flat(), REASONS);
  if (files.includes('instances')) noteClasses(groups[files.indexOf('instances')] ?? [], tally);
  return tally;
}

function noteClasses(classes: readonly ExportClass[], tally: CocoTally): void {
  if (classes.length === 0) {
    tally.note(
      'No class of detection or segmentation is part of this export: the file has no categories.',
      'no_classes',
    );
  }
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of classes) (seen.has(name) ? twice : seen).add(name);
  for (const name of twice) {
    tally.note(
      `Two categories are named "${name}": supercategory says which one holds boxes and which one polygons.`,
      'class_named_twice',
      { name },
    );
  }
}
