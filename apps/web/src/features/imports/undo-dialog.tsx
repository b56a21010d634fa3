'use client';

import type { ImportJob } from '@labelyard/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/choice';
import { Dialog } from '@/ui/dialog';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { undoQuery } from './import-queries';

/** What taking an import back would do, before it is done. */
export function UndoDialog({ job, onClose }: { job: ImportJob; onClose: () => void }) {
  const t = useTranslations('imports.undo');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [removeChanged, setRemoveChanged] = useState(false);
  const preview = useQuery(undoQuery(job.id));
  const undo = useMutation({
    mutationFn: () => api('imports.undo', { params: { import_id: job.id }, body: { remove_changed: removeChanged } }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.imports(job.project_id) }),
  });
  const problem = undo.error ? errorText(undo.error) : null;
  const { data } = preview;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { name: job.source.name })}
      description={t('explain')}
      footer={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button variant="danger" disabled={!data} busy={undo.isPending} onClick={() => undo.mutate()}>
            {t('submit')}
          </Button>
        </>
      }
    >
      {preview.isPending ? <ListSkeleton /> : null}
      {preview.isError ? <ErrorState {...errorText(preview.error)} onRetry={() => void preview.refetch()} /> : null}
      {data ? (
        <div className="flex flex-col gap-4">
          <ul className="flex list-disc flex-col gap-1 pl-5">
            <li>{t('unchanged', { count: data.unchanged })}</li>
            {data.restored > 0 ? <li>{t('restored', { count: data.restored })}</li> : null}
            {data.splits ? <li>{t('splits', { count: data.splits })}</li> : null}
            {data.images > 0 ? <li>{t('images', { count: data.images })}</li> : null}
            {data.images_kept > 0 ? <li>{t('images_kept', { count: data.images_kept })}</li> : null}
            {data.classes > 0 ? <li>{t('classes', { count: data.classes })}</li> : null}
            {data.gone > 0 ? <li>{t('gone', { count: data.gone })}</li> : null}
          </ul>
          {data.changed > 0 ? (
            <Checkbox
              label={t('remove_changed', { count: data.changed })}
              hint={t('remove_changed_hint')}
              checked={removeChanged}
              onChange={setRemoveChanged}
            />
          ) : null}
          {problem ? (
            <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
              {problem.title}. {problem.detail}
            </p>
          ) : null}
        </div>
      ) : null}
    </Dialog>
  );
}
