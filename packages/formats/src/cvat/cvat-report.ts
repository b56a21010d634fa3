import { ExportTally } from '../export-tally.js';
import type { ExportClass } from '../codec.js';

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    text: 'CVAT has no place for captions and answers.',
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
    unreadable_geometry: 'The stored geometry is not JSON, or its mask is broken.',
    wrong_keypoints: 'The annotation has more keypoints than its class.',
  },
  converted: {
    no_object: 'Said by an image without shapes.',
    several_shapes: 'Each part became a shape of its own; they share a group_id.',
    holes_bridged: 'Holes were joined to the outline by a cut of no width.',
    points_without_names: 'Points of a class without names have one visibility together; absent ones were left out.',
    keypoints_padded: 'Keypoints that the class has and the annotation has not were written as outside.',
    attributes: 'Attributes that are neither text, true or false nor whole numbers were written as text.',
  },
  noted: {
    image_split: 'image whose split is not in the file: tasks of CVAT have none',
  },
} as const;

export type CvatTally = ExportTally<
  keyof typeof REASONS.dropped,
  keyof typeof REASONS.converted,
  keyof typeof REASONS.noted
>;

export function openCvatTally(classes: readonly ExportClass[]): CvatTally {
  const tally: CvatTally = new ExportTally('cvat', classes, REASONS);
  if (classes.length === 0) tally.note('No class that CVAT can hold is part of this export.', 'no_classes');
  return tally;
}
