import type { Annotation } from './annotation.js';

/** Fields whose change people are told about. Who and when stand beside it. */
export const TOLD_FIELDS = ['geometry', 'class_id', 'attributes', 'confidence', 'state', 'source'] as const;
export type ToldField = (typeof TOLD_FIELDS)[number];

export interface FieldChange {
  readonly field: ToldField;
  /** Absent for geometries, which are shown and not told; and before the first version. */
  readonly from?: unknown;
  readonly to?: unknown;
}

/** What differs between two versions of an annotation. */
export function annotationDifference(before: Annotation | null, after: Annotation | null): FieldChange[] {
  if (!before || !after) return [];
  return TOLD_FIELDS.flatMap((field) => {
    if (sameJson(before[field], after[field])) return [];
    return [field === 'geometry' ? { field } : { field, from: before[field], to: after[field] }];
  });
}

/** Whether both are the same JSON, whatever the order of keys. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}
