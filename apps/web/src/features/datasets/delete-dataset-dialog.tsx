'use client';

import type { Dataset } from '@labelyard/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast-store';
import { useFileSize } from './file-size';

const COUNTED = ['images', 'annotations', 'classes', 'members', 'exports'] as const;
const FORM_ID = 'delete-dataset';

/** Shows what would be gone and asks for the name before anything is. */
export function DeleteDatasetDialog({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const t = useTranslations('settings.delete');
  const ui = useTranslations('ui');
  const format = useFormatter();
  const fileSize = useFileSize();
  const errorText = useErrorText();
  const router = useRouter();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const impact = useQuery({
    queryKey: queryKeys.deletionImpact(dataset.id),
    queryFn: ({ signal }) => api('datasets.deletion_impact', { params: { dataset_id: dataset.id } }, { signal }),
    staleTime: 0,
  });
  const remove = useMutation({
    mutationFn: () =>
      api('datasets.delete', { params: { dataset_id: dataset.id }, body: { confirm_name: dataset.name } }),
    onSuccess: () => {
      toast.success(t('deleted', { name: dataset.name }));
      void queries.invalidateQueries({ queryKey: queryKeys.datasets() });
      router.push('/datasets');
    },
  });
  const problem = remove.error ?? impact.error;
  // Names are compared as they look: typed Hangul may arrive decomposed.
  const matches = typed.trim().normalize('NFC') === dataset.name.normalize('NFC');

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !remove.isPending && onClose()}
      title={t('title', { name: dataset.name })}
      description={t('text')}
      footer={
        <>
          <Button onClick={onClose} disabled={remove.isPending}>
            {ui('cancel')}
          </Button>
          <Button
            type="submit"
            form={FORM_ID}
            variant="danger"
            busy={remove.isPending || remove.isSuccess}
            disabled={!matches}
          >
            {t('submit')}
          </Button>
        </>
      }
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 rounded-md bg-danger-soft p-4 sm:grid-cols-3">
        {COUNTED.map((name) => (
          <div key={name}>
            <dt className="text-sm text-muted">{t(`impact.${name}`)}</dt>
            <dd className="tabular h-6.5 text-xl font-semibold">
              {impact.data ? format.number(impact.data[name]) : <Skeleton className="mt-1 h-5 w-16" />}
            </dd>
          </div>
        ))}
        <div>
          <dt className="text-sm text-muted">{t('impact.size')}</dt>
          <dd className="tabular h-6.5 text-xl font-semibold">
            {impact.data ? fileSize(impact.data.size_bytes) : <Skeleton className="mt-1 h-5 w-16" />}
          </dd>
        </div>
      </dl>
      <form
        id={FORM_ID}
        className="mt-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (matches) remove.mutate();
        }}
      >
        <Field
          label={t.rich('type_name', { name: dataset.name, b: (chunks) => <b className="select-all">{chunks}</b> })}
          error={problem ? `${errorText(problem).title}. ${errorText(problem).detail}` : undefined}
        >
          <Input value={typed} autoComplete="off" autoFocus onChange={(event) => setTyped(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
