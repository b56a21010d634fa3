import type { HeldImages, LostLabelReason } from '@labelyard/domain';
import type { ImageFilter } from '../image/image-list-sql.js';

/** A deleted image as lists show it. */
export interface DeletedImageRow {
  readonly image_id: number;
  readonly dataset_id: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly size_bytes: number;
  readonly annotation_count: number;
  readonly comment_count: number;
  readonly deletion_id: string;
  readonly deleted_by: string;
  readonly deleted_at: string;
  /** When it cannot be brought back any more. */
  readonly expires_at: string;
  /** Whether its preview lies where it did. */
  readonly has_thumbnail: boolean;
}

/** Images by their ids, or all that a list with this filter would show. */
export type ImageChoice = { readonly image_ids: readonly number[] } | { readonly filter: Omit<ImageFilter, 'sort'> };

export interface DeletionScope {
  readonly project_id: number;
  readonly dataset_id: number;
  readonly user_id: string;
  readonly deletion_id: string;
  readonly held: HeldImages;
}

/** An image somebody else is working on. */
export interface HeldImage {
  readonly image_id: number;
  readonly path: string;
  readonly user_id: string;
  readonly user_name: string;
}

export interface Deletion {
  readonly images: readonly { readonly id: number; readonly path: string }[];
  readonly annotations: number;
  /** Left where they are. */
  readonly left: readonly HeldImage[];
}

/** What deleting would take along. */
export interface ImageDeletionImpact {
  readonly images: number;
  readonly annotations: number;
  readonly comments: number;
  /** Of these, how many are in a task. */
  readonly in_tasks: number;
  /** Numbers of the published versions that hold any of them, and go on holding them. */
  readonly versions: number[];
  /** The first of those somebody else is working on. */
  readonly held: HeldImage[];
}

export interface RestoredImageRow {
  readonly id: number;
  /** As it is called now, and as it was called. */
  readonly path: string;
  readonly from_path: string;
}

/** Labels that cannot come back. */
export interface LostLabels {
  readonly reason: LostLabelReason;
  /** What the class was called; null for a task type. */
  readonly class_name: string | null;
  readonly task_type: string;
  readonly count: number;
}

export interface ImageRestoration {
  readonly images: readonly RestoredImageRow[];
  readonly annotations: number;
  readonly lost: readonly LostLabels[];
  /** Tasks that go on, because an image came back that is not done. */
  readonly task_ids: readonly number[];
}

/** A picture whose place is about to be taken by another one. */
export interface NeededPicture {
  readonly image_id: number;
  readonly dataset_id: number;
  readonly path: string;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly content_type: string;
}

/** A picture to be brought from where it was kept to its image's place. */
export type ReturningPicture = Pick<NeededPicture, 'image_id' | 'sha256' | 'path'>;

/** What a purge takes out of the storage. */
export interface PurgedPictures {
  readonly dataset_id: number;
  /** Places of pictures nobody needs. */
  readonly paths: readonly string[];
  readonly kept: readonly Pick<NeededPicture, 'image_id' | 'sha256'>[];
}
