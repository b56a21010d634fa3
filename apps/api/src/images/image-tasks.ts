import type { Task } from '../jobs/task.js';

/** Makes the thumbnails that are missing. One job at a time: it works until none is left. */
export const THUMBNAILS: Task<Record<string, never>> = {
  name: 'images.thumbnails',
  max_attempts: 10,
  key: () => 'images.thumbnails',
};

/** Makes sure that an image's row describes its bytes, after an overwrite that may have been cut off between the two. */
export interface SettleImage {
  readonly image_id: number;
  /** Which of the overwrites: the end of one takes back its own job and no other's. */
  readonly overwrite: string;
}

export const SETTLE_IMAGE: Task<SettleImage> = {
  name: 'images.settle',
  max_attempts: 20,
  key: ({ image_id, overwrite }) => `images.settle:${image_id}:${overwrite}`,
};
