import type { Operation, OperationResult } from '@labelyard/contract';
import { sameUserFields, type Shape, type ShapeId } from '@labelyard/editor';

/** Why an entry is not sent until the person decides or edits again. */
export type Problem =
  /** Somebody else changed the annotation first; `current` is how the server holds it. */
  | { readonly kind: 'conflict'; readonly current: Shape }
  /** Somebody else deleted the annotation. */
  | { readonly kind: 'deleted' }
  /** The server refuses the shape as it is. */
  | { readonly kind: 'rejected'; readonly messages: readonly string[] }
  /** The image is gone, or the person may not edit it any more. `unanswered` may have been carried out before that. */
  | { readonly kind: 'refused'; readonly messages: readonly string[]; readonly unanswered?: SentOperation | null };

/** One operation that left for the server. Until its answer is in, it is sent again as it is: the server applies it once. */
export interface SentOperation {
  readonly operation: Operation;
  /** The shape the operation stores; for a delete, the one it deletes. */
  readonly shape: Shape;
}

/** One shape whose wanted state differs from what the server is known to hold, or may do so. Plain data for the journal. */
export interface Entry {
  readonly shape_id: ShapeId;
  /** What the server is known to hold; null: nothing. */
  readonly base: Shape | null;
  /** What the person wants; null: deleted. */
  readonly wanted: Shape | null;
  readonly sent: SentOperation | null;
  readonly problem: Problem | null;
}

/** Whether nothing is left to do for the entry. While a decision is open, `base` is not what the server holds. */
export function isSettled({ base, wanted, sent, problem }: Entry): boolean {
  if (sent || problem?.kind === 'conflict' || problem?.kind === 'deleted') return false;
  if (base && wanted) return sameUserFields(base, wanted);
  return base === wanted;
}

/** The entry after the person made the shape `wanted`. An edit answers a refusal; a conflict stays until decided or done away with. */
export function edited(entry: Entry, wanted: Shape | null): Entry {
  const { problem } = entry;
  if (problem?.kind === 'rejected') return { ...entry, wanted, problem: null };
  if (problem?.kind === 'deleted' && !wanted) return { ...entry, base: null, wanted, problem: null };
  if (problem?.kind === 'conflict' && wanted && sameUserFields(wanted, problem.current))
    return { ...entry, base: problem.current, wanted, problem: null };
  return { ...entry, wanted };
}

/** The operation that brings the server from `base` to `wanted`; null when there is nothing to send now. */
export function nextOperation(entry: Entry, op_id: string): SentOperation | null {
  const { base, wanted, sent, problem } = entry;
  if (sent || problem || isSettled(entry)) return null;
  if (!wanted) {
    if (!base || base.annotation_id === null) return null;
    return {
      shape: base,
      operation: { op: 'delete', op_id, annotation_id: base.annotation_id, version: base.version },
    };
  }
  const { task_type, class_id, geometry, attributes, source } = wanted;
  if (!base || base.annotation_id === null) {
    const operation: Operation = {
      op: 'create',
      op_id,
      task_type,
      class_id,
      geometry,
      attributes: toWire(attributes),
      source,
    };
    return { shape: wanted, operation };
  }
  return {
    shape: wanted,
    operation: {
      op: 'update',
      op_id,
      annotation_id: base.annotation_id,
      version: base.version,
      ...(class_id !== base.class_id && { class_id }),
      ...(geometry !== base.geometry && { geometry }),
      ...(attributes !== base.attributes && { attributes: toWire(attributes) }),
    },
  };
}

/** The entry after the server's word on what was sent. `row` is the answer's annotation as a shape of this id. */
export function answered(entry: Entry, result: OperationResult, row: Shape | null): Entry {
  const settled = { ...entry, sent: null };
  switch (result.status) {
    case 'applied':
      return { ...settled, base: row };
    case 'conflict':
      if (!row) return deletedElsewhere(settled);
      if (settled.wanted && sameUserFields(settled.wanted, row)) return { ...settled, base: row };
      if (isUntouched(settled.base, row)) return { ...settled, base: row };
      return { ...settled, problem: { kind: 'conflict', current: row } };
    case 'not_found':
      return deletedElsewhere(settled);
    case 'rejected':
      return {
        ...settled,
        problem: { kind: 'rejected', messages: (result.issues ?? []).map((issue) => issue.message) },
      };
  }
}

/** Whether only the version moved on, as when an image is confirmed while somebody edits. A reviewer's verdict is more than that. */
function isUntouched(base: Shape | null, row: Shape): boolean {
  return base !== null && sameUserFields(base, row) && (row.state !== 'verified' || base.state === 'verified');
}

function deletedElsewhere(entry: Entry): Entry {
  return entry.wanted ? { ...entry, problem: { kind: 'deleted' } } : { ...entry, base: null };
}

/** The person's own version wins: it is sent again, based on what the server holds now. */
export function keptMine(entry: Entry): Entry {
  const { problem } = entry;
  if (problem?.kind === 'conflict') return { ...entry, base: problem.current, problem: null };
  if (problem?.kind === 'deleted') return { ...entry, base: null, problem: null };
  // Under its own id, so that it is done once.
  if (problem?.kind === 'refused') return { ...entry, sent: problem.unanswered ?? null, problem: null };
  return { ...entry, problem: null };
}

/** The server's version wins. Nothing is left to send. */
export function tookTheirs(entry: Entry): Entry {
  const { problem, base } = entry;
  const theirs = problem?.kind === 'conflict' ? problem.current : problem?.kind === 'deleted' ? null : base;
  return { ...entry, base: theirs, wanted: theirs, problem: null };
}

function toWire(attributes: Shape['attributes']): Record<string, string | number | boolean | string[] | null> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? [...value] : value,
    ]),
  );
}
