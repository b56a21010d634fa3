import { DomainError } from '@labelyard/domain';
import type { FastifyRequest } from 'fastify';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a write that a browser may send by itself (with its cookie) unless it says that it comes from a page of ours:
 * an `Origin` of the allow-list or of the API itself, or, where there is none, `Sec-Fetch-Site: same-origin`.
 *
 * @throws origin_refused
 */
export function checkOrigin(request: FastifyRequest, allowed: ReadonlySet<string>): void {
  if (READS.has(request.method)) return;
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) {
    if (allowed.has(origin) || origin === `${request.protocol}://${request.host}`) return;
    throw new DomainError(
      'origin_refused',
      `Pages of ${origin.slice(0, 200)} may not change anything here; add it to CORS_ORIGINS if they should`,
    );
  }
  if (site === 'same-origin') return;
  throw new DomainError(
    'origin_refused',
    'A change by session cookie must say where it comes from; send Origin, or use Authorization: Bearer',
  );
}

/** For writes without a session yet: only a foreign page is refused; programs send no Origin. @throws origin_refused */
export function checkForeignOrigin(request: FastifyRequest, allowed: ReadonlySet<string>): void {
  if (request.headers.origin !== undefined) checkOrigin(request, allowed);
}
