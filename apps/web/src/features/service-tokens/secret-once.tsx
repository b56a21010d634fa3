'use client';

import { useTranslations } from 'next-intl';
import { CopyButton } from '@/ui/copy-button';

/** The secret, for the only time anybody sees it. */
export function SecretOnce({ secret }: { secret: string }) {
  const t = useTranslations('service_tokens');
  return (
    <div role="status" className="flex flex-col gap-2">
      <p>{t('secret.text')}</p>
      <p className="flex items-center gap-2 rounded-md border bg-sunken px-3 py-2">
        <code data-testid="token-secret" className="min-w-0 flex-1 select-all wrap-anywhere text-sm">
          {secret}
        </code>
        <CopyButton text={secret} label={t('secret.copy')} />
      </p>
      <p className="text-sm text-muted">{t('secret.use')}</p>
    </div>
  );
}
