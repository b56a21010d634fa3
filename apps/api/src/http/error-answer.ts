import { ERROR_STATUS, type ErrorBody } from '@labelyard/contract';
import { DomainError, type ErrorCode } from '@labelyard/domain';
import { StorageError, type StorageErrorCode } from '@labelyard/storage';
import { HttpException } from '@nestjs/common';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: Omit<ErrorBody['error'], 'request_id'>;
  /** Ours to repair: logged with its cause. */
  readonly unexpected: boolean;
}

/** What a failure of the storage means to whoever asked; the rest is a fault of ours. */
const STORAGE_CODES: Partial<Record<StorageErrorCode, ErrorCode>> = {
  object_not_found: 'not_found',
  upload_not_found: 'not_found',
  invalid_key: 'validation_failed',
  invalid_part: 'validation_failed',
  size_mismatch: 'validation_failed',
  storage_unavailable: 'storage_unavailable',
  storage_refused: 'storage_unavailable',
};

/** Refusals of the framework before a handler runs, by their status. */
const FRAMEWORK_CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'validation_failed',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  414: 'validation_failed',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

/** Seconds to wait before it is worth trying again, where nobody said otherwise. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = {
  rate_limited: 1,
  database_unavailable: 2,
  storage_unavailable: 5,
  maintenance: 30,
};

/** What is answered to whatever was thrown. The cause of an unexpected error stays in the log. */
export function answerTo(thrown: unknown): ErrorAnswer {
  if (thrown instanceof DomainError) return answer(thrown.code, thrown.message, thrown.details);
  if (thrown instanceof StorageError) {
    const code = STORAGE_CODES[thrown.code];
    // Wrong credentials or a missing bucket are unavailability to the caller and a fault to the operator.
    if (code) return { ...answer(code, thrown.message), unexpected: thrown.code === 'storage_refused' };
  }
  if (thrown instanceof HttpException) {
    const code = FRAMEWORK_CODES[thrown.getStatus()];
    if (code) return answer(code, thrown.message);
  }
  return {
    ...answer('internal', 'Something went wrong on the server; give the request_id when you report it'),
    unexpected: true,
  };
}

function answer(code: ErrorCode, message: string, details?: unknown): ErrorAnswer {
  const wait = (details as { retry_after?: unknown } | undefined)?.retry_after ?? RETRY_AFTER[code];
  return {
    status: ERROR_STATUS[code],
    headers: typeof wait === 'number' ? { 'retry-after': String(Math.max(1, Math.ceil(wait))) } : {},
    error: { code, message, ...(details !== undefined && { details }) },
    unexpected: false,
  };
}
