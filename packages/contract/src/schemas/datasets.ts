import { IMAGE_STATUSES, ROLES, TASK_TYPES, VISIBILITIES } from '@labelyard/domain';
import { z } from 'zod';
import { userSummary } from './people.js';
import { id, pageOf, pageQuery, text, timestamp } from './primitives.js';

export const taskTypes = z
  .array(z.enum(TASK_TYPES))
  .min(1)
  .max(TASK_TYPES.length)
  .refine((list) => new Set(list).size === list.length, 'lists a task type twice');

export const datasetCreateBody = z.strictObject({
  name: text(1, 200),
  description: text(0, 5_000).default(''),
  task_types: taskTypes,
  visibility: z.enum(VISIBILITIES).default('private'),
});

export const datasetPatchBody = z.strictObject({
  name: text(1, 200).optional(),
  description: text(0, 5_000).optional(),
  visibility: z.enum(VISIBILITIES).optional(),
  /** Task types can be added; one that has annotations cannot be taken away. */
  task_types: taskTypes.optional(),
});

/** Images per status, for one task type. */
export const statusCounts = z.record(z.enum(IMAGE_STATUSES), z.int());

export const dataset = z.object({
  id,
  project_id: id,
  name: z.string(),
  description: z.string(),
  visibility: z.enum(VISIBILITIES),
  task_types: z.array(z.enum(TASK_TYPES)),
  /** The caller's role here. */
  role: z.enum(ROLES),
  owner: userSummary.nullable(),
  image_count: z.int(),
  size_bytes: z.int(),
  /** Overall progress: images per status over all task types. */
  progress: statusCounts,
  /** Up to four thumbnails for the dataset's card. */
  cover_urls: z.array(z.string()),
  created_at: timestamp,
  updated_at: timestamp,
});
export type Dataset = z.infer<typeof dataset>;

export const datasetListQuery = pageQuery.extend({ q: z.string().trim().max(200).optional() });
export const datasetPage = pageOf(dataset);

export const deletionImpact = z.object({
  dataset_id: id,
  name: z.string(),
  images: z.int(),
  annotations: z.int(),
  classes: z.int(),
  members: z.int(),
  exports: z.int(),
  size_bytes: z.int(),
});

export const datasetDeleteBody = z.strictObject({ confirm_name: z.string() });

export const project = z.object({
  id,
  dataset_id: id,
  name: z.string(),
  task_types: z.array(z.enum(TASK_TYPES)),
  role: z.enum(ROLES),
  image_count: z.int(),
  /** Images per status, per task type. */
  progress: z.partialRecord(z.enum(TASK_TYPES), statusCounts),
  created_at: timestamp,
  updated_at: timestamp,
});
export type Project = z.infer<typeof project>;
