import type { AnnotationState } from './annotation.js';

export const REVIEW_DECISIONS = ['verify', 'reject'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/**
 * States an annotation may be reviewed from. Only what its annotator called done is judged: a draft is work in progress, and what
 * is verified already needs no second verdict but can still be rejected.
 */
export const REVIEWED_FROM: Readonly<Record<ReviewDecision, readonly AnnotationState[]>> = {
  verify: ['confirmed'],
  reject: ['confirmed', 'verified'],
};

/** What is left behind. */
export const STATE_AFTER_REVIEW: Readonly<Record<ReviewDecision, AnnotationState>> = {
  verify: 'verified',
  reject: 'draft',
};
