'use client';

import { useTranslations } from 'next-intl';
import { CopyButton } from '@/ui/copy-button';

/** A password to be passed on; it cannot be shown again. */
export function OneTimePassword({ name, password }: { name: string; password: string | null }) {
  const t = useTranslations('people.accounts');
  if (password === null) return <p role="status">{t('password_shown_before')}</p>;
  return (
    <div className="flex flex-col gap-3">
      <p role="status">{t('password_for', { name })}</p>
      <p className="flex items-center justify-between gap-3 rounded-md border bg-sunken px-4 py-3">
        <code data-testid="one-time-password" className="select-all break-all font-mono text-lg">
          {password}
        </code>
        <CopyButton text={password} label={t('copy_password')} />
      </p>
      <p className="text-sm text-muted">{t('password_once')}</p>
    </div>
  );
}
