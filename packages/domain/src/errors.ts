/** Every error code a person or program can meet. `packages/contract` gives each one an HTTP status; a missing one does not compile. */
export const ERROR_CODES = [
  'validation_failed',
  'unauthorized',
  'invalid_credentials',
  'forbidden',
  'origin_refused',
  'not_found',
  'version_conflict',
  'duplicate',
  'in_use',
  'closed',
  'idempotency_conflict',
  'payload_too_large',
  'unsupported_media_type',
  'locked',
  'rate_limited',
  'maintenance',
  'storage_unavailable',
  'database_unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The one error thrown on purpose. `message` is for developers (what, where, what to do next);
 * the web chooses its own words by `code`. `details` goes to the wire and must hold no secret.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details?: unknown,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
