import type { Task } from '../jobs/task.js';

/** Makes the thumbnails that are missing. One job at a time: it works until none is left. */
export const THUMBNAILS: Task<Record<string, never>> = {
  name: 'images.thumbnails',
  max_attempts: 10,
  key: () => 'images.thumbnails',
};

/** Makes sure that an image's row describes its bytes, after an overwrite that may have been cut off between the two. */
export const SETTLE_IMAGE: Task<{ image_id: number }> = {
  name: 'images.settle',
  max_attempts: 20,
  key: ({ image_id }) => `images.settle:${image_id}`,
};
