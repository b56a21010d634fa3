import { HISTORY_ACTIONS } from '@labelyard/domain';
import { z } from 'zod';
import { annotation } from './annotations.js';
import { userSummary } from './people.js';
import { id, idParam, moment, pageOf, pageQuery, timestamp } from './primitives.js';

/** One version of an annotation and the change that made it. */
export const annotationVersion = z.object({
  version: z.int().positive(),
  action: z.enum(HISTORY_ACTIONS),
  changed_at: timestamp,
  changed_by: z.string(),
  /** Null for somebody who is gone. */
  user: userSummary.nullable(),
  /** What differs from the version before. Geometries are not repeated here: compare `annotation`. */
  changes: z.array(z.object({ field: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })),
  /** The annotation after the change; null when the change deleted it. */
  annotation: annotation.nullable(),
  /** The annotation that a deletion took away. */
  deleted: annotation.nullable(),
});
export type AnnotationVersion = z.infer<typeof annotationVersion>;
export const annotationVersionPage = pageOf(annotationVersion);

export const ACTIVITY_ACTIONS = [...HISTORY_ACTIONS, 'administration'] as const;

export const activityQuery = pageQuery.extend({
  /** Who did it: a user id. */
  user_id: z.string().min(1).max(200).optional(),
  image_id: idParam.optional(),
  /** A kind of change to annotations, or `administration` for what was done to the project itself. */
  action: z.enum(ACTIVITY_ACTIONS).optional(),
  /** Only annotations that had or got this class. */
  class_id: idParam.optional(),
  since: moment.optional(),
  until: moment.optional(),
});

const common = { user_id: z.string().nullable(), user: userSummary.nullable() };

/** Changes one person made to one image in one go. */
export const annotationActivity = z.object({
  kind: z.literal('annotations'),
  ...common,
  image_id: id,
  /** Null when the image is gone. */
  image_path: z.string().nullable(),
  /** Changes per action. */
  counts: z.partialRecord(z.enum(HISTORY_ACTIONS), z.int()),
  /** Different annotations touched. */
  annotations: z.int(),
  /** Some of them, newest first. */
  annotation_ids: z.array(id),
  first_at: timestamp,
  last_at: timestamp,
});

/** Something done to the project itself. */
export const eventActivity = z.object({
  kind: z.literal('event'),
  ...common,
  id,
  action: z.string(),
  happened_at: timestamp,
  subject_type: z.string().nullable(),
  subject_id: z.string().nullable(),
  image_path: z.string().nullable(),
  /** The person it was done to. */
  about: userSummary.nullable(),
  details: z.record(z.string(), z.unknown()),
});
export const activity = z.discriminatedUnion('kind', [annotationActivity, eventActivity]);
export type Activity = z.infer<typeof activity>;
/** A page can hold fewer items than asked for, even none, and go on: it ends where enough of the history was read. */
export const activityPage = pageOf(activity);
