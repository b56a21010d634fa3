import { IMAGE_STATUSES, REVIEW_DECISIONS, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { projectImage } from './images.js';
import { userSummary } from './people.js';
import { id, idParam, moment, pageOf, pageQuery, text, timestamp } from './primitives.js';

const comment = text(1, 5_000);
const version = z.int().positive();

export const annotationVerifyBody = z.strictObject({ version, comment: comment.optional() });
/** Nobody learns from a rejection without words. */
export const annotationRejectBody = z.strictObject({ version, comment });

/** When the image was said to be done, as the reviewer saw it: what was changed since is refused with 409. */
const confirmed_at = moment.optional();
export const imageVerifyBody = z.strictObject({
  task_type: z.enum(TASK_TYPES),
  confirmed_at,
  comment: comment.optional(),
});
export const imageRejectBody = z.strictObject({ task_type: z.enum(TASK_TYPES), confirmed_at, comment });
export const imageVerifyAnswer = z.object({ verified: z.int() });
export const imageRejectAnswer = z.object({ rejected: z.int() });

export const reviewQueueQuery = pageQuery.extend({
  task_type: z.enum(TASK_TYPES).optional(),
  /** Who said that it is done. */
  annotator: z.string().min(1).max(200).optional(),
  class_id: idParam.optional(),
  task_id: idParam.optional(),
});

/** An image waiting for a reviewer, for one task type. */
export const reviewItem = z.object({
  image: projectImage,
  task_type: z.enum(TASK_TYPES),
  status: z.enum(IMAGE_STATUSES),
  confirmed_at: timestamp,
  confirmed_by: z.string().nullable(),
  annotator: userSummary.nullable(),
  task_id: id.nullable(),
});
export type ReviewItem = z.infer<typeof reviewItem>;
/** `waiting` counts the whole project, per task type. */
export const reviewPage = pageOf(reviewItem).extend({ waiting: z.partialRecord(z.enum(TASK_TYPES), z.int()) });

/** Most of each kind in one request. */
export const MAX_REVIEWED = 500;
export const reviewBody = z
  .strictObject({
    decision: z.enum(REVIEW_DECISIONS),
    comment: comment.optional(),
    images: z
      .array(z.strictObject({ image_id: id, task_type: z.enum(TASK_TYPES), confirmed_at }))
      .max(MAX_REVIEWED)
      .default([]),
    annotations: z
      .array(z.strictObject({ annotation_id: id, version }))
      .max(MAX_REVIEWED)
      .default([]),
  })
  .refine((body) => body.decision === 'verify' || body.comment !== undefined, {
    path: ['comment'],
    message: 'is needed to reject',
  })
  .refine((body) => body.images.length + body.annotations.length > 0, {
    path: ['images'],
    message: 'names nothing to review',
  });

/** What was done, and what was left as it is and why. */
export const reviewAnswer = z.object({
  images: z.int(),
  annotations: z.int(),
  skipped: z.array(
    z.object({
      image_id: id.nullable(),
      annotation_id: id.nullable(),
      problem: z.enum(['not_found', 'version_conflict', 'not_waiting']),
    }),
  ),
});
export type ReviewAnswer = z.infer<typeof reviewAnswer>;
