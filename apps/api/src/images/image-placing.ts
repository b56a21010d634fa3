import type { ImageRow, InsertedImage, LabelerTransaction, NeededPicture } from '@labelyard/db';
import { imageKey, thumbnailKey, type Settling, type StorageDriver } from '@labelyard/storage';
import type { LogLine } from '../jobs/queue-log.js';
import { enqueue } from '../jobs/task.js';
import type { SoundFile } from './image-intake.js';
import { THUMBNAILS } from './image-tasks.js';
import type { PictureKeeper } from './picture-keeper.js';

/** Images are overwritten rarely; a browser asks again after this. */
export const IMAGE_CACHE_CONTROL = 'private, max-age=900';

/** A row, and the pictures at its path that something else still needs. */
export interface MadeRow {
  readonly made: InsertedImage;
  readonly needed: readonly NeededPicture[];
}

/** The row is not of the path that was hoped for. */
class MadeElsewhere extends Error {
  constructor(readonly made: InsertedImage) {
    super(`The row is of ${made.image.path}`);
  }
}

/**
 * Brings an image's bytes and its thumbnail to the storage, side by side, around the moment its row is made: from then on others who
 * add images to the dataset wait, so only what is left to be done happens after it.
 */
export class ImagePlacing {
  constructor(
    private readonly datasets: StorageDriver,
    private readonly keeper: PictureKeeper,
    private readonly log: LogLine,
  ) {}

  /**
   * @param expected where the row will be; it may be elsewhere, and of an image that was skipped nothing is placed
   * @param insert makes the row, in `tx`, with a thumbnail that is `ready`
   */
  async place(
    tx: LabelerTransaction,
    expected: Pick<ImageRow, 'dataset_id' | 'path'>,
    sound: SoundFile,
    insert: () => Promise<MadeRow>,
  ): Promise<InsertedImage> {
    try {
      return await this.placeAt(expected, tx, sound, insert);
    } catch (error) {
      if (!(error instanceof MadeElsewhere)) throw error;
      return this.placeMade(tx, sound, error.made);
    }
  }

  /** The same for a row that is made already. */
  async placeMade(tx: LabelerTransaction, sound: SoundFile, made: InsertedImage): Promise<InsertedImage> {
    if (made.outcome === 'skipped') return made;
    const { dataset_id, path } = made.image;
    const insert = async () => ({ made, needed: await this.keeper.neededAt(dataset_id, [path]) });
    return this.placeAt(made.image, tx, sound, insert);
  }

  private async placeAt(
    { dataset_id, path }: Pick<ImageRow, 'dataset_id' | 'path'>,
    tx: LabelerTransaction,
    { place, facts }: SoundFile,
    insert: () => Promise<MadeRow>,
  ): Promise<InsertedImage> {
    const row = Promise.withResolvers<InsertedImage>();
    // Nobody may be waiting for it.
    row.promise.catch(() => undefined);
    const bytes = place(imageKey(dataset_id, path), {
      before_visible: async () => {
        const { made, needed } = await insert();
        if (made.outcome === 'skipped' || made.image.path !== path) throw new MadeElsewhere(made);
        await this.keeper.keepEach(needed);
        row.resolve(made);
      },
    });
    bytes.catch(row.reject);
    const thumbnail = putThumbnail(this.datasets, { dataset_id, path }, facts.thumbnail, {
      before_visible: async () => {
        const { outcome } = await row.promise;
        // The thumbnail of bytes that are not there would stay, if they never come.
        if (outcome === 'overwritten') await bytes;
      },
    });
    // None goes on after the transaction.
    const [placed, shown] = await Promise.allSettled([bytes, thumbnail]);
    if (placed.status === 'rejected') throw placed.reason;
    const made = await row.promise;
    return shown.status === 'rejected' ? this.withoutThumbnail(tx, made, shown.reason) : made;
  }

  /** Never holds an upload back: what fails here is made by the job. */
  private async withoutThumbnail(tx: LabelerTransaction, made: InsertedImage, err: unknown): Promise<InsertedImage> {
    const { id: image_id } = made.image;
    this.log('warn', 'A thumbnail could not be stored; it will be made in the background', { image_id, err });
    await tx.images.oweThumbnail(image_id);
    await enqueue(tx.sql, THUMBNAILS, {});
    return { ...made, image: { ...made.image, thumbnail_state: 'pending' } };
  }
}

export async function putThumbnail(
  datasets: StorageDriver,
  { dataset_id, path }: Pick<ImageRow, 'dataset_id' | 'path'>,
  thumbnail: Buffer,
  settling: Settling = {},
): Promise<void> {
  await datasets.put(thumbnailKey(dataset_id, path), thumbnail, {
    content_type: 'image/jpeg',
    size: thumbnail.length,
    cache_control: IMAGE_CACHE_CONTROL,
    ...settling,
  });
}
