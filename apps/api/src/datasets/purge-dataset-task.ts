import type { Task } from '../jobs/task.js';

export interface PurgeDataset {
  readonly dataset_id: number;
  readonly project_id: number;
  /** 1 takes away rows and files; 2 the files that links given out before still let in after it. */
  readonly pass: 1 | 2;
}

/** Takes away what a deleted dataset consisted of. */
export const PURGE_DATASET: Task<PurgeDataset> = {
  name: 'datasets.purge',
  max_attempts: 25,
  key: ({ dataset_id, pass }) => `datasets.purge:${dataset_id}:${pass}`,
};
