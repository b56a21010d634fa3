import { KEYPOINT_LIMITS, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { id, text, timestamp } from './primitives.js';

const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/u, 'must look like #1f77b4')
  .overwrite((value) => value.toLowerCase());

const keypoints = z
  .array(text(1, KEYPOINT_LIMITS.name_length))
  .max(KEYPOINT_LIMITS.names)
  .refine((names) => new Set(names).size === names.length, 'names a keypoint twice');
/** Pairs of 0-based indexes into `keypoints`. */
const skeleton = z.array(z.tuple([z.int().min(0), z.int().min(0)])).max(KEYPOINT_LIMITS.bones);

export const labelClass = z.object({
  id,
  project_id: id,
  task_type: z.enum(TASK_TYPES),
  name: z.string(),
  color: z.string(),
  /** Order within its task type, from 0. Exports number and list classes in this order. */
  position: z.int(),
  attributes: z.record(z.string(), z.unknown()),
  keypoints: z.array(z.string()),
  skeleton: z.array(z.tuple([z.int(), z.int()])),
  created_at: timestamp,
  updated_at: timestamp,
});
export type LabelClass = z.infer<typeof labelClass>;

export const classCreateBody = z.strictObject({
  task_type: z.enum(TASK_TYPES),
  name: text(1, 200),
  color: color.optional(),
  attributes: z.record(z.string().max(100), z.unknown()).default({}),
  keypoints: keypoints.default([]),
  skeleton: skeleton.default([]),
});

export const classPatchBody = z.strictObject({
  name: text(1, 200).optional(),
  color: color.optional(),
  attributes: z.record(z.string().max(100), z.unknown()).optional(),
  keypoints: keypoints.optional(),
  skeleton: skeleton.optional(),
});

/** Every class id of the task type, in the new order. */
export const classReorderBody = z.strictObject({ task_type: z.enum(TASK_TYPES), class_ids: z.array(id).max(10_000) });
export const classList = z.object({ items: z.array(labelClass), next_cursor: z.null() });
