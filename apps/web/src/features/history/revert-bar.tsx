'use client';

import type { Dataset, Restore } from '@labelyard/contract';
import { can, RESTORE_KINDS, RESTORE_OBSTACLES } from '@labelyard/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { JobFailure } from '@/job-failure';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast-store';
import { useAuthorName } from './author';
import type { ActivityFilter } from './history-queries';
import { RevertDialog } from './revert-dialog';
import { restoreListQuery } from './time-travel-queries';

const DAY_MS = 86_400_000;

/** For admins who look at one person's work: the way to take it back, and how the last time went. */
export function RevertBar({ dataset, filter, name }: { dataset: Dataset; filter: ActivityFilter; name: string }) {
  const t = useTranslations('time_travel');
  const [since, setSince] = useState<string | null>(null);
  const list = useQuery({ ...restoreListQuery(dataset.project_id), enabled: can(dataset.role, 'history.revert') });
  if (!can(dataset.role, 'history.revert')) return null;
  const last = list.data?.items.find(({ selection }) => selection.kind === 'person');
  return (
    <div className="flex flex-wrap items-center gap-3 pb-2 text-sm">
      {filter.user_id === undefined ? null : (
        <Button
          size="sm"
          icon={<RotateCcw aria-hidden />}
          onClick={() => setSince(filter.since ?? new Date(Date.now() - DAY_MS).toISOString())}
        >
          {t('revert.open', { name })}
        </Button>
      )}
      {last ? <LastRestore restore={last} project_id={dataset.project_id} /> : null}
      {since !== null && filter.user_id !== undefined ? (
        <RevertDialog
          dataset={dataset}
          user_id={filter.user_id}
          since={since}
          name={name}
          onClose={() => setSince(null)}
        />
      ) : null}
    </div>
  );
}

function LastRestore({ restore, project_id }: { restore: Restore; project_id: number }) {
  const t = useTranslations('time_travel');
  const errorText = useErrorText();
  const authorName = useAuthorName();
  const queries = useQueryClient();
  const { counts, status, done, images, undo, error } = restore;
  const sum = (keys: readonly (keyof typeof counts)[]) => keys.reduce((total, key) => total + (counts[key] ?? 0), 0);
  const takeBack = useMutation({
    mutationFn: async () => {
      if (undo?.kind !== 'person') return;
      const { kind: _, ...body } = undo;
      await api('restores.create', { params: { project_id }, body });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.restores(project_id) }),
    onError: (problem) => void toast.error(errorText(problem).title),
  });
  const running = status === 'queued' || status === 'running';
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted" data-restore-status={status}>
      {running
        ? t('running', { done, images: images ?? 0 })
        : status === 'failed'
          ? t.rich('failed', { message: () => (error ? <JobFailure error={error} /> : null) })
          : t('finished', {
              name: authorName({ user_id: restore.created_by, user: restore.user }),
              count: sum(RESTORE_KINDS),
              kept: sum(RESTORE_OBSTACLES),
            })}
      {undo?.kind === 'person' ? (
        <Button size="sm" busy={takeBack.isPending} onClick={() => takeBack.mutate()}>
          {t('undo')}
        </Button>
      ) : null}
    </p>
  );
}
