'use client';

import type { Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { AuditLog } from '@/features/history/audit-log';
import { TokenSection } from '@/features/service-tokens/token-section';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input, TextArea } from '@/ui/field';
import { toast } from '@/ui/toast-store';
import { datasetQuery } from './dataset-queries';
import { DeleteDatasetDialog } from './delete-dataset-dialog';
import { changesOf, draftOf, followed, type SettingsDraft } from './settings-draft';
import { TaskTypeField, VisibilityField } from './task-type-fields';

export function DatasetSettings({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('settings');
  const audit = useTranslations('audit');
  const form = useTranslations('datasets.form');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const editable = can(dataset.role, 'project.update');
  const [{ base, draft }, setState] = useState(() => ({ base: dataset, draft: draftOf(dataset) }));
  const setDraft = (next: SettingsDraft, of = base) => setState({ base: of, draft: next });
  // Somebody else saved something.
  if (base !== dataset) setDraft(followed(draft, base, dataset), dataset);
  const [deleting, setDeleting] = useState(false);
  const changes = changesOf(dataset, draft);
  const unchanged = Object.keys(changes).length === 0;
  const save = useMutation({
    mutationFn: () => api('datasets.update', { params: { dataset_id: dataset.id }, body: changes }),
    onSuccess: (saved) => {
      queries.setQueryData(datasetQuery(dataset.id).queryKey, saved);
      setDraft(draftOf(saved), saved);
      void queries.invalidateQueries({ queryKey: queryKeys.datasets() });
      void queries.invalidateQueries({ queryKey: queryKeys.project(dataset.project_id) });
      toast.success(t('saved'));
    },
  });
  const edit = (change: Partial<SettingsDraft>) => {
    save.reset();
    setDraft({ ...draft, ...change });
  };
  const problem = save.error ? errorText(save.error) : null;

  return (
    <div className="flex max-w-3xl flex-col gap-6 pt-6">
      <Section title={t('general')}>
        <form
          noValidate
          className="flex flex-col gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            if (draft.name.trim() && draft.task_types.length > 0 && !unchanged) save.mutate();
          }}
        >
          <Field label={form('name')} error={draft.name.trim() ? undefined : form('name_missing')}>
            <Input
              value={draft.name}
              maxLength={200}
              disabled={!editable}
              onChange={(event) => edit({ name: event.target.value })}
            />
          </Field>
          <Field label={form('description')} optional={ui('optional')}>
            <TextArea
              value={draft.description}
              rows={3}
              maxLength={5000}
              disabled={!editable}
              onChange={(event) => edit({ description: event.target.value })}
            />
          </Field>
          <TaskTypeField
            value={draft.task_types}
            onChange={(task_types) => edit({ task_types })}
            disabled={!editable}
            error={draft.task_types.length === 0 ? form('task_type_missing') : undefined}
          />
          <VisibilityField
            value={draft.visibility}
            onChange={(visibility) => edit({ visibility })}
            disabled={!editable}
          />
          {problem ? (
            <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
              {problem.title}. {problem.detail}
            </p>
          ) : null}
          {editable ? (
            <div className="flex gap-2">
              <Button type="submit" variant="primary" busy={save.isPending} disabled={unchanged}>
                {ui('save')}
              </Button>
              {unchanged ? null : (
                <Button variant="ghost" onClick={() => setDraft(draftOf(dataset))}>
                  {t('discard')}
                </Button>
              )}
            </div>
          ) : null}
        </form>
      </Section>
      {can(dataset.role, 'token.manage') ? <TokenSection projectId={dataset.project_id} /> : null}
      {can(dataset.role, 'audit.read') ? (
        <Section title={audit('title')} description={audit('explain')}>
          <AuditLog projectId={dataset.project_id} />
        </Section>
      ) : null}
      {can(dataset.role, 'project.delete') ? (
        <Section title={t('danger.title')} className="border-danger/40">
          <div className="flex flex-wrap items-center justify-between gap-4">
            <p className="max-w-md text-muted">{t('danger.text')}</p>
            <Button variant="danger" onClick={() => setDeleting(true)}>
              {t('danger.delete')}
            </Button>
          </div>
        </Section>
      ) : null}
      {deleting ? <DeleteDatasetDialog dataset={dataset} onClose={() => setDeleting(false)} /> : null}
    </div>
  );
}
