'use client';

import { ApiError } from '@labelyard/contract';
import { DoorClosed } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/states';

/** Whether a page that was open can be seen no more: removed from the members, or the dataset is gone. */
export function isShutOut(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 403);
}

/** In place of what somebody had open when their membership ended. */
export function ShutOut() {
  const t = useTranslations('people.shut_out');
  const app = useTranslations('app');
  return (
    <div role="alert">
      <EmptyState
        icon={<DoorClosed aria-hidden />}
        title={t('title')}
        action={
          <Button asChild>
            <Link href="/datasets">{app('home')}</Link>
          </Button>
        }
      >
        {t('text')}
      </EmptyState>
    </div>
  );
}
