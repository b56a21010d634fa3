import { DomainError } from '@labelyard/domain';
import type { Connection } from '../connection/sql.js';

export interface IdempotencyKey {
  readonly user_id: string;
  /** The `Idempotency-Key` header. */
  readonly key: string;
  /** e.g. `POST /api/v1/annotations` */
  readonly method_path: string;
  readonly request_hash: string;
}

export interface IdempotencyRow extends IdempotencyKey {
  readonly response_status: number | null;
  /** The answer's body, verbatim. */
  readonly response_body: string | null;
  readonly created_at: string;
}

const COLUMNS = 'user_id, key, method_path, request_hash, response_status, response_body, created_at';

/** Answers of requests that carried an `Idempotency-Key`, so that one sent again is answered instead of done again. */
export class IdempotencyRepository {
  constructor(private readonly connection: Connection) {}

  async find(user_id: string, key: string): Promise<IdempotencyRow | null> {
    const [row] = await this.connection.hot<IdempotencyRow>(
      `select ${COLUMNS} from idempotency_keys where user_id = $1 and key = $2`,
      [user_id, key],
    );
    return row ?? null;
  }

  /**
   * Takes the key, to be kept by the transaction's commit. Throws idempotency_conflict, with what is stored as its details, when the key is
   * taken; waits for another transaction that just took it.
   */
  async claim(key: IdempotencyKey): Promise<void> {
    const taken = await this.connection.run(
      `insert into idempotency_keys (user_id, key, method_path, request_hash) values ($1, $2, $3, $4) on conflict do nothing`,
      [key.user_id, key.key, key.method_path, key.request_hash],
    );
    if (taken > 0) return;
    const stored = await this.find(key.user_id, key.key);
    throw new DomainError('idempotency_conflict', 'The Idempotency-Key was used before', stored);
  }

  /** Stores the answer; to be called in the transaction that claimed the key. */
  async answer(user_id: string, key: string, response_status: number, response_body: string | null): Promise<void> {
    await this.connection.run(
      `update idempotency_keys set response_status = $3, response_body = $4 where user_id = $1 and key = $2`,
      [user_id, key, response_status, response_body],
    );
  }

  /** Forgets keys from before `older_than`; answers how many. */
  prune(older_than: string): Promise<number> {
    return this.connection.run(`delete from idempotency_keys where created_at < $1`, [older_than]);
  }
}
