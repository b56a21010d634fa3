import type { Image, ProjectImage } from '@labelyard/contract';
import type { ImageFilter, ImageWalk, LabelerDb, ListedImage, PageRequest, ProjectHead } from '@labelyard/db';
import { DomainError, type TaskType } from '@labelyard/domain';
import { imageKey, thumbnailKey, type StorageDriver } from '@labelyard/storage';
import { toImage } from './upload-report.js';

/** How long the URLs of a list work at least: a person may look at a page that long before going on. */
export const IMAGE_URL_SECONDS = 3600;

/** Images as a project shows them, with URLs straight to the storage. */
export class ImageList {
  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
  ) {}

  async page(
    project: ProjectHead,
    query: ImageFilter & ImageWalk & PageRequest,
  ): Promise<{ items: ProjectImage[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.images.list(project, query);
    return { items: items.map((row) => this.toProjectImage(row, query.task_type)), next_cursor };
  }

  async get(image_id: number, task_type?: TaskType): Promise<ProjectImage> {
    const row = await this.db.images.get(image_id, task_type);
    if (!row) throw new DomainError('not_found', 'The image does not exist', { image_id });
    return this.toProjectImage(row, task_type);
  }

  /** URL of the original, the same for a quarter of an hour. */
  urlOf({ dataset_id, path }: Pick<Image, 'dataset_id' | 'path'>): string {
    return this.datasets.signGet(imageKey(dataset_id, path), { expires_in: IMAGE_URL_SECONDS });
  }

  /** A row as the wire has it, `status` for the asked task type. */
  toProjectImage(row: ListedImage, task_type?: TaskType): ProjectImage {
    const { dataset_id, path, thumbnail_state, status, statuses, annotation_count, locked_by } = row;
    return {
      ...toImage(row),
      url: this.urlOf(row),
      thumbnail_url:
        thumbnail_state === 'ready'
          ? this.datasets.signGet(thumbnailKey(dataset_id, path), { expires_in: IMAGE_URL_SECONDS })
          : null,
      status: (task_type && statuses[task_type]) ?? status,
      statuses,
      annotation_count,
      locked_by,
    };
  }
}
