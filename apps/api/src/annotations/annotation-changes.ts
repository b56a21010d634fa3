import type { Operation } from '@labelyard/contract';
import type { AnnotationOperation, ImageScope, LabelerTransaction, StoredGeometry } from '@labelyard/db';
import {
  canonicalGeometryJson,
  decideBatch,
  geometryArea,
  geometryBounds,
  type BatchAuthor,
  type BatchDecision,
  type Geometry,
} from '@labelyard/domain';

/** An operation of the wire, or a single request without an `op_id`. */
export type Change = WithoutId<Operation> & { readonly op_id: string | null };
type WithoutId<T> = T extends unknown ? Omit<T, 'op_id'> : never;

export interface ChangeResult {
  readonly status: 'applied' | 'conflict' | 'not_found' | 'rejected';
  /** One entry of `results` as JSON text. */
  readonly json: string;
}

/**
 * Decides and applies changes of one image: each is applied, or answered with why not, and the others are applied all the
 * same. Answers in the order given. `is_last`: nothing else follows in the transaction. Throws not_found when the image is gone.
 */
export async function applyChanges(
  tx: LabelerTransaction,
  scope: ImageScope,
  changes: readonly Change[],
  author: BatchAuthor,
  { is_last = false }: { readonly is_last?: boolean } = {},
): Promise<ChangeResult[]> {
  const context = await tx.annotations.lockForChanges(scope, changes);
  const decisions = decideBatch(changes, context, author);
  const accepted: AnnotationOperation[] = [];
  changes.forEach((change, n) => {
    const decision = decisions[n] as BatchDecision;
    if (decision.verdict !== 'reject') accepted.push(toStored(change, decision));
  });
  const outcomes =
    accepted.length > 0
      ? await tx.annotations.applyToLocked(scope, accepted, { applied: context.applied, is_last })
      : [];
  let next = 0;
  return changes.map((change, n) => {
    const decision = decisions[n] as BatchDecision;
    return decision.verdict === 'reject'
      ? { status: 'rejected', json: rejected(change.op_id, decision.issues) }
      : (outcomes[next++] as ChangeResult);
  });
}

function rejected(op_id: string | null, issues: unknown): string {
  return JSON.stringify({ op_id, status: 'rejected', annotation: null, issues });
}

/** Stands in for a create whose answer is already known by its op_id: the store looks at nothing else of it. */
const NOTHING: Geometry = { type: 'no_object' };

function toStored(change: Change, decision: Exclude<BatchDecision, { verdict: 'reject' }>): AnnotationOperation {
  const geometry = decision.verdict === 'apply' ? decision.geometry : null;
  switch (change.op) {
    case 'create': {
      const { op, op_id, task_type, class_id = null, attributes, confidence, source } = change;
      return { op, op_id, task_type, class_id, attributes, confidence, source, ...measured(geometry ?? NOTHING) };
    }
    case 'update': {
      const { op, op_id, annotation_id, version, class_id, attributes, confidence } = change;
      const shape = geometry ? measured(geometry) : undefined;
      return { op, op_id, annotation_id, version, class_id, attributes, confidence, shape };
    }
    case 'delete': {
      const { op, op_id, annotation_id, version } = change;
      return { op, op_id, annotation_id, version };
    }
  }
}

/** A checked geometry as it is stored. */
export function measured(geometry: Geometry): StoredGeometry {
  return {
    annotation_type: geometry.type,
    geometry: canonicalGeometryJson(geometry),
    bbox: geometryBounds(geometry),
    area: geometryArea(geometry),
  };
}
