'use client';

import type { TaskType, Visibility } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Dialog } from '@/ui/dialog';
import { FormFooter } from '@/ui/form-footer';
import { formText } from '@/ui/form-text';
import { Field, Input, TextArea } from '@/ui/field';
import { datasetQuery } from './dataset-queries';
import { TaskTypeField, VisibilityField } from './task-type-fields';

const FORM_ID = 'create-dataset';

export function CreateDatasetDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('datasets');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const router = useRouter();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (body: { name: string; description: string; task_types: TaskType[]; visibility: Visibility }) =>
      api('datasets.create', { body }),
    onSuccess: (dataset) => {
      queries.setQueryData(datasetQuery(dataset.id).queryKey, dataset);
      void queries.invalidateQueries({ queryKey: queryKeys.datasets() });
      router.push(`/datasets/${dataset.id}`);
    },
  });
  const [types, setTypes] = useState<TaskType[]>(['detection']);
  const [visibility, setVisibility] = useState<Visibility>('private');
  const [nameMissing, setNameMissing] = useState(false);
  const failure = create.error ? errorText(create.error) : null;

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) create.reset();
        onOpenChange(next);
      }}
      title={t('create')}
      description={t('form.explain')}
      footer={
        <FormFooter
          form={FORM_ID}
          submit={t('form.submit')}
          busy={create.isPending || create.isSuccess}
          disabled={types.length === 0}
          onCancel={() => onOpenChange(false)}
        />
      }
    >
      <form
        id={FORM_ID}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const name = formText(form, 'name').trim();
          setNameMissing(!name);
          if (!name || types.length === 0) return;
          create.mutate({ name, description: formText(form, 'description'), task_types: types, visibility });
        }}
      >
        <Field
          label={t('form.name')}
          error={nameMissing ? t('form.name_missing') : failure ? `${failure.title}. ${failure.detail}` : undefined}
        >
          <Input
            name="name"
            autoFocus
            required
            maxLength={200}
            autoComplete="off"
            onChange={() => setNameMissing(false)}
          />
        </Field>
        <Field label={t('form.description')} optional={ui('optional')}>
          <TextArea name="description" rows={2} maxLength={5000} className="min-h-16" />
        </Field>
        <TaskTypeField
          value={types}
          onChange={setTypes}
          error={types.length === 0 ? t('form.task_type_missing') : undefined}
        />
        <VisibilityField value={visibility} onChange={setVisibility} />
      </form>
    </Dialog>
  );
}
