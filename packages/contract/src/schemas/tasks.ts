import { IMAGE_STATUSES, MAX_TASKS_PER_SPLIT, TASK_STATES, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { statusCounts } from './datasets.js';
import { userSummary } from './people.js';
import { id, jobError, moment, pageOf, pageQuery, text, timestamp } from './primitives.js';

/** A batch of images given to a person. */
export const annotationTask = z.object({
  id,
  project_id: id,
  task_type: z.enum(TASK_TYPES),
  name: z.string(),
  description: z.string(),
  assignee_id: z.string().nullable(),
  /** Null when nobody has it, or its person is unknown by now. */
  assignee: userSummary.nullable(),
  state: z.enum(TASK_STATES),
  due_at: timestamp.nullable(),
  /** Why it was handed or sent back last. */
  note: z.string(),
  version: z.int().positive(),
  created_by: z.string(),
  created_at: timestamp,
  updated_at: timestamp,
  submitted_at: timestamp.nullable(),
  completed_at: timestamp.nullable(),
  image_count: z.int(),
  /** Images per status. */
  progress: statusCounts,
  /** Where to go on: what was rejected first, then what is not done. */
  next_image_id: id.nullable(),
});
export type AnnotationTask = z.infer<typeof annotationTask>;
export const taskPage = pageOf(annotationTask);

export const taskListQuery = pageQuery.extend({
  state: z.enum(TASK_STATES).optional(),
  task_type: z.enum(TASK_TYPES).optional(),
  /** A person's id, `me`, or `none` for tasks nobody has. */
  assignee: z.string().min(1).max(200).optional(),
  /** Part of the name. */
  q: z.string().trim().max(200).default(''),
});

const user_id = z.string().min(1).max(200);
const dueAt = moment.nullable();

/** Most images named one by one; rules take any number. */
export const MAX_PICKED_IMAGES = 5_000;

/** Which images: all that are in no task of the type yet, narrowed by what is given. */
export const splitBody = z.strictObject({
  task_type: z.enum(TASK_TYPES),
  name: text(1, 200),
  description: text(0, 5_000).default(''),
  due_at: dueAt.default(null),
  /** These images and no others. */
  image_ids: z.array(id).min(1).max(MAX_PICKED_IMAGES).optional(),
  status: z.enum(IMAGE_STATUSES).optional(),
  /** A folder of the path and everything below it. */
  folder: z.string().max(1_000).optional(),
  rule: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('none') }),
      z.strictObject({ by: z.literal('count'), count: z.int().min(1).max(MAX_TASKS_PER_SPLIT) }),
      z.strictObject({ by: z.literal('size'), size: z.int().min(1).max(100_000) }),
      z.strictObject({ by: z.literal('folder'), depth: z.int().min(1).max(20).default(1) }),
    ])
    .default({ by: 'none' }),
  /** Shuffles; the same seed and images give the same tasks. */
  shuffle_seed: z.string().max(100).nullable().default(null),
  /** Each in turn gets the next task; members who may label. */
  assignees: z.array(user_id).max(100).default([]),
});
export type SplitBody = z.input<typeof splitBody>;

/** Tasks as they would be made. */
export const splitPreview = z.object({
  tasks: z.array(
    z.object({
      name: z.string(),
      image_count: z.int(),
      assignee_id: z.string().nullable(),
      /** Null where there are so many images that they were counted, not read. */
      first_path: z.string().nullable(),
    }),
  ),
  image_count: z.int(),
  /** Images left out because they are in a task of the type already. */
  taken: z.int(),
  /** There are more images than are split at once: it would be done in the background. */
  in_background: z.boolean(),
});
export type SplitPreview = z.infer<typeof splitPreview>;

/** A split of many images, on its way or over. All of its tasks are there when it is completed, and none before or otherwise. */
export const taskSplit = z.object({
  id,
  project_id: id,
  task_type: z.enum(TASK_TYPES),
  /** As it was asked for: to be asked for again. */
  request: splitBody,
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  /** How many it puts into tasks; null before that is known. */
  images: z.int().nullable(),
  done: z.int(),
  /** How many it made; null before it is completed. */
  tasks: z.int().nullable(),
  error: jobError.nullable(),
  created_by: z.string(),
  user: userSummary.nullable(),
  created_at: timestamp,
  finished_at: timestamp.nullable(),
});
export type TaskSplit = z.infer<typeof taskSplit>;
export const taskSplitPage = pageOf(taskSplit);

/** The tasks; or, where there are too many images to be split at once, none yet, and what makes them. */
export const splitAnswer = z.object({ items: z.array(annotationTask), split: taskSplit.nullable() });

export const taskPatchBody = z.strictObject({
  version: z.int().positive(),
  name: text(1, 200).optional(),
  description: text(0, 5_000).optional(),
  due_at: dueAt.optional(),
  assignee_id: user_id.nullable().optional(),
});
const pickedImages = z.array(id).max(MAX_PICKED_IMAGES).default([]);
export const taskImagesBody = z
  .strictObject({
    version: z.int().positive(),
    add: pickedImages,
    remove: pickedImages,
    /** Takes images that are in another task of the same type out of it; otherwise they are a reason to refuse. */
    move: z.boolean().default(false),
  })
  .refine(({ add, remove }) => add.length + remove.length > 0, {
    path: ['add'],
    message: 'name images to add or remove',
  })
  .refine(({ add, remove }) => !add.some((image_id) => remove.includes(image_id)), {
    path: ['remove'],
    message: 'an image cannot be added and removed at once',
  });
/** How many images changed; those that were in the task already, or not in it, are not counted. */
export const taskImagesAnswer = z.object({ task: annotationTask, added: z.int(), removed: z.int() });

export const taskDeleteQuery = z.object({ version: z.coerce.number<string | number>().pipe(z.int().positive()) });
export const taskMoveBody = z.strictObject({ version: z.int().positive(), reason: text(0, 2_000).optional() });

export const myTask = annotationTask.extend({ dataset_id: id, dataset_name: z.string() });
export type MyTask = z.infer<typeof myTask>;

/** An image that came back from review and waits to be done again. */
export const reworkImage = z.object({
  project_id: id,
  dataset_id: id,
  dataset_name: z.string(),
  image_id: id,
  path: z.string(),
  task_type: z.enum(TASK_TYPES),
  task_id: id.nullable(),
  status: z.enum(IMAGE_STATUSES),
});
export type ReworkImage = z.infer<typeof reworkImage>;
export const reworkAnswer = z.object({ items: z.array(reworkImage) });
