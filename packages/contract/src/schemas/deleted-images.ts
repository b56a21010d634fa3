import { HELD_IMAGES, LOST_LABEL_REASONS, MAX_IMAGES_CHOSEN_AT_ONCE, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { imageFilter } from './images.js';
import { userSummary } from './people.js';
import { cursor, id, pageOf, timestamp } from './primitives.js';

const image_ids = z.array(id).min(1).max(MAX_IMAGES_CHOSEN_AT_ONCE);

const deletionCommon = {
  /** Chosen by the caller, the same for all requests that delete what somebody asked for in one go, and when one is sent again. */
  deletion_id: z.uuid().optional(),
  /** What becomes of images somebody else is working on: nothing is deleted (423), all but they are, or they are too. */
  held: z.enum(HELD_IMAGES).default('refuse'),
};
export const imageDeletionBody = z.union([
  z.strictObject({ image_ids, ...deletionCommon }),
  /** Deletes a part; send it again with `next_cursor` until there is none. */
  z.strictObject({ filter: imageFilter, cursor: cursor.nullish(), ...deletionCommon }),
]);
export type ImageDeletionBody = z.input<typeof imageDeletionBody>;

export const imageDeletionPreviewBody = z.union([
  z.strictObject({ image_ids }),
  z.strictObject({ filter: imageFilter }),
]);
export type ImageDeletionPreviewBody = z.input<typeof imageDeletionPreviewBody>;

/** An image somebody else is working on. */
export const heldImage = z.object({ image_id: id, path: z.string(), user_id: z.string(), user_name: z.string() });
export type HeldImageNote = z.infer<typeof heldImage>;

/** What deleting would take along. Published versions keep what they hold. */
export const imageDeletionPreview = z.object({
  images: z.int(),
  annotations: z.int(),
  comments: z.int(),
  in_tasks: z.int(),
  versions: z.array(z.int()),
  held: z.array(heldImage),
});
export type ImageDeletionPreview = z.infer<typeof imageDeletionPreview>;

export const imageDeletion = z.object({
  deletion_id: z.uuid(),
  /** Deleted by this request, or by the same one before. */
  images: z.int(),
  annotations: z.int(),
  /** Somebody else had deleted them already. */
  missing: z.int(),
  /** Left where they are, because somebody works on them. */
  left: z.array(heldImage),
  next_cursor: z.string().nullable(),
});
export type ImageDeletion = z.infer<typeof imageDeletion>;

export const deletedImage = z.object({
  image_id: id,
  path: z.string(),
  width: z.int(),
  height: z.int(),
  size_bytes: z.int(),
  /** Null when there is none, or its place went to another image. */
  thumbnail_url: z.string().nullable(),
  annotation_count: z.int(),
  comment_count: z.int(),
  deletion_id: z.uuid(),
  deleted_by: z.string(),
  /** Null for somebody who is gone. */
  user: userSummary.nullable(),
  deleted_at: timestamp,
  /** Until when it can be brought back. */
  expires_at: timestamp,
});
export type DeletedImage = z.infer<typeof deletedImage>;
export const deletedImagePage = pageOf(deletedImage);

/** By their ids, or what was deleted in one go; of many a part, to be sent again while there is `more`. */
export const imageRestorationBody = z.union([z.strictObject({ image_ids }), z.strictObject({ deletion_id: z.uuid() })]);
export type ImageRestorationBody = z.input<typeof imageRestorationBody>;

export const imageRestoration = z.object({
  images: z.int(),
  annotations: z.int(),
  /** Their path was taken meanwhile: how they are called now. */
  renamed: z.array(z.object({ image_id: id, from: z.string(), to: z.string() })),
  /** Labels that could not come back. */
  lost: z.array(
    z.object({
      reason: z.enum(LOST_LABEL_REASONS),
      class_name: z.string().nullable(),
      task_type: z.enum(TASK_TYPES),
      count: z.int(),
    }),
  ),
  more: z.boolean(),
});
export type ImageRestoration = z.infer<typeof imageRestoration>;
