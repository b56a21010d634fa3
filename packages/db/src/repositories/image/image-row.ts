import type { ImageStatus, Split, TaskType } from '@labelyard/domain';

export type ThumbnailState = 'pending' | 'ready' | 'failed';

/** What became of the thumbnail of an image as it was at `revision`. */
export interface ThumbnailOutcome extends Pick<ImageRow, 'id' | 'revision'> {
  readonly state: Exclude<ThumbnailState, 'pending'>;
}

export interface ImageRow {
  readonly id: number;
  readonly dataset_id: number;
  /** NFC, unique in the dataset, with folders. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly content_type: string;
  /** Over all task types of the project. */
  readonly status: ImageStatus;
  readonly thumbnail_state: ThumbnailState;
  /** As people or imported files chose; null where it follows from the path. */
  readonly split: Split | null;
  /** Grows with each overwrite. */
  readonly revision: number;
  readonly uploaded_by: string;
  readonly uploaded_at: string;
}

export interface ListedImage extends ImageRow {
  readonly statuses: Readonly<Partial<Record<TaskType, ImageStatus>>>;
  /** Of the asked task type, else of all. */
  readonly annotation_count: number;
  /** Id of the person who holds its lock. */
  readonly locked_by: string | null;
}

export interface NewImage {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly content_type: string;
  /** `ready` when it will be there before anybody sees the row; `pending` when absent. */
  readonly thumbnail_state?: Exclude<ThumbnailState, 'failed'>;
}

export type OnDuplicate = 'skip' | 'overwrite' | 'rename';

export interface InsertedImage {
  readonly outcome: 'created' | 'overwritten' | 'skipped' | 'renamed';
  /** The path that was asked for; `image.path` differs when renamed. */
  readonly asked_path: string;
  readonly image: ImageRow;
}
