'use client';

import type { Dataset, Restore } from '@labelyard/contract';
import { can, RESTORE_KINDS, RESTORE_OBSTACLES } from '@labelyard/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { JobFailure } from '@/job-failure';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast-store';
import { useAuthorName } from './author';
import { lastRestoreOf } from './last-restore-of';
import { restoreListQuery } from './time-travel-queries';

const PHASES = {
  queued: 'running',
  running: 'running',
  completed: 'finished',
  failed: 'failed',
} as const satisfies Record<Restore['status'], string>;

/** For admins: how the last time went that a person's work was taken back or a version brought back, and the way back from there. */
export function LastRestore({
  dataset: { project_id, role },
  kind,
  numberOf,
}: {
  dataset: Dataset;
  kind: 'person' | 'version';
  /** The number of a version, where it is known. */
  numberOf?: (version_id: number) => number | undefined;
}) {
  const t = useTranslations('time_travel');
  const errorText = useErrorText();
  const authorName = useAuthorName();
  const queries = useQueryClient();
  const may = can(role, 'history.revert');
  const list = useQuery({ ...restoreListQuery(project_id), enabled: may });
  const takeBack = useMutation({
    mutationFn: async (undo: Restore['undo']) => {
      if (undo?.kind !== 'person') return;
      const { kind: _, ...body } = undo;
      await api('restores.create', { params: { project_id }, body });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.restores(project_id) }),
    onError: (problem) => void toast.error(errorText(problem).title),
  });
  const last = may ? lastRestoreOf(kind, list.data?.items ?? []) : null;
  if (!last) return null;
  const { selection, status, done, images, counts, undo, error, created_by, user } = last.restore;
  const words = last.is_undo ? 'undo' : kind;
  const phase = PHASES[status];
  const sum = (keys: readonly (keyof typeof counts)[]) => keys.reduce((total, key) => total + (counts[key] ?? 0), 0);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted" data-restore-status={status}>
      <p role="status">
        {t.rich(`last.${words}.${phase}`, {
          number: selection.kind === 'version' ? (numberOf?.(selection.version_id) ?? 0) : 0,
          name: authorName({ user_id: created_by, user }),
          done,
          images: images ?? 0,
          count: sum(RESTORE_KINDS),
          kept: sum(RESTORE_OBSTACLES),
          message: () => (error ? <JobFailure error={error} /> : null),
        })}
      </p>
      {phase === 'running' ? (
        <Progress label={t('progress')} value={images ? done / images : null} className="max-w-40" />
      ) : null}
      {undo?.kind === 'person' ? (
        <Button size="sm" busy={takeBack.isPending} onClick={() => takeBack.mutate(undo)}>
          {t('undo')}
        </Button>
      ) : null}
    </div>
  );
}
