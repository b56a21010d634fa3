import { ApiError } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { codeInDigest } from './error-digest';

export interface ErrorText {
  readonly title: string;
  /** What to do, or what to tell whoever runs the installation. */
  readonly detail: string;
}

/** Codes whose cause only the log knows: the request id leads there. */
const UNKNOWN = new Set(['internal', 'validation_failed', 'idempotency_conflict', 'origin_refused']);

/** Words for any error, by its code and in the person's language. */
export function useErrorText(): (error: unknown) => ErrorText {
  const t = useTranslations('errors');
  return useCallback(
    (error) => {
      const digest = (error as { digest?: string } | null)?.digest;
      const code = error instanceof ApiError ? error.code : (codeInDigest(digest) ?? 'unexpected');
      const wait = error instanceof ApiError ? (error.retry_after ?? 0) : 0;
      const detail = t(`${code}.detail`, { seconds: wait });
      const requestId = error instanceof ApiError && UNKNOWN.has(error.code) ? error.request_id : undefined;
      return {
        title: t(`${code}.title`),
        detail: requestId ? `${detail} ${t('request_id', { id: requestId })}` : detail,
      };
    },
    [t],
  );
}
