import type { IdempotencyKey, LabelerDb, LabelerTransaction, TransactionOptions } from '@labelyard/db';
import type { Auth } from '../auth/auth-context.js';

/** One request with an `Idempotency-Key`, while it runs. */
export class IdempotencyScope {
  /** claimed: the key stands in the database, without an answer · answered: with it. */
  state: 'open' | 'claimed' | 'answered' = 'open';

  constructor(readonly key: IdempotencyKey) {}
}

/**
 * Does the change of a POST in one transaction. With an `Idempotency-Key` the key, the change and what `work` resolves to
 * (the answer, sent with `status`, which may follow from it) are committed together: however often the request is sent, and wherever the process
 * dies, the change is made once and answered alike.
 */
export async function changeOnce<T>(
  db: LabelerDb,
  { idempotency: scope }: Auth,
  status: number | ((answer: T) => number),
  work: (tx: LabelerTransaction) => Promise<T>,
): Promise<T> {
  if (!scope) return db.transaction(work);
  const { user_id, key } = scope.key;
  const answer = await db.transaction(
    async (tx) => {
      const result = await work(tx);
      const sent = typeof status === 'number' ? status : status(result);
      await tx.idempotency.answer(user_id, key, sent, result === undefined ? null : JSON.stringify(result));
      return result;
    },
    { idempotency: scope.key },
  );
  scope.state = 'answered';
  return answer;
}

/**
 * Options for a transaction whose answer is not known inside it. The change is still made once; the answer is stored after
 * it, so a process that dies in between leaves a key whose repetition is told that the work was done.
 */
export function claimed({ idempotency: scope }: Auth): TransactionOptions {
  if (!scope) return {};
  scope.state = 'claimed';
  return { idempotency: scope.key };
}
