import type { Evidence, EvidenceKind } from './evidence.js';

/** What the deployment guide calls done, and what proves it. */
export interface Criterion {
  readonly number: number;
  readonly says: string;
  /** Kinds of evidence that prove it; all of them are needed. Empty: yard has no proof for it yet. */
  readonly needs: readonly EvidenceKind[];
  /** What to run when it is missing. */
  readonly next: string;
}

/** The guide's success criteria, in its order. */
export const CRITERIA: readonly Criterion[] = [
  { number: 1, says: 'Connection to the User DB works', needs: ['doctor'], next: 'yard doctor --env <target>' },
  { number: 2, says: 'Labeler DB has moved', needs: ['cutover', 'db verify'], next: 'yard cutover verify <plan>' },
  {
    number: 3,
    says: 'All objects are in the new storage',
    needs: ['cutover', 'storage check'],
    next: 'yard cutover verify <plan>',
  },
  { number: 4, says: 'API is deployed and healthy', needs: [], next: 'call /health/ready of the deployed API' },
  { number: 5, says: 'Web is deployed and reachable', needs: [], next: 'open the deployed web' },
  { number: 6, says: 'Every endpoint answers, p95 below 200 ms', needs: [], next: 'measure the deployed API' },
  {
    number: 7,
    says: 'Nothing was lost',
    needs: ['cutover', 'db verify', 'storage check'],
    next: 'yard cutover verify <plan>',
  },
  { number: 8, says: 'No downtime, or less than five minutes', needs: ['cutover'], next: 'yard cutover apply <plan>' },
  { number: 9, says: 'Performance within the targets', needs: [], next: 'measure before and after the move' },
  { number: 10, says: 'All workflows were tried', needs: ['rehearsal'], next: 'yard rehearse' },
];

export type Standing = 'proven' | 'failed' | 'not proven';

export interface JudgedCriterion extends Criterion {
  readonly standing: Standing;
  /** The newest evidence of each kind it needs, as far as there is any. */
  readonly evidence: readonly Evidence[];
}

/** Missing evidence is "not proven", never "ok"; the newest of a kind counts, and a move that was taken back proves nothing. */
export function judgeCriteria(evidence: readonly Evidence[]): JudgedCriterion[] {
  const standing = evidence.filter((item, at) => !evidence.slice(at + 1).some((later) => takesBack(later, item)));
  const newest = new Map(standing.map((item) => [item.kind, item]));
  return CRITERIA.map((criterion) => {
    const found = criterion.needs.flatMap((kind) => newest.get(kind) ?? []);
    return { ...criterion, evidence: found, standing: standingOf(criterion, found) };
  });
}

function takesBack({ kind, ok, about }: Evidence, move: Evidence): boolean {
  return kind === 'rollback' && ok && move.kind === 'cutover' && about.join() === move.about.toReversed().join();
}

function standingOf({ needs }: Criterion, found: readonly Evidence[]): Standing {
  if (found.some(({ ok }) => !ok)) return 'failed';
  return needs.length > 0 && found.length === needs.length ? 'proven' : 'not proven';
}
