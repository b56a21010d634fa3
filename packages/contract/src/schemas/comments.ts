import { TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { userSummary } from './people.js';
import { id, idParam, flag, pageOf, pageQuery, text, timestamp } from './primitives.js';

const fields = {
  id,
  project_id: id,
  image_id: id,
  image_path: z.string(),
  /** Pinned to an annotation; `annotation_deleted` when that is gone. */
  annotation_id: id.nullable(),
  annotation_deleted: z.boolean(),
  parent_id: id.nullable(),
  task_type: z.enum(TASK_TYPES).nullable(),
  /** `rejection`: why a reviewer gave something back. */
  kind: z.enum(['comment', 'rejection']),
  /** Where it is pinned, in pixels of the image; null: to the whole image. */
  point: z.tuple([z.number(), z.number()]).nullable(),
  author_id: z.string(),
  author: userSummary.nullable(),
  /** Empty when deleted. */
  body: z.string(),
  mentions: z.array(z.string()),
  /** Those of `mentions` who are known. */
  mentioned: z.array(userSummary),
  created_at: timestamp,
  edited_at: timestamp.nullable(),
  deleted_at: timestamp.nullable(),
  resolved_at: timestamp.nullable(),
  resolved_by: z.string().nullable(),
};
export const comment = z.object(fields);
export type Comment = z.infer<typeof comment>;

export const commentThread = z.object({ ...fields, replies: z.array(comment) });
export type CommentThread = z.infer<typeof commentThread>;
export const commentPage = pageOf(commentThread);

export const COMMENT_FILTERS = ['all', 'open', 'mine', 'mentions_me'] as const;
export type CommentListFilter = (typeof COMMENT_FILTERS)[number];
export const commentListQuery = pageQuery.extend({
  image_id: idParam.optional(),
  filter: z.enum(COMMENT_FILTERS).default('all'),
});

const body = text(1, 5_000);
const mentions = z.array(z.string().min(1).max(200)).max(50).default([]);

export const commentCreateBody = z
  .strictObject({
    image_id: id,
    body,
    mentions,
    /** The thread it answers. */
    parent_id: id.optional(),
    annotation_id: id.optional(),
    point: z.tuple([z.number(), z.number()]).optional(),
  })
  .refine(
    (value) => value.parent_id === undefined || (value.annotation_id === undefined && value.point === undefined),
    {
      path: ['parent_id'],
      message: 'a reply lies where its thread lies',
    },
  );
export const commentPatchBody = z.strictObject({ body, mentions });

export const NOTIFICATION_KINDS = [
  'mention',
  'reply',
  'rejection',
  'task_assigned',
  'task_handed_back',
  'task_submitted',
  'task_sent_back',
  'task_due_soon',
  'tasks_released',
] as const;

/** Something the person signed in should hear of. */
export const notification = z.object({
  id,
  kind: z.enum(NOTIFICATION_KINDS),
  project_id: id,
  dataset_id: id,
  dataset_name: z.string(),
  image_id: id.nullable(),
  /** Null when the image is gone. */
  image_path: z.string().nullable(),
  annotation_id: id.nullable(),
  task_id: id.nullable(),
  task_name: z.string().nullable(),
  task_type: z.enum(TASK_TYPES).nullable(),
  comment_id: id.nullable(),
  actor_id: z.string().nullable(),
  actor: userSummary.nullable(),
  excerpt: z.string(),
  created_at: timestamp,
  read_at: timestamp.nullable(),
});
export type Notification = z.infer<typeof notification>;
export const notificationListQuery = pageQuery.extend({ unread: flag.default(false) });
/** `unread` counts up to 100. */
export const notificationPage = pageOf(notification).extend({ unread: z.int() });
export const notificationCount = z.object({ unread: z.int() });
/** These, or everything up to an id: what came after it was not seen. */
export const notificationReadBody = z.union([
  z.strictObject({ ids: z.array(id).min(1).max(500) }),
  z.strictObject({ until: id }),
]);
