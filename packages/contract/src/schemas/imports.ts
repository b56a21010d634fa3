import { SPLITS, TASK_TYPES } from '@labelyard/domain';
import { z } from 'zod';
import { importFormat } from './export-formats.js';
import { id, idParam, jobError, pageOf, pageQuery, timestamp } from './primitives.js';

export const IMPORT_STATUSES = [
  'checking',
  'ready',
  'applying',
  'completed',
  'failed',
  'cancelled',
  'undoing',
  'undone',
] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** What becomes of labels that the images have already. */
export const IMPORT_EXISTING = ['keep', 'replace', 'skip'] as const;
export type ImportExisting = (typeof IMPORT_EXISTING)[number];
/** `as_in_file`: state, people and times as the file says, where the format knows them. */
export const IMPORT_STATES = ['draft', 'confirmed', 'as_in_file'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];
/** What becomes of the splits that files put images into: for images that have none, for all, or nothing. */
export const IMPORT_SPLITS = ['fill', 'replace', 'ignore'] as const;
export type ImportSplits = (typeof IMPORT_SPLITS)[number];
export const PICTURE_FATES = ['new', 'matched_by_name', 'matched_by_hash', 'rejected'] as const;
export type PictureFate = (typeof PICTURE_FATES)[number];

/** A class of the files, and the class of the project it becomes: one that exists, a new one, or none. */
export const importMapping = z.strictObject({
  task_type: z.enum(TASK_TYPES),
  name: z.string().min(1).max(200),
  to: z.union([
    z.strictObject({ class_id: id }),
    z.strictObject({ create: z.literal(true) }),
    z.strictObject({ skip: z.literal(true) }),
  ]),
});
export type ImportMapping = z.infer<typeof importMapping>;

export const importChoices = z.strictObject({
  /** For classes that `classes` does not name and the project does not have. */
  on_unknown_class: z.enum(['create', 'skip']).default('create'),
  classes: z.array(importMapping).max(10_000).default([]),
  /** Classes that the files describe and no annotation has are made as well: their numbers are those of a trained model. */
  unlabeled_classes: z.boolean().default(true),
  existing: z.enum(IMPORT_EXISTING).default('keep'),
  state: z.enum(IMPORT_STATES).default('draft'),
  splits: z.enum(IMPORT_SPLITS).default('fill'),
  /** Pictures of the archive that the dataset does not have become images. */
  new_images: z.boolean().default(true),
});
export type ImportChoices = z.infer<typeof importChoices>;

export const importCreateBody = importChoices.extend({
  project_id: id,
  format: importFormat,
  /** An upload announced with `purpose: "import"` and completed. */
  upload_id: id.optional(),
  /** Or a completed export of this project, by its key. */
  key: z.string().min(1).max(1_024).optional(),
  /** Look only; `POST /imports/{id}/start` imports. */
  dry_run: z.boolean().default(true),
});

export const importClass = z.object({
  task_type: z.enum(TASK_TYPES),
  name: z.string(),
  annotations: z.int(),
  by_type: z.record(z.string(), z.int()),
  /** The project's class of this name. */
  class_id: id.nullable(),
  keypoints: z.array(z.string()),
});
export type ImportClass = z.infer<typeof importClass>;

/** What lies in the files and what an import of them would do. */
export const importReport = z.object({
  format: z.string(),
  /** Why it is read as this format. */
  reason: z.string(),
  /** The same, without words: one file, all files together, or somebody's choice. Reports from before this was kept have none. */
  recognised_by: z.object({ by: z.enum(['file', 'files', 'choice']), file: z.string().optional() }).optional(),
  files: z.int(),
  bytes: z.int(),
  images: z.object({
    /** Described in the files and found in the dataset. */
    matched_by_path: z.int(),
    matched_by_name: z.int(),
    matched_by_hash: z.int(),
    new: z.int(),
    /** Described, and neither in the dataset nor in the archive. */
    missing: z.int(),
    /** Pictures that cannot become images. */
    rejected: z.int(),
    /** With labels in the files. */
    labeled: z.int(),
    /** Of these, with labels in the project already. */
    labeled_before: z.int(),
    /** By the split that the files put them into. Reports from before splits were kept have none. */
    by_split: z.partialRecord(z.enum(SPLITS), z.int()).optional(),
  }),
  annotations: z.int(),
  by_type: z.record(z.string(), z.int()),
  classes: z.array(importClass),
  issue_counts: z.array(z.object({ code: z.string(), severity: z.enum(['error', 'warning']), count: z.int() })),
});
export type ImportReport = z.infer<typeof importReport>;

const dropped = z.array(z.object({ code: z.string(), count: z.int() }));

export const undoSummary = z.object({
  unchanged: z.int(),
  changed: z.int(),
  gone: z.int(),
  restored: z.int(),
  /** Images that go back into the split they were in. */
  splits: z.int().optional(),
  images: z.int(),
  images_kept: z.int(),
  classes: z.int(),
  classes_kept: z.int(),
});
export type UndoSummary = z.infer<typeof undoSummary>;

export const importResult = z.object({
  annotations: z.int(),
  images: z.int(),
  classes: z.int(),
  replaced: z.int(),
  /** Images that were put into another split. */
  splits: z.int().optional(),
  /** Found sound and left out all the same, by the choices made and the rules of whole images. */
  dropped,
  undo: undoSummary.optional(),
});
export type ImportResult = z.infer<typeof importResult>;

export const importJob = z.object({
  id,
  project_id: id,
  source: z.object({ name: z.string(), files: z.int(), bytes: z.int(), expires_at: timestamp.nullable() }),
  format: z.string(),
  recognised: z.string().nullable(),
  choices: importChoices,
  status: z.enum(IMPORT_STATUSES),
  /** 0 to 1 */
  progress: z.number(),
  sha256: z.string().nullable(),
  report: importReport.nullable(),
  result: importResult.nullable(),
  error: jobError.nullable(),
  created_by: z.string(),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
  undone_by: z.string().nullable(),
  undone_at: timestamp.nullable(),
});
export type ImportJob = z.infer<typeof importJob>;

export const importListQuery = pageQuery.extend({ project_id: idParam });
export const importPage = pageOf(importJob);

export const importIssue = z.object({
  n: z.int(),
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  file: z.string(),
  line: z.int().nullable(),
  path: z.string().nullable(),
  message: z.string(),
});
export type ImportIssueItem = z.infer<typeof importIssue>;
export const importIssueQuery = pageQuery.extend({
  code: z.string().max(60).optional(),
  severity: z.enum(['error', 'warning']).optional(),
});
export const importIssuePage = pageOf(importIssue);

export const importPicture = z.object({
  n: z.int(),
  file: z.string(),
  path: z.string(),
  fate: z.enum(PICTURE_FATES),
  image_id: id.nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  size_bytes: z.int().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
});
export type ImportPicture = z.infer<typeof importPicture>;
export const importPictureQuery = pageQuery.extend({ fate: z.enum(PICTURE_FATES).optional() });
export const importPicturePage = pageOf(importPicture);

export const changedSince = z.object({
  annotation_id: id,
  image_id: id,
  path: z.string(),
  version: z.int(),
  updated_by: z.string(),
  updated_at: timestamp,
});
export const changedSincePage = pageOf(changedSince);

export const importUndoBody = z
  .strictObject({
    /** Also what somebody changed since. */
    remove_changed: z.boolean().default(false),
  })
  .default({ remove_changed: false });
