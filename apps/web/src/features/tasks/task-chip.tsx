'use client';

import { useQuery } from '@tanstack/react-query';
import { ListChecks, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/ui/icon-button';
import { taskQuery } from './task-queries';

/** Which task's images are shown, and the way back to all. */
export function TaskChip({ projectId, taskId, onClear }: { projectId: number; taskId: number; onClear: () => void }) {
  const t = useTranslations('task_images');
  const task = useQuery(taskQuery(projectId, taskId));
  const name = task.data?.name ?? (task.isError ? t('gone') : '…');
  return (
    <p className="-mt-1 mb-3 flex">
      <span className="inline-flex min-w-0 items-center gap-2 rounded-full border py-0.5 pl-3 pr-1 text-sm">
        <ListChecks aria-hidden className="size-4 shrink-0 text-muted" />
        <span className="truncate">{t('only', { name })}</span>
        <IconButton size="sm" label={t('all')} onClick={onClear}>
          <X aria-hidden />
        </IconButton>
      </span>
    </p>
  );
}
