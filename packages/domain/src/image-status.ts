/** Status of one image for one task type. Derived, never set by hand. */
export const IMAGE_STATUSES = ['not_started', 'in_progress', 'completed', 'reviewed', 'rejected'] as const;
export type ImageStatus = (typeof IMAGE_STATUSES)[number];

/** What an image's status is derived from, per task type. */
export interface ImageProgress {
  readonly annotation_count: number;
  readonly verified_count: number;
  /** Annotations a reviewer rejected and nobody has confirmed again. */
  readonly rejected_count: number;
  /** The person said "done" and nothing was edited since. */
  readonly confirmed: boolean;
  /** A reviewer rejected the image as a whole (something is missing), and nobody has confirmed it again. */
  readonly image_rejected: boolean;
  /** A reviewer accepted the image as a whole: what makes one without annotations reviewed. */
  readonly image_reviewed: boolean;
}

/**
 * The one rule for an image's status. The database repeats it as a generated column of `image_statuses`;
 * a test compares both over every combination.
 */
export function imageStatus({
  annotation_count,
  verified_count,
  rejected_count,
  confirmed,
  image_rejected,
  image_reviewed,
}: ImageProgress): ImageStatus {
  if (rejected_count > 0 || image_rejected) return 'rejected';
  if (confirmed) {
    const judged = annotation_count > 0 || image_reviewed;
    return judged && verified_count === annotation_count ? 'reviewed' : 'completed';
  }
  return annotation_count > 0 ? 'in_progress' : 'not_started';
}

/**
 * An image's status over all of its project's task types: the furthest that every one of them has reached, except that one rejection
 * rejects the image. The database keeps it in `image_metadata.status`; a test compares both.
 */
export function overallStatus(statuses: readonly ImageStatus[]): ImageStatus {
  const all = (...wanted: ImageStatus[]) => statuses.every((status) => wanted.includes(status));
  if (statuses.includes('rejected')) return 'rejected';
  if (all('not_started')) return 'not_started';
  if (all('reviewed')) return 'reviewed';
  return all('completed', 'reviewed') ? 'completed' : 'in_progress';
}
