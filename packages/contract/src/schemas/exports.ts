import { ANNOTATION_STATES, GEOMETRY_TYPES, SPLITS, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { EXPORT_FORMATS, exportFormat, exportProblems } from './export-formats.js';
import { id, jobError, pageOf, pageQuery, timestamp } from './primitives.js';

export const EXPORT_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled', 'expired'] as const;
/** Which images an export holds: all, or those with an annotation in it. */
export const EXPORT_IMAGES = ['all', 'annotated'] as const;

const optionValue = z.union([z.boolean(), z.string().max(100), z.array(z.string().max(100)).max(20)]);
const oneOrMany = <T extends z.ZodType>(one: T, most: number) => z.union([one, z.array(one).min(1).max(most)]);

const share = z.int().min(0).max(1_000_000);
/** Whole numbers in any unit. An image that was put into no split takes one by its path alone, so that adding images moves none. */
export const splitShares = z
  .strictObject({ train: share, val: share, test: share })
  .refine(({ train, val, test }) => train + val + test > 0, 'must not all be 0');
export type SplitShares = z.infer<typeof splitShares>;

export const exportCreateBody = z
  .strictObject({
    project_id: id,
    format: exportFormat,
    /** A published version; otherwise what the project is at the moment. */
    version_id: id.optional(),
    /** Only annotations of this task type; all that the format can hold otherwise. */
    task_type: z.enum(TASK_TYPES).optional(),
    /** Only annotations in these states; all otherwise. */
    state: oneOrMany(z.enum(ANNOTATION_STATES), ANNOTATION_STATES.length).optional(),
    /** Only annotations of these classes, which are then numbered among themselves; those without a class are left out. */
    class_id: oneOrMany(id, 5_000).optional(),
    /** Only images of these parts. */
    split: oneOrMany(z.enum(SPLITS), SPLITS.length).optional(),
    /** How large the parts are; otherwise as the version has them, and 80 : 20 : 0 without one. */
    split_shares: splitShares.optional(),
    /** `annotated` leaves out images that would have no annotation in the export. */
    images: z.enum(EXPORT_IMAGES).default('all'),
    /** The pictures themselves in the archive, where the format wants them. */
    include_images: z.boolean().default(false),
    /** Choices of the format, see `EXPORT_RULES`. */
    options: z.record(z.string(), optionValue).default({}),
  })
  .superRefine((request, context) => {
    for (const { path, message } of exportProblems(request)) {
      context.addIssue({ code: 'custom', path: path.split('.'), message });
    }
  });
export type ExportCreateBody = z.infer<typeof exportCreateBody>;

/** What an export was made with: the request, defaults filled in. */
export const exportChoices = z.object({
  version_id: id.optional(),
  /** Of the version, to be shown. */
  version_number: z.int().optional(),
  task_type: z.enum(TASK_TYPES).optional(),
  states: z.array(z.enum(ANNOTATION_STATES)).optional(),
  class_ids: z.array(id).optional(),
  splits: z.array(z.enum(SPLITS)).optional(),
  split_shares: splitShares.optional(),
  images: z.enum(EXPORT_IMAGES).optional(),
  include_images: z.boolean().optional(),
  options: z.record(z.string(), optionValue).optional(),
});
export type ExportChoices = z.infer<typeof exportChoices>;

const finding = z.object({ code: z.string(), reason: z.string(), count: z.int(), examples: z.array(id) });

/** What the rule checker of the format says of the files as they were written. */
export const exportCheck = z.object({
  /** skipped: the files are larger than what is checked while exporting. */
  status: z.enum(['passed', 'failed', 'skipped']),
  /** All of them; `issues` names the first. */
  count: z.int(),
  issues: z.array(
    z.object({
      severity: z.enum(['error', 'warning']),
      code: z.string(),
      file: z.string(),
      line: z.int().optional(),
      path: z.string().optional(),
      message: z.string(),
    }),
  ),
});

/** A remark as the report has it, and what it is made of. */
const exportNote = z.object({
  code: z.string().optional(),
  text: z.string(),
  values: z.record(z.string(), z.string()).optional(),
  about: z.object({ what: z.enum(['image', 'annotation']), count: z.int(), examples: z.array(id) }).optional(),
});
export type ExportNote = z.infer<typeof exportNote>;

/** What an export holds, and everything it could not hold or had to convert. */
export const exportReport = z.object({
  format: z.string(),
  counts: z.object({
    images: z.int(),
    annotations: z.int(),
    by_class: z.array(z.object({ class_id: id, name: z.string(), annotations: z.int() })),
  }),
  dropped: z.array(finding),
  converted: z.array(finding),
  notes: z.array(z.string()),
  /** The notes once more, for who says them in other words; absent in reports from before. */
  noted: z.array(exportNote).optional(),
  /** Absent when only the annotations were asked for. */
  pictures: z
    .object({
      count: z.int(),
      size_bytes: z.int(),
      /** Images whose picture the storage does not have, or has in another state than the export; the first ones. */
      missing: z.object({ count: z.int(), examples: z.array(id) }),
      changed: z.object({ count: z.int(), examples: z.array(id) }),
    })
    .optional(),
  check: exportCheck.optional(),
});
export type ExportReport = z.infer<typeof exportReport>;

export const exportJob = z.object({
  id,
  project_id: id,
  format: z.enum(EXPORT_FORMATS),
  options: exportChoices,
  status: z.enum(EXPORT_STATUSES),
  /** 0 to 1 */
  progress: z.number(),
  key: z.string().nullable(),
  /** Presigned anew in each answer; null until completed, and after the file expired. */
  download_url: z.string().nullable(),
  size_bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  report: exportReport.nullable(),
  error: jobError.nullable(),
  created_by: z.string(),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
  /** When the file is removed; null keeps it. */
  expires_at: timestamp.nullable(),
});
export type ExportJob = z.infer<typeof exportJob>;

export const exportListQuery = pageQuery.extend({
  project_id: z.coerce.number<string | number>().pipe(z.int().positive()),
});
export const exportPage = pageOf(exportJob);

/** What becomes of a kind of shape. */
export const EXPORT_FATES = ['exact', 'converted', 'dropped'] as const;
/** What only some shapes of a kind have, and a format may mind. */
export const EXPORT_CONDITIONS = [
  'parts',
  'holes',
  'attributes',
  'fractions',
  'outside',
  'flat',
  'not_turned',
  'question',
  'fewer_points',
  'more_points',
  'unnamed_points',
  'others',
  'other_task',
] as const;
export type ExportCondition = (typeof EXPORT_CONDITIONS)[number];

/** What an export would hold, before it is made. */
export const exportPreview = z.object({
  /** False: more annotations than were looked at; counts are lower bounds. */
  complete: z.boolean(),
  images: z.int(),
  annotations: z.int(),
  /** Of the dataset that the asked-for splits make up, about; counts are of all splits. */
  split_share: z.number(),
  /** Images that somebody put into a split; shares are for the others. */
  chosen_splits: z.partialRecord(z.enum(SPLITS), z.int()),
  by_kind: z.array(
    z.object({
      annotation_type: z.enum(GEOMETRY_TYPES),
      annotations: z.int(),
      fate: z.enum(EXPORT_FATES),
      /** Why it is not exact. `when`: only shapes that have this. */
      findings: z.array(
        z.object({
          fate: z.enum(['converted', 'dropped']),
          code: z.string(),
          reason: z.string(),
          when: z.enum(EXPORT_CONDITIONS).optional(),
        }),
      ),
    }),
  ),
  by_class: z.array(z.object({ class_id: id, name: z.string(), annotations: z.int() })),
  /** Of the pictures, when they are included. */
  size_bytes: z.int(),
  file_name: z.string(),
});
export type ExportPreview = z.infer<typeof exportPreview>;
