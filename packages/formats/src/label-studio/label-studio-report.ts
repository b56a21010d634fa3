import type { ExportClass } from '../codec.js';
import { ExportTally } from '../export-tally.js';

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
    unreadable_geometry: 'The stored geometry is not JSON, or its mask is broken.',
    wrong_keypoints: 'The annotation has more keypoints than its class.',
  },
  converted: {
    rotated_upright: 'A box turned by 0 degrees and an upright box are the same in Label Studio.',
    several_shapes: 'Each part became a region of its own; their ids say that they belong together.',
    holes_bridged: 'Holes were joined to the outline by a cut of no width.',
    attributes: 'Texts have no attributes in Label Studio; they were left out.',
    text_origin: 'Texts of one kind and language are one result: confidence and source that differ were left out.',
    points_without_names:
      'Points of a class without names are numbered: absent ones at the end, or among very many, were left out.',
  },
  noted: {},
} as const;

export type LabelStudioTally = ExportTally<keyof typeof REASONS.dropped, keyof typeof REASONS.converted, never>;

export function openLabelStudioTally(classes: readonly ExportClass[]): LabelStudioTally {
  return new ExportTally('label_studio', classes, REASONS);
}
