import { types } from 'node:util';
import { DomainError } from '@labelyard/domain';
import { CERTIFICATE_CODES, CONSTRAINTS, DRIVER_MESSAGES, NETWORK_CODES, STATES } from './error-table.js';

/** The fields of pg's DatabaseError (and of Node's system errors) that are read here. */
interface DriverError extends Error {
  readonly code?: string;
  readonly constraint?: string;
  readonly errors?: readonly Error[];
}

/** Errors of Node's own (sockets, TLS) are no `instanceof Error` where the program runs in a context of its own, as under jest. */
function isDriverError(error: unknown): error is DriverError {
  return types.isNativeError(error);
}

/** SQLSTATE of an error, also when it was mapped before. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof DomainError) return sqlState(error.cause);
  const code = isDriverError(error) ? error.code : undefined;
  return code && /^[0-9A-Z]{5}$/u.test(code) ? code : undefined;
}

/** Deadlocks and serialization failures: the same work may succeed when done again. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** Whether the connection itself is gone or in doubt, so that it must not go back into the pool. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof DomainError) return isConnectionLoss(error.cause);
  if (!isDriverError(error)) return false;
  const { code } = error;
  return (
    (code !== undefined && (NETWORK_CODES.has(code) || CERTIFICATE_CODES.has(code) || /^(08|57P|25P03)/u.test(code))) ||
    DRIVER_MESSAGES.test(error.message)
  );
}

/**
 * A database error in the domain's words, the original as its cause. Errors without such a meaning come back as they are
 * (they are bugs, answered as 500).
 */
export function mapError(error: unknown): unknown {
  if (!isDriverError(error) || error instanceof DomainError) return error;
  // Happy-eyeballs connects fail with an AggregateError without text.
  const cause = (error.errors?.[0] ?? error) as DriverError;
  const { code, constraint } = cause;
  const known = constraint ? CONSTRAINTS[constraint] : undefined;
  if (known) return new DomainError(known.code, known.message, { constraint }, { cause: error });
  const meaning = code === undefined ? undefined : (STATES[code] ?? STATES[code.slice(0, 2)]);
  if (meaning) return new DomainError(meaning.code, meaning.message, constraint && { constraint }, { cause: error });
  if (code !== undefined && CERTIFICATE_CODES.has(code)) {
    return new DomainError('database_unavailable', `The database’s TLS certificate is refused (${code})`, undefined, {
      cause: error,
    });
  }
  if (isConnectionLoss(cause)) {
    return new DomainError('database_unavailable', 'The database does not answer', undefined, { cause: error });
  }
  return error;
}
