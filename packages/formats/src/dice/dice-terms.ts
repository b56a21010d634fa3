import type { TaskType } from '@labelyard/domain';

/** Words of DICE 1.0 for our task types. */
export const DICE_TASKS: Readonly<Record<TaskType, string>> = {
  detection: 'object_detection',
  segmentation: 'instance_segmentation',
  classification: 'classification',
  geometry: 'geometry_detection',
  keypoint: 'keypoint_detection',
  captioning: 'captioning',
};

/** Name and class of the statement that an image has no object. */
export const BACKGROUND = '__background__';

export function taskOfDice(word: unknown): TaskType | null {
  const entries = Object.entries(DICE_TASKS) as [TaskType, string][];
  return entries.find(([ours, theirs]) => word === theirs || word === ours)?.[0] ?? null;
}
