import type { Connection } from '../../connection/sql.js';
import type { ProjectHead } from '../image/image-list-sql.js';
import { lockDataset } from '../image/lock-dataset.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { deleteImages } from './delete-images.js';
import type {
  DeletedImageRow,
  Deletion,
  DeletionScope,
  ImageChoice,
  ImageDeletionImpact,
  ImageRestoration,
  NeededPicture,
  PurgedPictures,
} from './deleted-image-row.js';
import { deletionImpact } from './deletion-impact.js';
import { datasetsToPurge, forgetExpired, neededPictures, purgePictures, rememberKept } from './kept-pictures.js';
import { type PlacePictures, restoreImages, type RestoreImagesScope } from './restore-images.js';

const ORDER = 'deleted_images';
const COLUMNS = `d.image_id, d.dataset_id, d.path, d.width, d.height, d.size_bytes, d.annotation_count, d.comment_count, d.deletion_id,
  d.deleted_by, d.deleted_at, d.expires_at, d.thumbnail_state = 'ready'
    and not exists (select from kept_pictures k where k.image_id = d.image_id and k.sha256 = d.sha256) as has_thumbnail`;
/** Can be brought back. */
const THERE = `d.image is not null and d.expires_at > now()`;
const PURGED_AT_ONCE = 200;

/** Deleted images: out of the way of everything else until they come back, or their time is over. */
export class DeletedImageRepository {
  constructor(private readonly connection: Connection) {}

  /** See `deleteImages`. */
  delete(scope: DeletionScope, image_ids: readonly number[]): Promise<Deletion> {
    return deleteImages(this.connection, scope, image_ids);
  }

  /** See `restoreImages`. */
  restore(scope: RestoreImagesScope, place: PlacePictures): Promise<ImageRestoration> {
    return restoreImages(this.connection, scope, place);
  }

  impact(project: ProjectHead, choice: ImageChoice, user_id: string): Promise<ImageDeletionImpact> {
    return deletionImpact(this.connection, project, choice, user_id);
  }

  /** What can be brought back, deleted last first. */
  async list(project_id: number, { limit, cursor }: PageRequest): Promise<Page<DeletedImageRow>> {
    const before = decodeCursor<[string, number]>(ORDER, ['string', 'number'], cursor);
    const rows = await this.connection.rows<DeletedImageRow>(
      `select ${COLUMNS} from deleted_images d
        where d.project_id = $1 and ${THERE} and ($2::timestamptz is null or (d.deleted_at, d.image_id) < ($2, $3))
        order by d.deleted_at desc, d.image_id desc limit $4`,
      [project_id, before?.[0] ?? null, before?.[1] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.deleted_at, last.image_id]));
  }

  get(project_id: number, image_id: number): Promise<DeletedImageRow | null> {
    return this.connection.one(
      `select ${COLUMNS} from deleted_images d where d.project_id = $1 and d.image_id = $2 and ${THERE}`,
      [project_id, image_id],
    );
  }

  /** In which go each of these was deleted, by its id; those that were not are missing. */
  async deletionsOf(project_id: number, image_ids: readonly number[]): Promise<Map<number, string>> {
    const rows = await this.connection.rows<{ image_id: number; deletion_id: string }>(
      `select image_id, deletion_id from deleted_images where project_id = $1 and image_id = any ($2)`,
      [project_id, image_ids],
    );
    return new Map(rows.map(({ image_id, deletion_id }) => [image_id, deletion_id]));
  }

  /** How many of what was deleted in one go can still be brought back. */
  async left(project_id: number, deletion_id: string): Promise<number> {
    const row = await this.connection.one<{ n: number }>(
      `select count(*) as n from deleted_images d where d.deletion_id = $2 and d.project_id = $1 and ${THERE}`,
      [project_id, deletion_id],
    );
    return row?.n ?? 0;
  }

  /** Pictures in the places of `paths` that must be kept elsewhere before something else takes them. */
  neededAt(dataset_id: number, paths: readonly string[]): Promise<NeededPicture[]> {
    return neededPictures(this.connection, dataset_id, paths);
  }

  rememberKept(pictures: readonly NeededPicture[]): Promise<void> {
    return rememberKept(this.connection, pictures);
  }

  /** Ends the time of deleted images; how many, at most `limit`. */
  forgetExpired(limit: number): Promise<number> {
    return forgetExpired(this.connection, limit);
  }

  datasetsToPurge(): Promise<number[]> {
    return datasetsToPurge(this.connection);
  }

  /**
   * Takes away some pictures of a dataset nobody needs: their rows, and by `remove` their bytes, while nobody can take their places.
   * False when none is left.
   */
  purge(dataset_id: number, remove: (pictures: PurgedPictures) => Promise<void>): Promise<boolean> {
    return this.connection.atomic(async (transaction) => {
      await lockDataset(transaction, dataset_id);
      const { more, ...pictures } = await purgePictures(transaction, dataset_id, PURGED_AT_ONCE);
      await remove(pictures);
      return more;
    });
  }
}
