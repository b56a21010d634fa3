import { ApiError } from '@labelyard/contract';
import type { WaitingReason } from './save-state';

/** Codes after which the same request may well succeed, and what is waited for then. */
const WAITS: Readonly<Record<string, WaitingReason>> = {
  unreachable: 'offline',
  internal: 'busy',
  rate_limited: 'busy',
  maintenance: 'maintenance',
  storage_unavailable: 'busy',
  database_unavailable: 'busy',
};

/** Refusals given before anything of the request was done. */
const UNDONE: ReadonlySet<string> = new Set(['maintenance', 'locked', 'unauthorized', 'rate_limited']);

/** Whether a refusal says for certain that nothing was done. */
export function isUndone(code: string): boolean {
  return UNDONE.has(code);
}

/** What is waited for after a refusal; null when the same would be refused again. */
export function waitingReason(code: string): WaitingReason | null {
  return WAITS[code] ?? null;
}

/** What a refusal, one that waiting does not help, means for the operations of its request. */
export type Verdict =
  /** One of them is at fault: smaller requests find out which. */
  | 'halve'
  /** Not allowed, or not there, for now. */
  | 'refuse'
  /** Never. */
  | 'reject';

/** Whether a refusal is about what was sent, whoever sends it and when. */
export function isAboutContent({ status }: ApiError): boolean {
  return status === 413 || status === 422;
}

export function verdictOf(failure: ApiError, operations: number): Verdict {
  if (isAboutContent(failure) && operations > 1) return 'halve';
  return failure.status === 403 || failure.status === 404 ? 'refuse' : 'reject';
}

/** Whatever was thrown, as the answer of a server that failed. */
export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, 'internal', String(error));
}
