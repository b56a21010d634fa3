import type { GeometryType, TaskType } from '@labelyard/domain';
import type { ExportClass, ExportHead } from '../codec.js';

/** Files of a COCO export; each is a COCO file by itself. */
export const COCO_FILES = ['instances', 'keypoints', 'captions', 'labels'] as const;
export type CocoFileName = (typeof COCO_FILES)[number];

export interface CocoOptions {
  /** Files to write; only `instances` unless said otherwise. What belongs to a file that is not written is dropped and reported. */
  readonly include?: readonly CocoFileName[];
  /** Lines of three points or more as the area they enclose, circles as polygons of 64 points; else both are dropped. */
  readonly outlines_as_polygons?: boolean;
}

/** Which file holds a kind; "no object" is said by the image having no annotations. */
export const FILE_OF_KIND: Readonly<Record<GeometryType, CocoFileName | null>> = {
  bbox: 'instances',
  rotated_bbox: 'instances',
  polygon: 'instances',
  mask: 'instances',
  polyline: 'instances',
  circle: 'instances',
  keypoints: 'keypoints',
  classification: 'labels',
  no_object: null,
  text: 'captions',
};

/** Task types whose classes are categories of a file, in the order in which they are numbered. */
function taskGroups(file: CocoFileName, { outlines_as_polygons }: CocoOptions): readonly (readonly TaskType[])[] {
  switch (file) {
    case 'instances':
      // Behind the others, so that the option does not renumber them.
      return outlines_as_polygons ? [['detection', 'segmentation'], ['geometry']] : [['detection', 'segmentation']];
    case 'keypoints':
      return [['keypoint']];
    case 'labels':
      return [['classification']];
    case 'captions':
      return [];
  }
}

/**
 * Classes that are categories of a file with their ids: 1, 2, 3 … over the project's classes in their order. Converters take
 * `category_id - 1` for the class index, so ids must be small and begin at 1. Counted over all task types of the file, so that a
 * filter does not renumber.
 */
export function cocoCategories(
  { classes, task_types }: ExportHead,
  file: CocoFileName,
  options: CocoOptions,
): { readonly id: number; readonly category: ExportClass }[] {
  return taskGroups(file, options)
    .flatMap((group) => classes.filter(({ task_type }) => group.includes(task_type)))
    .map((category, index) => ({ id: index + 1, category }))
    .filter(({ category }) => task_types.includes(category.task_type));
}
