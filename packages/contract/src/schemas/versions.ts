import {
  ANNOTATION_STATES,
  GEOMETRY_TYPES,
  SPLITS,
  TASK_TYPES,
  VERSION_PROBLEMS,
  VERSION_STATUSES,
} from '@labelyard/domain';
import { z } from 'zod';
import { annotation } from './annotations.js';
import { labelClass } from './classes.js';
import { image } from './images.js';
import { userSummary } from './people.js';
import { flag, id, idParam, jobError, pageOf, text, timestamp } from './primitives.js';

const share = z.int().min(0).max(1_000_000);
/** Parts of the images for training, validation and test, in any unit. An image that was put into no split takes one by its path alone. */
export const versionShares = z.strictObject({ train: share, val: share, test: share });

export const versionProblem = z.object({
  code: z.enum(VERSION_PROBLEMS),
  severity: z.enum(['error', 'warning']),
  count: z.int(),
});
export type VersionProblem = z.infer<typeof versionProblem>;

export const versionCheckQuery = z.object({ include_drafts: flag.optional() });
export const versionCheck = z.object({
  /** Errors first; any of them refuses publishing. */
  problems: z.array(versionProblem),
  images: z.int(),
  /** Annotations that the version would hold. */
  annotations: z.int(),
  /** As they were last chosen. */
  shares: versionShares,
});
export type VersionCheck = z.infer<typeof versionCheck>;

export const versionPublishBody = z.strictObject({
  note: text(0, 2_000).optional(),
  include_drafts: z.boolean().optional(),
  shares: versionShares.optional(),
});

export const versionManifest = z.object({
  format: z.string(),
  format_version: z.string(),
  counts: z.object({
    images: z.int(),
    annotations: z.int(),
    by_class: z.array(z.object({ class_id: id, name: z.string(), annotations: z.int() })),
    by_kind: z.partialRecord(z.enum(GEOMETRY_TYPES), z.int()),
    by_state: z.partialRecord(z.enum(ANNOTATION_STATES), z.int()),
    by_split: z.partialRecord(z.enum(SPLITS), z.int()),
  }),
});

/** A class as it was when the version was published. */
export const versionClass = labelClass.pick({
  id: true,
  task_type: true,
  name: true,
  color: true,
  keypoints: true,
  skeleton: true,
});
export const versionClassList = z.object({ items: z.array(versionClass) });
export type VersionClass = z.infer<typeof versionClass>;

export const version = z.object({
  id,
  project_id: id,
  number: z.int().positive(),
  status: z.enum(VERSION_STATUSES),
  is_latest: z.boolean(),
  note: z.string(),
  options: z.object({ include_drafts: z.boolean(), shares: versionShares }),
  task_types: z.array(z.enum(TASK_TYPES)).nullable(),
  progress: z.number(),
  manifest: versionManifest.nullable(),
  size_bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  /** Of a published version; works for an hour. */
  download_url: z.string().nullable(),
  error: jobError.nullable(),
  created_by: z.string(),
  user: userSummary.nullable(),
  created_at: timestamp,
  /** The moment whose state it holds. */
  frozen_at: timestamp.nullable(),
  published_at: timestamp.nullable(),
  deleted_at: timestamp.nullable(),
});
export type Version = z.infer<typeof version>;
export const versionPage = pageOf(version);

const counts = {
  added: z.int(),
  removed: z.int(),
  changed: z.int(),
  /** Of the changed ones; one can be several. */
  geometry: z.int(),
  class: z.int(),
  attributes: z.int(),
};
/** `working` is what the project is now, narrowed as the version is. */
export const diffParams = z.object({ version_id: idParam, other: z.union([z.literal('working'), idParam]) });
export const versionDiff = z.object({
  images: z.int(),
  total: z.object(counts),
  by_class: z.array(z.object({ class_id: id.nullable(), annotation_type: z.enum(GEOMETRY_TYPES), ...counts })),
});
export type VersionDiff = z.infer<typeof versionDiff>;
export const diffImage = z.object({ image_id: id, path: z.string(), ...counts });
export type DiffImage = z.infer<typeof diffImage>;
/** A page can hold fewer than asked for and go on: images that were only confirmed differ in nothing that is shown. */
export const diffImagePage = pageOf(diffImage);
export const imageDiff = z.object({
  /** Null when the image is gone. */
  image: image.nullable(),
  items: z.array(z.object({ before: annotation.nullable(), after: annotation.nullable() })),
});
export type ImageDiff = z.infer<typeof imageDiff>;
