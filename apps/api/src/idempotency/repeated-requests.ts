import { createHmac } from 'node:crypto';
import type { EndpointSpec } from '@labelyard/contract';
import type { IdempotencyRow, LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { InjectEnv, InjectLabelerDb, InjectLog } from '../connections.js';
import type { Env } from '../env.js';
import { JsonText } from '../http/json-text.js';
import { IdempotencyScope } from './idempotency-scope.js';

/** What the header may be: a UUID or anything like it. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** JSON POSTs of people signed in honour `Idempotency-Key`. */
export function isRepeatable(spec: EndpointSpec): boolean {
  const signed_in = spec.access !== 'public' && spec.access !== 'signed';
  return signed_in && spec.method === 'POST' && (spec.body_kind ?? 'json') === 'json';
}

/** Answers a repeated POST with what was answered the first time. */
@Injectable()
export class RepeatedRequests {
  /** A plain hash would let whoever reads the database try out what short bodies held, passwords among them. */
  private readonly hashing_key: Buffer;

  constructor(
    @InjectEnv() env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectLog() private readonly log: Logger,
  ) {
    this.hashing_key = createHmac('sha256', env.auth.jwt_secret).update('labelyard idempotency 1').digest();
  }

  /** What `work` answers, or answered when it was asked for under this `Idempotency-Key` before. */
  async once(request: FastifyRequest, reply: FastifyReply, work: () => unknown): Promise<unknown> {
    const scope = scopeOf(request, this.hashing_key);
    const { user_id, key } = scope.key;
    const stored = await this.db.idempotency.find(user_id, key);
    if (stored) return replay(stored, scope, reply);
    if (request.auth) request.auth.idempotency = scope;
    try {
      const answer: unknown = await work();
      await this.keep(scope, reply.statusCode, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'idempotency_conflict') throw error;
      // The same request ran at the same time, and this one waited for it.
      const other = await this.db.idempotency.find(user_id, key);
      if (!other) throw error;
      return replay(other, scope, reply);
    }
  }

  /** For handlers that did not store their answer with their change. */
  private async keep(scope: IdempotencyScope, status: number, answer: unknown): Promise<void> {
    if (scope.state === 'answered') return;
    const { user_id, key } = scope.key;
    const body =
      answer === undefined ? null : answer instanceof JsonText ? String(answer.text) : JSON.stringify(answer);
    try {
      await this.db.transaction(async (tx) => {
        if (scope.state === 'open') await tx.idempotency.claim(scope.key);
        await tx.idempotency.answer(user_id, key, status, body);
      });
    } catch (error) {
      // The work is done; that its answer is not kept must not turn it into a failure.
      this.log.warn({ err: error, user_id }, 'The answer to an Idempotency-Key could not be kept');
    }
  }
}

function scopeOf(request: FastifyRequest, hashing_key: Buffer): IdempotencyScope {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !KEY.test(key))
    throw new DomainError('validation_failed', 'The Idempotency-Key must be 1 to 255 visible ASCII characters', [
      { in: 'header', path: 'idempotency-key', message: 'must be 1 to 255 visible ASCII characters' },
    ]);
  if (!request.auth) throw new DomainError('unauthorized', 'Sign in first');
  const body = JSON.stringify(request.body ?? null);
  return new IdempotencyScope({
    user_id: request.auth.user.id,
    key,
    method_path: `${request.method} ${request.url}`,
    request_hash: createHmac('sha256', hashing_key).update(body).digest('hex'),
  });
}

function replay(stored: IdempotencyRow, { key }: IdempotencyScope, reply: FastifyReply): JsonText | undefined {
  if (stored.method_path !== key.method_path || stored.request_hash !== key.request_hash)
    throw new DomainError(
      'idempotency_conflict',
      'This Idempotency-Key was used for another request; use a new key for new work',
      { method_path: stored.method_path },
    );
  if (stored.response_status === null)
    throw new DomainError(
      'idempotency_conflict',
      'This request was carried out before, but its answer was not kept; read the result instead of repeating it',
      { method_path: stored.method_path },
    );
  void reply.status(stored.response_status).header('idempotent-replayed', 'true');
  return stored.response_body === null ? undefined : new JsonText(stored.response_body);
}
