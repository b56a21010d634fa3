'use client';

import type { LockHolder } from '@labelyard/contract';
import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast-store';
import { ImageBanner } from './image-banner';

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
    <ImageBanner
      role="status"
      testId="lock-banner"
      icon={
        <>
          <Lock aria-hidden className="size-4 shrink-0 text-warning" />
          <Avatar name={holder.user_name} className="size-6 max-sm:hidden" />
        </>
      }
      title={t('locked_by', { name: holder.user_name })}
      detail={unsaved > 0 ? t('unsaved_kept', { count: unsaved }) : t('look_only')}
      action={
        onTakeOver ? (
          <Button size="sm" busy={busy} onClick={() => void takeOver()}>
            {t('take_over')}
          </Button>
        ) : null
      }
    />
  );
}
