import { checkNewAnnotation, type AnnotationHead, type ImageContents, type LabelingRules } from './annotation-rules.js';
import type { Annotation } from './annotation.js';
import type { Geometry } from './geometry/geometry.js';

/** What bringing an annotation back does to it. Its content comes back, not its state: whoever said "done" said it of something else. */
export const RESTORE_KINDS = ['create', 'update', 'delete'] as const;
export type RestoreKind = (typeof RESTORE_KINDS)[number];

/** Why an annotation stays as it is. */
export const RESTORE_OBSTACLES = [
  /** The image is gone. */
  'image_gone',
  /** The project is not labeled for its task type any more. */
  'task_type_gone',
  /** Its class is gone, or belongs to another task type now. */
  'class_gone',
  /** A reviewer verified it, and the one who asks is none. */
  'verified',
  /** Somebody else worked on it since. */
  'edited_later',
  /** Somebody works on the image at this moment. */
  'locked',
  /** The image is smaller now, or the class has other keypoints. */
  'does_not_fit',
  /** It excludes, or is excluded by, what the image holds now ("no object", a class assigned twice). */
  'excluded',
] as const;
export type RestoreObstacle = (typeof RESTORE_OBSTACLES)[number];

/** One annotation that is not as it was. */
export interface RestoreCandidate {
  readonly kind: RestoreKind;
  /** As it was; null when it was not there. */
  readonly past: Annotation | null;
  /** What is there now; null when nothing is. */
  readonly now: AnnotationHead | null;
  /** Found while reading it. */
  readonly obstacle: RestoreObstacle | null;
}

export type RestoreDecision =
  { readonly obstacle: RestoreObstacle } | { readonly obstacle: null; readonly geometry: Geometry | null };

/**
 * Decides the candidates of one image, answering in their order. What goes away is taken away first, so that it is not in the way of what
 * comes back. Changes `contents` as the restore will.
 */
export function decideRestore(
  candidates: readonly RestoreCandidate[],
  rules: LabelingRules,
  contents: ImageContents,
): RestoreDecision[] {
  const decisions = new Array<RestoreDecision>(candidates.length);
  const inTurn = (...kinds: RestoreKind[]) => {
    candidates.forEach((candidate, n) => {
      if (kinds.includes(candidate.kind)) decisions[n] = decide(candidate, rules, contents);
    });
  };
  inTurn('delete');
  inTurn('update');
  inTurn('create');
  return decisions;
}

function decide(
  { kind, past, now, obstacle }: RestoreCandidate,
  rules: LabelingRules,
  contents: ImageContents,
): RestoreDecision {
  if (obstacle) return { obstacle };
  if (kind === 'delete') {
    if (now) contents.remove(now);
    return { obstacle: null, geometry: null };
  }
  const check = past && checkNewAnnotation(past, rules);
  if (!check?.ok) return { obstacle: 'does_not_fit' };
  const issue = now ? contents.change(now, check.head) : contents.add(check.head);
  return issue ? { obstacle: 'excluded' } : { obstacle: null, geometry: check.geometry };
}
