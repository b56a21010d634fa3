import { IMAGE_STATUSES, MAX_IMAGES_CHOSEN_AT_ONCE, SPLITS, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { errorBody } from '../errors.js';
import { cursor, id, idParam, pageOf, pageQuery, timestamp } from './primitives.js';

export const image = z.object({
  id,
  dataset_id: id,
  path: z.string(),
  /** Pixels of the displayed image (EXIF orientation applied). */
  width: z.int(),
  height: z.int(),
  size_bytes: z.int(),
  sha256: z.string(),
  content_type: z.string(),
  /** The part of training that people or imported files put it into; null where it follows from the path. */
  split: z.enum(SPLITS).nullable(),
  uploaded_at: timestamp,
});
export type Image = z.infer<typeof image>;

export const projectImage = image.extend({
  /** Presigned by the storage's own endpoint; the same for up to 15 minutes, so browsers can cache. */
  url: z.string(),
  /** Null until the thumbnail is made. */
  thumbnail_url: z.string().nullable(),
  /** For the asked task type, else over all of the project's. */
  status: z.enum(IMAGE_STATUSES),
  statuses: z.partialRecord(z.enum(TASK_TYPES), z.enum(IMAGE_STATUSES)),
  /** Likewise. */
  annotation_count: z.int(),
  /** Who holds the image's lock. */
  locked_by: z.string().nullable(),
});
export type ProjectImage = z.infer<typeof projectImage>;

export const IMAGE_SORTS = ['id', '-id', 'path', '-path', 'uploaded_at', '-uploaded_at', 'size', '-size'] as const;
export type ImageSort = (typeof IMAGE_SORTS)[number];

export const imageListQuery = pageQuery.extend({
  task_type: z.enum(TASK_TYPES).optional(),
  status: z.enum(IMAGE_STATUSES).optional(),
  class_id: idParam.optional(),
  /** Images that were put into it, not those whose path says so. */
  split: z.enum(SPLITS).optional(),
  /** Images of this annotation task. */
  task_id: idParam.optional(),
  /** Images in a task of this person (`me`: one's own), for the asked task type or any. */
  assignee: z.string().min(1).max(200).optional(),
  /** Part of the path. */
  q: z.string().trim().max(200).optional(),
  sort: z.enum(IMAGE_SORTS).default('id'),
  /** Start at this image instead of the list's end: forward from it (it comes first), or backward (what stands before it). */
  anchor: idParam.optional(),
  /** `backward` pages towards the list's start; items of a page keep the order of `sort`. */
  direction: z.enum(['forward', 'backward']).default('forward'),
});
export const imagePage = pageOf(projectImage);

/** All images a list with these would show. */
export const imageFilter = imageListQuery
  .pick({ task_type: true, status: true, class_id: true, split: true, task_id: true, assignee: true, q: true })
  .strict();

/** `null` leaves images to their paths again. */
const chosenSplit = { split: z.enum(SPLITS).nullable() };
export const imageSplitBody = z.union([
  z.strictObject({ image_ids: z.array(id).min(1).max(MAX_IMAGES_CHOSEN_AT_ONCE), ...chosenSplit }),
  /** Puts a part into it; send it again with `next_cursor` until there is none. */
  z.strictObject({ filter: imageFilter, cursor: cursor.nullish(), ...chosenSplit }),
]);
export type ImageSplitBody = z.input<typeof imageSplitBody>;
export const imageSplitAnswer = z.object({ changed: z.int(), next_cursor: z.string().nullable() });

export const ON_DUPLICATE = ['skip', 'overwrite', 'rename'] as const;
export type OnDuplicate = (typeof ON_DUPLICATE)[number];
export const uploadQuery = z.object({ on_duplicate: z.enum(ON_DUPLICATE).default('skip') });

/** Why a file was refused. */
export const REJECTION_CODES = [
  'empty_file',
  'not_an_image',
  'unsupported_image_type',
  'damaged_image',
  'too_many_pixels',
  /** Would overwrite an annotated image with one of another size: its shapes would point elsewhere. */
  'annotated_size_differs',
  'file_too_large',
  'invalid_path',
  'size_mismatch',
  'hash_mismatch',
  'not_uploaded',
  'duplicate_in_request',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

export const rejectedFile = z.object({ name: z.string(), code: z.enum(REJECTION_CODES), message: z.string() });

/**
 * Per-file result of an upload. `skipped` names files whose path the dataset already has (their rows are in `items` too).
 * Where not one file could be taken the status is 413, 415 or 422, and `error` is there beside the lists.
 */
export const uploadAnswer = z.object({
  items: z.array(image),
  skipped: z.array(z.string()),
  rejected: z.array(rejectedFile),
  error: errorBody.shape.error.optional(),
});
export type UploadAnswer = z.infer<typeof uploadAnswer>;

export const uploadCreateBody = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(2_000),
        size: z.int().min(0),
        content_type: z.string().max(200).default('application/octet-stream'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/u)
          .optional(),
      }),
    )
    .min(1)
    .max(1_000),
  on_duplicate: z.enum(ON_DUPLICATE).default('skip'),
  /** What completing makes of the files: images, or material that an import reads. */
  purpose: z.enum(['images', 'import']).default('images'),
});

export const uploadFile = z.object({
  path: z.string(),
  size: z.int(),
  /** pending: waits for its bytes · completed · skipped: the dataset has this path already · rejected: see code. */
  status: z.enum(['pending', 'completed', 'skipped', 'rejected']),
  /** Where to PUT the whole file with exactly this content type. */
  put_url: z.string().optional(),
  /** For large files instead of put_url: PUT each part, in any order, keep the ETag of each answer, then complete. */
  parts: z.array(z.object({ number: z.int(), url: z.string(), offset: z.int(), size: z.int() })).optional(),
  content_type: z.string(),
  code: z.enum(REJECTION_CODES).optional(),
  message: z.string().optional(),
});

export const upload = z.object({
  id,
  dataset_id: id,
  on_duplicate: z.enum(ON_DUPLICATE),
  purpose: z.enum(['images', 'import']),
  created_at: timestamp,
  /** When unfinished files are thrown away. */
  expires_at: timestamp,
  files: z.array(uploadFile),
});
export type Upload = z.infer<typeof upload>;

/** Without `paths` every file of the session is completed; clients with many files send them in batches as they finish. */
export const uploadCompleteBody = z
  .strictObject({
    paths: z.array(z.string().max(2_000)).max(1_000).optional(),
    /** By path, for files that were sent in parts: what each part's PUT answered as `ETag`. */
    etags: z.record(z.string(), z.array(z.object({ number: z.int(), etag: z.string() }))).optional(),
  })
  .default({});
