import type { ErrorCode } from '@labelyard/domain';
import { ERROR_CODES } from '@labelyard/domain';
import { z } from 'zod';

/** HTTP status of each error code. A code without a status does not compile. */
export const ERROR_STATUS: Readonly<Record<ErrorCode, number>> = {
  validation_failed: 422,
  unauthorized: 401,
  invalid_credentials: 401,
  forbidden: 403,
  origin_refused: 403,
  not_found: 404,
  version_conflict: 409,
  duplicate: 409,
  in_use: 409,
  closed: 410,
  idempotency_conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  locked: 423,
  rate_limited: 429,
  maintenance: 503,
  storage_unavailable: 503,
  database_unavailable: 503,
  internal: 500,
};

/** Body of every answer that is not a success. */
export const errorBody = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    details: z.unknown().optional(),
    request_id: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
