import type { LabelerDb, NeededPicture, ReturningPicture } from '@labelyard/db';
import { imageKey, keptPictureKey, ObjectNotFound, type StorageDriver } from '@labelyard/storage';
import { inParallel } from '../concurrency/in-parallel.js';
import type { LogLine } from '../jobs/queue-log.js';

/** Copies at once. */
const COPIES = 8;

/**
 * Keeps pictures that are needed (of deleted images, and of versions) when something else takes their place in the storage, which is
 * named by the path. Most deletions move no byte: only who takes the place copies what lies there.
 */
export class PictureKeeper {
  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
    private readonly log: LogLine,
  ) {}

  /**
   * To be called before anything is put in the places of `paths`, by who holds the dataset's row, so that nobody deletes or takes a place
   * in between. Works on a session of its own and is done when it resolves: whatever becomes of the caller's transaction, the
   * picture is then looked for where it was brought.
   */
  async keep(dataset_id: number, paths: readonly string[]): Promise<void> {
    await this.keepEach(await this.neededAt(dataset_id, paths));
  }

  neededAt(dataset_id: number, paths: readonly string[]): Promise<readonly NeededPicture[]> {
    return this.db.deletedImages.neededAt(dataset_id, paths);
  }

  /** The same for who knows already which are needed. */
  async keepEach(needed: readonly NeededPicture[]): Promise<void> {
    const kept: NeededPicture[] = [];
    await inParallel(needed, COPIES, async (picture) => {
      const { image_id, dataset_id, path, sha256 } = picture;
      const kept_key = keptPictureKey(dataset_id, image_id, sha256);
      if (await this.copied(imageKey(dataset_id, path), kept_key)) kept.push(picture);
    });
    await this.db.deletedImages.rememberKept(kept);
  }

  /** Brings kept pictures to the places of their images. */
  async bringBack(dataset_id: number, pictures: readonly ReturningPicture[]): Promise<void> {
    if (pictures.length === 0) return;
    await this.keep(dataset_id, pictures.map(({ path }) => path)); // prettier-ignore
    await inParallel(pictures, COPIES, async ({ image_id, sha256, path }) => {
      await this.copied(keptPictureKey(dataset_id, image_id, sha256), imageKey(dataset_id, path));
    });
  }

  /** False when the storage has lost it: what hangs on the picture is worth keeping all the same. */
  private async copied(from: string, to: string): Promise<boolean> {
    try {
      await this.datasets.copy(from, to);
      return true;
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
      this.log('warn', 'A picture to be kept is not in the storage', { key: from });
      return false;
    }
  }
}
