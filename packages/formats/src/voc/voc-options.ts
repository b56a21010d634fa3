import type { ExportClass, ExportHead } from '../codec.js';
import { ExportTally } from '../export-tally.js';
import type { SplitShares } from '../splits.js';

export interface VocOptions {
  /** For images whose split nobody chose; 80 : 20 : 0 unless said otherwise. */
  readonly shares?: SplitShares;
  /** Polygons and masks as palette PNGs too. */
  readonly masks?: boolean;
  /** Corners counted from 0 instead of 1, for readers that subtract nothing. */
  readonly zero_based?: boolean;
  /** `<robndbox>` beside the box of a rotated box; readers that do not know it pass over it. */
  readonly rotated?: boolean;
}

export const VOC_ROOT = 'VOCdevkit/VOC2012';

/** The pose of objects of which none is known. */
export const UNSPECIFIED = 'Unspecified';

/** The names that stand in XML: one class of detection and one of segmentation may share one. */
export function vocClasses({ classes, task_types }: ExportHead): ExportClass[] {
  return classes.filter(({ task_type }) => task_types.includes(task_type) && task_type !== 'keypoint');
}

export function vocNames(classes: readonly ExportClass[]): string[] {
  return [...new Set(classes.map(({ name }) => name))];
}

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    keypoints: 'Pascal VOC has no keypoints.',
    classification: 'An object of the image has the same class: the lists tell the two apart no more.',
    text: 'Pascal VOC has no place for captions and answers.',
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
    unreadable_geometry: 'The stored geometry is not JSON.',
    no_extent: 'The shape has no extent inside the image.',
  },
  converted: {
    no_object: 'Said by an XML file without objects.',
    classification: 'Said by the lists in ImageSets/Main.',
    rounded: 'Corners were rounded to whole pixels, as the format wants.',
    rotated_as_box: 'The rotated box was written as the upright box around it.',
    polygon_as_box: 'The polygon was written as the box around it.',
    mask_as_box: 'The mask was written as the box around it.',
    polyline_as_box: 'The line was written as the box around it.',
    circle_as_box: 'The circle was written as the box around it.',
    mask_overlap: 'It covers pixels of an earlier object: in a PNG a pixel belongs to one object.',
    mask_left_out: 'A PNG holds 254 classes and 254 objects; this one is in the XML only.',
    attributes:
      'Attributes other than pose, truncated, difficult and occluded were left out; of flags, "true" is kept.',
  },
  noted: {
    image_renamed:
      'image renamed: lists know no white space in names, names differ in more than the extension, and none is too long',
    image_not_jpeg: 'image that is no .jpg: torchvision and detectron2 look for <name>.jpg',
  },
} as const;

export type VocTally = ExportTally<
  keyof typeof REASONS.dropped,
  keyof typeof REASONS.converted,
  keyof typeof REASONS.noted
>;

export function openVocTally(classes: readonly ExportClass[]): VocTally {
  const tally: VocTally = new ExportTally('voc', classes, REASONS);
  if (classes.length === 0) tally.note('No class that Pascal VOC can hold is part of this export.', 'no_classes');
  return tally;
}
