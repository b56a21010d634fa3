import type { SplitShares } from './split-rules.js';

export const VERSION_STATUSES = ['queued', 'building', 'published', 'failed', 'deleted'] as const;
export type VersionStatus = (typeof VERSION_STATUSES)[number];

/** What a project holds, as far as publishing depends on it. */
export interface VersionCounts {
  readonly images: number;
  readonly drafts: number;
  readonly confirmed: number;
  readonly verified: number;
  readonly rejected: number;
  /** Images of which nobody said that they are done, in any task type. */
  readonly unfinished_images: number;
  /** A version is being made at this moment. */
  readonly under_way: boolean;
  /** Changes since the latest version; null when there is none. */
  readonly changes_since: number | null;
}

export const VERSION_PROBLEMS = [
  'under_way',
  'nothing_to_publish',
  'rejected_included',
  'bad_shares',
  'drafts_left_out',
  'rejected_left_out',
  'images_unfinished',
  'not_reviewed',
  'nothing_changed',
] as const;
export type VersionProblemCode = (typeof VERSION_PROBLEMS)[number];

export interface VersionProblem {
  readonly code: VersionProblemCode;
  /** An error refuses publishing; a warning is for the person to weigh. */
  readonly severity: 'error' | 'warning';
  readonly count: number;
}

/** What stands against publishing, errors first. Nothing is left out of a version without being named here. */
export function checkVersion(
  counts: VersionCounts,
  { include_drafts, shares }: { readonly include_drafts: boolean; readonly shares: SplitShares },
): VersionProblem[] {
  const { images, drafts, confirmed, verified, rejected, unfinished_images, under_way, changes_since } = counts;
  const included = confirmed + verified + (include_drafts ? drafts : 0);
  const problems: VersionProblem[] = [];
  const add = (severity: VersionProblem['severity'], code: VersionProblemCode, count: number, when = count > 0) => {
    if (when) problems.push({ code, severity, count });
  };
  add('error', 'under_way', 1, under_way);
  add('error', 'nothing_to_publish', images, images === 0 || included === 0);
  add('error', 'rejected_included', rejected, include_drafts && rejected > 0);
  add('error', 'bad_shares', 1, shares.train + shares.val + shares.test <= 0);
  add('warning', 'drafts_left_out', include_drafts ? 0 : drafts);
  add('warning', 'rejected_left_out', include_drafts ? 0 : rejected);
  add('warning', 'images_unfinished', unfinished_images);
  add('warning', 'not_reviewed', included - verified);
  add('warning', 'nothing_changed', 1, changes_since === 0);
  return problems;
}
