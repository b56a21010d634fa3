import { ANNOTATION_SOURCES, ANNOTATION_STATES, GEOMETRY_TYPES, TASK_TYPES, type Annotation } from '@labelyard/domain';
import { z } from 'zod';
import { geometry, geometryInput } from './geometry.js';
import { image } from './images.js';
import { id, idParam, pageOf, pageQuery, timestamp } from './primitives.js';

export const MAX_OPERATIONS = 5_000;

const attributes = z
  .record(
    z.string().min(1).max(100),
    z.union([z.string().max(4_096), z.number(), z.boolean(), z.null(), z.array(z.string().max(4_096)).max(100)]),
  )
  .refine((map) => Object.keys(map).length <= 200, 'has more than 200 attributes');
const confidence = z.number().min(0).max(1);

/** The domain's own row, word for word. */
export const annotation: z.ZodType<Annotation> = z.object({
  id,
  project_id: id,
  image_id: id,
  task_type: z.enum(TASK_TYPES),
  annotation_type: z.enum(GEOMETRY_TYPES),
  class_id: id.nullable(),
  geometry,
  attributes,
  confidence: confidence.nullable(),
  source: z.enum(ANNOTATION_SOURCES),
  state: z.enum(ANNOTATION_STATES),
  version: z.int().positive(),
  created_by: z.string(),
  updated_by: z.string(),
  created_at: timestamp,
  updated_at: timestamp,
  confirmed_by: z.string().nullable(),
  confirmed_at: timestamp.nullable(),
});

const draftFields = {
  task_type: z.enum(TASK_TYPES),
  class_id: id.nullable().optional(),
  geometry: geometryInput,
  attributes: attributes.optional(),
  confidence: confidence.nullable().optional(),
  source: z.enum(ANNOTATION_SOURCES).optional(),
};
const changeFields = {
  class_id: id.nullable().optional(),
  geometry: geometryInput.optional(),
  attributes: attributes.optional(),
  confidence: confidence.nullable().optional(),
};

export const annotationCreateBody = z.strictObject({ project_id: id, image_id: id, ...draftFields });
export const annotationPutBody = z.strictObject({ version: z.int().positive(), ...changeFields });
export const annotationDeleteQuery = z.object({ version: z.coerce.number<string | number>().pipe(z.int().positive()) });
export const annotationStateBody = z.strictObject({ version: z.int().positive() });

export const annotationListQuery = pageQuery.extend({
  image_id: idParam.optional(),
  class_id: idParam.optional(),
  task_type: z.enum(TASK_TYPES).optional(),
  state: z.enum(ANNOTATION_STATES).optional(),
});
export const annotationPage = pageOf(annotation);

/** Everything the workbench needs to show one image, in one answer. */
export const imageAnnotations = z.object({ image, items: z.array(annotation) });

/** Chosen by the client, any UUID. */
const op_id = z.guid();
export const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('create'), op_id, ...draftFields }),
  z.strictObject({ op: z.literal('update'), op_id, annotation_id: id, version: z.int().positive(), ...changeFields }),
  z.strictObject({ op: z.literal('delete'), op_id, annotation_id: id, version: z.int().positive() }),
]);
export type Operation = z.input<typeof operation>;

export const operationsBody = z.strictObject({ operations: z.array(operation).min(1).max(MAX_OPERATIONS) });

/**
 * applied: done (now or by an earlier request with this op_id) · conflict: based on an old version, `annotation` is the current row ·
 * not_found: the annotation is gone · rejected: `issues` says why. The others of the request are applied all the same.
 */
export const operationResult = z.object({
  op_id,
  status: z.enum(['applied', 'conflict', 'not_found', 'rejected']),
  /** The row after a create or update, the current row after a conflict, null after a delete. */
  annotation: annotation.nullable(),
  issues: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
});
export type OperationResult = z.infer<typeof operationResult>;
export const operationsAnswer = z.object({ results: z.array(operationResult) });

export const imageConfirmBody = z.strictObject({ task_type: z.enum(TASK_TYPES) });
export const imageConfirmAnswer = z.object({ confirmed: z.int() });
