import type { IncomingMessage, ServerResponse } from 'node:http';
import { ENDPOINTS, type EndpointSpec } from '@labelyard/contract';
import { DomainError } from '@labelyard/domain';
import { answerTo } from './error-answer.js';

/**
 * What the router refuses before any hook runs: a malformed URL, a segment that is too long. Written to the raw response,
 * because the framework would word it in its own way.
 */
export function refuseUnroutable(error: Error, request: { id: string }, reply: { raw: ServerResponse }): void {
  const { status, error: body } = answerTo(
    new DomainError('validation_failed', `The URL is not valid: ${error.message}`),
  );
  const text = JSON.stringify({ error: { ...body, request_id: request.id } });
  reply.raw
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
    })
    .end(text);
}

const PATTERNS = Object.values(ENDPOINTS).map((spec: EndpointSpec) => ({
  method: spec.method,
  pattern: new RegExp(
    `^${spec.path.replace(/\{(\w+)\}/gu, (_match, name) => (name === spec.rest ? '.+' : '[^/]+'))}$`,
    'u',
  ),
}));

/** Methods the contract knows for a path. */
export function methodsAt(path: string): string[] {
  return [...new Set(PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method as string))];
}

/** The answer to a request no route took, with what would have been possible there. */
export function noRoute(request: Pick<IncomingMessage, 'method' | 'url'>): DomainError {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const allowed = methodsAt(path);
  return allowed.length > 0
    ? new DomainError('not_found', `${request.method} is not possible here; ${allowed.join(', ')} is`, { allowed })
    : new DomainError('not_found', `There is nothing at ${path.slice(0, 200)}; see /docs`);
}
