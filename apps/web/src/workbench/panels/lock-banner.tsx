'use client';

import type { LockHolder } from '@labelyard/contract';
import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast-store';

/** Somebody else works on the open image: who, and what can be done. Goes by itself when they leave it. */
export function LockBanner({
  holder,
  unsaved,
  onTakeOver,
}: {
  holder: LockHolder;
  /** Edits of this image that wait here. */
  unsaved: number;
  /** Null for those who may not. */
  onTakeOver: (() => Promise<void>) | null;
}) {
  const t = useTranslations('live');
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const takeOver = async () => {
    setBusy(true);
    try {
      await onTakeOver?.();
    } catch (error) {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div
      role="status"
      data-testid="lock-banner"
      className="absolute inset-x-0 top-0 z-10 flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-surface px-3 py-2 text-sm"
    >
      <Lock aria-hidden className="size-4 shrink-0 text-warning" />
      <Avatar name={holder.user_name} className="size-6 max-sm:hidden" />
      <p className="min-w-0 flex-1">
        <span className="font-medium">{t('locked_by', { name: holder.user_name })}</span>{' '}
        <span className="text-muted">{unsaved > 0 ? t('unsaved_kept', { count: unsaved }) : t('look_only')}</span>
      </p>
      {onTakeOver ? (
        <Button size="sm" busy={busy} onClick={() => void takeOver()}>
          {t('take_over')}
        </Button>
      ) : null}
    </div>
  );
}
