import { ANNOTATION_STATES, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { id, pageOf, pageQuery, timestamp } from './primitives.js';

export const EXPORT_FORMATS = ['coco'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const EXPORT_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;

export const exportCreateBody = z.strictObject({
  project_id: id,
  format: z.enum(EXPORT_FORMATS),
  /** Only annotations of this task type; all that the format can hold otherwise. */
  task_type: z.enum(TASK_TYPES).optional(),
  /** Only annotations in these states; all otherwise. */
  state: z.union([z.enum(ANNOTATION_STATES), z.array(z.enum(ANNOTATION_STATES)).min(1)]).optional(),
  /** Choices of the format; COCO has none yet. */
  options: z.strictObject({}).default({}),
});

/** What an export holds, and everything it could not hold or had to convert. */
export const exportReport = z.object({
  format: z.string(),
  counts: z.object({
    images: z.int(),
    annotations: z.int(),
    by_class: z.array(z.object({ class_id: id, name: z.string(), annotations: z.int() })),
  }),
  dropped: z.array(z.object({ code: z.string(), reason: z.string(), count: z.int(), examples: z.array(id) })),
  converted: z.array(z.object({ code: z.string(), reason: z.string(), count: z.int(), examples: z.array(id) })),
  notes: z.array(z.string()),
});
export type ExportReport = z.infer<typeof exportReport>;

export const exportJob = z.object({
  id,
  project_id: id,
  format: z.enum(EXPORT_FORMATS),
  options: z.record(z.string(), z.unknown()),
  status: z.enum(EXPORT_STATUSES),
  /** 0 to 1 */
  progress: z.number(),
  key: z.string().nullable(),
  /** Presigned anew in each answer; null until completed. */
  download_url: z.string().nullable(),
  size_bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  report: exportReport.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  created_by: z.string(),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
});
export type ExportJob = z.infer<typeof exportJob>;

export const exportListQuery = pageQuery.extend({
  project_id: z.coerce.number<string | number>().pipe(z.int().positive()),
});
export const exportPage = pageOf(exportJob);
