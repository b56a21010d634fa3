'use client';

import type { Dataset, Version } from '@labelyard/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { classQuery } from '@/features/classes/class-queries';
import { RestoreCounts } from '@/features/history/restore-counts';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { toast } from '@/ui/toast-store';
import { versionRestoreQuery } from './version-queries';

/** What bringing a version back would change, before it does. */
export function RestoreVersionDialog({
  dataset: { project_id },
  version: { id, number },
  onClose,
}: {
  dataset: Dataset;
  version: Version;
  onClose: () => void;
}) {
  const t = useTranslations('versions');
  const past = useTranslations('time_travel');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const preview = useQuery(versionRestoreQuery(project_id, id));
  const { data: classes } = useQuery(classQuery(project_id));
  const restore = useMutation({
    mutationFn: () => api('versions.restore', { params: { version_id: id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.restores(project_id) });
      toast.success(t('restoring', { number }));
      onClose();
    },
    onError: (error) => void toast.error(errorText(error).title),
  });
  const hasWork = preview.data?.counts.some(({ obstacle }) => obstacle === null) ?? false;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('restore_title', { number })}
      footer={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button variant="primary" busy={restore.isPending} disabled={!hasWork} onClick={() => restore.mutate()}>
            {t('restore')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3" aria-live="polite">
        {preview.isPending ? (
          <ListSkeleton />
        ) : preview.isError ? (
          <ErrorState {...errorText(preview.error)} onRetry={() => void preview.refetch()} />
        ) : (
          <RestoreCounts preview={preview.data} classes={classes?.items ?? []} />
        )}
        <p className="text-xs text-muted">{past('as_drafts')}</p>
      </div>
    </Dialog>
  );
}
