import type { DeletedImage } from '@labelyard/contract';
import type { DeletedImageRow } from '@labelyard/db';
import { thumbnailKey, type StorageDriver } from '@labelyard/storage';
import { IMAGE_URL_SECONDS } from '../images/image-list.js';
import type { People } from '../people/people.js';

/** Rows as the wire has them. One look at people for all of them. */
export async function toDeletedImages(
  rows: readonly DeletedImageRow[],
  people: People,
  datasets: StorageDriver,
): Promise<DeletedImage[]> {
  const users = await people.summaries(rows.map(({ deleted_by }) => deleted_by));
  return rows.map(({ dataset_id, has_thumbnail, ...row }) => ({
    ...row,
    user: users.get(row.deleted_by) ?? null,
    thumbnail_url: has_thumbnail
      ? datasets.signGet(thumbnailKey(dataset_id, row.path), { expires_in: IMAGE_URL_SECONDS })
      : null,
  }));
}
