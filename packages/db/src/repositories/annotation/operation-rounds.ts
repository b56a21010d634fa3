import { canonicalOpId, type AnnotationOperation } from './annotation-operation.js';

/** How often one annotation may be touched in one request. Clients merge what they do to a shape before sending. */
export const MAX_ROUNDS = 50;

export interface Numbered<Operation = AnnotationOperation> {
  /** Place in the request, from 0. */
  readonly n: number;
  readonly operation: Operation;
}

/**
 * Operations split so that each round names an annotation once: one statement cannot change a row twice. Nearly always a single round.
 * `excess` is what lies beyond MAX_ROUNDS, to be refused. A repeated op_id waits for the next round, where it is found applied.
 */
export function intoRounds(operations: readonly AnnotationOperation[]): { rounds: Numbered[][]; excess: Numbered[] } {
  const rounds: Numbered[][] = [];
  const excess: Numbered[] = [];
  const nextRound = new Map<string | number, number>();
  operations.forEach((operation, n) => {
    const opId = canonicalOpId(operation);
    const target = operation.op === 'create' ? undefined : operation.annotation_id;
    const after = (key: string | number | undefined) => (key === undefined ? 0 : (nextRound.get(key) ?? 0));
    const round = Math.max(after(opId), after(target));
    if (opId !== undefined) nextRound.set(opId, round + 1);
    if (target !== undefined) nextRound.set(target, round + 1);
    if (round >= MAX_ROUNDS) excess.push({ n, operation });
    else (rounds[round] ??= []).push({ n, operation });
  });
  return { rounds, excess };
}
