import { GEOMETRY_TYPES, HISTORY_ACTIONS, RESTORE_KINDS, RESTORE_OBSTACLES, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { annotation } from './annotations.js';
import { userSummary } from './people.js';
import { flag, id, idParam, jobError, moment, pageOf, pageQuery, timestamp } from './primitives.js';

/** An image as it was right after `at`. */
export const pastImage = z.object({ image_id: id, at: timestamp, items: z.array(annotation) });
export type PastImage = z.infer<typeof pastImage>;
export const asOfQuery = z.object({ at: moment });

/** Changes of one person to one image that were saved together. */
export const imageMoment = z.object({
  at: timestamp,
  user_id: z.string(),
  user: userSummary.nullable(),
  counts: z.partialRecord(z.enum(HISTORY_ACTIONS), z.int()),
});
export type ImageMoment = z.infer<typeof imageMoment>;
export const imageMomentPage = pageOf(imageMoment);

const userId = z.string().min(1).max(200);

/** What is brought back: one annotation as a version of it was, an image as it was right after a time, or what was before a person's work. */
export const restoreSelection = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('annotation'),
    annotation_id: id,
    version: z.int().positive(),
    /** What it was when this was asked for. */
    from_version: z.int().positive(),
  }),
  z.object({ kind: z.literal('image'), image_id: id, at: timestamp }),
  z.object({
    kind: z.literal('person'),
    user_id: z.string(),
    since: timestamp,
    until: timestamp.optional(),
    image_id: id.optional(),
  }),
  /** All annotations as a published version has them. */
  z.object({ kind: z.literal('version'), version_id: id }),
]);
export type RestoreSelection = z.infer<typeof restoreSelection>;

export const restoreCount = z.object({
  kind: z.enum(RESTORE_KINDS),
  task_type: z.enum(TASK_TYPES),
  class_id: id.nullable(),
  annotation_type: z.enum(GEOMETRY_TYPES),
  /** Why they stay as they are; null when they come back. */
  obstacle: z.enum(RESTORE_OBSTACLES).nullable(),
  count: z.int(),
});
export type RestoreCount = z.infer<typeof restoreCount>;

export const restorePreview = z.object({
  selection: restoreSelection,
  counts: z.array(restoreCount),
  images: z.int(),
  /** There is more than was counted here. */
  truncated: z.boolean(),
  /** Whose changes would be undone; for a person's work, who else worked on the same since. */
  editors: z.array(z.object({ user_id: z.string(), user: userSummary.nullable(), count: z.int() })),
});
export type RestorePreview = z.infer<typeof restorePreview>;

export const restore = z.object({
  id,
  project_id: id,
  selection: restoreSelection,
  overwrite: z.boolean(),
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  /** Images looked at; `images` is null before they were counted. */
  done: z.int(),
  images: z.int().nullable(),
  /** Annotations brought back per kind, and per reason those that stayed as they are. */
  counts: z.partialRecord(z.enum([...RESTORE_KINDS, ...RESTORE_OBSTACLES]), z.int()),
  error: jobError.nullable(),
  user: userSummary.nullable(),
  created_by: z.string(),
  created_at: timestamp,
  finished_at: timestamp.nullable(),
  /** Restoring this takes the restore back; null while there is nothing to take back. */
  undo: restoreSelection.nullable(),
});
export type Restore = z.infer<typeof restore>;
export const restorePage = pageOf(restore);
/** `jobs`: only of a person's work and of versions, which run as jobs; not the many of one image or annotation. */
export const restoreListQuery = pageQuery.extend({ jobs: flag.optional() });

/** `overwrite`: also what somebody else worked on since. */
export const annotationRestoreBody = z.strictObject({ version: z.int().positive() });
export const imageRestoreBody = z.strictObject({ at: moment });

export const personRestoreQuery = z.object({
  user_id: userId,
  since: moment,
  until: moment.optional(),
  image_id: idParam.optional(),
  overwrite: flag.optional(),
});
export const personRestoreBody = z.strictObject({
  user_id: userId,
  since: moment,
  until: moment.optional(),
  image_id: id.optional(),
  overwrite: z.boolean().optional(),
});
