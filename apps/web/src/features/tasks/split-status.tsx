'use client';

import type { Dataset, TaskSplit } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useQuery } from '@tanstack/react-query';
import { RotateCcw, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { JobFailure } from '@/job-failure';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast-store';
import { isUnderWay, splitListQuery } from './task-queries';
import { useTaskActions } from './use-task-actions';

/** Splits of many images that are under way, and the newest if it failed. One that is done is told once, to whoever saw it at work. */
export function SplitStatus({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('tasks');
  const { settle } = useTaskActions(dataset.project_id);
  const { data } = useQuery(splitListQuery(dataset.project_id));
  const [closed, setClosed] = useState<number | null>(null);
  const seenAtWork = useRef(new Set<number>());
  useEffect(() => {
    for (const split of data?.items ?? []) {
      if (isUnderWay(split)) seenAtWork.current.add(split.id);
      else if (seenAtWork.current.delete(split.id) && split.status === 'completed') {
        toast.success(t('made', { count: split.tasks ?? 0 }));
        void settle();
      }
    }
  });
  const [newest] = data?.items ?? [];
  const failed = newest?.status === 'failed' && newest.id !== closed ? newest : null;
  const underWay = data?.items.filter(isUnderWay) ?? [];
  const manages = can(dataset.role, 'task.manage');
  if (underWay.length === 0 && !(failed && manages)) return null;
  return (
    <div className="mb-6 flex flex-col gap-3">
      {underWay.map((split) => (
        <SplitAtWork key={split.id} split={split} manages={manages} />
      ))}
      {failed && manages ? <FailedSplit split={failed} onClose={() => setClosed(failed.id)} /> : null}
    </div>
  );
}

function SplitAtWork({ split, manages }: { split: TaskSplit; manages: boolean }) {
  const t = useTranslations('tasks');
  const { cancelSplit } = useTaskActions(split.project_id);
  const { images, done } = split;
  const title = t('splitting.title', { name: split.request.name });
  return (
    <Card aria-label={title} className="flex flex-wrap items-center gap-x-6 gap-y-3 p-4">
      <div className="min-w-48 grow">
        <h3 className="truncate font-medium">{title}</h3>
        <Progress className="mt-2" label={title} value={images ? done / images : null} />
        <p role="status" className="tabular mt-1.5 text-sm text-muted">
          {images === null ? t('splitting.waiting') : t('splitting.progress', { done, images })}
        </p>
      </div>
      {manages ? (
        <Button
          size="sm"
          icon={<X aria-hidden />}
          busy={cancelSplit.isPending}
          onClick={() => cancelSplit.mutate(split.id)}
        >
          {t('splitting.cancel')}
        </Button>
      ) : null}
    </Card>
  );
}

function FailedSplit({ split, onClose }: { split: TaskSplit; onClose: () => void }) {
  const t = useTranslations('tasks');
  const ui = useTranslations('ui');
  const { create, complain } = useTaskActions(split.project_id);
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-6 gap-y-2 rounded-md bg-danger-soft px-4 py-3 text-sm"
    >
      <div className="min-w-48 grow">
        <p className="font-medium text-danger">{t('splitting.failed', { name: split.request.name })}</p>
        {split.error ? (
          <p className="mt-0.5 text-muted">
            <JobFailure error={split.error} />
          </p>
        ) : null}
      </div>
      <Button
        size="sm"
        icon={<RotateCcw aria-hidden />}
        busy={create.isPending}
        onClick={() => create.mutate(split.request, { onError: complain })}
      >
        {ui('retry')}
      </Button>
      <Button size="sm" variant="ghost" onClick={onClose}>
        {ui('close')}
      </Button>
    </div>
  );
}
