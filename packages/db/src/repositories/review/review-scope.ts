import type { ReviewDecision, TaskType } from '@labelyard/domain';

/** Who reviews what, and how. */
export interface ReviewScope {
  readonly project_id: number;
  readonly user_id: string;
  readonly decision: ReviewDecision;
}

/** An image of the queue, for one task type. */
export interface ReviewedImage {
  readonly image_id: number;
  readonly task_type: TaskType;
  /** When it was said to be done, as the reviewer saw it: what was changed since is not judged unseen. */
  readonly confirmed_at?: string | undefined;
}

export interface ReviewedAnnotation {
  readonly annotation_id: number;
  readonly version: number;
}

/** Why something of a review was left as it is. */
export type ReviewProblem =
  /** It is gone, or belongs to another project. */
  | 'not_found'
  /** Changed since the reviewer looked. */
  | 'version_conflict'
  /** Nobody said that it is done (any more), or it was judged already. */
  | 'not_waiting';

export interface ReviewOutcome {
  readonly image_id: number;
  readonly task_type: TaskType;
  readonly annotation_id: number | null;
  readonly problem: ReviewProblem | null;
  /** Whose work it is, or is again. */
  readonly annotator_id: string | null;
  readonly task_id: number | null;
  /** Annotations that changed their state. */
  readonly changed: number;
  /** Where the annotation lies. */
  readonly at: readonly [number, number] | null;
  /** The annotation after the decision, or as it is instead. */
  readonly annotation_json: string | null;
}

/** Everything judged at once: history, state, and one lock per image in the order of their ids. */
export const LOCK_IMAGES = `select i.id from image_metadata i
  where i.id = any ($1::bigint[]) and exists (
    select from annotation_projects p where p.id = $2 and p.dataset_id = i.dataset_id)
  order by i.id for no key update of i`;
