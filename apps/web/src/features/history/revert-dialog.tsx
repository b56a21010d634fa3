'use client';

import type { Dataset } from '@labelyard/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { classQuery } from '@/features/classes/class-queries';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/choice';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { toast } from '@/ui/toast-store';
import { RestoreCounts } from './restore-counts';
import { revertPreviewQuery } from './time-travel-queries';

/** Takes a person's work back: since when, what that would do, and whether over what others did since. */
export function RevertDialog({
  dataset: { project_id },
  user_id,
  since,
  name,
  onClose,
}: {
  dataset: Dataset;
  user_id: string;
  since: string;
  name: string;
  onClose: () => void;
}) {
  const t = useTranslations('time_travel');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [from, setFrom] = useState(() => localInput(since));
  const [overwrite, setOverwrite] = useState(false);
  const at = Number.isNaN(Date.parse(from)) ? null : new Date(from).toISOString();
  const selection = { user_id, since: at ?? since, overwrite };
  const preview = useQuery({ ...revertPreviewQuery(project_id, selection), enabled: at !== null });
  const { data: classes } = useQuery(classQuery(project_id));
  const revert = useMutation({
    mutationFn: () => api('restores.create', { params: { project_id }, body: selection }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.restores(project_id) });
      toast.success(t('begun'));
      onClose();
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
  });
  const hasWork = preview.data?.counts.some(({ obstacle }) => obstacle === null) ?? false;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('revert.title', { name })}
      description={t('revert.explain')}
      footer={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button
            variant="danger"
            busy={revert.isPending}
            disabled={!hasWork || at === null}
            onClick={() => revert.mutate()}
          >
            {t('revert.do')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('revert.since')} className="max-w-64">
          <Input type="datetime-local" step={1} value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Checkbox label={t('revert.overwrite')} checked={overwrite} onChange={setOverwrite} />
        <section aria-label={t('going_back')} aria-live="polite">
          {at === null ? (
            <p className="text-sm text-danger">{t('revert.no_time')}</p>
          ) : preview.isPending ? (
            <ListSkeleton />
          ) : preview.isError ? (
            <ErrorState {...errorText(preview.error)} onRetry={() => void preview.refetch()} />
          ) : (
            <RestoreCounts preview={preview.data} classes={classes?.items ?? []} />
          )}
        </section>
        <p className="text-xs text-muted">{t('as_drafts')}</p>
      </div>
    </Dialog>
  );
}

/** A moment as the browser's field wants it: in local time, without a zone. */
function localInput(moment: string): string {
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
