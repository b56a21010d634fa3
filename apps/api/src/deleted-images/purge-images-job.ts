import type { LabelerDb, PurgedPictures } from '@labelyard/db';
import { imageKey, keptPictureKey, thumbnailKey, type StorageDriver } from '@labelyard/storage';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { Task } from '../jobs/task.js';

export const PURGE_IMAGES: Task<Record<string, never>> = {
  name: 'images.purge',
  max_attempts: 10,
  key: () => 'images.purge',
};

const BATCH = 500;

/**
 * Ends the time of deleted images, and removes pictures that neither they nor a version need any more. Bytes go while the dataset is
 * held and before their rows do: cut off, it goes on where it was, and nobody's new image loses its place.
 */
export class PurgeImagesJob implements JobHandler<Record<string, never>> {
  readonly task = PURGE_IMAGES;

  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
  ) {}

  async run(_payload: Record<string, never>, { signal }: Pick<JobRun, 'signal'>): Promise<void> {
    while ((await this.db.deletedImages.forgetExpired(BATCH)) === BATCH) signal.throwIfAborted();
    for (const dataset_id of await this.db.deletedImages.datasetsToPurge()) {
      while (await this.db.deletedImages.purge(dataset_id, (pictures) => this.remove(pictures)))
        signal.throwIfAborted();
    }
  }

  private async remove({ dataset_id, paths, kept }: PurgedPictures): Promise<void> {
    await this.datasets.deleteMany([
      ...paths.flatMap((path) => [imageKey(dataset_id, path), thumbnailKey(dataset_id, path)]),
      ...kept.map(({ image_id, sha256 }) => keptPictureKey(dataset_id, image_id, sha256)),
    ]);
  }
}
