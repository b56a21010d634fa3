'use client';

import type { ApiError, Dataset, Me } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import type { Painter } from '@labelyard/editor';
import { useTranslations } from 'next-intl';
import { useCallback, useRef } from 'react';
import { useErrorText } from '@/error-text';
import type { Walk } from '@/features/tasks/task-links';
import { Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast-store';
import { SessionContext, useLabelSession } from './session/use-session';
import { WorkbenchView } from './workbench-view';

export interface WorkbenchProps {
  readonly dataset: Dataset;
  readonly me: Me;
  /** From the address: which image and task to begin with. */
  readonly image_id: number | null;
  readonly task_type: TaskType;
  /** From the address: which images are walked through. */
  readonly walk: Walk;
}

/** The labeling page. Shows its frame at once and fills it when the journal is read. */
export function Workbench({ dataset, me, image_id, task_type, walk }: WorkbenchProps) {
  const t = useTranslations('workbench');
  const errorText = useErrorText();
  const painter = useRef<Painter | null>(null);
  const waiting = useRef<ImageBitmap | null>(null);
  const showBitmap = useCallback((bitmap: ImageBitmap | null) => {
    waiting.current = bitmap;
    painter.current?.setImage(bitmap);
  }, []);
  const onPainter = useCallback((ready: Painter | null) => {
    painter.current = ready;
    ready?.setImage(waiting.current);
  }, []);
  const onJournalError = useCallback(
    () => toast.error(t('saving.no_journal'), { detail: t('saving.no_journal_detail') }),
    [t],
  );
  const onConfirmed = useCallback(
    (refusal: ApiError | null) => {
      if (refusal) toast.error(t('confirm_failed'), { detail: errorText(refusal).detail });
    },
    [t, errorText],
  );
  const { project_id } = dataset;
  const session = useLabelSession({ user_id: me.id, project_id, showBitmap, onJournalError, onConfirmed });

  if (!session) return <WorkbenchFrame label={t('opening')} />;
  return (
    <SessionContext value={session}>
      <WorkbenchView
        dataset={dataset}
        me={me}
        walk={walk}
        image_id={image_id}
        task_type={task_type}
        onPainter={onPainter}
      />
    </SessionContext>
  );
}

function WorkbenchFrame({ label }: { label: string }) {
  return (
    <div data-full-page className="flex h-dvh flex-col" aria-busy="true" aria-label={label}>
      <div className="h-13 border-b bg-surface" />
      <div className="flex flex-1 items-center justify-center bg-canvas">
        <Skeleton className="h-2/3 w-1/2" />
      </div>
      <div className="h-24 border-t bg-surface" />
    </div>
  );
}
