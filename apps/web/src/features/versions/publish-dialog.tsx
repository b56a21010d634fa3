'use client';

import { ApiError, type Dataset, type VersionProblem } from '@labelyard/contract';
import { SPLITS, type SplitShares } from '@labelyard/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/choice';
import { Dialog } from '@/ui/dialog';
import { Field, Input, TextArea } from '@/ui/field';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { toast } from '@/ui/toast-store';
import { versionCheckQuery } from './version-queries';

/** What a version will hold, what stands against it, how its images are split, and a note. */
export function PublishDialog({ dataset: { project_id }, onClose }: { dataset: Dataset; onClose: () => void }) {
  const t = useTranslations('versions');
  const ui = useTranslations('ui');
  const splits = useTranslations('splits');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const [include_drafts, setDrafts] = useState(false);
  const [chosen, setChosen] = useState<SplitShares | null>(null);
  const check = useQuery(versionCheckQuery(project_id, include_drafts));
  const shares = chosen ?? check.data?.shares ?? { train: 80, val: 20, test: 0 };
  const total = shares.train + shares.val + shares.test;
  const publish = useMutation({
    mutationFn: () => api('versions.publish', { params: { project_id }, body: { note, include_drafts, shares } }),
    onSuccess: async ({ number }) => {
      await queries.invalidateQueries({ queryKey: queryKeys.published(project_id) });
      toast.success(t('begun', { number }));
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'validation_failed') void check.refetch();
      toast.error(errorText(error).title, { detail: errorText(error).detail });
    },
  });
  const refused = check.data?.problems.some(({ severity }) => severity === 'error') ?? true;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('publish')}
      description={t('publish_explain')}
      footer={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button
            variant="primary"
            busy={publish.isPending}
            disabled={refused || total <= 0}
            onClick={() => publish.mutate()}
          >
            {t('publish_now')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <section aria-label={t('checks')} aria-live="polite">
          {check.isPending ? (
            <ListSkeleton />
          ) : check.isError ? (
            <ErrorState {...errorText(check.error)} onRetry={() => void check.refetch()} />
          ) : (
            <ul className="flex flex-col gap-1.5 text-sm">
              <li className="flex items-start gap-2">
                <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
                {t('will_hold', { images: check.data.images, annotations: check.data.annotations })}
              </li>
              {check.data.problems.map((problem) => (
                <Problem key={problem.code} problem={problem} />
              ))}
            </ul>
          )}
        </section>
        <Checkbox label={t('include_drafts')} checked={include_drafts} onChange={setDrafts} />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 text-sm font-medium">{t('split')}</legend>
          <div className="flex flex-wrap gap-3">
            {SPLITS.map((split) => (
              <label key={split} className="flex items-center gap-2 text-sm">
                {splits(split)}
                <Input
                  type="number"
                  min={0}
                  max={1000}
                  value={shares[split]}
                  onChange={(event) =>
                    setChosen({
                      ...shares,
                      [split]: Math.max(0, Math.min(1000, Math.floor(Number(event.target.value)))),
                    })
                  }
                  className="tabular w-20"
                />
              </label>
            ))}
          </div>
          <p className="text-xs text-muted">{t(total > 0 ? 'split_hint' : 'split_none')}</p>
        </fieldset>
        <Field label={t('note')} optional={ui('optional')}>
          <TextArea value={note} maxLength={2000} rows={3} onChange={(event) => setNote(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}

function Problem({ problem: { code, severity, count } }: { problem: VersionProblem }) {
  const t = useTranslations('versions');
  const Icon = severity === 'error' ? CircleX : TriangleAlert;
  return (
    <li className="flex items-start gap-2" data-problem={code}>
      <Icon
        role="img"
        aria-label={t(severity)}
        className={`mt-0.5 size-4 shrink-0 ${severity === 'error' ? 'text-danger' : 'text-warning'}`}
      />
      {t(`problems.${code}`, { count })}
    </li>
  );
}
