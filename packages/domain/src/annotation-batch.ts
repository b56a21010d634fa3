import {
  checkAnnotationChange,
  checkNewAnnotation,
  type AnnotationHead,
  type AnnotationIssue,
  type ImageContents,
  type LabelingRules,
} from './annotation-rules.js';
import { STATE_AFTER_EDIT, type AnnotationState } from './annotation.js';
import type { Geometry } from './geometry/geometry.js';
import type { TaskType } from './task-types.js';

/** The part of an operation its fate depends on. */
export type BatchOperation =
  | {
      readonly op: 'create';
      readonly op_id: string | null;
      readonly task_type: TaskType;
      readonly class_id?: number | null | undefined;
      readonly geometry: unknown;
    }
  | {
      readonly op: 'update';
      readonly op_id: string | null;
      readonly annotation_id: number;
      readonly version: number;
      readonly class_id?: number | null | undefined;
      readonly geometry?: unknown;
    }
  | {
      readonly op: 'delete';
      readonly op_id: string | null;
      readonly annotation_id: number;
      readonly version: number;
    };

/** An image as it is while nobody else can change it. */
export interface BatchContext {
  readonly rules: LabelingRules;
  readonly contents: ImageContents;
  /** The annotations that the operations name, by id, as far as they exist on this image. */
  readonly targets: ReadonlyMap<number, AnnotationHead & { readonly version: number; readonly state: AnnotationState }>;
  /** Lower-case op_ids that were applied by earlier requests. */
  readonly applied: ReadonlySet<string>;
}

/** Whose operations they are, as far as it matters here. */
export interface BatchAuthor {
  /** Whether a reviewer's verdict may be undone by editing (`annotation.edit_verified`). */
  readonly may_edit_verified: boolean;
}

/** What is verified is read-only for annotators. */
export const VERIFIED_ISSUE: AnnotationIssue = {
  path: 'annotation_id',
  code: 'verified',
  message: 'a reviewer verified it: ask a reviewer to reject it before you change it',
};

export type BatchDecision =
  /** Sound: `geometry` is ready to store, null when the operation brings none. */
  | { readonly verdict: 'apply'; readonly geometry: Geometry | null }
  /** Nothing to decide: applied before, or its annotation is gone or has another version. The store answers with what it has. */
  | { readonly verdict: 'as_stored' }
  | { readonly verdict: 'reject'; readonly issues: readonly AnnotationIssue[] };

/** Decides operations in their order, each seeing what those before it did. Changes `contents` as they will. */
export function decideBatch(
  operations: readonly BatchOperation[],
  context: BatchContext,
  { may_edit_verified }: BatchAuthor,
): BatchDecision[] {
  const { rules, contents } = context;
  const applied = new Set(context.applied);
  const targets = new Map(context.targets);

  const decide = (operation: BatchOperation): BatchDecision => {
    if (operation.op_id !== null && applied.has(operation.op_id.toLowerCase())) return { verdict: 'as_stored' };
    if (operation.op === 'create') {
      const check = checkNewAnnotation(operation, rules);
      if (!check.ok) return { verdict: 'reject', issues: check.issues };
      const issue = contents.add(check.head);
      return issue ? { verdict: 'reject', issues: [issue] } : { verdict: 'apply', geometry: check.geometry };
    }
    const { annotation_id, version } = operation;
    const target = targets.get(annotation_id);
    if (!target || target.version !== version) return { verdict: 'as_stored' };
    if (target.state === 'verified' && !may_edit_verified) return { verdict: 'reject', issues: [VERIFIED_ISSUE] };
    if (operation.op === 'delete') {
      contents.remove(target);
      targets.delete(annotation_id);
      return { verdict: 'apply', geometry: null };
    }
    const check = checkAnnotationChange(target, operation, rules);
    if (!check.ok) return { verdict: 'reject', issues: check.issues };
    const issue = contents.change(target, check.head);
    if (issue) return { verdict: 'reject', issues: [issue] };
    targets.set(annotation_id, { ...check.head, version: version + 1, state: STATE_AFTER_EDIT });
    return { verdict: 'apply', geometry: check.geometry };
  };

  return operations.map((operation) => {
    const decision = decide(operation);
    if (decision.verdict === 'apply' && operation.op_id !== null) applied.add(operation.op_id.toLowerCase());
    return decision;
  });
}
