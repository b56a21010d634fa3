import type { LabelerDb, ServiceTokenRow } from '@labelyard/db';
import { DomainError, serviceUserId, tokenStatus } from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import { InjectLabelerDb } from '../connections.js';
import { isWellFormed, secretHash } from './token-secret.js';

const TOUCH_MS = 60_000;
const MOST_TOUCHED = 10_000;

/**
 * Finds the token behind a secret. Each request asks the database, by an index: a token that is taken back is refused from
 * that moment on, by every replica.
 */
@Injectable()
export class ServiceTokenCheck {
  private readonly touched = new Map<number, number>();

  constructor(@InjectLabelerDb() private readonly db: Pick<LabelerDb, 'serviceTokens'>) {}

  /** @throws unauthorized when the secret cannot be one of ours; nothing is looked up for it */
  checkForm(secret: string): void {
    if (!isWellFormed(secret)) throw refusal('malformed', 'This is no service token: it is cut off or mistyped');
  }

  /** @throws unauthorized; details.reason says why */
  async find(secret: string): Promise<ServiceTokenRow> {
    const token = await this.db.serviceTokens.bySecret(secretHash(secret));
    if (!token) throw refusal('unknown', 'There is no such service token; it may have been rotated');
    const status = tokenStatus(token, Date.now());
    if (status === 'revoked') throw refusal(status, 'This service token was revoked', token.id);
    if (status === 'expired') throw refusal(status, `This service token expired at ${token.expires_at}`, token.id);
    this.touch(token.id);
    return token;
  }

  /** Nobody waits for it, and losing one costs a minute's precision. */
  private touch(token_id: number, now = Date.now()): void {
    if ((this.touched.get(token_id) ?? 0) > now) return;
    if (this.touched.size >= MOST_TOUCHED) this.touched.clear();
    this.touched.set(token_id, now + TOUCH_MS);
    this.db.serviceTokens.touch(token_id).catch(() => this.touched.delete(token_id));
  }
}

function refusal(
  reason: 'malformed' | 'unknown' | 'expired' | 'revoked',
  message: string,
  token_id?: number,
): DomainError {
  const service = token_id === undefined ? {} : { service: serviceUserId(token_id) };
  return new DomainError('unauthorized', message, { reason, ...service });
}
