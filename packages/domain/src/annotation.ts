import type { Geometry, GeometryType } from './geometry/geometry.js';
import type { TaskType } from './task-types.js';

/** draft → confirmed → verified. Any edit brings an annotation back to draft. */
export const ANNOTATION_STATES = ['draft', 'confirmed', 'verified'] as const;
export type AnnotationState = (typeof ANNOTATION_STATES)[number];

/** Where an annotation came from. */
export const ANNOTATION_SOURCES = ['manual', 'import', 'model', 'platform'] as const;
export type AnnotationSource = (typeof ANNOTATION_SOURCES)[number];

/** What history records about an annotation. */
export const HISTORY_ACTIONS = [
  'create',
  'update',
  'delete',
  'confirm',
  'unconfirm',
  'verify',
  'reject',
  'restore',
] as const;
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];

/** An annotation as stored and sent. Times are ISO 8601 UTC. `attributes` is a flat map a project is free to fill. */
export interface Annotation {
  readonly id: number;
  readonly project_id: number;
  readonly image_id: number;
  readonly task_type: TaskType;
  readonly annotation_type: GeometryType;
  readonly class_id: number | null;
  readonly geometry: Geometry;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly confidence: number | null;
  readonly source: AnnotationSource;
  readonly state: AnnotationState;
  readonly version: number;
  readonly created_by: string;
  readonly updated_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly confirmed_by: string | null;
  readonly confirmed_at: string | null;
}

export type AttributeValue = string | number | boolean | null | readonly string[];

/** The state an edit leaves behind, whatever it was before: work that changed must be looked at again. */
export const STATE_AFTER_EDIT: AnnotationState = 'draft';
